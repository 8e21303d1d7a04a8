"""Loss of volume: silent, thin, slowly fewer; and what is none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.health.country import country_factors
from storage.health.volume import find_loss

from .series import LAST, lose, series


@pytest.mark.parametrize("rate", [2, 10, 60])
def test_an_ordinary_series_has_no_loss(rate: int) -> None:
    assert find_loss(series(rate), LAST) is None


@pytest.mark.parametrize(("rate", "nights"), [(60, 1), (10, 1), (2, 6)])
def test_total_silence_is_noticed_in_time(rate: int, nights: int) -> None:
    loss = find_loss(lose(series(rate), nights, 0), LAST)
    assert loss is not None
    assert (loss.kind, loss.until, loss.held) == ("silent", LAST, 0)
    assert loss.since >= LAST - timedelta(days=nights + 2)


@pytest.mark.parametrize(("rate", "nights"), [(60, 6), (10, 8), (2, 16)])
def test_the_loss_of_half_is_noticed_in_time(rate: int, nights: int) -> None:
    loss = find_loss(lose(series(rate), nights, 0.45), LAST)
    assert loss is not None
    assert loss.kind == "thin"
    assert loss.held < 0.75 * loss.usual


def test_a_single_night_with_half_of_the_articles_is_no_loss() -> None:
    assert find_loss(lose(series(60), 1, 0.6), LAST) is None


def test_a_silence_of_months_does_not_become_the_norm() -> None:
    loss = find_loss(lose(series(20, days=300), 120, 0), LAST)
    assert loss is not None
    assert loss.kind == "silent"


def test_a_holiday_of_the_country_is_no_loss_of_one_outlet() -> None:
    peers = [lose(series(rate, seed=seed), 2, 0.15) for seed, rate in enumerate((30, 20, 40, 25), 10)]
    judged = lose(series(30), 2, 0.15)
    assert find_loss(judged, LAST) is not None
    factors = country_factors(peers, (LAST - timedelta(days=n) for n in range(43)))
    assert factors[LAST] < 0.4
    assert find_loss(judged, LAST, factors) is None


def test_one_broken_peer_makes_no_holiday() -> None:
    peers = [series(20, seed=5), series(20, seed=6), series(20, seed=7), lose(series(20, seed=8), 2, 0)]
    assert country_factors(peers, [LAST])[LAST] > 0.8


def test_without_three_peers_days_have_no_factor() -> None:
    assert country_factors([lose(series(20), 2, 0)] * 2, [LAST]) == {LAST: 1.0}


def test_days_that_nobody_saw_are_not_judged() -> None:
    counts = lose(series(20), 5, 0)
    seen = {day: number for day, number in counts.items() if day <= LAST - timedelta(days=5)}
    assert find_loss(seen, LAST) is None


def test_too_short_a_history_has_no_norm() -> None:
    assert find_loss(lose(series(20, days=35), 1, 0), LAST) is None


def test_an_open_finding_ends_later_than_it_would_open() -> None:
    counts = lose(series(10, seed=3), 4, 0.4)
    back = {day + timedelta(days=3): number for day, number in counts.items()}
    back |= {LAST + timedelta(days=n): number for n, number in ((1, 7), (2, 7), (3, 7))}
    nights = [LAST + timedelta(days=n) for n in range(1, 4)]
    opened = [find_loss({**counts, **back}, night) is not None for night in nights]
    kept = [find_loss({**counts, **back}, night, was_open=True) is not None for night in nights]
    assert all(still or not now for now, still in zip(opened, kept, strict=True))
