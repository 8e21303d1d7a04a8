"""Extract pages that need no fetching: those of a foreign WARC file, or of the archive of raw pages.

Both can be stopped or killed at any moment and called again. An import skips the pages that are known; a reextraction
continues where the last one ended.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from crawlers.catalog import Catalog
from crawlers.extraction.workers import ExtractionPool
from crawlers.outlet import Outlet
from storage.database import Database
from storage.errors import ArchiveError
from storage.frontier import Extracted, FinishedPage, Outcome, Rejected, Result, Run, end_run, start_import
from storage.jobs import (
    ArchivedPage,
    FetchedPage,
    archived_pages,
    count_archived_pages,
    finish_reextracted,
    last_fetched,
    save_progress,
    store_fetched_pages,
    unfinished_counts,
)
from storage.model import Article, Hints
from storage.urls import canonical_url, host_of
from storage.warc import RawPage, iter_pages, read_place

BATCH = 64  # pages that are extracted side by side and kept in one transaction
MAX_BYTES = 10_000_000  # of a page, as for one that is fetched
PROBLEMS = 20  # problems that are listed; the rest is only counted

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
        return {
            "read": self.read,
            **self.states,
            "reasons": dict(self.reasons.most_common()),
            "skipped": dict(self.skipped),
            "problems": self.problems,
            "last_page": self.last_page,
        }


OnProgress = Callable[[ExtractionCounts], None]


@dataclass(frozen=True)
class PageToExtract(Generic[P]):
    """A page, its source, and what extraction needs."""

    source: P
    url: str
    outlet: Outlet | None
    hints: Hints
    raw: RawPage


Batch = list[tuple[PageToExtract[P], Result]]


def import_warc(db: Database, path: Path, catalog: Catalog, on_progress: OnProgress | None = None) -> ExtractionCounts:
    """Extract the pages of a WARC file and store them. Raises ArchiveError if it is no WARC file."""
    run = start_import(db, "import", {"file": path.name})
    done = ExtractionCounts()
    pages = _pages_of_file(db, path, catalog, done)
    return _run(
        db, run, pages, done, lambda read: store_fetched_pages(db, run, [_arrival(*pair) for pair in read]), on_progress
    )


def reextract(
    db: Database, folder: Path, catalog: Catalog, outlets: tuple[str, ...] = (), on_progress: OnProgress | None = None
) -> ExtractionCounts:
    """Extract the archived pages in `folder` again with the current extraction; of some outlets or of all."""
    parameters = {"outlets": list(outlets)}
    after = int(unfinished_counts(db, "reextract", parameters).get("last_page", 0))
    done = ExtractionCounts(total=count_archived_pages(db, outlets, after), last_page=after)
    run = start_import(db, "reextract", parameters)
    pages = _pages_of_archive(db, folder, catalog, outlets, done)
    return _run(
        db, run, pages, done, lambda read: finish_reextracted(db, run, [_end(*pair) for pair in read]), on_progress
    )


def _run(
    db: Database,
    run: Run,
    pages: Iterator[PageToExtract[P]],
    done: ExtractionCounts,
    keep: Callable[[Batch[P]], list[Outcome]],
    on_progress: OnProgress | None,
) -> ExtractionCounts:
    def keep_batch(read: Batch[P]) -> None:
        done.add(keep(read))
        if isinstance(last := read[-1][0].source, ArchivedPage):
            done.last_page = last.page_id
        save_progress(db, run, done.as_counts())
        if on_progress:
            on_progress(done)

    state, error = "stopped", "interrupted"
    try:
        asyncio.run(_extract_batches(pages, keep_batch))
        state, error = "completed", ""
    except Exception as fault:
        state, error = "failed", f"{type(fault).__name__}: {fault}"
        raise
    finally:
        end_run(db, run.id, state, done.as_counts(), error or None)
    return done


async def _extract_batches(pages: Iterator[PageToExtract[P]], keep: Callable[[Batch[P]], None]) -> None:
    """Read, extract and keep batch by batch. The next batch is read while one is extracted."""
    pool = ExtractionPool(max(1, min(8, os.cpu_count() or 1)))
    try:
        batch = await _next_batch(pages)
        while batch:
            following = asyncio.create_task(_next_batch(pages))
            try:
                results = await asyncio.gather(*(_extract(pool, page) for page in batch))
                await asyncio.to_thread(keep, list(zip(batch, results, strict=True)))
            finally:
                await asyncio.gather(following, return_exceptions=True)
            batch = following.result()
    finally:
        await pool.close()


async def _next_batch(pages: Iterator[PageToExtract[P]]) -> list[PageToExtract[P]]:
    return await asyncio.to_thread(lambda: list(islice(pages, BATCH)))


async def _extract(pool: ExtractionPool, page: PageToExtract[Any]) -> Result:
    content_type = page.raw.headers.get("content-type")
    result = await pool.extract(page.raw.body, page.url, page.outlet, page.hints, content_type)
    return Extracted(result) if isinstance(result, Article) else Rejected(str(result.reason), result.detail)


def _pages_of_file(db: Database, path: Path, catalog: Catalog, done: ExtractionCounts) -> Iterator[PageToExtract[str]]:
    """Yield the pages of a foreign WARC file that may be articles, each with its outlet if there is one."""
    hosts = {host: outlet for outlet in catalog for host in outlet.hosts}
    answers = (raw for _, raw in iter_pages(path))
    while chunk := list(islice(answers, BATCH)):
        usable = [raw for raw in chunk if not _is_skipped(raw, hosts, done)]
        known = last_fetched(db, [raw.url for raw in usable])
        for raw in usable:
            if raw.url in known and known[raw.url] >= raw.fetched_at:
                done.skip("known")
            else:
                host = host_of(raw.url)
                yield PageToExtract(host, raw.url, hosts.get(host), Hints(), raw)


def _is_skipped(raw: RawPage, hosts: dict[str, Outlet], done: ExtractionCounts) -> bool:
    """Count an answer that cannot be an article; return whether it is one."""
    try:
        canonical_url(raw.url)
    except ValueError as wrong:
        done.skip("bad_address", f"{raw.url[:200]}: {wrong}")
        return True
    outlet = hosts.get(host_of(raw.url))
    kind = raw.headers.get("content-type", "").partition(";")[0].strip().lower()
    reason = (
        f"http_{raw.status}" if not 200 <= raw.status < 300
        else "not_html" if kind and "html" not in kind and not kind.startswith("text/plain")
        else "too_large" if len(raw.body) > MAX_BYTES
        else "no_article_address" if outlet and not outlet.is_article(raw.url)
        else None
    )  # fmt: skip
    if reason:
        done.skip(reason)
    return reason is not None


def _arrival(page: PageToExtract[str], result: Result) -> FetchedPage:
    outlet_id, name = (page.outlet.id, page.outlet.name) if page.outlet else (page.source, page.source)
    fetched_at = min(page.raw.fetched_at, datetime.now(UTC))  # never in the future, if the clock was wrong
    return FetchedPage(page.url, outlet_id, name, result, fetched_at, page.raw.status)


def _pages_of_archive(
    db: Database, folder: Path, catalog: Catalog, outlets: tuple[str, ...], done: ExtractionCounts
) -> Iterator[PageToExtract[ArchivedPage]]:
    for page in archived_pages(db, outlets, done.last_page):
        try:
            raw = read_place(folder, page.place)
        except ArchiveError as wrong:
            done.skip("unreadable", str(wrong))
            continue
        outlet = catalog.get(page.outlet_id) if page.outlet_id in catalog.files else None
        yield PageToExtract(page, page.url, outlet, page.hints, raw)


def _end(page: PageToExtract[ArchivedPage], result: Result) -> FinishedPage:
    kept = page.source
    return FinishedPage(kept.page_id, result, kept.fetched_at, kept.http_status, kept.url, (kept.url,))
