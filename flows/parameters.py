"""Types of flow parameters: enumerations of outlets and kinds of seed for the forms of the Prefect UI, and days.

The enumeration is made at import, from the built-in outlets and those in PRESSRUN_OUTLETS. A new outlet appears in the
forms after the deployments are registered again (`pressrun up` does that at every start).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from crawlers.catalog import load_outlets
from crawlers.environment import read_settings
from crawlers.seeds import KINDS
from flows.news_day import NewsDay

NEWEST_ONLY = frozenset({"feed", "news_sitemap"})  # kinds that never reach back

if TYPE_CHECKING:

    class OutletId(StrEnum):
        """The id of an outlet: the stem of its file."""

    class SeedChoice(StrEnum):
        """Which seeds a backfill asks: all that reach back, or those of one kind."""

        automatic = "automatic"

else:
    OutletId = StrEnum("OutletId", {outlet: outlet for outlet in load_outlets(read_settings().outlets).ids})
    OutletId.__doc__ = "The id of an outlet: the stem of its file."
    SeedChoice = StrEnum("SeedChoice", {kind: kind for kind in ("automatic", *sorted(KINDS - NEWEST_ONLY))})
    SeedChoice.__doc__ = "Which seeds a backfill asks: all that reach back, or those of one kind."

Budget = Annotated[int, Field(ge=1, le=10_000_000)]


def kind_of(choice: SeedChoice) -> str | None:
    """Return the kind of seed of a choice; None for all."""
    return None if choice.value == "automatic" else choice.value


# Prefect's server checks a pattern, but not `format: date`.
_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
Day = Annotated[NewsDay, Field(json_schema_extra={"pattern": _PATTERN})]
