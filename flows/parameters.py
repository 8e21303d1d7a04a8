"""Types of flow parameters: an enumeration of outlets for the forms of the Prefect UI, and days.

The enumeration is made at import, from the built-in outlets and those in PRESSRUN_OUTLETS. A new outlet appears in the
forms after the deployments are registered again (`pressrun up` does that at every start).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from crawlers.catalog import load_outlets
from crawlers.environment import read_settings

if TYPE_CHECKING:

    class OutletId(StrEnum):
        """The id of an outlet: the stem of its file."""

else:
    OutletId = StrEnum("OutletId", {outlet: outlet for outlet in load_outlets(read_settings().outlets).ids})
    OutletId.__doc__ = "The id of an outlet: the stem of its file."

# Prefect's server checks a pattern, but not `format: date`.
Day = Annotated[dt.date, Field(json_schema_extra={"pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"})]
