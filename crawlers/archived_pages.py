"""Extract the pages of the archive again. A reextraction can be stopped or killed; the next one continues."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from crawlers import page_batches
from crawlers.catalog import Catalog
from crawlers.page_batches import Batch, BatchRun, ExtractionCounts, PageToExtract
from storage.database import Database
from storage.errors import ArchiveError
from storage.frontier import FinishedPage, Result, start_import
from storage.jobs import ArchivedPage, archived_pages, count_archived_pages, finish_reextracted, unfinished_counts
from storage.warc import read_place

OnProgress = Callable[[ExtractionCounts], None]
Page = PageToExtract[ArchivedPage]


def reextract(
    db: Database, folder: Path, catalog: Catalog, outlets: tuple[str, ...] = (), on_progress: OnProgress | None = None
) -> ExtractionCounts:
    """Extract the archived pages in `folder` again with the current extraction; of some outlets or of all."""
    parameters = {"outlets": list(outlets)}
    after = int(unfinished_counts(db, "reextract", parameters).get("last_page", 0))
    done = ExtractionCounts(total=count_archived_pages(db, outlets, after), last_page=after)
    run = start_import(db, "reextract", parameters)
    batches = _batches(_pages_of_archive(db, folder, catalog, outlets, done), done)
    BatchRun(db, run, batches, lambda read: finish_reextracted(db, run, [_end(*pair) for pair in read])).extract(
        done, on_progress
    )
    return done


def _batches(pages: Iterator[Page], done: ExtractionCounts) -> Iterator[Batch[ArchivedPage]]:
    while batch := list(islice(pages, page_batches.BATCH)):
        yield Batch(batch, partial(setattr, done, "last_page", batch[-1].source.page_id))


def _pages_of_archive(
    db: Database, folder: Path, catalog: Catalog, outlets: tuple[str, ...], done: ExtractionCounts
) -> Iterator[Page]:
    for page in archived_pages(db, outlets, done.last_page):
        try:
            raw = read_place(folder, page.place)
        except ArchiveError as wrong:
            done.skip("unreadable", str(wrong))
            continue
        outlet = catalog.get(page.outlet_id) if page.outlet_id in catalog.files else None
        yield PageToExtract(page, page.url, outlet, page.hints, raw)


def _end(page: Page, result: Result) -> FinishedPage:
    kept = page.source
    return FinishedPage(kept.page_id, result, kept.fetched_at, kept.http_status, kept.url, (kept.url,))
