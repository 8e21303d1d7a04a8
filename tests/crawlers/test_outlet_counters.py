"""Each built-in outlet with a counter: its known ids serve a backfill, on a counter that runs as its file says."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from crawlers.catalog import load_outlets
from crawlers.discovery import Clock, Seen, SpanWalk, serving_seeds
from crawlers.outlet import Outlet
from crawlers.seed_choice import with_seeds
from crawlers.window import Window
from tests.crawlers.discovery.simulated_counter import Counter


class RunningAsTheFileSays(dict[int, Seen]):
    """The pages of a counter, made when they are asked for: every third id has none."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def get(self, number: int, default: Any = None) -> Any:
        return Seen(exists=True, at=self._clock.estimate(number)) if number % 3 else default


COUNTERS = [outlet for outlet in load_outlets(None) if outlet.counter and outlet.counter.known]


def test_a_backfill_walks_a_counter_unless_another_seed_lists_old_pages() -> None:
    window = Window(date(2024, 2, 1), date(2024, 2, 29))
    walked = {each.id for each in COUNTERS if each.counter in serving_seeds(each.seeds, window)}
    assert walked == {"azernews", "azertag", "panarmenian", "today_az"}


@pytest.mark.parametrize("outlet", COUNTERS, ids=[outlet.id for outlet in COUNTERS])
def test_a_built_in_counter_serves_a_backfill_of_any_month_between_its_known_ids(outlet: Outlet) -> None:
    seed = outlet.counter
    assert seed is not None
    assert all(outlet.number(example) for example in outlet.examples)
    points = {number: datetime.combine(day, time(12), outlet.tz) for number, day in seed.known.items()}
    clock, first, last = Clock(points), min(points.values()), max(points.values())
    assert sorted(points) == [number for number, _ in clock.believed], "known ids contradict each other"
    start = first + (last - first) / 2
    window = Window(start.date(), start.date() + timedelta(days=30))
    assert seed in serving_seeds(with_seeds(outlet, "id_range").seeds, window)
    end = start + timedelta(days=31)
    made = Counter(RunningAsTheFileSays(clock))
    made.answer(SpanWalk(clock, start, end, newest=max(points)).span())
    ids = range(min(points), max(points) + 1)
    span = range(*(bisect_left(ids, day, key=clock.estimate) + ids.start for day in (start, end)))
    wanted = [number for number in span if number % 3]
    assert wanted
    assert set(wanted) <= set(made.asked)
    assert len(made.asked) <= len(range(wanted[0], wanted[-1])) + 40
