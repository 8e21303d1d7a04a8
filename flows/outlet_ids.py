"""The outlets as an enumeration, so that forms in the Prefect UI offer them, and the server refuses others.

Made when the module is imported, from the built-in outlets and those in PRESSRUN_OUTLETS. An outlet that is added later
shows in the forms after deployments are registered again (`pressrun up` does that at every start).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from crawlers.catalog import load_outlets
from crawlers.environment import read_settings

if TYPE_CHECKING:

    class OutletId(StrEnum):
        """The id of an outlet: the stem of its file."""

else:
    OutletId = StrEnum("OutletId", {outlet: outlet for outlet in load_outlets(read_settings().outlets).ids})
    OutletId.__doc__ = "The id of an outlet: the stem of its file."
