"""How complete the archive is: pages by outlet and day, thin days, and what became of a list of addresses.

This module is the public face: other packages import from here, and not from the modules inside.
"""

from storage.coverage.addresses import AddressState, find_addresses
from storage.coverage.days import DayCounts, DaySpan, count_days, count_undated, published_by_day
from storage.coverage.norm import SETTLED, ThinDay, find_thin_days, usual_per_day
from storage.coverage.overflows import Overflow, open_overflows
from storage.coverage.report import OutletCoverage, outlet_coverage
from storage.coverage.samples import DatedPage, held_per_day, sample_dated_pages

__all__ = [
    "SETTLED", "AddressState", "DatedPage", "DayCounts", "DaySpan", "OutletCoverage", "Overflow", "ThinDay",
    "count_days", "count_undated", "find_addresses", "find_thin_days", "held_per_day", "open_overflows",
    "outlet_coverage", "published_by_day", "sample_dated_pages", "usual_per_day",
]  # fmt: skip
