"""Walk the outlet's counter: the ids since the last run that no seed announced, or those of a backfill's days."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

from crawlers.discovery import Clock, SpanWalk, Steps, read_seed, serving_seeds
from crawlers.outlet import Feed, IdRange, Listing, NewsSitemap
from crawlers.seed_choice import seeds_of
from crawlers.window import Window
from storage import frontier
from storage.frontier import Gap, Outcome

from .answers import Answer
from .context import RunContext
from .number_requests import NumberRequests
from .writer import Finished

EARLIEST, LATEST = datetime(1971, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
NOON = time(12)  # a day in an outlet file stands for its middle
MAX_SEED_BYTES = 10_000_000


class CounterWalk:
    """Walks the counter of one outlet in one run. `complete`: False if ids are left for a later run."""

    def __init__(self, context: RunContext, counter: IdRange) -> None:
        self._context, self._counter = context, counter
        self._outlet, self._db, self._store, self._tally = context.outlet, context.db, context.store, context.tally
        allowance = None if context.job.window else counter.budget
        self._requests = NumberRequests(context, counter, allowance)
        self._newest_before: int | None = None
        self.complete = True

    def noticed(self, finished: Finished, outcome: Outcome) -> None:
        """Take note of a page that ended."""
        self._requests.noticed(finished, outcome)

    def abandon(self) -> None:
        """No more pages will be fetched in this run."""
        self._requests.abandon()

    async def begin(self) -> None:
        """Give numbers to pages that have none, before seeds announce new ones."""
        await self._store.call(frontier.number_pages, self._db, self._outlet.id, self._outlet.number)
        self._newest_before = await self._store.call(frontier.newest_number, self._db, self._outlet.id)

    async def walk(self) -> None:
        """Request the ids that this kind of run has to; the seeds have been read."""
        window = self._context.job.window
        if window and self._counter in serving_seeds(seeds_of(self._outlet, self._context.job.seed_kind), window):
            await self._walk_window(window)
        elif self._counter.budget and not self._context.job.only_seen:
            await self._walk_gaps()
        self._tally.counter |= {"requested": self._requests.requested, "missing": self._requests.missing}

    # --- since the last run

    async def _walk_gaps(self) -> None:
        newest = await self._store.call(frontier.newest_number, self._db, self._outlet.id)
        if newest is None:
            return
        gaps = await self._store.call(
            frontier.plan_walk, self._db, self._context.run, self._counter.url, newest, self._newest_before
        )
        clock = await self._clock([gap.until for gap in gaps[:1]])
        for gap in gaps:
            if not await self._close(gap, clock):
                self.complete = False
                break

    async def _close(self, gap: Gap, clock: Clock) -> bool:
        """Request the ids of a gap. False if some of them are left."""
        assert gap.first_number is not None
        assert gap.last_number is not None
        walk = SpanWalk(clock, EARLIEST, LATEST, newest=gap.last_number, oldest=gap.first_number)
        if await self._drive(walk, walk.down(gap.last_number), clock):
            await self._store.call(frontier.close_gap, self._db, gap.id, "counter")
            self._tally.counter["gaps closed"] = self._tally.counter.get("gaps closed", 0) + 1
            return True
        left = gap.last_number if walk.position is None else walk.position
        await self._store.call(frontier.shrink_gap, self._db, gap.id, left)
        self._tally.note(f"ids {gap.first_number} to {left} of the counter wait: no seed announced them")
        return False

    # --- a backfill

    async def _walk_window(self, window: Window) -> None:
        start = datetime.combine(window.first, time(), self._outlet.tz)
        end = datetime.combine(window.last + timedelta(days=1), time(), self._outlet.tz)
        clock = await self._clock([start, end])
        newest = await self._newest(clock, end)
        if not clock.believed:
            self._tally.problem(f"{self._outlet.id}: no id of its counter is dated; add `known` to the id_range seed")
            self.complete = False
            return
        walk = SpanWalk(clock, start, end, newest=newest)
        self.complete = await self._drive(walk, walk.span(), clock)
        self._tally.counter |= {"probes": walk.probes}

    async def _clock(self, near: list[datetime]) -> Clock:
        """The dates in the outlet file, and those of articles near these instants."""
        points = {number: datetime.combine(day, NOON, self._outlet.tz) for number, day in self._counter.known.items()}
        return Clock(points | await self._store.call(frontier.dated_numbers, self._db, self._outlet.id, near))

    async def _newest(self, clock: Clock, end: datetime) -> int | None:
        """Return the highest id that is known to exist; None if the counter may be anywhere at the end of the span."""
        if clock.around(end).high is None:
            return await self._announced_now(clock)
        known = await self._store.call(frontier.newest_number, self._db, self._outlet.id)
        return max(known or 0, clock.believed[-1][0])

    async def _announced_now(self, clock: Clock) -> int | None:
        """Ask seeds that announce new pages for the highest id, until one tells; their dated ids go to the clock."""
        for seed in self._outlet.seeds:
            if not isinstance(seed, Feed | NewsSitemap | Listing):
                continue
            context = self._context
            fetched = await context.hosts.get(context.fetcher, seed.url, "seed", max_bytes=MAX_SEED_BYTES)
            if not isinstance(fetched, Answer) or not 200 <= fetched.status < 300:
                continue
            document = await asyncio.to_thread(
                read_seed, seed, self._outlet, fetched.url, fetched.body, fetched.headers
            )
            numbers = {link.number: link.hints.published for link in document.links if link.number is not None}
            for number, published in numbers.items():
                if published:
                    clock.add(number, published.at)
            if numbers:
                return max(numbers)
        return None

    # --- both

    async def _drive(self, walk: SpanWalk, steps: Steps[None], clock: Clock) -> bool:
        """Answer the questions of a walk. False if the run could not ask for all of its ids."""
        try:
            numbers = next(steps)
            while (seen := await self._requests.ask(numbers, clock)) is not None:
                numbers = steps.send(seen)
        except StopIteration:
            for low, high in walk.skipped:
                self._tally.note(f"ids {low} to {high} of the counter: stepped over, none of those requested exists")
            return True
        return False
