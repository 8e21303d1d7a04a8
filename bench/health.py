"""How fast the judge of health notices a loss, and how often it errs: on simulated outlets, beside two simpler rules.

python -m bench.health [--countries N] [--seed N]

For each of three rates a day, N countries of eight outlets over 64 weeks; the first twelve weeks teach the norm, a year
is judged night by night. Series have a rhythm of weekdays, the scatter of a negative binomial distribution, growth or
decline within a year, holidays and weeks of elections that a country shares, and bursts of single days. A false alarm
is a finding that opens in such a series. Then each series is damaged from a random day on, once in every way:

- silence: no article. A feed that repeats old items looks the same, since nothing of it is new
- half: each article is lost with probability 1/2
- decline: 4 % fewer articles with each day

The figures are medians of nights until a finding opens ("-": not within 60), and the share that is found in 28 nights.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from storage.health.country import factor_of
from storage.health.volume import REACH, ExpectedDay, expected_day, judge_days

FIRST = date(2024, 1, 1)
DAYS, LEARNING = 448, 84
AFTER = 60  # nights that a damaged series goes on
OUTLETS = 8
RATES = (60, 10, 2)
DAMAGES = ("silence", "half", "decline")

Numbers = np.ndarray
Series = Sequence[ExpectedDay | None]
Rule = Callable[[Series, int, bool], bool]  # days, the night, whether it was open the night before: open?


@dataclass(frozen=True)
class Simulated:
    """An outlet: its true means, the size of its distribution, what it published, and the factors of its country."""

    means: Numbers
    size: float
    held: Numbers
    factors: dict[date, float]


def country(rng: np.random.Generator, rate: float) -> list[Simulated]:
    """Return the outlets of a country."""
    outlets = [(means, rng.uniform(8, 30)) for means in _means(rng, rate)]
    held = [_drawn(rng, means, size) for means, size in outlets]
    alone = [_series(numbers, {}) for numbers in held]
    return [
        Simulated(means, size, numbers, _factors(alone, n))
        for n, ((means, size), numbers) in enumerate(zip(outlets, held, strict=True))
    ]


def _means(rng: np.random.Generator, rate: float) -> list[Numbers]:
    shared = np.ones(DAYS)
    shared[rng.choice(DAYS, 16, replace=False)] = rng.uniform(0.15, 0.6, 16)  # holidays
    for first in rng.choice(DAYS - 5, 2, replace=False):
        shared[first : first + 5] *= rng.uniform(1.3, 2.0)  # elections
    return [_outlet_means(rng, rate * rng.uniform(0.8, 1.25), shared) for _ in range(OUTLETS)]


def _outlet_means(rng: np.random.Generator, rate: float, shared: Numbers) -> Numbers:
    week = np.array([1, 1, 1, 1, 1, rng.uniform(0.3, 0.9), rng.uniform(0.3, 0.9)]) * rng.uniform(0.9, 1.1, 7)
    growth = np.exp(rng.uniform(-0.0003, 0.001) * np.arange(DAYS))
    means: Numbers = rate * (week * 7 / week.sum())[np.arange(DAYS) % 7] * growth * shared ** rng.uniform(0.7, 1.1)
    means[rng.choice(DAYS, 6, replace=False)] *= rng.uniform(1.5, 3, 6)  # bursts
    return means


def _drawn(rng: np.random.Generator, means: Numbers, size: float) -> Numbers:
    return rng.negative_binomial(size, size / (size + np.maximum(means, 1e-9)))


def _series(held: Numbers, factors: dict[date, float], end: int | None = None) -> list[ExpectedDay | None]:
    """Return the days of a series beside their norms. `end`: the norms end there, as before a silence."""
    counts = {FIRST + timedelta(days=n): int(number) for n, number in enumerate(held)}
    norms_end = None if end is None else FIRST + timedelta(days=end)
    return [expected_day(counts, day, factors, norms_end) for day in counts]


def _factors(alone: Sequence[Series], judged: int) -> dict[date, float]:
    peers = [series for n, series in enumerate(alone) if n != judged]
    return {
        FIRST + timedelta(days=n): factor_of([day for series in peers if (day := series[n])])
        for n in range(LEARNING, DAYS)
    }


def damaged(rng: np.random.Generator, outlet: Simulated, damage: str) -> tuple[int, list[ExpectedDay | None]]:
    """Return the first damaged day, and the series."""
    onset = int(rng.integers(LEARNING + 60, DAYS - AFTER))
    shares = {"silence": np.zeros(AFTER), "half": np.full(AFTER, 0.5), "decline": 0.96 ** np.arange(1, AFTER + 1)}
    held = outlet.held[: onset + AFTER].copy()
    held[onset:] = rng.binomial(held[onset:], shares[damage])
    return onset, _series(held, outlet.factors, onset - 1 if damage == "silence" else None)


def pressrun(series: Series, night: int, was_open: bool) -> bool:
    """The judge of Pressrun."""
    days = [day for day in series[max(0, night - REACH) : night + 1] if day]
    return bool(days) and judge_days(days, was_open=was_open) is not None


def media_cloud(series: Series, night: int, was_open: bool) -> bool:  # noqa: ARG001 - the shape of a rule
    """Under the mean of 28 days less 1.5 of their standard deviations, today's week taken together."""
    held = [day.held for day in series[night - 27 : night + 1] if day is not None]
    return len(held) == 28 and statistics.fmean(held[-7:]) < statistics.fmean(held) - 1.5 * statistics.pstdev(held)


