"""Request the ids of a span of days, newest first, and few beyond its ends.

walk = SpanWalk(clock, start, end, newest=announced)
steps = walk.span()
numbers = next(steps)                      # StopIteration: the span is complete
numbers = steps.send({number: Seen(...)})  # leave out an id if nothing was learned about it
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from .id_clock import Clock
from .id_questions import Questions, Seen, Steps
from .id_search import NARROW, EndSearch

PAST = 8  # dated pages in a row before the span, after which it is over
FEW, FAR = 3, 18  # it is over after fewer pages, too, if so many ids were passed meanwhile
LOST = 5  # dated pages in a row after the span: its end was not found, search again
SEARCHES = 4  # for the end of one span; after them, ids after the span are walked
LEAST_HOLE = 16  # missing ids in a row, before the rest of a hole is stepped over
FIRST_STRIDE, LONGEST_STRIDE = 64, 1024  # ids
LARGE, SMALL = 64, 3  # ids in a batch, far from the beginning of the span and near it


class SpanWalk:
    """The ids of a span [start, end), or with `down` the ids between two.

    `newest`: the highest id that is known to exist; None if unknown. `skipped`: holes, as (lowest id, highest id), that
    were stepped over: none of the ids requested there exists. `probes`: places requested to find the end of the span.
    `position`: the ids above it are done with; None before the walk down begins.
    """

    def __init__(
        self, clock: Clock, start: datetime, end: datetime, *, newest: int | None = None, oldest: int = 1
    ) -> None:
        self._clock, self._start, self._end = clock, start, end
        self._questions = Questions(clock, oldest)
        self._newest, self._oldest = newest, oldest
        self._searches = 0
        self.position: int | None = None
        self.probes = 0
        self.skipped: list[tuple[int, int]] = []

    def span(self) -> Steps[None]:
        """Ask for the ids of the span, newest first."""
        last = yield from self._last_of_span()
        yield from self.down(last)

    def down(self, position: int) -> Steps[None]:
        """Ask for the ids from a position down to the beginning of the span, or to the oldest id."""
        tail = _Tail(self._start, self._end)
        while position >= self._oldest and not tail.is_past:
            self.position = position
            numbers = self._batch(position, tail)
            seen = yield from self._questions.ask(numbers)
            tail.note(seen)
            self._count(seen, tail)
            position = numbers[-1] - 1
            if tail.missing >= max(LEAST_HOLE, 2 * self._questions.hole_width):
                position = yield from self._step_over(position)
                tail.missing = 0
            elif tail.after >= LOST and self._searches < SEARCHES:
                position = min(position, (yield from self._last_of_span()))

    def _last_of_span(self) -> Steps[int]:
        self._searches += 1
        search = EndSearch(self._questions, self._end, self._newest)
        last = yield from search.last_before()
        self._newest = search.newest
        self.probes += search.probes
        self.skipped += search.skipped
        return last

    def _batch(self, position: int, tail: _Tail) -> list[int]:
        """Return the next ids: many, but few near the estimated beginning of the span, so that few are before it."""
        size = SMALL if tail.before else LARGE
        begin = self._clock.number_at(self._start)
        if begin is not None:
            size = max(SMALL, min(size, (position - begin) // 2))
        return list(range(position, max(position - size, self._oldest - 1), -1))

    def _count(self, seen: Mapping[int, Seen], tail: _Tail) -> None:
        existing = sum(answer.exists for answer in seen.values())
        if existing:
            self._questions.count(missing=len(seen) - existing - tail.missing, existing=existing)

    # --- holes

    def _step_over(self, position: int) -> Steps[int]:
        """Return the id with which to go on below a hole: ask with growing strides, then bisect back to its edge."""
        missing, stride = position + 1, FIRST_STRIDE
        while True:
            place = max(position - stride, self._oldest)
            existing = yield from self._questions.first_existing(place)
            if existing is not None:
                break
            if place <= self._oldest or self._is_before(place):
                self.skipped.append((place, position))
                return self._oldest - 1
            missing, stride = place, stride + min(stride, LONGEST_STRIDE)
        edge = yield from self._edge(existing, missing)
        if edge < position:
            self.skipped.append((edge + 1, position))
        return min(edge, position)

    def _edge(self, existing: int, missing: int) -> Steps[int]:
        """Return the highest id that may exist between one that does and one in a hole."""
        top, width = missing, self._questions.hole_width
        while True:
            existing, missing = yield from self._bisect(existing, missing)
            above = missing + width  # once more, so that no row of missing ids is taken for the hole
            found = (yield from self._questions.first_existing(above)) if above < top else None
            if found is None or found >= top:
                return missing - 1
            existing, missing = found, top

    def _bisect(self, existing: int, missing: int) -> Steps[tuple[int, int]]:
        while missing - existing > NARROW:
            middle = (existing + missing) // 2
            found = yield from self._questions.first_existing(middle)
            if found is None or found >= missing:
                missing = middle
            else:
                existing = found
        return existing, missing

    def _is_before(self, number: int) -> bool:
        """Return True if the id is certainly from before the span."""
        low = self._clock.around(self._start).low
        return low is not None and number < low - FAR


class _Tail:
    """The last pages of a walk, counted in rows: before the span, after it, missing."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._start, self._end = start, end
        self._first = self._last = 0  # ids of the row of pages before the span
        self.before = self.after = self.missing = 0

    @property
    def is_past(self) -> bool:
        """Whether the span is over."""
        return self.before >= PAST or (self.before >= FEW and self._first - self._last >= FAR)

    def note(self, seen: Mapping[int, Seen]) -> None:
        """Count pages, in descending order of their ids."""
        for number, answer in seen.items():
            self._last = number
            self.missing = 0 if answer.exists else self.missing + 1
            if answer.at is not None:
                self._note_instant(number, answer.at)

    def _note_instant(self, number: int, at: datetime) -> None:
        if at >= self._end:
            self.after += 1
        elif at >= self._start:
            self.before = self.after = 0
        else:
            self._first = self._first if self.before else number
            self.before, self.after = self.before + 1, 0
