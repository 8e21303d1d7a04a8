"""What an outlet usually publishes on a day: a mean by weekday, and how much days scatter around it. Pure.

The norm of a day is taken from the eight weeks that end 14 days before it, so that a loss that begins slowly does not
become its own norm. Of each weekday's numbers the highest and the lowest are left out, which stands up to a holiday
and to a day of elections. News scatters more than a Poisson count; a negative binomial distribution with variance
mean + mean^2 / size describes it, and its size is estimated from the same days.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 8
SETTLED = timedelta(days=14)  # the norm ends so long before the day
ENOUGH = 28  # days with a known number in the weeks of a norm; with fewer there is none
SIZES = (2.0, 60.0)  # limits of the size; above, the distribution is as good as Poisson's
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Norm:
    """Mean numbers by weekday (Monday first), and the size of their negative binomial distribution."""

    means: tuple[float, ...]
    size: float

    @property
    def per_day(self) -> float:
        """The mean of a day of the week."""
        return sum(self.means) / 7


def norm_of(counts: Mapping[date, int], day: date, norms_end: date | None = None) -> Norm | None:
    """Return the norm for a day; None if fewer than 28 days of its weeks have a number. `counts` lacks unseen days.

    `norms_end`: its weeks end there if that is earlier.
    """
    last = min(day - SETTLED, norms_end or day)
    days = [one for one in (last - A_DAY * n for n in range(WEEKS * 7)) if one in counts]
    if len(days) < ENOUGH:
        return None
    by_weekday: list[list[int]] = [[] for _ in range(7)]
    for one in days:
        by_weekday[one.weekday()].append(counts[one])
    overall = sum(counts[one] for one in days) / len(days)
    means = tuple(_trimmed_mean(numbers, overall) for numbers in by_weekday)
    return Norm(means, _size([(counts[one], means[one.weekday()]) for one in days]))


def _trimmed_mean(numbers: Sequence[int], overall: float) -> float:
    if not numbers:
        return overall
    kept = sorted(numbers)[1:-1] if len(numbers) >= 5 else numbers
    return sum(kept) / len(kept)


def _size(pairs: Sequence[tuple[int, float]]) -> float:
    """Estimate the size by moments. The most deviating tenth of the days is left out: bursts and holidays."""
    excess = sorted(((number - mean) ** 2 - mean, mean * mean) for number, mean in pairs)
    kept = excess[: len(excess) - len(excess) // 10]
    surplus, squares = sum(one for one, _ in kept), sum(square for _, square in kept)
    if surplus <= 0 or not squares:
        return SIZES[1]
    return min(max(squares / surplus, SIZES[0]), SIZES[1])


def log_zero(mean: float, size: float) -> float:
    """Return the logarithm of the probability of no article on a day."""
    return -size * math.log1p(mean / size)


def tail(number: int, mean: float, size: float) -> float:
    """Return the probability of at most `number` articles on a day with that mean."""
    if mean <= 0:
        return 1.0
    term = math.exp(log_zero(mean, size))
    share, total = mean / (mean + size), term
    for k in range(number):
        term *= share * (size + k) / (k + 1)
        total += term
    return min(total, 1.0)
