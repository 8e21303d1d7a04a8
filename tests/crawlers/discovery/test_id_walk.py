"""Walks over simulated counters: no page of the span is missed, and few others are requested."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawlers.discovery import Clock, Seen, SpanWalk
from tests.crawlers.discovery.simulated_counter import START, Counter, Kind, counter, known

SEEDS = st.integers(0, 2**32)
HOLES = st.tuples(st.integers(500, 3000), st.integers(0, 2500))


def backfill(made: Counter, clock: Clock, day: int, days: int, newest: int | None) -> tuple[SpanWalk, list[int]]:
    start = START + timedelta(days=day)
    walk = SpanWalk(clock, start, start + timedelta(days=days), newest=newest)
    made.answer(walk.span())
    return walk, made.published(start, start + timedelta(days=days))


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(0, 20), st.sampled_from([1, 3, 7, 30]), st.integers(0, 6))
@example(32670, 11, 1, 0)  # all ids of a narrow interval are missing
def test_a_span_takes_its_ids_and_few_more(seed: int, day: int, days: int, points: int) -> None:
    made = counter(seed, Kind())
    walk, wanted = backfill(made, known(made, seed, points), day, days, made.newest)
    assert set(wanted) <= set(made.asked)
    beyond = [number for number in made.asked if not wanted or not wanted[0] <= number <= wanted[-1]]
    assert len(beyond) <= 50
    assert walk.probes <= 2 * math.log2(made.newest)
    assert walk.skipped == []


def test_forty_more_are_enough_in_all_but_one_of_a_hundred_walks() -> None:
    costs = []
    for seed in range(200):
        made = counter(seed, Kind())
        _, wanted = backfill(made, known(made, seed, 1 + seed % 6), seed % 20, 1 + seed % 7, made.newest)
        costs.append(sum(not wanted[0] <= number <= wanted[-1] for number in made.asked))
    assert sum(cost > 40 for cost in costs) <= 2
    assert sum(costs) / len(costs) <= 25


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(0, 20), st.sampled_from([1, 7, 30]), HOLES, st.sampled_from([0.1, 0.3, 0.6]))
def test_a_hole_is_stepped_over_and_no_page_is_lost(
    seed: int, day: int, days: int, hole: tuple[int, int], missing: float
) -> None:
    made = counter(seed, Kind(hole=hole, missing=missing, undated=0.1))
    walk, wanted = backfill(made, known(made, seed, 4), day, days, made.newest)
    assert set(wanted) <= set(made.asked)
    assert walk.probes <= 2 * math.ceil(math.log2(made.newest)) * 2
    passed = [number for low, high in walk.skipped for number in range(low, high + 1)]
    assert not set(passed) & made.seen.keys(), "what is skipped does not exist"


def test_a_hole_within_the_span_costs_a_twentieth_of_its_ids() -> None:
    made = counter(7, Kind(hole=(2000, 3000), missing=0.2))
    walk, wanted = backfill(made, known(made, 7, 5), 2, 20, made.newest)
    assert wanted[0] < 2000 < 5000 < wanted[-1]
    assert len([number for number in made.asked if 2000 <= number < 5000]) < 200
    [(low, high)] = walk.skipped
    assert 2000 <= low < 2040
    assert 4950 < high < 5000


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 20), st.sampled_from([1, 7, 30]))
def test_points_that_are_wrong_cost_requests_and_lose_nothing(seed: int, day: int, days: int) -> None:
    made = counter(seed, Kind())
    dated = made.dated()
    wrong = {
        number: dated[number] + timedelta(days=days)
        for number, days in zip(sorted(dated)[::600], [9, -9] * 9, strict=False)
    }
    _, wanted = backfill(made, Clock(wrong), day, days, made.newest)
    assert set(wanted) <= set(made.asked)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 8), st.integers(1, 3))
def test_the_end_of_the_counter_is_found_where_no_seed_tells_it(seed: int, day: int, points: int) -> None:
    made = counter(seed, Kind(ids=3000, hole=(1500, 400)))
    _, wanted = backfill(made, known(made, seed, points), day, 5, None)
    assert set(wanted) <= set(made.asked)
    assert len([number for number in made.asked if number > made.newest]) < 400


@pytest.mark.parametrize("day", [-30, 40])
def test_a_span_without_a_page_is_over_soon(day: int) -> None:
    made = counter(3, Kind())
    _, wanted = backfill(made, known(made, 3, 3), day, 5, made.newest)
    assert wanted == []
    assert len(made.asked) < 60


def test_failed_requests_are_no_hole_and_end_no_walk() -> None:
    made = counter(5, Kind())
    start, end = START + timedelta(days=5), START + timedelta(days=9)
    walk = SpanWalk(known(made, 5, 4), start, end, newest=made.newest)
    made.answer(walk.span(), failing=lambda number: number % 7 == 0)
    assert set(made.published(start, end)) <= set(made.asked)
    assert walk.skipped == []


def test_down_walks_all_ids_between_two_whatever_their_dates() -> None:
    made = Counter({number: Seen(True, START + timedelta(days=number % 5)) for number in range(1, 400)})
    day = timedelta(days=900)
    made.answer(SpanWalk(Clock(), START - day, START + day, newest=300, oldest=101).down(300))
    assert made.asked == list(range(300, 100, -1))
