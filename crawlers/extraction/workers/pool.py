"""A pool of worker processes for a crawl. They can be killed, so that no page blocks the network or the run."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from crawlers.confined import MEMORY, TIME_LIMIT
from crawlers.extraction.containers.model import Container, ContainerUpdate, Event
from crawlers.extraction.result import Rejected
from crawlers.extraction.workers.process import Worker, close_all, fork_server
from crawlers.extraction.workers.protocol import Job
from storage.model import Article, Hints

if TYPE_CHECKING:
    from crawlers.outlet import Outlet


# Pages that had to wait before a further process is started: its start takes as much time as 30 to 50 pages.
WAITED_A_WORKER = 100
# Seconds after which a page no longer counts as work of its process: another process may take its turn. A page takes
# 0.02 s, and hostile ones that are refused by their markup up to 3 s on a busy machine; one that takes this long will
# likely take all that it may. A spare process costs as much as 30 pages, and 40 MB.
SLOW = 5.0
SLOW_START = 15.0  # the same for a page that waits for the start of its process, on a busy machine


class ExtractionPool:
    """Up to `workers` processes; `extract` waits for a free one. To be used from one event loop, and closed.

    One process serves a small outlet. Each further one starts when another hundred pages had to wait. A page that is
    slow does not hold the others up: a spare process takes the turn of its own meanwhile, of which there are `workers`.
    """

    def __init__(self, workers: int, time_limit: float = TIME_LIMIT, memory: int = MEMORY) -> None:
        self.workers = workers
        self._threads = ThreadPoolExecutor(2 * workers, thread_name_prefix="extract")
        self._server = fork_server()
        self._all = [Worker(time_limit, memory, self._server) for _ in range(2 * workers)]
        self._idle: list[Worker] = list(self._all)
        self._spares = workers
        self._free = asyncio.Semaphore(1)  # as many as may run and are not busy
        self._may_run = 1
        self._waited = 0  # pages that found no free process
        self._outlets: dict[tuple[Any, ...], str] = {}
        self._known: dict[str, list[Container]] = {}
        self._updates: dict[str, list[ContainerUpdate]] = {}
        self._lock = threading.Lock()

    def know(self, key: str, containers: Sequence[Container]) -> None:
        """Learn the containers of this outlet, beginning with those that are known. See `take_updates`."""
        self._known[key] = list(containers)

    def take_updates(self, key: str) -> list[ContainerUpdate]:
        """Return the changes of an outlet's containers since the last call; the caller stores them."""
        with self._lock:
            return self._updates.pop(key, [])

    async def extract(
        self,
        html: bytes,
        url: str,
        outlet: Outlet | None,
        hints: Hints = Hints(),
        content_type: str | None = None,
        *,
        learn: bool = True,
    ) -> Article | Rejected:
        """`crawlers.extraction.extract` in a worker process.

        A page that is not in the outlet's layout of today is read without `learn`: it neither teaches where articles
        stand nor is looked for there.
        """
        key = outlet.id if learn and outlet and outlet.id in self._known else None
        known = tuple(self._known[key]) if key else None
        head = Job(url, self._as_json(outlet), hints, content_type, key, known).head()
        self._count_waiting()
        await self._free.acquire()
        # A page that nobody waits for any more still has its process, and keeps its turn until that is free.
        return await asyncio.shield(asyncio.create_task(self._in_turn(html, head)))

    async def _in_turn(self, html: bytes, head: dict[str, Any]) -> Article | Rejected:
        """Extract a page whose turn it is, and give the turn on: in the end, or before if the page is slow."""
        lent = False
        try:
            worker = self._idle.pop()  # the one that was used last; there are as many threads as workers
            patience = SLOW if worker.is_ready else SLOW_START
            page = asyncio.wrap_future(self._submit(worker, html, head))
            await asyncio.wait([page], timeout=patience)
            if not page.done() and self._spares:
                self._spares -= 1
                lent = True
                self._free.release()
            return await page
        finally:
            if lent:
                self._spares += 1
            else:
                self._free.release()

    def _submit(self, worker: Worker, html: bytes, head: dict[str, Any]) -> Future[Article | Rejected]:
        page = self._threads.submit(self._on_a_thread, worker, html, head)
        page.add_done_callback(lambda _: self._idle.append(worker))
        return page

    def _count_waiting(self) -> None:
        """Count a page that has to wait, and let a further process run where enough of them did."""
        self._waited += self._free.locked()
        if self._may_run < self.workers and self._waited >= self._may_run * WAITED_A_WORKER:
            self._may_run += 1
            self._free.release()

    def _on_a_thread(self, worker: Worker, html: bytes, head: dict[str, Any]) -> Article | Rejected:
        was_ready, started = worker.is_ready, time.monotonic()
        found = worker.extract(html, head)
        if worker.update is not None:
            self._record(head["key"], worker.update)
        if was_ready and time.monotonic() - started > SLOW:
            worker.close()  # a spare one is there in its place, and this one may have grown
        return found

    def _record(self, key: str, update: ContainerUpdate) -> None:
        with self._lock:
            known = self._known[key]
            if update.event is Event.LEARNED and update.container not in known:
                known[:] = [one for one in known if one.path != update.container.path]
                known.append(update.container)
            elif update.event is Event.CHANGED and update.container in known:
                known.remove(update.container)
            elif update.event is not Event.VERIFIED:
                return  # another worker has reported it already
            self._updates.setdefault(key, []).append(update)

    def _as_json(self, outlet: Outlet | None) -> str | None:
        if outlet is None:
            return None
        key = (outlet.id, *(rule.until for rule in outlet.extract))  # its layouts may be in the order of another day
        if key not in self._outlets:
            self._outlets[key] = outlet.model_dump_json(exclude_defaults=True)
        return self._outlets[key]

    async def close(self) -> None:
        """End the workers; pages under way are finished or run into their time limit first."""
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
        close_all(self._all, self._server)
