"""Extract pages that need no fetching batch by batch, and keep each batch in one transaction.

A run can be stopped (SIGINT, SIGTERM) or killed at any moment: a batch is kept whole or not at all, and what its mark
notes is saved after it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from crawlers.captures import captured_headers, is_capture
from crawlers.extraction.workers import ExtractionPool
from crawlers.outlet import Outlet
from crawlers.rights import of_headers, statements
from storage.database import Database
from storage.frontier import Extracted, Outcome, Rejected, Result, Run, end_run
from storage.jobs import save_progress
from storage.model import Article, Hints
from storage.warc import RawPage

BATCH = 64  # pages that are extracted side by side and kept in one transaction
MOST_WORKERS = 8  # processes that extract
PROBLEMS = 20  # problems that are listed; the rest is only counted

# What only an interrupted run needs: where it goes on, and by what it knows its file.
INTERNAL = frozenset({"last_page", "version", "index", "has_heads"})

P = TypeVar("P")


@dataclass
class ExtractionCounts:
    """Counts of an import or a reextraction so far. `skipped`: answers that were not extracted, by reason."""

    total: int | None = None  # pages to extract, where that is known
    read: int = 0
    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    last_page: int = 0

    def skip(self, reason: str, problem: str | None = None) -> None:
        self.skipped[reason] += 1
        if problem and len(self.problems) < PROBLEMS:
            self.problems.append(problem)

    def add(self, ended: Sequence[Outcome]) -> None:
        for end in ended:
            self.read += 1
            self.states[end.state] += 1
            if end.reason:
                self.reasons[f"{end.state}:{end.reason}"] += 1

    def as_counts(self) -> dict[str, Any]:
        """Return the counts as JSON values, with what an interrupted run goes on by."""
        return {
            "read": self.read,
            **self.states,
            "reasons": dict(self.reasons.most_common()),
            "skipped": dict(self.skipped),
            "problems": self.problems,
            "last_page": self.last_page,
        }

    def as_report(self) -> dict[str, Any]:
        """Return the counts as JSON values, for other programs."""
        return {name: value for name, value in self.as_counts().items() if name not in INTERNAL}


@dataclass(frozen=True)
class PageToExtract(Generic[P]):
    """A page, its source, and what extraction needs. `rejected`: its result, if it is not to be extracted.

    `is_page`: the answer is the page itself, and not what an interface says of it.
    """

    source: P
    url: str
    outlet: Outlet | None
    hints: Hints
    raw: RawPage
    rejected: Rejected | None = None
    is_page: bool = True


@dataclass(frozen=True)
class Batch(Generic[P]):
    """Pages that are kept together. `mark` notes in the counts how far the run has come with them."""

    pages: list[PageToExtract[P]]
    mark: Callable[[], None]


Read = list[tuple[PageToExtract[P], Result]]
Keep = Callable[[Read[P]], list[Outcome]]


@dataclass(frozen=True)
class BatchRun(Generic[P]):
    """A run over batches of pages: `batches` is read in a thread, `keep` stores what extraction made of one."""

    db: Database
    run: Run
    batches: Iterator[Batch[P]]
    keep: Keep[P]
    stop: threading.Event = field(default_factory=threading.Event)  # set when the run is to end soon

    def extract(self, done: ExtractionCounts, on_progress: Callable[[Any], None] | None) -> None:
        """Extract and keep all batches; counts go into `done`. Ends the run, whatever happens.

        Raises KeyboardInterrupt on SIGINT and SIGTERM, after the batch under way.
        """

        def keep_batch(batch: Batch[P], read: Read[P]) -> None:
            if read:
                done.add(self.keep(read))
            batch.mark()
            save_progress(self.db, self.run, done.as_counts())
            if on_progress:
                on_progress(done)

        state, error = "stopped", "interrupted"
        try:
            _run_until_signal(self._extract_batches(keep_batch))
            state, error = "completed", ""
        except Exception as fault:
            state, error = "failed", f"{type(fault).__name__}: {fault}"
            raise
        finally:
            end_run(self.db, self.run.id, state, done.as_counts(), error or None)

    async def _extract_batches(self, keep: Callable[[Batch[P], Read[P]], None]) -> None:
        """Read, extract and keep batch by batch, in order: one is read and one kept while another is extracted."""
        pool = ExtractionPool(min(MOST_WORKERS, usable_cores()))
        aside: list[asyncio.Task[Any]] = []
        try:
            batch = await self._next_batch()
            while batch:
                following = asyncio.create_task(self._next_batch())
                aside.append(following)
                results = await asyncio.gather(*(_extract(pool, page) for page in batch.pages))
                await asyncio.gather(*aside)
                read = list(zip(batch.pages, results, strict=True))
                aside = [asyncio.create_task(asyncio.to_thread(keep, batch, read))]
                batch = following.result()
            await asyncio.gather(*aside)
        finally:
            self.stop.set()
            await asyncio.gather(*aside, return_exceptions=True)
            await pool.close()

    async def _next_batch(self) -> Batch[P] | None:
        return await asyncio.to_thread(lambda: next(self.batches, None))


def usable_cores() -> int:
    """Return how many cores this process may use: in a container or under taskset fewer than the machine has."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _run_until_signal(work: Any) -> None:
    """Run a coroutine; SIGTERM stops it as SIGINT does, by KeyboardInterrupt."""
    terminated = False

    async def watched() -> None:
        nonlocal terminated
        task = asyncio.current_task()

        def stop() -> None:
            nonlocal terminated
            terminated = True
            if task:
                task.cancel()

        if threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        await work

    try:
        asyncio.run(watched())
    except asyncio.CancelledError:
        if terminated:
            raise KeyboardInterrupt from None
        raise


async def _extract(pool: ExtractionPool, page: PageToExtract[Any]) -> Result:
    if page.rejected is not None:
        return page.rejected
    content_type = page.raw.headers.get("content-type")
    outlet = page.outlet and page.outlet.as_of(page.raw.fetched_at)
    result = await pool.extract(page.raw.body, page.url, outlet, page.hints, content_type)
    if not isinstance(result, Article):
        return Rejected(str(result.reason), result.detail)
    headers = list(page.raw.headers.items())
    own = captured_headers(headers) if is_capture(page.raw.url, page.url) else headers
    said = statements((*(result.rights or ()), *of_headers(own)))
    return Extracted(replace(result, rights=said if page.is_page else None))
