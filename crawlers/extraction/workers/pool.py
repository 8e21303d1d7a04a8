"""Extraction beside the crawl: worker processes that can be killed, so that no page holds up the network or the run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from crawlers.extraction.containers.model import Container, Event, Lesson
from crawlers.extraction.result import Rejected
from crawlers.extraction.workers.process import MEMORY, TIME_LIMIT, Worker
from crawlers.extraction.workers.protocol import Job
from storage.model import Article, Hints

if TYPE_CHECKING:
    from crawlers.outlet import Outlet


class ExtractionPool:
    """`workers` processes; `extract` waits for a free one. To be used from one event loop, and closed."""

    def __init__(self, workers: int, time_limit: float = TIME_LIMIT, memory: int = MEMORY) -> None:
        self.workers = workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="extract")
        self._all = [Worker(time_limit, memory) for _ in range(workers)]
        self._idle: list[Worker] = list(self._all)
        self._outlets: dict[str, str] = {}
        self._known: dict[str, list[Container]] = {}
        self._lessons: list[Lesson] = []
        self._lock = threading.Lock()

    def know(self, key: str, containers: Sequence[Container]) -> None:
        """Learn the layouts of this outlet, beginning with what is known of them. See `take_lessons`."""
        self._known[key] = list(containers)

    def take_lessons(self) -> list[Lesson]:
        """What the pages taught since it was last asked; whoever asks keeps it for the next run."""
        taken, self._lessons = self._lessons, []
        return taken

    async def extract(
        self, html: bytes, url: str, outlet: Outlet | None, hints: Hints = Hints(), content_type: str | None = None
    ) -> Article | Rejected:
        """`crawlers.extraction.extract` in a worker process."""
        key = outlet.id if outlet and outlet.id in self._known else None
        known = tuple(self._known[key]) if key else None
        head = Job(url, self._as_json(outlet), hints, content_type, key, known).head()
        return await asyncio.wrap_future(self._threads.submit(self._on_a_thread, html, head))

    def _on_a_thread(self, html: bytes, head: dict[str, Any]) -> Article | Rejected:
        worker = self._idle.pop()  # there are as many threads as workers
        try:
            found = worker.extract(html, head)
            if worker.lesson is not None:
                self._heed(head["key"], worker.lesson)
            return found
        finally:
            self._idle.append(worker)

    def _heed(self, key: str, lesson: Lesson) -> None:
        with self._lock:
            known = self._known[key]
            if lesson.event is Event.LEARNED and lesson.container not in known:
                known.append(lesson.container)
            elif lesson.event is Event.CHANGED and lesson.container in known:
                known.remove(lesson.container)
            elif lesson.event is not Event.VERIFIED:
                return  # another worker has said so already
            self._lessons.append(lesson)

    def _as_json(self, outlet: Outlet | None) -> str | None:
        if outlet is None:
            return None
        if outlet.id not in self._outlets:
            self._outlets[outlet.id] = outlet.model_dump_json(exclude_defaults=True)
        return self._outlets[outlet.id]

    async def close(self) -> None:
        """End the workers; pages under way are finished or run into their time limit first."""
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
        for worker in self._all:
            worker.close()
