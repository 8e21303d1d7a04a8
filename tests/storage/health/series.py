"""Series of daily counts for the tests of health."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta

LAST = date(2026, 3, 11)  # a Wednesday
WEEK = (1.2, 1.2, 1.2, 1.1, 1.1, 0.6, 0.6)


def series(rate: float, days: int = 140, seed: int = 1, last: date = LAST) -> dict[date, int]:
    """Counts with a rhythm of weekdays and some scatter, up to the day `last`."""
    rng = random.Random(seed)
    all_days = (last - timedelta(days=n) for n in range(days - 1, -1, -1))
    return {day: _drawn(rng, rate * WEEK[day.weekday()]) for day in all_days}


def _drawn(rng: random.Random, mean: float) -> int:
    tries = max(1, round(mean * 20))
    return sum(rng.random() < mean / tries for _ in range(tries))


def lose(counts: Mapping[date, int], nights: int, share: float) -> dict[date, int]:
    """Keep `share` of the articles of the last nights."""
    first = max(counts) - timedelta(days=nights - 1)
    return {day: int(number * share) if day >= first else number for day, number in counts.items()}
