"""The windows of a backfill: months, newest first, without those that are finished."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from storage import frontier
from storage.database import open_database

Days = tuple[date, date]  # first and last day, both included
SETTLED = timedelta(days=2)  # news of yesterday may be announced today


def months(first: date, last: date) -> list[Days]:
    """Split a span of days into months, newest first; empty if `first` is after `last`."""
    windows: list[Days] = []
    while first <= last:
        start = max(first, last.replace(day=1))
        windows.append((start, last))
        last = start - timedelta(days=1)
    return windows


def left_to_do(db: str, outlets: Iterable[str], first: date, last: date, today: date) -> dict[str, list[Days]]:
    """Return for each outlet the windows that no backfill has finished, newest first.

    A window that reaches into the last two days is never finished, since the outlet may still add to it. Raises the
    errors of `open_database`.
    """
    store = open_database(db)
    try:
        done = {outlet: frontier.finished_windows(store, outlet) for outlet in outlets}
    finally:
        store.close()
    return {
        outlet: [days for days in months(first, last) if not _covered(days, done[outlet], today)] for outlet in done
    }


def _covered(days: Days, done: set[Days], today: date) -> bool:
    return days[1] <= today - SETTLED and any(first <= days[0] and days[1] <= last for first, last in done)
