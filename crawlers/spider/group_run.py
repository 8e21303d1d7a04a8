"""The runs of several outlets in one process. Each is the run that the outlet would have in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from typing import TYPE_CHECKING

from crawlers.catalog import Catalog
from crawlers.current import CURRENT
from crawlers.group_order import GroupOrder, Instruction
from crawlers.messages import Ended, Message, OfOutlet
from crawlers.process import end_by
from crawlers.seed_choice import seeds_of

from .outlet_logs import OutletLogs
from .run import CrawlRun, Report
from .shared import Shared, open_shared
from .shared_settings import limits

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

log = logging.getLogger(__name__)


class GroupRun:
    """Starts and stops the runs of outlets as it is instructed; `work()` ends when all of them have ended."""

    def __init__(
        self,
        crawler: Crawler,
        order: GroupOrder,
        catalog: Catalog,
        report: Report,
        instructions: asyncio.Queue[Instruction],
    ) -> None:
        self._crawler, self._order, self._catalog, self._report = crawler, order, catalog, report
        self._instructions = instructions
        self._runs: dict[str, CrawlRun] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.over = asyncio.Event()
        self.exit_code = 1
        self.failure: BaseException | None = None

    def stop(self) -> None:
        """Stop all runs, and start no more; what was stored is kept."""
        self._stopping = True
        for run in self._runs.values():
            run.stop()
        self._instructions.put_nowait(Instruction(finish=True))

    async def work(self) -> None:
        """Follow the instructions. What keeps the whole process from its work is kept in `failure` and raised."""
        try:
            parts = open_shared(self._crawler, self._order.settings, group_workers(), lambda: self._catalog)
            async with parts as shared:
                with OutletLogs() as logs:
                    await self._follow(shared, logs)
            self.exit_code = 0
            self._report(Ended("stopped" if self._stopping else "completed"))
        except BaseException as fault:
            self.failure = fault
            raise
        finally:
            self.over.set()

    async def _follow(self, shared: Shared, logs: OutletLogs) -> None:
        try:
            while not (told := await self._instructions.get()).finish:
                if told.start is not None:
                    task = asyncio.create_task(self._outlet(told.start, told, shared, logs))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                    await asyncio.sleep(0)  # so that its run is there when the next line stops it
                elif told.stop in self._runs:
                    self._runs[told.stop].stop()
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def _outlet(self, outlet_id: str, told: Instruction, shared: Shared, logs: OutletLogs) -> None:
        """Crawl one outlet. Whatever fails is its own failure: the edge of its run.

        An outlet whose log cannot be written is crawled all the same, with a problem in its counts.
        """
        CURRENT.set(outlet_id)  # of this task, and of those that it starts
        ended: list[Message] = []

        def report(message: Message) -> None:
            self._report(OfOutlet(outlet_id, message))  # type: ignore[arg-type]  # a run sends no other messages
            ended.extend([message] * isinstance(message, Ended))

        with logs.written_to(outlet_id, told.log) as unlogged:
            try:
                await self._crawl(outlet_id, told, shared, report, unlogged)
            except BaseException as fault:
                log.exception("%s failed", outlet_id)
                if not ended:  # whoever started the outlet waits for its end
                    report(end_by(fault))
                if not isinstance(fault, Exception):
                    raise
            finally:
                self._runs.pop(outlet_id, None)

    async def _crawl(self, outlet_id: str, told: Instruction, shared: Shared, report: Report, unlogged: str) -> None:
        outlet = self._catalog.get(outlet_id)
        seeds_of(outlet, self._order.job.seed_kind)
        job = self._order.job.model_copy(update={"flow_run_id": told.flow_run_id})
        if self._stopping:
            return report(Ended("stopped"))
        run = CrawlRun(outlet, job, lambda: contextlib.nullcontext(shared), report, limits(outlet))
        self._runs[outlet_id] = run
        if unlogged:
            run.note_problem(f"{outlet_id}: {unlogged}")
        async for _ in run.articles():
            pass
        return None


def group_workers() -> int:
    """Extraction processes of a group: as many as processors, at most four. Each starts when there is a page for it."""
    return min(4, os.cpu_count() or 1)
