"""Instants: those that both databases can hold, and a clock that does not jump."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

CLOCKS_DIFFER = timedelta(minutes=2)  # by less than this, between two machines: no sign of a clock that was set

_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799  # since 1970, of the years 1 and 9999 in UTC

# The clock of Linux that also counts while the machine sleeps; elsewhere the monotonic one.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_BEGAN, _COUNTED = datetime.now(UTC), time.clock_gettime(_CLOCK)


def steady_now() -> datetime:
    """Return the time by the clock of this process: the wall clock at its start, and what has passed since.

    For everything that is compared with what the same process wrote: due pages, pauses, durations. A wall clock that is
    set meanwhile would make pages due that are not, and those that are wait until it comes there again.
    """
    return _BEGAN + timedelta(seconds=time.clock_gettime(_CLOCK) - _COUNTED)


def second_in_range(second: int) -> bool:
    """Return True if a number of seconds since 1970 is an instant that both databases can hold."""
    return _FIRST_SECOND <= second <= _LAST_SECOND


def in_range(at: datetime | None) -> datetime | None:
    """Return the instant; None if its year does not exist in UTC. Such dates occur in real feeds."""
    try:
        return at.astimezone(UTC) and at if at else None
    except OverflowError:
        return None
