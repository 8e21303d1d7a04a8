"""Copies of an SQLite store while it is in use, and the way back. PostgreSQL has pg_dump for that."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from storage.database import Database, parse_url
from storage.errors import BackupError

SIDE_FILES = ("-wal", "-shm")
PAGES = 2_000  # of the database, copied between two reports of progress: only there can Ctrl-C interrupt the copy

OnProgress = Callable[[int, int], None]


def backup(db: Database, target: Path, on_progress: OnProgress | None = None) -> int:
    """Copy the store to a file by SQLite's backup API; crawls go on. Returns the size in bytes.

    The copy holds what was committed when it began. It is checked, and appears under its name only when it is
    complete. `on_progress` gets the number of pages copied and of all pages of the database. Raises BackupError.
    """
    if db.dialect != "sqlite":
        raise BackupError(f"{db.shown} is backed up by PostgreSQL itself: pg_dump --format=custom --file=FILE DATABASE")
    if target.exists():
        raise BackupError(f"{target} exists; name another file, or delete it")
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(_file(db), part, on_progress)
        part.replace(target)
    except (OSError, sqlite3.Error) as failure:
        raise BackupError(f"cannot write the backup {target}: {failure}; make room, or name another file") from failure
    return target.stat().st_size


def restore(source: Path, target: Path) -> Path | None:
    """Put a backup in the place of a store that nothing has open. Returns where the earlier one is kept, if any.

    The backup itself stays. Raises BackupError, and leaves the store as it was, if the backup is damaged.
    """
    if not source.is_file():
        raise BackupError(f"there is no backup {source}")
    part = target.with_name(f"{target.name}.restoring")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, part)
    except (OSError, sqlite3.Error) as failure:
        raise BackupError(f"{source} cannot be restored: {failure}; take an earlier backup") from failure
    kept = _put_aside(target)
    part.replace(target)
    return kept


def backups(folder: Path) -> list[Path]:
    """Return the backups in a folder that `backup_name` named, newest first."""
    return sorted(folder.glob("pressrun-*.db"), reverse=True)


def backup_name() -> str:
    """Return a file name with the present time."""
    return f"pressrun-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"


def store_file(url: str) -> Path:
    """Return the file of an SQLite store. BackupError for a store of PostgreSQL."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BackupError(
            "only SQLite stores are restored here; PostgreSQL has pg_restore --clean --dbname=DATABASE FILE"
        )
    return Path(parsed.database).absolute()


def _file(db: Database) -> Path:
    return Path(str(db.url.database)).absolute()


def _copy(source: Path, target: Path, on_progress: OnProgress | None = None) -> None:
    """Copy a database, and check the copy. It is deleted if it is not sound, or interrupted. The source is only read.

    One read transaction lasts for the whole copy: without it, SQLite begins anew after every commit of another
    process. Until it ends, writers cannot reuse their write-ahead log, which grows by all that they write.
    """

    def report(_status: int, remaining: int, total: int) -> None:
        if on_progress is not None:
            on_progress(total - remaining, total)

    target.unlink(missing_ok=True)
    uri = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with (
            contextlib.closing(sqlite3.connect(uri, uri=True, timeout=60)) as original,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            original.execute("BEGIN")
            original.execute("SELECT count(*) FROM sqlite_master").fetchone()  # BEGIN alone reads nothing yet
            original.backup(copy, pages=PAGES, progress=report)
            original.rollback()
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
            _check(copy)
        with target.open("rb") as file:
            os.fsync(file.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _check(copy: sqlite3.Connection) -> None:
    said = str(copy.execute("PRAGMA quick_check(1)").fetchone()[0])
    if said != "ok":
        raise sqlite3.DatabaseError(" ".join(said.split()))


def _put_aside(target: Path) -> Path | None:
    if not target.exists():
        return None
    kept = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    target.replace(kept)
    for side in SIDE_FILES:  # the recent writes of the earlier store; they belong to that file alone
        beside = target.with_name(target.name + side)
        if beside.exists():
            beside.replace(kept.with_name(kept.name + side))
    return kept
