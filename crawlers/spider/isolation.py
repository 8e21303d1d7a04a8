"""One answer never stops a run: which faults cost a page its try, and which end the run.

What enters is cleaned (`answers`), so a fault here is one of ours. It is still the page's alone: ending the run would
put its leases back uncounted, and the next run would stop at the same page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from storage.errors import PressrunError
from storage.frontier import Failed
from storage.text import clean_text

log = logging.getLogger(__name__)

MAX_IN_A_ROW = 20  # pages; of more, with no article kept between them, it is no page's fault


def ends_the_run(fault: Exception) -> bool:
    """True for what any other page would meet too: the store is down or full, the hold is lost, memory is out."""
    return isinstance(fault, PressrunError | OSError | MemoryError)


def fault_line(fault: Exception) -> str:
    """The fault's type and message in one clean line of at most 300 characters."""
    cause = getattr(fault, "orig", None) or fault  # SQLAlchemy's errors hold the driver's, which is without statements
    return f"{type(cause).__name__}: {' '.join(clean_text(str(cause)).split())}"[:300]


class Isolation:
    """Notes the pages that a fault has cost, tells of each, and ends the run when there is no end of them."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._lines: list[str] = []
        self._in_a_row = 0
        self._last: Exception | None = None

    def blame(self, address: str, cause: str, fault: Exception) -> Failed:
        """How the page ends: failed, with a try counted. Raises the fault if it is the run's. From any thread."""
        if ends_the_run(fault):
            raise fault
        line = fault_line(fault)
        log.warning("%s ends as failed: %s", clean_text(address)[:300], cause, exc_info=fault)
        self._lines.append(f"{address[:300]}: failed: {cause} ({line})")
        self._in_a_row, self._last = self._in_a_row + 1, fault
        return Failed(cause, line)

    def kept(self) -> None:
        """An article was kept: the store and the program are not what is wrong."""
        self._in_a_row = 0

    def settle(self) -> None:
        """Tell what was noted; raises the last fault if too many pages in a row had one."""
        while self._lines:
            self._tell(self._lines.pop(0))
        if self._last and self._in_a_row > MAX_IN_A_ROW:
            raise self._last
