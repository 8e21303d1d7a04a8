"""The windows of one outlet, one after the other; those that fail are tried again alone. Without Prefect."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from .windows import Days

TRIES = 3  # of each window
PAUSES = (15.0, 60.0)  # seconds before the second and the third round: the first back-off of a host is a minute
FAILURES = 2  # so many windows in a row fail because of the outlet, not of the window


class End(Protocol):
    """How the crawl of a window ended."""

    @property
    def state(self) -> str: ...


E = TypeVar("E", bound=End)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A window to crawl: `number` counts its tries from 1, `budget` is the rest of the requests."""

    days: Days
    number: int = 1
    budget: int | None = None


@dataclass(slots=True)
class Rounds(Generic[E]):
    """The last end of each window that was crawled, and the windows that are left, with the reason."""

    ends: dict[Days, E] = field(default_factory=dict)
    left: list[Days] = field(default_factory=list)
    why: str = ""


async def crawl_in_rounds(
    windows: Sequence[Days],
    crawl: Callable[[Attempt], Awaitable[tuple[E, int]]],
    budget: int | None = None,
    pauses: Sequence[float] = PAUSES,
) -> Rounds[E]:
    """Crawl the windows; `crawl` returns how one ended and the requests that it took.

    A window that failed is tried again when the others are done, three times at most. After two failures in a row the
    others of the round wait for the next one. A stopped window, an outlet held by another run, or a used-up budget end
    it all.
    """
    rounds: Rounds[E] = Rounds()
    todo = list(windows)
    for number in range(1, TRIES + 1):
        if number > 1:
            await asyncio.sleep(pauses[number - 2])
        todo, budget = await _round(rounds, todo, number, crawl, budget)
        if rounds.why or not todo:
            break
    rounds.left = todo
    rounds.why = rounds.why or ("failed" if todo else "")
    return rounds


async def _round(
    rounds: Rounds[E],
    todo: Sequence[Days],
    number: int,
    crawl: Callable[[Attempt], Awaitable[tuple[E, int]]],
    budget: int | None,
) -> tuple[list[Days], int | None]:
    """Crawl each window once. Return those that are left, and the rest of the budget."""
    failed: list[Days] = []
    in_a_row = 0
    for place, days in enumerate(todo):
        end, requests = await crawl(Attempt(days, number, budget))
        budget = None if budget is None else budget - requests
        rounds.ends[days] = end
        if end.state in ("stopped", "busy"):
            rounds.why = end.state
            return [*todo[place:], *failed], budget
        if budget is not None and budget <= 0:  # it may have ended that window early
            rounds.why = "budget"
            return [*todo[place:], *failed], budget
        in_a_row = 0 if _is_done(end) else in_a_row + 1
        failed += [] if _is_done(end) else [days]
        if in_a_row == FAILURES:
            return [*failed, *todo[place + 1 :]], budget
    return failed, budget


def _is_done(end: End) -> bool:
    return end.state in ("completed", "attention")
