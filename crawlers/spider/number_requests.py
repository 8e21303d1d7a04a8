"""Request ids of the outlet's counter as pages of the ledger, and wait for what they come to."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from crawlers.discovery import MISSING, UNKNOWN, Clock, Seen
from crawlers.outlet import IdRange
from storage import frontier
from storage.frontier import Extracted, Gone, Outcome, PutBack, Rejected, Result, TriedPage
from storage.instants import steady_now
from storage.model import Link

from .context import RunContext
from .writer import Finished

NOT_THERE = "soft_404"  # a reason that amounts to a 404
MOST_WAITS = 3  # times that a page which was put off is waited for


class NumberRequests:
    """Asks for ids of one counter. `allowance`: how many pages it may have fetched; None for any number.

    The pages are fetched by the run's crew: `noticed` has to be called for each page that ends, and `abandon` when the
    crew fetches no more.
    """

    def __init__(self, context: RunContext, counter: IdRange, allowance: int | None) -> None:
        self._context, self._counter, self._allowance = context, counter, allowance
        self._waiting: dict[int, int] = {}  # page id -> number
        self._waits: Counter[int] = Counter()
        self._seen: dict[int, Seen] = {}
        self._settled = asyncio.Event()
        self._abandoned = self._paused = False
        self.requested = self.missing = 0

    async def ask(self, numbers: Sequence[int], clock: Clock) -> dict[int, Seen] | None:
        """Return what the ids are; None if the run cannot ask for more, because a limit is reached or a host paused."""
        allowed = self._allowed(numbers)
        if not allowed:
            return None
        pages = await self._try(allowed, clock)
        await self._wait_for([page for page in pages if page.due])
        seen = {page.number: _seen_before(page) for page in pages if not page.due} | self._seen
        whole = len(allowed) == len(numbers) and not self._waiting and not self._paused
        return seen if whole else None

    def _allowed(self, numbers: Sequence[int]) -> Sequence[int]:
        limits = (self._allowance, self._context.budget.left())
        most = min((limit for limit in limits if limit is not None), default=len(numbers))
        over = self._abandoned or self._paused or self._context.stopping.is_set()
        return [] if over else numbers[:most]

    async def _try(self, numbers: Sequence[int], clock: Clock) -> list[TriedPage]:
        context = self._context
        links = [
            Link(self._counter.address(number), number=number, estimated_at=clock.estimate(number))
            for number in numbers
        ]
        found, pages = await context.store.call(
            frontier.try_numbers,
            context.db,
            context.run,
            self._counter.url,
            links,
            refetch=context.job.refetch,
            lane=context.job.lane,
        )
        context.tally.found(found)
        context.more_pages.set()
        return pages

    async def _wait_for(self, pages: Sequence[TriedPage]) -> None:
        self._seen = {}
        self._waiting = {page.page_id: page.number for page in pages}
        self.requested += len(pages)
        if self._allowance is not None:
            self._allowance -= len(pages)
        while self._waiting and not self._abandoned:
            self._settled.clear()
            await self._settled.wait()

    def noticed(self, finished: Finished, outcome: Outcome) -> None:
        """Take note of a page that ended."""
        number = self._waiting.get(outcome.page_id)
        if number is None or self._comes_again(number, finished.end.result):
            return
        del self._waiting[outcome.page_id]
        self._paused = self._paused or outcome.state == "put_back"
        self._seen[number] = _seen_now(finished.end.result)
        self.missing += not self._seen[number].exists
        self._settled.set()

    def _comes_again(self, number: int, result: Result) -> bool:
        """Return True for a page that was put off for a moment which the run waits for."""
        if not isinstance(result, PutBack):
            return False
        self._waits[number] += 1
        soon = steady_now() + timedelta(seconds=self._context.job.patience)
        return result.next_at <= soon and self._waits[number] <= MOST_WAITS

    def abandon(self) -> None:
        """No more pages will be fetched in this run."""
        self._abandoned = True
        self._settled.set()


def _seen_now(result: Result) -> Seen:
    match result:
        case Extracted(article):
            return Seen(True, article.published.at if article.published else None)
        case Gone() | Rejected(reason="soft_404"):
            return MISSING
        case Rejected(published_at=at):
            return Seen(True, at)
    return UNKNOWN


def _seen_before(page: TriedPage) -> Seen:
    if page.state == "gone" or page.reason == NOT_THERE:
        return MISSING
    return Seen(True, page.published_at)
