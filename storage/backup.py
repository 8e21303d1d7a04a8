"""Copies of an SQLite store while it is in use, and the way back. PostgreSQL has pg_dump for that."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import frontier
from storage.database import Database, open_database, parse_url
from storage.errors import BackupError, DatabaseDamagedError
from storage.failures import is_damage

SIDE_FILES = ("-wal", "-shm")
PART = ".part"  # the ending of a copy that is not complete
ABANDONED = timedelta(days=1)  # without a byte written; a backup that goes on writes all the time
PAGES = 2_000  # of the database, copied between two reports of progress: only there can Ctrl-C interrupt the copy

OnProgress = Callable[[int, int], None]


def backup(db: Database, target: Path, on_progress: OnProgress | None = None) -> int:
    """Copy the store to a file by SQLite's backup API; crawls go on. Returns the size in bytes.

    The copy holds what was committed when it began. It is checked, and appears under its name only when it is
    complete. Its folder must be there. `on_progress` gets the number of pages copied and of all pages of the database.
    Raises BackupError.
    """
    if db.dialect != "sqlite":
        raise BackupError(f"{db.shown} is backed up by PostgreSQL itself: pg_dump --format=custom --file=FILE DATABASE")
    if target.exists():
        raise BackupError(f"{target} exists; name another file, or delete it")
    # The folder is not made: where a disk is not mounted, it would lie on the store's own disk.
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent} is no folder; make it, or mount its disk")
    part = target.with_name(f"{target.name}{PART}")
    try:
        _copy(_file(db), part, on_progress)
        part.replace(target)
    except (OSError, sqlite3.Error) as failure:
        remedy = "run: pressrun db check" if is_damage(failure) else "make room, or name another file"
        raise BackupError(f"cannot write the backup {target}: {failure}; {remedy}") from failure
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


def check_replaceable(url: str) -> bool:
    """Check that a backup may take the place of the SQLite store at a URL. Returns False if that store is damaged.

    A damaged store cannot always tell its runs, and does not need to: it is replaced because it is of no use. Raises
    BackupError if a live run uses the store, or the file is none of Pressrun, and the errors of `open_database`.
    """
    target = store_file(url)
    if not target.exists():
        return True
    _check_kind(target)
    try:
        with contextlib.closing(open_database(url)) as db:
            live = frontier.live_run_ids(db)
    except DatabaseDamagedError:
        return False
    if live:
        runs = ", ".join(map(str, sorted(live)))
        raise BackupError(f"{target} is in use by run {runs}; stop `pressrun up` and its crawls, then restore")
    return True


def _check_kind(target: Path) -> None:
    """Raise BackupError for a file that is no SQLite database, and for one that holds other tables than a store."""
    remedy = "it is left as it is. If it is the damaged store, rename it and restore again; else correct --db"
    try:
        # Immutable: SQLite looks at the file alone, and makes none beside it.
        with contextlib.closing(_open_for_reading(target, "mode=ro&immutable=1")) as file:
            tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as failure:
        if failure.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise BackupError(f"{target} is no SQLite database, and {remedy}") from failure
        return  # damaged, or not readable at all, which `open_database` names
    if tables and "alembic_version" not in tables:
        raise BackupError(f"{target} holds tables of another program, and {remedy}")


def backups(folder: Path) -> list[Path]:
    """Return the backups in a folder that `new_backup` named, newest first."""
    return sorted(folder.glob("pressrun-*.db"), reverse=True)


def unfinished_backups(folder: Path) -> list[Path]:
    """Return the partial copies in a folder that killed backups left: nobody has written to them for a day."""
    limit = time.time() - ABANDONED.total_seconds()
    return [path for path in sorted(folder.glob(f"pressrun-*.db{PART}*")) if path.stat().st_mtime < limit]


def new_backup(folder: Path) -> Path:
    """Return a file with the present time as its name, in a folder that is made. BackupError if it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise BackupError(
            f"cannot make the folder {folder}: {failure.strerror}; name a file: db backup FILE"
        ) from failure
    return folder / f"pressrun-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"


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
    try:
        with (
            contextlib.closing(_open_for_reading(source)) as original,
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


def _open_for_reading(file: Path, how: str = "mode=ro") -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?{how}", uri=True, timeout=60)


def _check(copy: sqlite3.Connection) -> None:
    said = str(copy.execute("PRAGMA quick_check(1)").fetchone()[0])
    if said != "ok":
        damage = sqlite3.DatabaseError(" ".join(said.split()))
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage


def _put_aside(target: Path) -> Path | None:
    """Rename a store and the files beside it. Returns its new name; None if there was no store."""
    kept = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    was_there = target.exists()
    if was_there:
        target.replace(kept)
    for side in SIDE_FILES:  # recent writes of that store alone: SQLite would put those of a deleted one into its heir
        beside = target.with_name(target.name + side)
        if beside.exists():
            beside.replace(kept.with_name(kept.name + side))
    return kept if was_there else None
