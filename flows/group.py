"""Crawl many outlets by one crawl process, several at a time. Knows nothing of Prefect.

Each outlet ends by itself, whatever becomes of the others. When the process dies, the outlets that were under way are
crawled once more, each in a process of its own, so that the one that is to blame takes no other along; the others go
on in a fresh process.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import anyio

from crawlers.environment import Settings
from crawlers.group_order import Instruction
from crawlers.job import Job
from crawlers.messages import Ended, LogLine, Message

from .child import CrawlEnd
from .group_process import COMMAND, GroupProcess
from .logs import new_log

if TYPE_CHECKING:
    from .forked import ForkedChild

BUSY_PAUSE = 15.0  # seconds between two attempts at an outlet that another run holds
PUBLISHED_WITHIN = 8.0  # seconds that the observer gets for the ends of crawls that were cancelled
STOPPED = "the crawl process was stopped; stored articles are kept, the other pages wait"
STARTS = 2  # processes that may die in a row before any outlet has begun


class Observer(Protocol):
    """Hears of each outlet: `begin` once before it starts, its messages in their order, `end` when all is over.

    `interrupted`: the whole crawl was cancelled; the ends of the outlets under way follow.
    """

    async def begin(self, outlet: str) -> str | None:
        """Return the id of the outlet's flow run; None without Prefect."""
        ...

    async def message(self, outlet: str, message: Message) -> None: ...
    async def end(self, outlet: str, end: CrawlEnd) -> None: ...
    async def interrupted(self) -> None: ...


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """How many outlets at a time, how long (seconds) one waits for the run that holds it, and what is run.

    `forked` is the first process; each further one runs `command`.
    """

    max_parallel: int
    patience: float = 0.0
    command: Sequence[str] = COMMAND
    forked: ForkedChild | None = None


class GroupCrawl:
    """One crawl of many outlets; see `crawl`."""

    def __init__(self, settings: Settings, job: Job, group: GroupSettings, observer: Observer) -> None:
        self._settings, self._job, self._group, self._observer = settings, job, group, observer
        self._slots = asyncio.Semaphore(group.max_parallel)
        self._flow_runs: dict[str, str | None] = {}  # of the outlets that have begun
        self._published: set[str] = set()
        self._processes: list[GroupProcess] = []
        self._forked = group.forked
        self.ends: dict[str, CrawlEnd] = {}

    async def crawl(self, outlets: Iterable[str]) -> dict[str, CrawlEnd]:
        """Crawl the outlets and return how each ended. Raises FolderNotWritableError if no log can be written.

        When cancelled, all crawls stop and keep what they stored, the observer hears of their ends, and CancelledError
        is raised again.
        """
        try:
            await self._crawl(list(dict.fromkeys(outlets)))
        except asyncio.CancelledError:
            with anyio.move_on_after(PUBLISHED_WITHIN, shield=True):
                await self._observer.interrupted()
                await asyncio.gather(*map(self._publish, set(self._flow_runs) - self._published))
            raise
        return self.ends

    def stop(self, outlet: str) -> None:
        """Stop one outlet that is under way; the others go on."""
        for process in self._processes:
            process.tell(Instruction(stop=outlet))

    async def _crawl(self, left: list[str]) -> None:
        suspects: list[str] = []
        starts = STARTS
        while left and starts:
            process, end = await self._in_one_process(left)
            left = [outlet for outlet in left if outlet not in process.started]
            await self._publish_all(process.ends)
            if end.state != "died":
                await self._end_by(end, [*process.under_way, *left])
                break
            suspects += process.under_way
            await self._warn(process.under_way, end)
            if not process.started:
                starts -= 1
                if not starts:
                    await self._end_by(end, left)
        await self._each_alone(suspects)

    async def _each_alone(self, outlets: list[str]) -> None:
        slots = asyncio.Semaphore(self._group.max_parallel)

        async def crawl(outlet: str) -> None:
            async with slots:
                _, end = await self._in_one_process([outlet])
            if outlet not in self.ends:
                await self._end_by(end, [outlet])

        await _all_or_first_error(crawl(outlet) for outlet in outlets)

    async def _in_one_process(self, outlets: list[str]) -> tuple[GroupProcess, CrawlEnd]:
        forked, self._forked = self._forked, None
        process = GroupProcess(self._settings, self._job, self._group.command, forked)
        self._processes.append(process)
        try:
            return process, await process.run(outlets, self._feed(process, outlets))
        finally:
            self._processes.remove(process)
            self.ends |= process.ends

    async def _feed(self, process: GroupProcess, outlets: list[str]) -> None:
        await _all_or_first_error(self._outlet(process, outlet) for outlet in outlets)

    async def _outlet(self, process: GroupProcess, outlet: str) -> None:
        give_up_at = time.monotonic() + self._group.patience
        end = await self._once(process, outlet)
        while end.state == "busy" and time.monotonic() < give_up_at:
            await self._observer.message(outlet, LogLine("info", f"{end.error}; trying again in {BUSY_PAUSE:.0f} s"))
            await asyncio.sleep(BUSY_PAUSE)
            end = await self._once(process, outlet)
        self.ends[outlet] = end
        await self._publish(outlet)

    async def _once(self, process: GroupProcess, outlet: str) -> CrawlEnd:
        async with self._slots:
            if outlet not in self._flow_runs:
                self._flow_runs[outlet] = await self._observer.begin(outlet)
            log = new_log(self._settings.data, outlet)
            messages = process.start(outlet, self._flow_runs[outlet], log)
            while not isinstance(message := await messages.get(), Ended):
                await self._observer.message(outlet, message)
            await self._observer.message(outlet, message)
            return process.ends[outlet]

    async def _warn(self, outlets: Iterable[str], end: CrawlEnd) -> None:
        for outlet in outlets:
            line = LogLine("warning", f"{end.error}; {outlet} is crawled again, in a process of its own")
            await self._observer.message(outlet, line)

    async def _end_by(self, end: CrawlEnd, outlets: Iterable[str]) -> None:
        """End outlets by what ended their process."""
        if end.state != "died":
            end = CrawlEnd("failed" if end.state == "failed" else "stopped", None, error=end.error or STOPPED)
        for outlet in outlets:
            if outlet not in self._flow_runs:
                self._flow_runs[outlet] = await self._observer.begin(outlet)
            self.ends[outlet] = end
            await self._publish(outlet)

    async def _publish_all(self, outlets: Iterable[str]) -> None:
        """Publish the ends that came when nobody took them any more."""
        for outlet in set(outlets) - self._published:
            await self._publish(outlet)

    async def _publish(self, outlet: str) -> None:
        stopped = CrawlEnd("stopped", None, error=STOPPED)
        await self._observer.end(outlet, self.ends.get(outlet, stopped))
        self._published.add(outlet)


async def _all_or_first_error(works: Iterable[object]) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)  # type: ignore[arg-type]
    except ExceptionGroup as several:  # such as a log folder that is not writable: the same for all of them
        raise several.exceptions[0] from several
