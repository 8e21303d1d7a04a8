"""One poll: the fast seeds of many outlets that are due, asked side by side in one process."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from crawlers.catalog import Catalog
from crawlers.discovery import DocumentReader
from crawlers.errors import OutletFileError
from crawlers.job import Job, PollOrder
from crawlers.messages import Ended, Polled, Started, State
from crawlers.outlet import Outlet
from storage import frontier
from storage.database import Database, open_database
from storage.errors import OutletRemovedError
from storage.frontier import Run

from .budget import Budget
from .context import RunContext
from .download_errors import UNREACHABLE
from .fetching import Fetcher
from .heartbeat import keep_alive
from .hosts import HostWatch
from .outlet_poll import OutletPoll, States
from .run import Report
from .shared_settings import limits
from .store import Store
from .tally import Tally

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PARALLEL = 32  # outlets at a time; each host keeps its own pace
GRACE = 5.0  # seconds that seeds under way get when the poll is stopped


class PollRun:
    """Runs one poll; `work()` ends when everything is in the ledger."""

    def __init__(self, crawler: Crawler, order: PollOrder, catalog: Catalog, report: Report) -> None:
        self._crawler, self._order, self._catalog, self._report = crawler, order, catalog, report
        self._total = Tally()
        self._store = Store()
        self._stopping = asyncio.Event()
        self._causes: list[str] = []
        self._read = 0
        self.over = asyncio.Event()
        self.exit_code = 1  # 0 done, 1 something needs a person, 2 nothing could be reached
        self.failure: BaseException | None = None

    def stop(self) -> None:
        """Ask no more outlets; seeds under way get a few seconds."""
        self._stopping.set()

    async def work(self) -> None:
        """Poll. What ends it before its report is kept in `failure` and raised."""
        try:
            db = await self._store.call(open_database, self._order.settings.db)
            try:
                await self._with_database(db)
            finally:
                await self._store.call(db.close)
        except BaseException as fault:
            self.failure = fault
            raise
        finally:
            self._store.close()
            self.over.set()

    async def _with_database(self, db: Database) -> None:
        parameters = {"outlets": list(self._order.outlets), "all": self._order.everything}
        run = await self._store.call(frontier.start_import, db, "poll", parameters)
        self._report(Started(run.id, "poll", os.getpid()))
        began, error = time.monotonic(), None
        state: State = "failed"
        beating = asyncio.create_task(keep_alive(self._store, db, run.id))
        try:
            await self._poll(db, run, beating)
            error = self._nothing_reached()
            state = "failed" if error else "stopped" if self._stopping.is_set() else "completed"
            self.exit_code = 2 if error else 1 if self._total.problems else 0
        except BaseException as fault:
            error = f"{type(fault).__name__}: {fault}"
            raise
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            counts = self._total.as_counts({})
            await self._store.call(frontier.end_run, db, run.id, state, counts.as_dict(), error)
            seconds = round(time.monotonic() - began, 2)
            self._report(Ended(state, run.id, counts, error, seconds, self.exit_code))

    async def _poll(self, db: Database, run: Run, beating: asyncio.Task[None]) -> None:
        candidates = self._order.outlets or self._catalog.ids
        outlets = list(self._outlets(await self._store.call(frontier.removed_outlets, db, candidates)))
        states = await self._store.call(frontier.poll_states, db)
        await self._store.call(frontier.know_outlets, db, [(outlet.id, outlet.name) for outlet in outlets])
        hosts = HostWatch(db, self._store)
        fetcher = Fetcher(self._crawler, hosts.paused_until)
        documents = DocumentReader()
        slots = asyncio.Semaphore(PARALLEL)

        async def poll_when_free(outlet: Outlet) -> None:
            async with slots:
                if not self._stopping.is_set():
                    limited = fetcher.for_run(self._total.request, limits(outlet))
                    tally = Tally()
                    context = RunContext(
                        outlet, Job(), db, replace(run, outlet_id=outlet.id), self._store, limited, hosts, tally,
                        Budget(None, tally), documents, self._stopping,
                    )  # fmt: skip
                    await self._outlet(context, states)

        try:
            await self._until_stopped([asyncio.create_task(poll_when_free(outlet)) for outlet in outlets], beating)
        finally:
            documents.close()

    async def _outlet(self, context: RunContext, states: States) -> None:
        poll = OutletPoll(context, states, everything=self._order.everything)
        await poll.run()
        self._read += poll.reader.read
        self._causes += poll.reader.failures
        self._take(poll.polled())

    async def _until_stopped(self, polls: list[asyncio.Task[None]], beating: asyncio.Task[None]) -> None:
        stopping = asyncio.create_task(self._stopping.wait())
        pending: set[asyncio.Task[None]] = set(polls)
        try:
            while pending and not stopping.done():
                done, _ = await asyncio.wait({*pending, beating, stopping}, return_when=asyncio.FIRST_COMPLETED)
                for task in done - {stopping}:
                    task.result()  # raises what ends the whole poll
                pending -= done
            if pending:
                await asyncio.wait(pending, timeout=GRACE)
        finally:
            for task in (stopping, *polls):
                task.cancel()
            await asyncio.gather(stopping, *polls, return_exceptions=True)

    def _outlets(self, removed: Mapping[str, datetime]) -> Iterator[Outlet]:
        """The outlets to poll. A file that is wrong is that outlet's problem alone.

        Outlets that were taken down (`removed`, and when) are left out; a named one has that as its problem.
        """
        for outlet_id in self._order.outlets or self._catalog.ids:
            if outlet_id in removed:
                if self._order.outlets:
                    self._take(Polled(outlet_id, problems=(str(OutletRemovedError(outlet_id, removed[outlet_id])),)))
                continue
            try:
                outlet = self._catalog.get(outlet_id)
            except OutletFileError as wrong:
                self._take(Polled(outlet_id, problems=(str(wrong),)))
                continue
            if outlet.enabled or self._order.outlets:
                yield outlet

    def _take(self, polled: Polled) -> None:
        """Report an outlet that was polled, and add its numbers to those of the run."""
        self._total.pages["discovered"] += polled.new
        self._total.pages["known"] += polled.known
        self._total.seeds_unchanged += polled.unchanged
        for problem in polled.problems:
            self._total.problem(problem)
        self._report(polled)

    def _nothing_reached(self) -> str | None:
        if self._read or not self._causes or not set(self._causes) <= UNREACHABLE:
            return None
        return f"no seed of any outlet could be reached ({', '.join(sorted(set(self._causes)))}): is the network up?"
