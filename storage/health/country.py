"""How much of their usual volume the outlets of a country published on a day: little on holidays. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from storage.health.volume import ExpectedDay, expected_day

PEERS = 3  # outlets of the country besides the judged one; with fewer its days have no factor
CAUTION = 10.0  # articles as usual that are added to those of the peers: few articles say little


def country_factors(peers: Iterable[Mapping[date, int]], days: Iterable[date]) -> dict[date, float]:
    """Return each day's factor, at most 1, from the counts of the country's other outlets."""
    series = list(peers)
    return {day: factor_of([one for counts in series if (one := expected_day(counts, day, {}))]) for day in days}


def factor_of(peers: Sequence[ExpectedDay]) -> float:
    """Return the factor of one day. The peer that misses most is left out: it may be broken itself."""
    if len(peers) < PEERS:
        return 1.0
    sound = sorted(peers, key=lambda day: day.held - day.mean)[1:]
    usual, held = sum(day.mean for day in sound), sum(day.held for day in sound)
    return min(1.0, (held + CAUTION) / (usual + CAUTION))
