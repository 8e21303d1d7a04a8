"""The windows of one outlet: the order in which they are crawled, and what becomes of those that fail."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

from flows.window_rounds import TRIES, Attempt, Rounds, crawl_in_rounds
from flows.windows import Days

MAY, APRIL, MARCH, FEBRUARY = (
    (date(2024, month, 1), date(2024, month, 28)) for month in (5, 4, 3, 2)
)  # fmt: skip
WINDOWS = [MAY, APRIL, MARCH, FEBRUARY]


@dataclass(frozen=True)
class End:
    state: str


class Crawls:
    """Answers attempts as told, `completed` where nothing is, and keeps them."""

    def __init__(self, told: dict[tuple[Days, int], str] | None = None, requests: int = 10) -> None:
        self._told, self._requests = told or {}, requests
        self.attempts: list[Attempt] = []

    async def __call__(self, attempt: Attempt) -> tuple[End, int]:
        self.attempts.append(attempt)
        return End(self._told.get((attempt.days, attempt.number), "completed")), self._requests

    @property
    def asked(self) -> list[tuple[Days, int]]:
        return [(attempt.days, attempt.number) for attempt in self.attempts]


def crawl(crawls: Crawls, budget: int | None = None) -> Rounds[End]:
    return asyncio.run(crawl_in_rounds(WINDOWS, crawls, budget, pauses=(0, 0)))


def test_windows_are_crawled_once_in_their_order() -> None:
    crawls = Crawls({(APRIL, 1): "attention"})
    rounds = crawl(crawls)
    assert crawls.asked == [(days, 1) for days in WINDOWS]
    assert (rounds.left, rounds.why) == ([], "")
    assert rounds.ends[APRIL].state == "attention"


def test_a_window_that_failed_is_tried_again_alone_when_the_others_are_done() -> None:
    crawls = Crawls({(APRIL, 1): "failed"})
    rounds = crawl(crawls)
    assert crawls.asked == [*((days, 1) for days in WINDOWS), (APRIL, 2)]
    assert (rounds.left, rounds.ends[APRIL].state) == ([], "completed")


def test_a_window_that_always_fails_is_tried_three_times() -> None:
    crawls = Crawls({(APRIL, number): "failed" for number in range(1, 9)})
    rounds = crawl(crawls)
    assert crawls.asked[4:] == [(APRIL, 2), (APRIL, 3)]
    assert (rounds.left, rounds.why, rounds.ends[APRIL].state) == ([APRIL], "failed", "failed")


def test_an_outlet_that_fails_twice_in_a_row_is_left_for_the_next_round_and_given_up_after_three() -> None:
    crawls = Crawls({(days, number): "failed" for days in WINDOWS for number in range(1, 9)})
    rounds = crawl(crawls)
    assert len(crawls.asked) == 2 * TRIES
    assert (rounds.left, rounds.why) == (WINDOWS, "failed")


def test_an_outlet_that_recovers_loses_no_window() -> None:
    rounds = crawl(crawls := Crawls({(MAY, 1): "failed", (APRIL, 1): "failed"}))
    assert crawls.asked == [(MAY, 1), (APRIL, 1), *((days, 2) for days in WINDOWS)]
    assert (rounds.left, rounds.why) == ([], "")


def test_a_stopped_window_and_a_busy_outlet_end_it_at_once() -> None:
    for state in ("stopped", "busy"):
        rounds = crawl(crawls := Crawls({(APRIL, 1): state}))
        assert crawls.asked == [(MAY, 1), (APRIL, 1)]
        assert (rounds.left, rounds.why) == ([APRIL, MARCH, FEBRUARY], state)


def test_windows_share_the_budget_and_the_rest_is_left_with_the_window_that_it_ended_in() -> None:
    rounds = crawl(crawls := Crawls(), budget=15)
    assert [attempt.budget for attempt in crawls.attempts] == [15, 5]
    assert (rounds.left, rounds.why) == ([APRIL, MARCH, FEBRUARY], "budget")
