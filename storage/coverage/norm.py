"""Days on which an archive holds fewer articles than its outlet usually publishes. Pure: no database.

The norm of a day is the median of the eight nearest same weekdays within eight weeks. Counts are compared after
Anscombe's transformation, 2 * sqrt(x + 3/8), whose spread does not depend on the mean: 1 for a Poisson count. News
varies more than that, so the spread is measured, robustly, from the outlet's own days around (1.4826 * median absolute
deviation from the weekday medians), and is at least 1. A day is thin if it lies more than 3.5 such spreads below its
norm and under three quarters of it: 3 for one day in a thousand, and more because norm and spread are estimates.
Medians stand up to half of the days around being thin themselves. docs/backfill.md has what was simulated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

SETTLED = timedelta(days=2)  # news of yesterday may be announced today: younger days are not judged
REACH = timedelta(days=56)  # how far the days of a norm may lie from the day
NEAREST = 8  # same weekdays in a norm
ENOUGH = 4  # with fewer there is no norm
AROUND = timedelta(days=28)  # the days of which the spread is measured
HOLE = 3  # so many days without an article in a row are a hole in the archive, and no habit of the outlet
SPREADS = 3.5
MATERIAL = 0.75


@dataclass(frozen=True, slots=True)
class ThinDay:
    """A day with too few articles: `held` where `usual` is the norm, and fewer than `least` are improbable.

    `compared`: the numbers of the same weekdays around, from which the norm is.
    """

    day: date
    held: int
    usual: float
    least: int
    compared: tuple[int, ...]

    @property
    def evidence(self) -> str:
        """The finding in a few words."""
        low, high = min(self.compared), max(self.compared)
        usual = f"{self.usual:g} is usual on a {self.day:%A} ({low} to {high})"
        return f"{self.held} held; {usual}, under {self.least} is rare"


def find_thin_days(held: Mapping[date, int], first: date, last: date, since: date | None) -> list[ThinDay]:
    """Return the thin days from `first` to `last`, oldest first.

    `held` has the articles of every day, best of eight weeks more on either side. `since`: the day on which crawling
    began; an earlier day is judged only if there are articles before it too, for the archive may begin there.
    """
    ordinary = _without_holes(held)
    judged = (first + timedelta(days=n) for n in range((last - first).days + 1))
    found = (_judged(day, held.get(day, 0), ordinary, since) for day in judged)
    return [day for day in found if day is not None]


def usual_per_day(held: Mapping[date, int]) -> float | None:
    """Return the median number of articles a day, without holes; None with fewer than four days."""
    numbers = list(_without_holes(held).values())
    return float(median(numbers)) if len(numbers) >= ENOUGH else None


def _judged(day: date, held: int, ordinary: Mapping[date, int], since: date | None) -> ThinDay | None:
    near = _same_weekdays(day, ordinary)
    began = since is not None and day > since
    if len(near) < ENOUGH or not (began or sum(one < day for one in near) >= ENOUGH // 2):
        return None
    compared = tuple(ordinary[one] for one in near)
    usual = float(median(compared))
    least = _inverse(_stable(usual) - SPREADS * _spread(day, ordinary))
    if held >= least or held >= MATERIAL * usual:
        return None
    return ThinDay(day, held, usual, math.ceil(least), compared)


def _same_weekdays(day: date, ordinary: Mapping[date, int]) -> list[date]:
    """Return the nearest days of the same weekday, oldest first."""
    weeks = REACH.days // 7
    candidates = (day + timedelta(weeks=n * way) for n in range(1, weeks + 1) for way in (-1, 1))
    return sorted([one for one in candidates if one in ordinary][:NEAREST])


def _spread(day: date, ordinary: Mapping[date, int]) -> float:
    """Return how much days around vary about their weekdays' medians, transformed; at least 1."""
    by_weekday: dict[int, list[int]] = {}
    for n in range(-AROUND.days, AROUND.days + 1):
        other = day + timedelta(days=n)
        if n and other in ordinary:
            by_weekday.setdefault(other.weekday(), []).append(ordinary[other])
    deviations = [deviation for numbers in by_weekday.values() for deviation in _deviations(numbers)]
    return max(1.0, 1.4826 * median(deviations)) if deviations else 1.0


def _deviations(numbers: Sequence[int]) -> Iterable[float]:
    centre = _stable(float(median(numbers)))
    return (abs(_stable(number) - centre) for number in numbers)


def _without_holes(held: Mapping[date, int]) -> dict[date, int]:
    holes = _holes(held)
    return {day: number for day, number in held.items() if day not in holes}


def _holes(held: Mapping[date, int]) -> set[date]:
    holes: set[date] = set()
    run: list[date] = []
    for day in sorted(held):
        if held[day] or (run and day - run[-1] != timedelta(days=1)):
            run = []
        if not held[day]:
            run.append(day)
            if len(run) >= HOLE:
                holes.update(run)
    return holes


def _stable(number: float) -> float:
    return 2 * math.sqrt(number + 0.375)


def _inverse(value: float) -> float:
    return (max(value, 0.0) / 2) ** 2 - 0.375
