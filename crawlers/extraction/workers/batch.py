"""Extract many saved pages: rows in, one JSON object out for each, in the order of the rows."""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import LifoQueue
from typing import IO, TYPE_CHECKING, Any

from crawlers.confined import TIME_LIMIT
from crawlers.extraction.result import UNREAD, Reason, Rejected
from crawlers.extraction.workers.process import Worker, close_all, fork_server
from crawlers.extraction.workers.protocol import Job
from storage.article_fields import empty_row, to_row
from storage.model import Article
from storage.urls import host_of

if TYPE_CHECKING:
    from crawlers.catalog import Catalog

ROWS_A_WORKER = 400  # a further process is worth its start only when there is this much more to do
AHEAD = 4  # rows that wait for each worker, so that none is idle and memory stays bounded


@dataclass(slots=True)
class BatchCounts:
    """How many rows there were, and how many named no page that could be read."""

    rows: int = 0
    unread: int = 0

    def add(self, found: Article | Rejected) -> None:
        """Count a row."""
        self.rows += 1
        self.unread += isinstance(found, Rejected) and found.is_unread


def run_batch(
    lines: Iterable[bytes],
    out: IO[str],
    workers: int | None = None,
    outlets: Path | None = None,
    time_limit: float = TIME_LIMIT,
) -> BatchCounts:
    """Extract the pages that JSONL rows `{"id", "url", "file"}` name; write one JSON object a row, in their order.

    `lines` are UTF-8. `file` is HTML, plain or in gzip. A row that is no JSON, or whose file cannot be read, is
    rejected by itself as `empty`, with a `detail` that begins with "cannot read"; the others go on. Returns the number
    of rows, and of such rows. `outlets` is the folder of the user's own outlet files: pages of known hosts are read by
    their outlet's file. Worker processes do the work; `workers` defaults to the number of processors.
    """
    batch = _Batch(workers or os.cpu_count() or 1, outlets, time_limit)
    counts = BatchCounts()
    try:
        waiting: deque[tuple[Any, Future[Article | Rejected]]] = deque()
        for line in filter(bytes.strip, lines):
            waiting.append(batch.submit(line))
            while len(waiting) > AHEAD * batch.workers or (waiting and waiting[0][1].done()):
                counts.add(_write(out, *waiting.popleft()))
        while waiting:
            counts.add(_write(out, *waiting.popleft()))
    finally:
        batch.close()
    return counts


def as_row(row_id: Any, found: Article | Rejected) -> dict[str, Any]:
    """Return what was found as the object that is printed for a row; `detail` says more of a rejection."""
    rejected = None if isinstance(found, Article) else found
    row = to_row(found) if isinstance(found, Article) else empty_row()
    del row["url"]  # the caller knows it
    return {
        "id": row_id,
        "outcome": "rejected" if rejected else "article",
        "reason": str(rejected.reason) if rejected else None,
        "detail": rejected.detail if rejected else None,
        **row,
    }


def _write(out: IO[str], row_id: Any, found: Future[Article | Rejected]) -> Article | Rejected:
    result = found.result()
    row = as_row(row_id, result)
    try:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
    except UnicodeEncodeError:  # half a surrogate pair in the row's id, or an output that is not UTF-8
        out.write(json.dumps(row) + "\n")
    out.flush()
    return result


class _Batch:
    """Threads that feed worker processes. A further process is started when there are enough rows for it."""

    def __init__(self, most: int, folder: Path | None, time_limit: float) -> None:
        self._most = most
        self._folder = folder
        self._time_limit = time_limit
        self._threads = ThreadPoolExecutor(most, thread_name_prefix="batch")
        self._idle: LifoQueue[Worker] = LifoQueue()
        self._server = fork_server()
        self._all: list[Worker] = []
        self._rows = 0
        self._catalog: Catalog | None = None
        self._known: dict[str, str | None] = {}  # host -> its outlet as JSON

    @property
    def workers(self) -> int:
        return len(self._all)

    def submit(self, line: bytes) -> tuple[Any, Future[Article | Rejected]]:
        if self.workers < min(self._most, 1 + self._rows // ROWS_A_WORKER):
            self._all.append(Worker(self._time_limit, server=self._server))
            self._idle.put(self._all[-1])
        self._rows += 1
        try:
            row = json.loads(line)
            row_id, url, file = row.get("id"), str(row.get("url") or ""), Path(row["file"])
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as wrong:
            return None, _at_once(Rejected(Reason.EMPTY, f"{UNREAD}row {self._rows}: {_fault(wrong)}"))
        host = host_of(url)
        # Pages of one host mostly share their layout; those without an address share nothing.
        head = Job(url, self._outlet(host), key=host or None, file=file).head()
        return row_id, self._threads.submit(self._extract, head)

    def _outlet(self, host: str) -> str | None:
        if host not in self._known:
            outlet = self._outlets().of_host(host)
            self._known[host] = outlet.model_dump_json(exclude_defaults=True) if outlet else None
        return self._known[host]

    def _outlets(self) -> Catalog:
        if self._catalog is None:
            from crawlers.catalog import load_outlets

            self._catalog = load_outlets(self._folder)
        return self._catalog

    def _extract(self, head: dict[str, Any]) -> Article | Rejected:
        worker = self._idle.get()
        try:
            return worker.extract(b"", head)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        close_all(self._all, self._server)


def _fault(wrong: Exception) -> str:
    return f"the key {wrong} is missing" if isinstance(wrong, KeyError) else str(wrong)


def _at_once(found: Rejected) -> Future[Article | Rejected]:
    future: Future[Article | Rejected] = Future()
    future.set_result(found)
    return future


if __name__ == "__main__":
    run_batch(sys.stdin.buffer, sys.stdout)
