"""How often a fast seed is asked: pure, all times are given.

A document that shows the newest `depth` articles overflows after `depth / rate`. A poll asks for it at a third of that
time by the highest recent rate, so that two polls may fail, or the outlet may publish three times as much as it did
lately, before an article is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(hours=24)
FIRST = timedelta(hours=1)  # until the second look, if the document does not show its rate by dates
SHARE = 1 / 3  # of the time to overflow
SLACK = timedelta(minutes=2)  # what is due this much later is asked now: schedules do not start to the second
HALF_LIFE = timedelta(days=3)  # of the highest rate: a night must not make an outlet look slow, a quiet month must
TELLING = 0.25  # share of a document that must be new before a look of less than an hour tells a rate
HOUR = timedelta(hours=1)
BURST = timedelta(minutes=10)  # articles with the same minute came within this long
PATIENT = 2  # failures in a row at the usual rhythm; after that each one doubles the interval
ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the polls so far have shown of a seed.

    `asked_at`: the last poll. `looked_at`: the last one that was answered. `rate`: highest recent number of new links
    an hour, None while unknown. `depth`: links in the document. `floor`: the shortest interval that the server or the
    document permits. `failures`: in a row.
    """

    asked_at: datetime | None = None
    looked_at: datetime | None = None
    rate: float | None = None
    depth: int = 0
    floor: timedelta = ZERO
    failures: int = 0
    last_new_at: datetime | None = None

    @property
    def interval(self) -> timedelta:
        """The time from one look to the next."""
        slower = 2 ** min(max(0, self.failures - PATIENT), 10)
        return max(_between(SHORTEST, self._wanted() * slower, LONGEST), self._floor())

    @property
    def next_at(self) -> datetime | None:
        """The time of the next poll; None if there was none. Never before the floor has passed."""
        if self.asked_at is None:
            return None
        return self.asked_at + max(self._floor(), self.interval - SLACK)

    def _floor(self) -> timedelta:
        return _between(SHORTEST, self.floor, LONGEST)

    def _wanted(self) -> timedelta:
        if self.rate is None or not self.depth:
            return FIRST
        hours = self.depth / self.rate * SHARE if self.rate > 0 else LONGEST / HOUR
        return timedelta(hours=min(hours, LONGEST / HOUR))


@dataclass(frozen=True, slots=True)
class Look:
    """One answer. `depth` 0: unchanged, or without links.

    `new`: links that the ledger did not know at the last look; another seed may have announced them since.

    `published`: instants that the document gives to the minute. `floor`: as the server or the document asks; None if an
    unchanged answer did not repeat it.
    """

    at: datetime
    depth: int = 0
    new: int = 0
    published: Sequence[datetime] = ()
    floor: timedelta | None = None


def looked(before: Rhythm, look: Look) -> Rhythm:
    """Return the rhythm after a look that succeeded."""
    return Rhythm(
        asked_at=look.at,
        looked_at=look.at,
        rate=_rate(before, look),
        depth=look.depth or before.depth,
        floor=before.floor if look.floor is None else look.floor,
        failures=0,
        last_new_at=look.at if look.new else before.last_new_at,
    )


def failed(before: Rhythm, at: datetime) -> Rhythm:
    """Return the rhythm after a look that failed. What it learned stays."""
    return replace(before, asked_at=at, failures=before.failures + 1)


def overflowed(before: Rhythm, look: Look) -> bool:
    """Whether all links are new, so that others may have come and gone since the last look."""
    return before.depth > 0 and 0 < look.depth <= look.new


def _rate(before: Rhythm, look: Look) -> float | None:
    shown = _shown_rate(look.published, look.at)
    if before.looked_at is None or not before.depth:
        return shown  # the first document that was read: all its links may be new
    if look.at < before.looked_at:  # the clock went back: nobody knows how much time has passed
        return before.rate or shown
    elapsed = max(look.at - before.looked_at, timedelta(minutes=1))
    if before.rate is None:  # no date has told it: at most one more than was seen can have come
        return max(_per_hour(look.new + 1, elapsed), shown or 0.0)
    seen = _seen_rate(before, look, elapsed)
    decayed = before.rate * float(0.5 ** (elapsed / HALF_LIFE))
    return max(decayed, seen, shown or 0.0)


def _seen_rate(before: Rhythm, look: Look, elapsed: timedelta) -> float:
    """New links since the last look, an hour. After an overflow it may be any number, so it is taken as doubled."""
    if overflowed(before, look):
        return 2 * max(before.rate or 0.0, _per_hour(look.new, elapsed))
    if look.new < TELLING * (look.depth or before.depth):
        elapsed = max(elapsed, HOUR)
    return _per_hour(look.new, elapsed)


def _shown_rate(published: Iterable[datetime], now: datetime) -> float | None:
    """The highest rate at which half of the dated articles came; None without at least four dates."""
    dates = sorted(date for date in published if date <= now)
    if len(dates) < 4:
        return None
    half = len(dates) // 2
    shortest = min(later - sooner for sooner, later in zip(dates, dates[half:], strict=False))
    return _per_hour(half, max(shortest, BURST))


def _per_hour(number: int, span: timedelta) -> float:
    return number / (span / HOUR)


def _between(least: timedelta, value: timedelta, most: timedelta) -> timedelta:
    return max(least, min(value, most))
