"""Pages that are fetched to learn when they were published, in the same way as any page of the run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import date

from storage import frontier
from storage.frontier import SeedFetch
from storage.model import Link

from .context import RunContext

LOOK = 0.25  # seconds between two looks into the ledger
TRIES = 3  # pages that are fetched until one of them tells its day


class Probes:
    """Fetches single pages through the ledger and tells their days. `over`: the run fetches no more pages."""

    def __init__(self, context: RunContext, over: asyncio.Event) -> None:
        self._context, self._over = context, over

    async def day(self, links: Sequence[Link], seed: SeedFetch) -> date | None:
        """The day of the first of these links that tells one; None if the first few do not."""
        for link in links[:TRIES]:
            if (day := await self._day(link, seed)) is not None:
                return day
        return None

    async def settled(self) -> None:
        """Return when no page that this run has announced is under way or due."""
        context = self._context
        while not self.ended and await context.store.call(frontier.any_pending, context.db, context.run):
            await self._pause()

    async def _day(self, link: Link, seed: SeedFetch) -> date | None:
        context = self._context
        found = await context.store.call(frontier.discover, context.db, context.run, seed, [link], lane="past")
        await context.store.call(frontier.lease_first, context.db, link.url)
        context.tally.found(found)
        context.more_pages.set()
        while not self.ended:
            page = await context.store.call(frontier.page_now, context.db, context.run, link.url)
            if page is None or not page.pending:
                published = page.published_at if page else None
                return published.astimezone(context.outlet.tz).date() if published else None
            await self._pause()
        return None

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._context.stopping.wait(), LOOK)

    @property
    def ended(self) -> bool:
        """Whether no page can be fetched any more."""
        return self._context.stopping.is_set() or self._over.is_set()
