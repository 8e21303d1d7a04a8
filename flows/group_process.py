"""One crawl process of several outlets, from the side of whoever started it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from crawlers.environment import Settings
from crawlers.group_order import GroupOrder, Instruction
from crawlers.job import Job
from crawlers.messages import Ended, Message, OfOutlet

from .child import CrawlEnd, Send, end_of, run_crawl

if TYPE_CHECKING:
    from .forked import ForkedChild

MODULE = "crawlers.group"
COMMAND = (sys.executable, "-P", "-m", MODULE)
LOGS = "nightly"  # the folder of the process's logs


class GroupProcess:
    """Runs the process; `ends` are those of its outlets. `start` may be called from `feed` only, once it runs."""

    def __init__(
        self, settings: Settings, job: Job, command: Sequence[str] = COMMAND, forked: ForkedChild | None = None
    ) -> None:
        self._settings, self._job, self._command, self._forked = settings, job, command, forked
        self._send: Send | None = None
        self._messages: dict[str, asyncio.Queue[Message]] = {}
        self._logs: dict[str, Path] = {}
        self._feeding: asyncio.Task[None] | None = None
        self.ends: dict[str, CrawlEnd] = {}

    @property
    def started(self) -> frozenset[str]:
        """The outlets that were started."""
        return frozenset(self._messages)

    @property
    def under_way(self) -> list[str]:
        """Those that were started and have no end."""
        return [outlet for outlet in self._messages if outlet not in self.ends]

    async def run(self, outlets: Sequence[str], feed: Coroutine[Any, Any, None]) -> CrawlEnd:
        """Run the process until `feed`, which starts the outlets, has returned and all of them have ended.

        Returns the end of the process. Raises what `feed` raised, once the outlets under way have ended. When
        cancelled, stop the process, take the ends of its outlets, and raise CancelledError again.
        """
        order = GroupOrder(tuple(outlets), self._settings, self._job, outlet=LOGS)
        began = asyncio.Event()

        async def feed_and_finish() -> None:
            await began.wait()
            try:
                await feed
            except BaseException:
                for outlet in self.under_way:
                    self.tell(Instruction(stop=outlet))
                raise
            finally:
                self.tell(Instruction(finish=True))

        def on_start(send: Send) -> None:
            self._send = send
            began.set()

        feeding = asyncio.create_task(feed_and_finish())
        crawl = run_crawl(order, self._take, command=self._command, forked=self._forked, on_start=on_start)
        crawling = asyncio.create_task(crawl)
        try:
            end = await asyncio.shield(crawling)
        finally:
            with anyio.CancelScope(shield=True):
                await _cancelled(feeding)  # first: no outlet is started while the others stop
                await _cancelled(crawling)
            feed.close()
        if not feeding.cancelled():
            feeding.result()
        return end

    def tell(self, told: Instruction) -> None:
        """Write an instruction to the process."""
        if self._send is not None:
            self._send(told.encode())

    def start(self, outlet: str, flow_run_id: str | None, log: Path) -> asyncio.Queue[Message]:
        """Start an outlet; its messages come by the queue, its end last."""
        self.ends.pop(outlet, None)
        self._logs[outlet] = log
        self._messages[outlet] = asyncio.Queue()
        self.tell(Instruction(start=outlet, flow_run_id=flow_run_id, log=log))
        return self._messages[outlet]

    def _take(self, message: Message) -> None:
        if not isinstance(message, OfOutlet) or message.outlet not in self._messages:
            return
        if isinstance(message.message, Ended):
            self.ends[message.outlet] = end_of(message.message, self._logs[message.outlet])
        self._messages[message.outlet].put_nowait(message.message)


async def _cancelled(task: asyncio.Task[Any]) -> None:
    if not task.done():
        if not task.cancelling():  # a second time would cut the stop short; `asyncio.run` cancels all tasks at once
            task.cancel()
        await asyncio.wait({task})