def weekday_score(series: Series, night: int, was_open: bool) -> bool:  # noqa: ARG001
    """More than 3 standard deviations under the mean of the same weekday in the eight weeks before."""
    same = [day.held for n in range(1, 9) if (day := series[night - 7 * n])]
    today = series[night]
    if today is None or len(same) < 8:
        return False
    return today.held < statistics.fmean(same) - 3 * statistics.pstdev(same)


RULES: dict[str, Rule] = {"Pressrun": pressrun, "Media Cloud": media_cloud, "weekday z-score": weekday_score}


def nights_until(rule: Rule, onset: int, series: Series) -> int | None:
    """Return after how many nights a finding opens; None if never."""
    return next((n - onset + 1 for n in range(onset, len(series)) if rule(series, n, False)), None)


def openings(rule: Rule, series: Series) -> int:
    """Return how often a finding opens in a series without damage."""
    was_open, opened = False, 0
    for night in range(LEARNING, DAYS):
        now = rule(series, night, was_open)
        opened += now and not was_open
        was_open = now
    return opened


def measure(rate: float, countries: int, seed: int) -> dict[str, dict[str, float | str]]:
    """Simulate outlets with so many articles a day, and return the figures of each rule."""
    rng = np.random.default_rng(seed)
    outlets = [outlet for _ in range(countries) for outlet in country(rng, rate)]
    sound = [_series(outlet.held, outlet.factors) for outlet in outlets]
    broken = {damage: [damaged(rng, outlet, damage) for outlet in outlets] for damage in DAMAGES}
    years = len(outlets) * (DAYS - LEARNING) / 365
    return {
        name: {damage: _figure([nights_until(rule, *one) for one in broken[damage]]) for damage in DAMAGES}
        | {"false a year": round(sum(openings(rule, one) for one in sound) / years, 2)}
        for name, rule in RULES.items()
    }


def _figure(nights: Sequence[int | None]) -> str:
    median = statistics.median(AFTER + 1 if one is None else one for one in nights)
    share = sum(one is not None and one <= 28 for one in nights) / len(nights)
    return f"{'-' if median > AFTER else f'{median:g}'} ({share:.0%})"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--countries", type=int, default=17, help="of eight outlets, for each rate (default: 17)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    years = given.countries * OUTLETS * len(RATES)
    print(f"{years} outlet-years; median nights until a finding opens, and the share found in 28 nights\n")
    print("| rate a day | rule | silence | half lost | -4 % a day | false alarms an outlet-year |")
    print("|---|---|---|---|---|---|")
    for rate in RATES:
        for name, figures in measure(rate, given.countries, given.seed).items():
            print(f"| {rate} | {name} | " + " | ".join(str(figure) for figure in figures.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
