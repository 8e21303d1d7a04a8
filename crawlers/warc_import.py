"""Import the pages of a WARC or ARC file, from a disk or the network, through extraction and deduplication.

Every record of the file is counted once: `records` is the sum of the pages that were extracted or rejected (`read`) and
of those that were skipped, by reason.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from crawlers import page_batches
from crawlers.catalog import Catalog
from crawlers.http_source import HttpSource
from crawlers.page_batches import PROBLEMS, Batch, BatchRun, ExtractionCounts, PageToExtract
from crawlers.record_filter import RecordFilter
from storage.database import Database
from storage.errors import ArchiveError
from storage.frontier import Rejected, Result, start_import
from storage.jobs import FetchedPage, known_captures, store_fetched_pages, unfinished_counts
from storage.model import Hints
from storage.urls import host_of
from storage.warc import Fault, FileSource, Position, Record, Source, WarcReader, read_answer, read_capture

MAX_BYTES = 10_000_000  # of a page, as for one that is fetched
MAX_HEAD = 1 << 16  # bytes of HTTP headers before it
BATCH_BYTES = 16_000_000  # of the pages of a batch
BATCH_SECONDS = 2.0  # spent reading records for a batch; then the progress is saved, even if none is ours
Page = PageToExtract[str]


@dataclass
class ImportCounts(ExtractionCounts):
    """Counts of an import, over all its runs if it was resumed. `offset` and `index`: the next record to read."""

    records: int = 0
    size: int | None = None  # of the file, in bytes
    version: str = ""
    offset: int = 0
    index: int = 0
    resumed_at: int | None = None
    lost_bytes: int = 0
    has_heads: bool = False  # one record at least was readable

    def as_counts(self) -> dict[str, Any]:
        own = ("records", "size", "version", "offset", "index", "resumed_at", "lost_bytes", "has_heads")
        return super().as_counts() | {name: getattr(self, name) for name in own}

    @classmethod
    def resumed(cls, before: Mapping[str, Any], source: Source) -> ImportCounts:
        """Return the counts to continue with: those of an unfinished run, if it read the file as it is now."""
        done = cls(size=source.size, version=source.version)
        if not before.get("records") or (before["size"], before["version"]) != (source.size, source.version):
            return done
        for name in ("read", "records", "offset", "index", "lost_bytes", "has_heads"):
            setattr(done, name, before[name])
        done.resumed_at, done.problems = done.offset, list(before["problems"])
        done.reasons, done.skipped = Counter(before["reasons"]), Counter(before["skipped"])
        states = set(before) - set(done.as_counts())
        done.states = Counter({state: before[state] for state in states})
        return done


@dataclass
class _Part:
    """What was read of the file since the last batch."""

    pages: list[Page] = field(default_factory=list)
    records: int = 0
    bytes: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    has_heads: bool = False
    begun: float = field(default_factory=time.monotonic)

    @property
    def is_full(self) -> bool:
        full = len(self.pages) >= page_batches.BATCH or self.bytes >= BATCH_BYTES
        return full or time.monotonic() - self.begun >= BATCH_SECONDS


OnProgress = Callable[[ImportCounts], None]


def import_warc(
    db: Database,
    place: Path | str,
    catalog: Catalog,
    outlets: Sequence[str] | None = None,
    on_progress: OnProgress | None = None,
) -> ImportCounts:
    """Extract the pages of a WARC file, at a path or an http(s) address, and store them; resumes an unfinished import.

    `outlets`: ids of those whose articles are wanted; None for the pages of all sites. Raises ArchiveError if the file
    cannot be read, or holds no record; UnknownOutletError.
    """
    wanted = RecordFilter(catalog, outlets)
    stop = threading.Event()
    run = None
    with closing(_open(place, stop)) as source:
        parameters = {"file": _identity(place), "outlets": sorted(outlets) if outlets is not None else None}
        done = ImportCounts.resumed(unfinished_counts(db, "import", parameters), source)
        run = start_import(db, "import", parameters)
        batches = _FileBatches(db, source, wanted, done, stop).read()
        BatchRun(
            db, run, batches, lambda read: store_fetched_pages(db, run, [_arrival(*pair) for pair in read]), stop
        ).extract(done, on_progress)
    return done


def _open(place: Path | str, stop: threading.Event) -> Source:
    return HttpSource(place, stop) if isinstance(place, str) else FileSource(place)


def _identity(place: Path | str) -> str:
    return place if isinstance(place, str) else str(place.resolve())


class _FileBatches:
    """The records of a file as batches of pages that may be articles."""

    def __init__(
        self, db: Database, source: Source, wanted: RecordFilter, done: ImportCounts, stop: threading.Event
    ) -> None:
        self._db, self._source, self._wanted, self._done, self._stop = db, source, wanted, done, stop
        start = Position(done.offset, done.index)
        self._reader = WarcReader(source, wanted.pass_over, start, MAX_BYTES + MAX_HEAD)
        self._lost_before = done.lost_bytes
        self._named = 0  # losses that are among the problems
        self._date = datetime.now(UTC)  # of the last record that had one

    def read(self) -> Iterator[Batch[str]]:
        """Yield the batches. Raises ArchiveError at the end of a file without any record."""
        part, any_head = _Part(), self._done.has_heads
        for record in self._reader:
            self._count(part, record)
            if self._stop.is_set():
                return
            if part.is_full:
                any_head = any_head or part.has_heads
                yield self._batch(part)
                part = _Part()
        if not (any_head or part.has_heads):
            raise ArchiveError(f"{self._source.name} is no WARC file: it holds no record that can be read")
        yield self._batch(part)

    def _batch(self, part: _Part) -> Batch[str]:
        pages = self._without_known(part)
        losses = self._reader.losses[self._named :]
        self._named += len(losses)
        part.problems += map(str, losses)
        lost = self._lost_before + self._reader.lost_bytes
        return Batch(pages, partial(self._mark, part, self._reader.position, lost))

    def _mark(self, part: _Part, position: Position, lost: int) -> None:
        done = self._done
        done.records += part.records
        done.skipped.update(part.skipped)
        done.problems += part.problems[: max(0, PROBLEMS - len(done.problems))]
        done.offset, done.index, done.lost_bytes = position.offset, position.index, lost
        done.has_heads = done.has_heads or part.has_heads

    def _without_known(self, part: _Part) -> list[Page]:
        captures = [(page.url, page.raw.fetched_at) for page in part.pages]
        known = known_captures(self._db, captures)
        unknown = [page for page, capture in zip(part.pages, captures, strict=True) if capture not in known]
        if len(unknown) < len(part.pages):
            part.skipped["known"] += len(part.pages) - len(unknown)
        return unknown

    def _count(self, part: _Part, record: Record) -> None:
        part.records += 1
        part.has_heads = part.has_heads or record.head is not None
        if record.head and record.head.date:
            self._date = record.head.date
        page = self._page(part, record)
        if isinstance(page, str):
            part.skipped[page] += 1
        else:
            part.pages.append(page)
            part.bytes += len(page.raw.body)

    def _page(self, part: _Part, record: Record) -> Page | str:
        """Return the page of a record that may be an article, or the reason why it is none."""
        head = record.head
        if record.passed_over == "bad_address" and head:
            part.problems.append(f"{head.url[:200]}: no address of a page")
        if record.passed_over:
            return record.passed_over
        if head is None or record.fault is Fault.DAMAGED:
            return "cut" if record.fault is Fault.CUT else "damaged"
        answer = read_answer(head, record.block)
        if answer is None:
            return "cut" if record.fault else "no_http_answer"
        if not 200 <= answer.status < 300 or answer.status == 206:  # 206 is a part of a page
            return f"http_{answer.status}"
        if not _is_text(answer.media_type, may_be_plain=head.kind == "response"):
            return "not_html"
        if head.length > MAX_BYTES + MAX_HEAD:
            return "too_large"
        fetched_at = min(head.date or answer.date or self._date, datetime.now(UTC))  # never in the future
        capture = read_capture(record, answer, fetched_at, MAX_BYTES)
        if len(capture.page.body) > MAX_BYTES:
            return "too_large"
        rejected = Rejected("truncated", capture.cut_off) if capture.cut_off else None
        return PageToExtract(host_of(head.url), head.url, self._wanted.owner(head.url), Hints(), capture.page, rejected)


def _is_text(kind: str, *, may_be_plain: bool) -> bool:
    return not kind or "html" in kind or (may_be_plain and kind == "text/plain")


def _arrival(page: Page, result: Result) -> FetchedPage:
    outlet_id, name = (page.outlet.id, page.outlet.name) if page.outlet else (page.source, page.source)
    return FetchedPage(page.url, outlet_id, name, result, page.raw.fetched_at, page.raw.status)
