"""One run: an outlet's seeds and its pages, from the hold on the outlet to the report."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType
from typing import Any

from crawlers.extraction import Container
from crawlers.job import Job
from crawlers.messages import Counts, Message, Phase, Progress, Started, State
from crawlers.messages import Ended as RunEnded
from crawlers.outlet import Outlet
from storage import frontier
from storage.database import Database
from storage.errors import PressrunError
from storage.frontier import Extracted, Outcome, Run, RunRequest
from storage.health import FindingChange
from storage.learned_containers import list_containers
from storage.model import Article
from storage.warc import ArchiveWriter, recover

from .api_pages import ApiPages
from .budget import Budget
from .context import RunContext
from .counter import CounterWalk
from .download_errors import UNREACHABLE
from .gaps import finish_window, open_line
from .health import HealthJudge, failure_of, is_judged, problems_of
from .heartbeat import keep_alive
from .isolation import Isolation
from .pages import PageCrew
from .seeds import SeedReader
from .shared import Shared
from .tally import Tally
from .writer import Finished, Writer

log = logging.getLogger(__name__)

Report = Callable[[Message], None]

PROGRESS = 1.0  # seconds between progress lines
GRACE = 5.0  # seconds that pages under way get when a run is stopped


class CrawlRun:
    """Runs one job for one outlet. `articles()` does the work and yields what was stored, in the order of commits.

    `parts` opens what the run shares with others of its process. `limits`: those of the outlet's requests, as request
    meta, where the process crawls several outlets.
    """

    def __init__(
        self,
        outlet: Outlet,
        job: Job,
        parts: Callable[[], AbstractAsyncContextManager[Shared]],
        report: Report,
        limits: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._outlet, self._job, self._parts, self._report, self._limits = outlet, job, parts, report, limits
        self._tally = Tally()
        self._findings: list[FindingChange] = []
        self._stopping = asyncio.Event()
        self._seeds_done = asyncio.Event()
        self._articles: asyncio.Queue[Article | None] = asyncio.Queue()
        self._counter: CounterWalk | None = None
        self._pages_over = asyncio.Event()  # no page is fetched any more
        self.over = asyncio.Event()
        self.state: State = "failed"
        self.exit_code = 1  # 0 done, 1 something needs a person, 2 nothing could be reached
        self.failure: BaseException | None = None  # what ended the run before or beside its work

    def stop(self) -> None:
        """Stop leasing; pages under way get a few seconds, and what is done is kept."""
        self._stopping.set()

    def note_problem(self, line: str) -> None:
        """Add a problem that lies outside the run's own work to its counts."""
        self._tally.problem(line)

    async def articles(self) -> AsyncIterator[Article]:
        """The work itself, driven by whoever iterates; ends when the run has ended and everything is kept."""
        work = asyncio.create_task(self._whole_run())
        try:
            while (article := await self._articles.get()) is not None:
                yield article
        finally:
            self.stop()
            await work

    async def _whole_run(self) -> None:
        try:
            await self._opened_run()
        except BaseException as fault:
            self.failure = fault
            raise
        finally:
            self._articles.put_nowait(None)
            self.over.set()

    async def _opened_run(self) -> None:
        async with self._parts() as shared:
            request = RunRequest(
                self._outlet.id,
                self._outlet.name,
                self._job.kind,
                self._job.model_dump(mode="json", exclude_none=True),
                self._job.flow_run_id,
            )
            await self._held_run(shared, await shared.store.call(frontier.start_run, shared.db, request))

    async def _held_run(self, shared: Shared, run: Run) -> None:
        started = time.monotonic()
        self._report(Started(run.id, self._outlet.id, os.getpid(), run.recovered))
        if run.set_back:
            self._tally.note(_clock_line(run))
        error: str | None = None
        try:
            error = await self._judge(shared, await self._work(shared, run), time.monotonic() - started)
            self.state = "failed" if error else "stopped" if self._stopping.is_set() else "completed"
            if not error:
                self.exit_code = 1 if self._tally.problems else 0
        except BaseException as fault:
            error = str(fault) if isinstance(fault, PressrunError) else f"{type(fault).__name__}: {fault}"
            raise
        finally:
            counts = await shared.store.call(self._end, shared.db, run, error)
            seconds = round(time.monotonic() - started, 2)
            found = tuple(change.as_dict() for change in self._findings)
            self._report(RunEnded(self.state, run.id, counts, error, seconds, self.exit_code, found))

    async def _judge(self, shared: Shared, error: str | None, seconds: float) -> str | None:
        """Hold the outlet against its norm. Return the error of the run: its own, else the gravest finding."""
        if not is_judged(self._job) or self._stopping.is_set() or self.exit_code == 2:
            return error
        judge = HealthJudge(shared, self._outlet, shared.fetcher.for_run(self._tally.request, self._limits))
        self._findings = await judge.judge(self._tally.as_counts({}), seconds, error)
        for problem in problems_of(self._findings):
            self._tally.problem(f"{self._outlet.id}: {problem}")
        return error or failure_of(self._findings)

    def _end(self, db: Database, run: Run, error: str | None) -> Counts:
        stranded = frontier.put_back_all(db, run)
        if stranded and self.state == "completed":
            self._tally.problem(f"{stranded} leased pages had no outcome at the end; they were put back")
        self._tally.refused = frontier.describe_pages(db, self._tally.examples)
        counts = self._tally.as_counts(frontier.count_pages(db, self._outlet.id))
        frontier.end_run(db, run.id, self.state, counts.as_dict(), error)
        return counts

    async def _work(self, shared: Shared, run: Run) -> str | None:
        """Seeds and pages side by side; the error that makes the run a failure, or None."""
        db, store, folder = shared.db, shared.store, shared.archive
        await store.call(recover, folder, self._outlet.id)
        archive = await store.call(ArchiveWriter, folder, run.id, self._outlet.id)
        shared.pool.know(self._outlet.id, await store.call(_containers, db, self._outlet.id))
        fetcher = shared.fetcher.for_run(self._tally.request, self._limits, self._tally.answered)
        isolation = Isolation(self._tally.problem)
        writer = Writer(run, shared.writes, archive, self._ended, isolation)
        budget = Budget(self._job.budget, self._tally)
        context = RunContext(
            self._outlet, self._job, db, run, store, fetcher, shared.hosts, self._tally, budget, shared.documents,
            self._stopping, shared.held,
        )  # fmt: skip
        seeds = SeedReader(context, archive, self._pages_over, shared.settings.cdx)
        self._counter = CounterWalk(context, self._outlet.counter) if self._outlet.counter else None
        crew = PageCrew(context, shared.pool, writer, isolation, ApiPages(self._outlet, folder), self._seeds_done)
        writing = asyncio.create_task(writer.write_until_closed())
        beating = asyncio.create_task(keep_alive(store, db, run.id))
        telling = asyncio.create_task(self._tell_progress(context))
        try:
            await self._seeds_and_pages(seeds, crew, {writing, beating})
        finally:
            try:
                await crew.abandon()
                writer.close()
                await _ended(writing)
            finally:  # whatever ended the writing
                beating.cancel()
                telling.cancel()
                await asyncio.gather(beating, telling, return_exceptions=True)
                self._tally.archive = await store.call(archive.close)
        return await self._verdict(context, seeds)

    async def _seeds_and_pages(self, seeds: SeedReader, crew: PageCrew, aside: set[asyncio.Task[None]]) -> None:
        """Read seeds and work on pages until both are done. Raises what ends one of them, or a task `aside`."""
        asking = asyncio.create_task(self._announce(seeds))
        asking.add_done_callback(lambda _: crew.no_more_seeds())
        working = asyncio.create_task(crew.work())
        working.add_done_callback(self._no_more_pages)
        stopping = asyncio.create_task(self._stopping.wait())
        pending: set[asyncio.Task[Any]] = {asking, working}
        try:
            while pending:
                done, _ = await asyncio.wait({*pending, *aside, stopping}, return_when=asyncio.FIRST_COMPLETED)
                for task in done - {stopping}:
                    task.result()  # raises what went wrong
                pending -= done
                if stopping in done and pending:
                    crew.wake()
                    await asyncio.wait(pending, timeout=GRACE)
                    break
        finally:
            for task in (asking, working, stopping):
                task.cancel()
            await asyncio.wait({asking, working, stopping})

    async def _announce(self, seeds: SeedReader) -> None:
        """Put into the ledger what seeds announce, then what the counter has beyond that, then what was archived."""
        if self._counter:
            await self._counter.begin()
        await seeds.read_all()
        if self._counter:
            await self._counter.walk()
        await seeds.read_archives()

    def _no_more_pages(self, _: asyncio.Task[None]) -> None:
        self._pages_over.set()
        if self._counter:
            self._counter.abandon()

    async def _verdict(self, context: RunContext, seeds: SeedReader) -> str | None:
        if self._stopping.is_set():
            return None
        if not seeds.read and seeds.failures:
            return self._nothing_read(seeds.failures)
        if not seeds.announced and not self._tally.seeds_unchanged and self._job.wanted is None:
            self._tally.problem(
                f"{self._outlet.id}: no seed announced a single article; is the outlet file still right?"
            )
        whole = not seeds.cut and (self._counter is None or self._counter.complete)
        left, window = not whole or await self._waits(context), self._job.window
        if left and context.budget.used_up:
            self._tally.note(f"the {context.budget} is used up; the rest waits")
        elif window and (seeds.cut or seeds.failures):
            self._tally.note(open_line(window))
        elif window and not left:
            await context.store.call(finish_window, context.db, self._outlet, window, context.run.id)
        return None

    async def _waits(self, context: RunContext) -> bool:
        """Return True if pages of the run wait for a later one."""
        return await context.store.call(
            frontier.any_undecided, context.db, context.run, only_seen_by_run=self._job.only_seen
        )

    def _nothing_read(self, causes: list[str]) -> str:
        line = f"{self._outlet.id}: none of its seeds could be read ({', '.join(sorted(set(causes)))})"
        if set(causes) <= UNREACHABLE:
            self.exit_code = 2
            return f"{line}: is the network up, and does {self._outlet.home} answer?"
        return f"{line}; see the run's problems"

    def _ended(self, finished: Finished, ended: Outcome) -> None:
        self._tally.ended(ended)
        if self._counter:
            self._counter.noticed(finished, ended)
        if isinstance(finished.end.result, Extracted) and ended.state in ("stored", "duplicate"):
            self._articles.put_nowait(finished.end.result.article)

    async def _tell_progress(self, context: RunContext) -> None:
        while True:
            began = time.monotonic()
            try:
                ledger_counts = await context.store.call(frontier.count_pages, context.db, self._outlet.id)
                phase: Phase = "pages" if self._seeds_done.is_set() else "seeds"
                self._report(Progress(phase, self._tally.as_counts(ledger_counts), ledger_counts.get("waiting", 0)))
            except Exception as fault:  # noqa: BLE001 - what is wrong with the store ends the run where it is used
                log.warning("%s: how far the run is cannot be told: %s", self._outlet.id, fault)
            # A ledger of millions takes a while to count: telling how far we are takes at most a twentieth of the time.
            await asyncio.sleep(max(PROGRESS, 20 * (time.monotonic() - began)))


def _containers(db: Database, outlet_id: str) -> list[Container]:
    """Where the outlet's articles stood when they were last looked for."""
    return [Container(one.path, one.plain) for one in list_containers(db, outlet_id) if one.changed_at is None]


def extraction_workers() -> int:
    """Extraction processes of a crawl: all processors but the one that fetches and writes; from one to four."""
    return max(1, min(4, (os.cpu_count() or 2) - 1))


def _clock_line(run: Run) -> str:
    hours = run.set_back.total_seconds() / 3600
    return f"the clock went back by {hours:.1f} hours or more since the last run: the times of waiting pages were moved"


async def _ended(task: asyncio.Task[None]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await task
