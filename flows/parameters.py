"""Parameters of flows: outlets as an enumeration, which forms in the Prefect UI offer, and days.

Made when the module is imported, from the built-in outlets and those in PRESSRUN_OUTLETS. An outlet that is added later
shows in the forms after deployments are registered again (`pressrun up` does that at every start).
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

# Prefect's server does not look at `format: date`, but it does at a pattern.
Day = Annotated[dt.date, Field(json_schema_extra={"pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"})]
