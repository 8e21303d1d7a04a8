"""The windows of a backfill: months, weeks or days by the outlet's volume, newest first, without finished days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from storage import frontier
from storage.database import open_database
from storage.frontier import FinishedWindow

Days = tuple[date, date]  # first and last day, both included
SETTLED = timedelta(days=2)  # news of yesterday may be announced today
MAX_ARTICLES = 3_000  # expected in one window: an hour at one request a second, which is what a failure repeats
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a backfill is asked for. `seed_kind`: the only kind of seed to ask; None: all that serve it.

    With `again` finished days are asked for again.
    """

    first: date
    last: date
    seed_kind: str | None = None
    again: bool = False


def months(first: date, last: date) -> list[Days]:
    """Split a span of days into months, newest first; empty if `first` is after `last`."""
    windows: list[Days] = []
    while first <= last:
        start = max(first, last.replace(day=1))
        windows.append((start, last))
        last = start - A_DAY
    return windows


def windows(first: date, last: date, per_day: float | None = None) -> list[Days]:
    """Split a span into windows of at most 3,000 expected articles: months, else weeks from Monday, else days.

    Months if the outlet's volume is not known.
    """
    if per_day is None or per_day * 31 <= MAX_ARTICLES:
        return months(first, last)
    return list(_weeks(first, last) if per_day * 7 <= MAX_ARTICLES else _single_days(first, last))


def _weeks(first: date, last: date) -> Iterator[Days]:
    while first <= last:
        start = max(first, last - timedelta(days=last.weekday()))
        yield start, last
        last = start - A_DAY


def _single_days(first: date, last: date) -> Iterator[Days]:
    while first <= last:
        yield last, last
        last -= A_DAY


def left_to_do(db: str, per_day: Mapping[str, float | None], span: Span, today: date) -> dict[str, list[Days]]:
    """Return for each outlet in `per_day` (its usual articles a day) the windows that are left, newest first.

    Days that a backfill has finished are left out, except the last two days before it, to which the outlet may have
    added since. A backfill by one kind of seed leaves the days for the others. Raises the errors of `open_database`.
    """
    store = open_database(db)
    try:
        done = {outlet: _done(frontier.finished_windows(store, outlet), span) for outlet in per_day}
    finally:
        store.close()
    return {outlet: _left(span, done[outlet], today, norm) for outlet, norm in per_day.items()}


def _done(finished: Iterable[FinishedWindow], span: Span) -> list[FinishedWindow]:
    if span.again:
        return []
    return [window for window in finished if window.seed_kind in (None, span.seed_kind)]


def _left(span: Span, done: list[FinishedWindow], today: date, per_day: float | None) -> list[Days]:
    runs: list[Days] = []
    day = span.last
    while day >= span.first:
        if day > today - SETTLED or not any(window.settles(day) for window in done):
            runs = [*runs[:-1], (day, runs[-1][1])] if runs and runs[-1][0] - day == A_DAY else [*runs, (day, day)]
        day -= A_DAY
    return [window for first, last in runs for window in windows(first, last, per_day)]
