"""One extraction worker, for the few pages of a survey or a live check."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol, Self

from crawlers.confined import MEMORY, TIME_LIMIT
from crawlers.extraction.result import Rejected
from crawlers.extraction.workers.process import Worker
from crawlers.extraction.workers.protocol import Job
from storage.model import Article, Hints

if TYPE_CHECKING:
    from crawlers.outlet import Outlet


class Extract(Protocol):
    """Whatever extracts a page: `crawlers.extraction.extract`, or a `SingleWorker`."""

    def __call__(
        self, html: bytes, url: str, outlet: Outlet, hints: Hints = ..., content_type: str | None = None
    ) -> Article | Rejected: ...


class SingleWorker:
    """`crawlers.extraction.extract` in one worker process, limited to seconds a page and bytes of memory.

    A context manager. The process starts with the first page. Several threads may call; they take turns.
    """

    def __init__(self, time_limit: float = TIME_LIMIT, memory: int = MEMORY) -> None:
        self._worker = Worker(time_limit, memory)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.close()

    def __call__(
        self, html: bytes, url: str, outlet: Outlet, hints: Hints = Hints(), content_type: str | None = None
    ) -> Article | Rejected:
        """Return the article or the refusal; the reason is `hostile` for a page that goes beyond the limits."""
        job = Job(url, outlet.model_dump_json(exclude_defaults=True), hints, content_type)
        with self._lock:
            return self._worker.extract(html, job.head())
