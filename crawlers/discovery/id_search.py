"""Find the last id before an instant, by requesting as few ids as possible."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

from .id_questions import Questions, Steps

NARROW = 8  # ids: a smaller interval is requested whole
CONFIRM = 3  # dated pages above the result that have to be after the instant
REACH = 10  # ids above the result that are requested for them
FIRST_STRIDE = 64  # ids above the newest dated one, doubled each time, where the end of the counter is looked for
ENOUGH = 4  # places in a row without an id, that far above, after which the counter is taken to end


class EndSearch:
    """One search: by interpolation, with at most twice the probes of a binary search.

    A probe is a place; where its page is missing or undated, its neighbours are requested. `newest`: the highest id
    that is known to exist; None if unknown. `skipped`: holes, as (lowest id, highest id), that the search stepped over.
    """

    def __init__(self, questions: Questions, instant: datetime, newest: int | None) -> None:
        self._questions, self._clock, self._instant = questions, questions.clock, instant
        self.newest = newest
        self._newest_is_known = newest is not None
        self._holes: list[int] = []  # places in holes
        self._undated: tuple[int, int] | None = None  # an interval in which no id is dated
        self._width = self._most = 0
        self.probes = 0
        self.skipped: list[tuple[int, int]] = []

    def last_before(self) -> Steps[int]:
        """Return the id from which to walk down: dated pages above it are from the instant or later."""
        if self.newest is None and self._clock.around(self._instant).high is None:
            yield from self._find_newest()
        low, high = self._interval()
        self._most = 2 * math.ceil(math.log2(max(2, high - low)))
        self._width = 2 * (high - low)
        while True:
            low, high = self._interval()
            holes = [hole for hole in self._holes if low < hole < high]
            place = self._next_place(low, high, holes)
            if place is not None and self.probes < self._most and self._undated != (low, high):
                yield from self._probe(place, low, high)
            elif (yield from self._is_confirmed(low, high)):
                last = yield from self._last(low, high, holes if place is None else [])
                if last is not None:
                    return last

    def _interval(self) -> tuple[int, int]:
        """Return ids between which the counter passed the instant: the first may be before it, the second is not."""
        bracket = self._clock.around(self._instant)
        oldest = self._questions.oldest
        top = oldest if self.newest is None else self.newest + 1
        high = top if bracket.high is None else bracket.high
        low = oldest - 1 if bracket.low is None else bracket.low
        return low, max(high, low + 1)

    def _next_place(self, low: int, high: int, holes: list[int]) -> int | None:
        """Return where to probe; None if the interval, or what is left of it around a hole, is narrow."""
        if not holes:
            return self._guess(low, high) if high - low > NARROW else None
        if high - max(holes) > NARROW + self._questions.hole_width // 2:
            return (high + max(holes)) // 2
        return (low + min(holes)) // 2 if min(holes) - low > NARROW else None

    def _guess(self, low: int, high: int) -> int:
        """Interpolate, away from the ends; take the middle if the last guess did not halve the interval."""
        halved, self._width = 2 * (high - low) <= self._width, high - low
        estimate = self._clock.number_at(self._instant) if halved else None
        margin = max(1, (high - low) // 10)
        return (low + high) // 2 if estimate is None else min(max(estimate, low + margin), high - margin)

    def _probe(self, place: int, low: int, high: int) -> Steps[None]:
        """Date one id at a place or near it, or find that the place is in a hole or that no id is dated."""
        self.probes += 1
        undated = missing = 0
        for number in _nearby(place, low, high):
            known = self._questions.asked(number)
            seen = yield from self._questions.ask_one(number)
            if seen.at is not None and (not known or self._interval() != (low, high)):
                return self._questions.count(missing=missing, existing=undated + 1)
            missing, undated = missing + (not seen.exists), undated + seen.exists
            if missing >= self._questions.hole_width and not undated:
                if self._is_below_a_page(high):
                    self._holes.append(place)
                else:
                    self.newest = place - 1
                return None
        # Every id of the interval was requested: where none exists there is no hole to step over.
        if undated or self._is_below_a_page(high):
            self._undated = low, high
        else:
            self.newest = place - 1
        return None

    def _is_below_a_page(self, high: int) -> bool:
        """Return False above all pages, where missing ids are the end of the counter and no hole."""
        return self._newest_is_known or self.newest is None or high <= self.newest

    def _is_confirmed(self, low: int, high: int) -> Steps[bool]:
        """Return False if pages above the interval move it: one page with a wrong date must not decide a search."""
        confirming = 1
        for number in range(high + 1, high + 1 + REACH):
            if confirming >= CONFIRM or (self.newest is not None and number > self.newest):
                break
            seen = yield from self._questions.ask_one(number)
            if self._interval() != (low, high):
                return False
            confirming += seen.at is not None
        return True

    def _last(self, low: int, high: int, holes: list[int]) -> Steps[int | None]:
        """Return the result: within the interval, or below the hole in it. None if pages above the hole move it."""
        if not holes:
            return high - 1
        yield from self._questions.ask(range(high - 1, max(holes), -1))
        if self._interval() != (low, high):
            return None
        self.skipped.append((min(holes), max(holes)))
        return min(holes) - 1

    def _find_newest(self) -> Steps[None]:
        """Look above the dated ids, twice as far each time, for one after the instant or for the counter's end."""
        known = self._clock.believed[-1][0] if self._clock.believed else self._questions.oldest
        stride, absent = FIRST_STRIDE, 0
        while absent < ENOUGH and self._clock.around(self._instant).high is None:
            existing = yield from self._questions.first_existing(known + stride)
            if existing is not None:
                known, absent, self.newest = existing, 0, None
            else:
                self.newest, absent = self.newest or known + stride - 1, absent + 1
            stride *= 2


def _nearby(place: int, low: int, high: int) -> Iterator[int]:
    """Yield ids between two others: those around a place, then ever more distant ones."""
    if low < place < high:
        yield place
    distance = 1
    while distance < high - low:
        for number in (place - distance, place + distance):
            if low < number < high:
                yield number
        distance += 1 if distance < REACH else distance
