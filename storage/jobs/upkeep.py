"""Upkeep of the store: free space, archived answers that are where the ledger says, old ones forgotten."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage.database import Database
from storage.errors import ArchiveError, DatabaseFailedError
from storage.jobs.figures import database_bytes
from storage.ownership import require_owner
from storage.schema.tables import Page
from storage.warc import Place, archive_file, verify_place

FREE = 0.2  # the share of an SQLite file that may be free
SAMPLES = 200  # archived answers that a check reads
SHOWN = 5  # problems of a kind that are told one by one
_STAMP = re.compile(r"^(\d{8}-\d{6})-.*\.warc\.gz$")


def vacuum(db: Database) -> int:
    """Give free space back to the disk and refresh the statistics of the planner. Returns the bytes freed.

    SQLite writes the whole file anew, and writers wait for it: this is done only if a fifth of the file is free.
    PostgreSQL frees space within its files. Raises DatabaseFailedError, such as when a writer holds the file,
    DatabaseDamagedError, and NotOwnerError.
    """
    with db.read() as c:
        require_owner(c, "VACUUM")
    before = _bytes(db)
    raw = {"isolation_level": "AUTOCOMMIT", "pressrun_reads": True}
    with db.failures_named(), db.engine.connect().execution_options(**raw) as c:
        if db.dialect == "sqlite":
            _vacuum_sqlite(db, c.connection.driver_connection)
        else:
            c.exec_driver_sql("VACUUM (ANALYZE)")
    return max(0, before - _bytes(db))


def _vacuum_sqlite(db: Database, raw: Any) -> None:
    free, pages = (raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count"))
    much = ("VACUUM",) if free > pages * FREE else ()
    try:
        for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", *much, "PRAGMA optimize"):
            raw.execute(statement).fetchall()
    except sqlite3.OperationalError as failure:
        raise DatabaseFailedError(
            f"cannot vacuum {db.shown}: {failure}; try again when no crawl is running"
        ) from failure


def _bytes(db: Database) -> int:
    with db.read() as c:
        return database_bytes(c)


def verify_archive(
    db: Database, archive: Path, samples: int | None = SAMPLES, report: Callable[[int, int], None] | None = None
) -> list[str]:
    """Return a line for each archived answer that is not where the ledger says.

    The place of every answer must lie within its file; of `samples` answers, spread evenly, or of all if None, the
    record is read too, and its digest compared. `report` is told how many were read, of how many.
    """
    with db.read() as c:
        short = [line for name, end in _ends(c) if (line := _too_short(archive, name, end))]
        places = list(_spread(c, samples)) if samples is not None else _every(db)
        total = samples if samples is not None else _count_archived(c)
    unreadable: list[str] = []
    for done, place in enumerate(places, 1):
        if line := _unreadable(archive, place):
            unreadable.append(line)
        if report is not None and done % 100 == 0:
            report(done, total)
    return _some(short) + _some(unreadable)


def _count_archived(c: Connection) -> int:
    return int(c.execute(select(func.count()).where(Page.warc_file.is_not(None))).scalar_one())


def _every(db: Database) -> Iterator[Place]:
    """Yield the place of each archived answer, a thousand pages at a time, so that no view of the store stays open."""
    after = 0
    columns = (Page.id, Page.warc_file, Page.warc_offset, Page.warc_length)
    while True:
        wanted = select(*columns).where(Page.id > after, Page.warc_file.is_not(None)).order_by(Page.id).limit(1000)
        with db.read() as c:
            rows = c.execute(wanted).all()
        if not rows:
            return
        for row in rows:
            yield Place(str(row.warc_file), int(row.warc_offset or 0), int(row.warc_length or 0))
        after = rows[-1].id


def _ends(c: Connection) -> list[tuple[str, int]]:
    """Return for each WARC file the end of its last answer that the ledger knows."""
    end = func.max(Page.warc_offset + Page.warc_length)
    rows = c.execute(select(Page.warc_file, end).where(Page.warc_file.is_not(None)).group_by(Page.warc_file))
    return [(str(name), int(last or 0)) for name, last in rows]


def _too_short(archive: Path, name: str, end: int) -> str | None:
    file = archive_file(archive, name)
    if file is None:
        return f"{name} is missing in {archive}"
    size = file.stat().st_size
    return f"{name} has {size} bytes, and the ledger knows answers up to {end}" if size < end else None


def _spread(c: Connection, samples: int) -> Iterator[Place]:
    archived = Page.warc_file.is_not(None)
    low, high = c.execute(select(func.min(Page.id), func.max(Page.id)).where(archived)).one()
    if low is None:
        return
    for number in range(samples):
        first = low + (high - low) * number // max(1, samples - 1)
        page = select(Page.warc_file, Page.warc_offset, Page.warc_length).where(archived, Page.id >= first)
        row = c.execute(page.order_by(Page.id).limit(1)).one()
        yield Place(str(row.warc_file), int(row.warc_offset or 0), int(row.warc_length or 0))


def _unreadable(archive: Path, place: Place) -> str | None:
    if archive_file(archive, place.file) is None:
        return None  # told already
    try:
        verify_place(archive, place)
    except ArchiveError as wrong:
        return str(wrong)
    return None


def _some(lines: list[str]) -> list[str]:
    unique = list(dict.fromkeys(lines))
    more = len(unique) - SHOWN
    return unique[:SHOWN] + ([f"and {more} more"] if more > 0 else [])


def forget_archive(db: Database, archive: Path, days: int) -> list[str]:
    """Delete WARC files that are older than so many days, and forget the places in them. Returns their names.

    A file that holds the text of a page that still waits is kept. What was deleted cannot be extracted again.
    """
    limit = datetime.now(UTC) - timedelta(days=days)
    old = [path for path in sorted(archive.glob("*.warc.gz")) if _stamp(path) is not None and _stamp(path) < limit]  # type: ignore[operator]
    gone = [path for path in old if db.write(lambda c, name=path.name: _forget(c, name))]  # type: ignore[misc]
    for path in gone:
        path.unlink(missing_ok=True)
    return [path.name for path in gone]


def _stamp(path: Path) -> datetime | None:
    match = _STAMP.match(path.name)
    return datetime.strptime(match[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC) if match else None


def _forget(c: Connection, name: str) -> bool:
    waits = select(Page.id).where(Page.warc_file == name, Page.full_text.is_(True)).limit(1)
    if c.execute(waits).first() is not None:
        return False
    nowhere = {"warc_file": None, "warc_offset": None, "warc_length": None}
    c.execute(update(Page).where(Page.warc_file == name).values(nowhere))
    return True


def overdue_outlets(db: Database, hours: int = 26) -> dict[str, int]:
    """Return the outlets with pages that have been due for so many hours, and the number of these pages."""
    due = Page.next_at < datetime.now(UTC) - timedelta(hours=hours)
    pages = select(Page.outlet_id, func.count()).where(due, Page.lease_run_id.is_(None)).group_by(Page.outlet_id)
    with db.read() as c:
        return {outlet: count for outlet, count in c.execute(pages.order_by(Page.outlet_id))}  # noqa: C416
