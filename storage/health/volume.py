"""Whether an outlet publishes fewer articles than it usually does: silent, thin, or slowly fewer. Pure: no database.

Three charts look at the last days of a series:

- silent: no article, on days of which that is improbable together (`ZERO`; `ZERO_OF_FEW` under three articles a day)
- two low days in a row, each with a probability under `LOW`
- a cumulative sum (CUSUM) of log-likelihood ratios of half the norm to the norm. A day adds at most `CAP`, so that one
  odd day is no alarm; over `LIMIT` (`LIMIT_OF_FEW`) the outlet publishes less. A finding that is open ends under
  `CLOSED`.

`factors` are those of the country's days: on a holiday all of its outlets publish less. bench/health.py simulates it,
and docs/health.md has the result.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Literal

from storage.health.count_norm import A_DAY, log_zero, norm_of, tail

REACH = 42  # days that the charts look back
CAP = 2.0
LIMIT = 5.2
LIMIT_OF_FEW = 4.6
CLOSED = 2.5
LOW = 0.005
ZERO = math.log(0.0006)
FEW = 3.0  # articles a day, under which one day says little
ZERO_OF_FEW = math.log(0.0002)

LossKind = Literal["silent", "thin"]


@dataclass(frozen=True, slots=True)
class Loss:
    """Fewer articles than usual from `since` to `until`: `held`, where the norms of these days sum up to `usual`."""

    kind: LossKind
    since: date
    until: date
    held: int
    usual: float


@dataclass(frozen=True, slots=True)
class ExpectedDay:
    """The articles of a day, and the negative binomial distribution that they usually have."""

    day: date
    held: int
    mean: float
    size: float


def find_loss(
    counts: Mapping[date, int],
    last: date,
    factors: Mapping[date, float] | None = None,
    *,
    was_open: bool = False,
    norms_end: date | None = None,
) -> Loss | None:
    """Return what an outlet has lost up to the day `last`; None if it publishes as usual, or has no norm yet.

    `counts` has the articles of every day that was seen, days without an article too. `factors`: the share of the usual
    volume that the country's outlets had on a day, where it is known. `was_open`: a loss was found the night before.
    `norms_end`: the last day that may be part of a norm, such as that before an open loss.
    """
    norms_end = min(filter(None, (last_with_articles(counts, last), norms_end)), default=None)
    days = [
        expected
        for day in (last - A_DAY * n for n in range(REACH, -1, -1))
        if (expected := expected_day(counts, day, factors or {}, norms_end))
    ]
    return judge_days(days, was_open=was_open) if days and days[-1].day == last else None


def expected_day(
    counts: Mapping[date, int], day: date, factors: Mapping[date, float], norms_end: date | None = None
) -> ExpectedDay | None:
    """Return a day beside its norm; None if it was not seen, or has no norm. `norms_end`: the last day of any norm."""
    norm = norm_of(counts, day, norms_end) if day in counts else None
    if norm is None:
        return None
    mean = norm.means[day.weekday()] * min(factors.get(day, 1.0), 1.0)
    return ExpectedDay(day, counts[day], mean, norm.size)


def judge_days(days: Sequence[ExpectedDay], *, was_open: bool = False) -> Loss | None:
    """Return what days in a row, oldest first, show to be lost at their end."""
    few = bool(days) and sum(day.mean for day in days) / len(days) < FEW
    limit = LIMIT_OF_FEW if few else LIMIT
    return _silent(days, ZERO_OF_FEW if few else ZERO) or _low(days) or _fewer(days, CLOSED if was_open else limit)


def last_with_articles(counts: Mapping[date, int], last: date) -> date | None:
    """Return the day before a silence that lasts: it must not become its own norm, however long it is."""
    return max((day for day, number in counts.items() if number and day <= last), default=None)


def _silent(days: Sequence[ExpectedDay], limit: float) -> Loss | None:
    zeros = list(takewhile(lambda day: not day.held, reversed(days)))
    logarithm = sum(log_zero(day.mean, day.size) for day in zeros)
    return _loss("silent", zeros[::-1]) if logarithm < limit else None


def _low(days: Sequence[ExpectedDay]) -> Loss | None:
    two = days[-2:]
    low = len(two) == 2 and all(tail(day.held, day.mean, day.size) < LOW for day in two)
    return _loss("thin", two) if low else None


def _fewer(days: Sequence[ExpectedDay], limit: float) -> Loss | None:
    total, since = 0.0, 0
    for n, day in enumerate(days):
        since = n if total == 0 else since
        total = max(0.0, total + min(_ratio(day), CAP))
    return _loss("thin", days[since:]) if total > limit else None


def _ratio(day: ExpectedDay) -> float:
    """Return the logarithm of the likelihood of half the norm, divided by that of the norm."""
    less = math.log((day.size + day.mean) / (day.size + day.mean / 2))
    return day.held * math.log(0.5) + (day.held + day.size) * less


def _loss(kind: LossKind, days: Sequence[ExpectedDay]) -> Loss:
    return Loss(kind, days[0].day, days[-1].day, sum(day.held for day in days), sum(day.mean for day in days))
