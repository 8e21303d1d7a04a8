"""Where in a numbered row of pages, newest first, a window of days begins: found by requesting a few of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

MAX_NUMBER = 1 << 20  # a listing of more pages is a trap
NEIGHBOURS = 3  # that are requested in place of a page that tells nothing
CLOSE = 2  # pages between the two bounds that need no further search: the walk reads them anyway


class Told(Enum):
    """What one page says of where the window is."""

    NEWER = "newer"  # it is younger than the window: the window begins behind it
    REACHED = "reached"  # it is of the window, or older; or the row has ended before it
    NOTHING = "nothing"  # no date can be told of it


@dataclass(frozen=True, slots=True)
class Span:
    """The instants of the youngest and the oldest article of a page."""

    newest: datetime
    oldest: datetime


class PageSearch:
    """The search for the pages between which the window begins; `until` is the end of the window.

        search = PageSearch(until)
        while (number := search.next_number()) is not None:
            search.tell(number, ...)
        search.newer      # the last page that is known to be younger than the window (0: none)

    Pages follow each other at a nearly even pace, so the instants of a few tell where the window should begin. Where
    they do not, the numbers are doubled, and the interval is halved: 2 log2 of the number of pages in all, and up to
    three more for each page that tells nothing. If those tell nothing either, the search ends where it is.
    """

    def __init__(self, until: datetime) -> None:
        self._until = until
        self.newer = 0
        self._reached: int | None = None
        self._oldest: dict[int, datetime] = {}
        self._pace = 0.0  # seconds that a page spans
        self._step = 1  # by which the number grows at least, while the window is not reached
        self._wanted = 1
        self._instead = 0  # neighbours requested in place of the wanted page
        self._halve = False
        self._given_up = False

    def next_number(self) -> int | None:
        """The number of the page to request now; None when the search is over."""
        if self._given_up or self.newer >= MAX_NUMBER:
            return None
        if self._reached is not None and self._reached - self.newer <= CLOSE:
            return None
        return self._wanted + self._instead

    def tell(self, number: int, told: Told, span: Span | None = None) -> None:
        """Take note of what the page says, and between which instants its articles are."""
        if told is Told.NOTHING:
            self._instead += 1
            between = self._reached is None or number + 1 < self._reached
            self._given_up = self._instead > NEIGHBOURS or not between
            return
        before = self._interval()
        self._learn(number, span)
        if told is Told.NEWER:
            self.newer = max(self.newer, number)
        else:
            self._reached = number if self._reached is None else min(self._reached, number)
        self._instead = 0
        after = self._interval()
        self._halve = before is not None and after is not None and after > before / 2 and not self._halve
        self._wanted = self._following()

    def _interval(self) -> int | None:
        return None if self._reached is None else self._reached - self.newer

    def _learn(self, number: int, span: Span | None) -> None:
        if span is None:
            return
        nearest = max((known for known in self._oldest if known < number), default=None)
        if nearest is None:
            self._pace = (span.newest - span.oldest).total_seconds()
        else:
            self._pace = (self._oldest[nearest] - span.oldest).total_seconds() / (number - nearest)
        self._oldest[number] = span.oldest

    def _following(self) -> int:
        if self._reached is None:
            self._step *= 2
            return min(MAX_NUMBER, max(self.newer + self._step // 2, self._beyond(self.newer) or 0))
        middle = (self.newer + self._reached) // 2
        if self._halve:
            return middle
        guess = self._between(self.newer, self._reached) or middle
        return min(max(guess, self.newer + 1), self._reached - 1)

    def _beyond(self, number: int) -> int | None:
        """Where the window should begin behind a page, at the pace of the pages so far."""
        if number not in self._oldest or self._pace <= 0:
            return None
        return number + 1 + int((self._oldest[number] - self._until).total_seconds() / self._pace)

    def _between(self, low: int, high: int) -> int | None:
        """Where the window should begin between two pages."""
        if low not in self._oldest or high not in self._oldest:
            return None
        whole = (self._oldest[low] - self._oldest[high]).total_seconds()
        if whole <= 0:
            return None
        return low + 1 + int((high - low) * (self._oldest[low] - self._until).total_seconds() / whole)
