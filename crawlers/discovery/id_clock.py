"""An outlet's counter as a clock: when an id was given out, estimated from ids whose pages are dated.

Ids grow with time, with exceptions: a draft that was published a day later, a page that was dated again. Dated ids can
therefore contradict each other. The clock believes the largest set of them that does not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)

Point = tuple[int, datetime]  # an id, and when its page was published


@dataclass(frozen=True, slots=True)
class Bracket:
    """The nearest ids dated before an instant (`low`) and at it or later (`high`); None where there is none."""

    low: int | None
    high: int | None


class Clock:
    """Maps ids to instants and back by interpolation between dated ids. Instants are aware."""

    def __init__(self, points: Mapping[int, datetime] | None = None) -> None:
        self._points = {number: _bounded(at) for number, at in (points or {}).items()}
        self._believed: list[Point] | None = None

    def add(self, number: int, at: datetime) -> None:
        """Add a dated id."""
        self._points[number] = _bounded(at)
        self._believed = None

    @property
    def believed(self) -> list[Point]:
        """The points that are believed, by id. Their instants never go back."""
        if self._believed is None:
            self._believed = longest_consistent(sorted(self._points.items()))
        return self._believed

    def around(self, at: datetime) -> Bracket:
        """Return the believed ids between which the counter passed an instant."""
        place = bisect_left(self.believed, at, key=_instant)
        low = self.believed[place - 1][0] if place else None
        return Bracket(low, self.believed[place][0] if place < len(self.believed) else None)

    def estimate(self, number: int) -> datetime | None:
        """Return about when an id was given out, beyond the points at the pace near their end. None without points."""
        if not self.believed:
            return None
        (first, begun), (second, ended) = self._pair(bisect_left(self.believed, number, key=_number))
        if second == first:
            return begun
        return _moved(begun, (ended - begun).total_seconds() * (number - first) / (second - first))

    def number_at(self, at: datetime) -> int | None:
        """Return about which id was given out at an instant. None if no two points tell a pace."""
        if not self.believed:
            return None
        (first, begun), (second, ended) = self._pair(bisect_left(self.believed, at, key=_instant))
        seconds = (ended - begun).total_seconds()
        if not seconds:
            return None
        return first + round((second - first) * ((at - begun).total_seconds() / seconds))

    def _pair(self, place: int) -> tuple[Point, Point]:
        """Return the points on both sides of a place among the believed; at an end, two that tell the pace there."""
        points, wide = self.believed, max(1, len(self.believed) // 4)
        if place == 0:
            return points[0], points[min(wide, len(points) - 1)]
        if place == len(points):
            return points[max(0, len(points) - 1 - wide)], points[-1]
        return points[place - 1], points[place]


def longest_consistent(points: list[Point]) -> list[Point]:
    """Return the longest subsequence of points, sorted by id, whose instants never go back. O(n log n)."""
    ends: list[int] = []  # for each length, the place of the last point of the best such subsequence
    instants: list[datetime] = []  # and its instant
    previous: list[int] = []
    for place, (_, at) in enumerate(points):
        length = bisect_right(instants, at)
        previous.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        instants[length : length + 1] = [at]
    consistent = []
    place = ends[-1] if ends else -1
    while place >= 0:
        consistent.append(points[place])
        place = previous[place]
    return consistent[::-1]


def _number(point: Point) -> int:
    return point[0]


def _instant(point: Point) -> datetime:
    return point[1]


def _bounded(at: datetime) -> datetime:
    """Keep an instant away from the ends of the calendar, beyond which it could not be moved."""
    return min(max(at, EARLIEST), LATEST)


def _moved(at: datetime, seconds: float) -> datetime:
    moved = at.timestamp() + seconds
    return datetime.fromtimestamp(min(max(moved, EARLIEST.timestamp()), LATEST.timestamp()), UTC)
