"""Extract the pages of the archive again. A reextraction can be stopped or killed; the next one continues."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from crawlers import page_batches
from crawlers.catalog import Catalog
from crawlers.discovery import page_in_answer
from crawlers.outlet import Outlet
from crawlers.page_batches import Batch, BatchRun, ExtractionCounts, PageToExtract
from storage.database import Database
from storage.errors import ArchiveError
from storage.frontier import FinishedPage, Result, start_import
from storage.jobs import (
    EVERYTHING,
    ArchivedPage,
    PageRange,
    Shard,
    archived_pages,
    count_archived_pages,
    finish_reextracted,
    shard_is_done,
    unfinished_counts,
)
from storage.warc import Place, RawPage, read_place

OnProgress = Callable[[ExtractionCounts], None]
Page = PageToExtract[ArchivedPage]


@dataclass(frozen=True, slots=True)
class Archive:
    """The store, the folder of its raw pages, and the outlet files by which they are extracted."""

    db: Database
    folder: Path
    catalog: Catalog


def reextract(
    archive: Archive, outlets: tuple[str, ...] = (), on_progress: OnProgress | None = None
) -> ExtractionCounts:
    """Extract the archived pages again with the current extraction; of some outlets or of all."""
    return _extract(archive, {"outlets": list(outlets)}, EVERYTHING, on_progress)


def reextract_shard(archive: Archive, shard: Shard, on_progress: OnProgress | None = None) -> ExtractionCounts:
    """Extract the pages of one shard again; continues an execution that was interrupted. A finished one is left alone.

    Returns the counts of this execution.
    """
    if shard_is_done(archive.db, shard):
        return ExtractionCounts(total=0)
    return _extract(archive, shard.parameters, shard.pages, on_progress)


def _extract(
    archive: Archive, parameters: dict[str, Any], pages: PageRange, on_progress: OnProgress | None
) -> ExtractionCounts:
    db, outlets = archive.db, tuple(parameters["outlets"])
    after = max(pages.after, int(unfinished_counts(db, "reextract", parameters).get("last_page", 0)))
    left = PageRange(after, pages.last)
    done = ExtractionCounts(total=count_archived_pages(db, outlets, left), last_page=after)
    run = start_import(db, "reextract", parameters)
    batches = _batches(_pages_of_archive(archive, archived_pages(db, outlets, left), done), done)
    BatchRun(db, run, batches, lambda read: finish_reextracted(db, run, [_end(*pair) for pair in read])).extract(
        done, on_progress
    )
    return done


def _batches(pages: Iterator[Page], done: ExtractionCounts) -> Iterator[Batch[ArchivedPage]]:
    while batch := list(islice(pages, page_batches.BATCH)):
        yield Batch(batch, partial(setattr, done, "last_page", batch[-1].source.page_id))


def _pages_of_archive(archive: Archive, pages: Iterable[ArchivedPage], done: ExtractionCounts) -> Iterator[Page]:
    catalog = archive.catalog
    last: tuple[Place, RawPage] | None = None  # the answer of an API is that of many pages, one after the other
    for page in pages:
        if last is None or last[0] != page.place:
            try:
                last = (page.place, read_place(archive.folder, page.place))
            except ArchiveError as wrong:
                done.skip("unreadable", str(wrong))
                continue
        outlet = catalog.get(page.outlet_id) if page.outlet_id in catalog.files else None
        is_page = not _is_json(last[1])
        raw = last[1] if is_page else _page_of_api(last[1], page, outlet)
        if raw is None:
            done.skip("no_text_in_answer")
        else:
            yield PageToExtract(page, page.url, outlet, page.hints, raw, is_page=is_page)


def _is_json(raw: RawPage) -> bool:
    return "json" in raw.headers.get("content-type", "").lower()


def _page_of_api(raw: RawPage, page: ArchivedPage, outlet: Outlet | None) -> RawPage | None:
    """Return a page with the text that an API's answer has of it; None if that text is incomplete by today's rules."""
    html = page_in_answer(outlet, raw.url, raw.body, page.url) if outlet else None
    return replace(raw, body=html, headers={"content-type": "text/html; charset=utf-8"}) if html else None


def _end(page: Page, result: Result) -> FinishedPage:
    kept = page.source
    return FinishedPage(kept.page_id, result, kept.fetched_at, kept.http_status, kept.url, (kept.url,))
