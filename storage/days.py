"""The range of days that may be asked for."""

from __future__ import annotations

from datetime import date

# Newspapers begin in 1605. The first and last days of the calendar have no instants in some time zones, nor neighbours.
FIRST_DAY, LAST_DAY = date(1600, 1, 1), date(2999, 12, 31)


def check_day(day: date) -> date:
    """Return the day. Raises ValueError if it is not between FIRST_DAY and LAST_DAY."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"{day} is not between {FIRST_DAY} and {LAST_DAY}")
    return day
