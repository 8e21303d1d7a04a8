"""Articles are taken down: gone from the store, from the archive of raw answers, and never fetched again.

In three steps, so that a kill at any moment loses nothing and a second call ends what a first one began: the articles
go and their pages are marked, in transactions of 100 pages; the raw answers are overwritten; the addresses go.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, delete, or_, select, text, tuple_, update

from storage.database import Database
from storage.dedup import COMPARABLE, forget_fingerprints, withdraw
from storage.frontier import REMOVED
from storage.jobs.removal import OutletRemoval, Removal
from storage.jobs.removal_holds import RemovalHolds
from storage.jobs.removed_answers import AT_ONCE, answers_of_pages
from storage.ownership import require_owner
from storage.removed import remember_texts
from storage.schema.tables import Article, Outlet, Page, Revision
from storage.search import remove_documents
from storage.text import clean_text
from storage.urls import host_of
from storage.warc import Place, WantedAnswers, erase, files_of, find_answers

INTERRUPTED = "interrupted; the same command goes on"  # the error of a run
CHUNK = 100  # pages in one transaction


@dataclass
class Removed:
    """What was removed. `answers`: raw answers that were overwritten in the archive. `promoted`: new originals."""

    pages: int = 0
    articles: int = 0
    revisions: int = 0
    answers: int = 0
    promoted: list[int] = field(default_factory=list)

    def add(self, more: Removed) -> None:
        self.pages += more.pages
        self.articles += more.articles
        self.revisions += more.revisions
        self.answers += more.answers
        self.promoted += more.promoted


@dataclass(frozen=True, slots=True)
class RemovalFiles:
    """The folder and the file that a removal touches besides the database."""

    archive: Path
    log: Path  # JSON lines, one for each outlet of each removal


_Progress = Callable[[str, int, int], None]  # what is done, how many, of how many


def take_down(
    db: Database, removal: Removal, reason: str, files: RemovalFiles, report: _Progress | None = None
) -> Removed:
    """Remove for good. Nobody can undo it.

    Raises ArchiveError, NotOwnerError, and OutletBusyError if a run works on an outlet: then nothing was removed.
    """
    with db.read() as c:
        require_owner(c, "a removal")  # else earlier forms of the rows would stay in PostgreSQL's files
    done, holds = Removed(), RemovalHolds(db, removal.parts, reason)
    try:
        for part in removal.parts:
            here, state, error = Removed(), "failed", INTERRUPTED
            try:
                _take_down_of_outlet(db, part, reason, files, here, _beating(holds, report))
                state, error = "completed", ""
            finally:
                holds.end(part, state, asdict(here), error)
            done.add(here)
    finally:
        holds.end_all("failed", INTERRUPTED)
        _purge(db)
    return done


def _beating(holds: RemovalHolds, report: _Progress | None) -> _Progress:
    """Progress that also says to other machines that the runs live."""

    def beat(what: str, number: int, of: int) -> None:
        holds.beat()
        if report:
            report(what, number, of)

    return beat


def unfinished_removal(db: Database) -> tuple[Removal, str] | None:
    """Return what an interrupted removal has left to do, with its reason; None if there is nothing."""
    with db.read() as c:
        left = [*_outlets_left(c), *_pages_left(c)]
    if not left:
        return None
    return Removal(tuple(part for part, _ in left), 0, 0, ()), left[0][1]


def _outlets_left(c: Connection) -> Iterator[tuple[OutletRemoval, str]]:
    """Yield the outlets that were removed as a whole, and of which something is there."""
    there = select(Page.id).where(
        Page.outlet_id == Outlet.id, or_(Page.reason.is_distinct_from(REMOVED), Page.canonical_url != "")
    )
    for row in c.execute(select(Outlet.id, Outlet.name).where(Outlet.removed_at.is_not(None), there.exists())):
        yield OutletRemoval(row.id, row.name, None), "taken down"


def _pages_left(c: Connection) -> Iterator[tuple[OutletRemoval, str]]:
    """Yield the pages that are marked as removed, and whose raw answers may still be there."""
    named = select(Page.id, Page.detail, Page.outlet_id, Outlet.name).join(Outlet, Outlet.id == Page.outlet_id)
    by_outlet: dict[tuple[str, str], list[Any]] = {}
    for row in c.execute(named.where(*_half_removed(), Outlet.removed_at.is_(None)).order_by(Page.id)):
        by_outlet.setdefault((row.outlet_id, row.name), []).append(row)
    for (outlet, name), rows in by_outlet.items():
        yield OutletRemoval(outlet, name, tuple(row.id for row in rows)), rows[0].detail or "taken down"


def _half_removed() -> tuple[Any, ...]:
    return (Page.state == "rejected", Page.reason == REMOVED, Page.canonical_url != "")


def _take_down_of_outlet(
    db: Database, part: OutletRemoval, reason: str, files: RemovalFiles, done: Removed, report: _Progress
) -> None:
    now = datetime.now(UTC)
    if part.pages is None:
        db.write(lambda c: c.execute(_outlet_is_removed(part.outlet_id, now)) and None)
    pages = _page_ids(db, part)
    for articles in _articles(part):
        db.write(lambda c, those=articles: forget_fingerprints(c, those), alone=True)  # type: ignore[misc]
    for at in range(0, len(pages), CHUNK):
        done.add(db.write(lambda c, of=pages[at : at + CHUNK]: _remove(c, of, reason, now), alone=True))  # type: ignore[misc]
        report("articles", min(at + CHUNK, len(pages)), len(pages))
    half = _half_removed_pages(db, part.outlet_id)
    done.answers += _erase_answers(db, part, half, reason, files.archive, report)
    _write_log(files.log, part, half, reason, done, now)
    db.write(lambda c: _forget_addresses(c, part.outlet_id))


def _outlet_is_removed(outlet_id: str, now: datetime) -> Any:
    return update(Outlet).where(Outlet.id == outlet_id).values(removed_at=now)


def _articles(part: OutletRemoval) -> Iterator[Select[int]]:
    """Yield queries of the ids of the articles: many pages would be more values than one statement may hold."""
    if part.pages is None:
        pages = select(Page.id).where(Page.outlet_id == part.outlet_id)
        yield select(Article.id).where(Article.page_id.in_(pages))
        return
    for at in range(0, len(part.pages), AT_ONCE):
        yield select(Article.id).where(Article.page_id.in_(part.pages[at : at + AT_ONCE]))


def _page_ids(db: Database, part: OutletRemoval) -> list[int]:
    if part.pages is not None:
        return list(part.pages)
    with db.read() as c:
        return list(c.execute(select(Page.id).where(Page.outlet_id == part.outlet_id).order_by(Page.id)).scalars())


def _remove(c: Connection, pages: Sequence[int], reason: str, now: datetime) -> Removed:
    """Delete the articles of pages and everything about them; the pages stay, without what they said."""
    if c.dialect.name == "sqlite":
        c.exec_driver_sql("PRAGMA secure_delete = ON")  # the file keeps no trace of the texts
    columns = (Article.id, Article.outlet_id, Article.text_hash, Article.words)
    articles = c.execute(select(*columns).where(Article.page_id.in_(pages))).all()
    ids = [row.id for row in articles]
    remember_texts(c, _texts_to_remember(c, articles), now)
    remove_documents(c, ids)
    promoted = withdraw(c, ids, now)
    revisions = c.execute(delete(Revision).where(Revision.article_id.in_(ids)).returning(Revision.number)).all()
    _forget_article_of_pages(c, pages, ids, reason)
    c.execute(delete(Article).where(Article.id.in_(ids)))
    return Removed(len(pages), len(ids), len(revisions), 0, promoted)


def _texts_to_remember(c: Connection, articles: Sequence[Any]) -> Iterator[tuple[str, bytes]]:
    """Yield outlet and hash of each text, earlier ones too. Short texts recur in honest articles, and are left out."""
    long = {row.id: row.outlet_id for row in articles if row.words >= COMPARABLE}
    yield from ((row.outlet_id, row.text_hash) for row in articles if row.id in long)
    earlier = select(Revision.article_id, Revision.text_hash).where(Revision.article_id.in_(list(long)))
    yield from ((long[row.article_id], row.text_hash) for row in c.execute(earlier))


def _forget_article_of_pages(c: Connection, pages: Sequence[int], articles: Sequence[int], reason: str) -> None:
    values: dict[str, Any] = {
        "state": "rejected", "reason": REMOVED, "detail": clean_text(reason)[:500], "next_at": None, "article_id": None,
        "hints": {}, "etag": None, "last_modified": None, "full_text": None, "lease_run_id": None, "attempts": 0,
    }  # fmt: skip
    c.execute(update(Page).where(or_(Page.id.in_(pages), Page.article_id.in_(articles))).values(values))


def _half_removed_pages(db: Database, outlet_id: str) -> list[Any]:
    columns = (
        Page.id,
        Page.url,
        Page.canonical_url,
        Page.final_url,
        Page.warc_file,
        Page.warc_offset,
        Page.warc_length,
    )
    with db.read() as c:
        return list(c.execute(select(*columns).where(Page.outlet_id == outlet_id, *_half_removed())).all())


def _erase_answers(
    db: Database, part: OutletRemoval, pages: Sequence[Any], reason: str, archive: Path, report: _Progress
) -> int:
    """Overwrite every raw answer of the pages: those that the ledger knows, and those of earlier visits."""
    wanted = _wanted(db, part, pages)
    places = {_place(page) for page in pages if page.warc_file}
    files = files_of(archive, part.outlet_id) if archive.is_dir() else []
    for number, path in enumerate(files, 1):
        places |= set(find_answers(path, wanted))
        report("raw answers", number, len(files))
    for place in sorted(places, key=lambda place: (place.file, place.offset)):
        erase(archive, place, reason)
    db.write(lambda c: _forget_places(c, places))
    return len(places)


def _place(page: Any) -> Place:
    return Place(page.warc_file, page.warc_offset, page.warc_length)


def _wanted(db: Database, part: OutletRemoval, pages: Sequence[Any]) -> WantedAnswers:
    if part.pages is None:
        return WantedAnswers(lambda _: True)
    with db.read() as c:
        return answers_of_pages(c, pages)


def _forget_places(c: Connection, places: Iterable[Place]) -> None:
    """No page has its answer at these places any more. Pages that wait for the text in one are fetched themselves."""
    at = tuple_(Page.warc_file, Page.warc_offset)
    wanted = [(place.file, place.offset) for place in places]
    for start in range(0, len(wanted), CHUNK):
        held = update(Page).where(at.in_(wanted[start : start + CHUNK]))
        c.execute(held.values(warc_file=None, warc_offset=None, warc_length=None, full_text=None))


def _write_log(log: Path, part: OutletRemoval, pages: Sequence[Any], reason: str, done: Removed, now: datetime) -> None:
    """Append one line that may be published: hashes instead of addresses."""
    addresses = [] if part.pages is None else [page.canonical_url for page in pages]
    line = {
        "removed_at": now.isoformat(timespec="seconds"),
        "outlet": part.outlet_id,
        "whole_outlet": part.pages is None,
        "addresses": [hashlib.sha256(url.encode()).hexdigest() for url in addresses],
        "pages": done.pages, "articles": done.articles, "revisions": done.revisions, "answers": done.answers,
        "reason": clean_text(reason),
    }  # fmt: skip
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _forget_addresses(c: Connection, outlet_id: str) -> None:
    """The addresses of removed pages go; their keys stay, by which the pages are known."""
    half = c.execute(select(Page.id, Page.url).where(Page.outlet_id == outlet_id, *_half_removed())).all()
    for page in half:
        nowhere = {
            "url": f"https://{host_of(page.url)}/#removed-{page.id}",
            "canonical_url": "",
            "final_url": None,
            "fetch_url": None,
        }
        c.execute(update(Page).where(Page.id == page.id).values(nowhere))


def _purge(db: Database) -> None:
    """Leave no earlier form of the rows in the files of the database."""
    if db.dialect == "sqlite":
        db.write(_purge_index)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT", pressrun_reads=True) as c:
        if db.dialect == "sqlite":
            c.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            c.exec_driver_sql("VACUUM articles, revisions, pages, search_index")


def _purge_index(c: Connection) -> None:
    """Merge the search index into one segment: until then it keeps the words of documents that were deleted."""
    c.exec_driver_sql("PRAGMA secure_delete = ON")
    c.execute(text("INSERT INTO search_index (search_index) VALUES ('optimize')"))
