"""Opening the store: SQLite or PostgreSQL, at the right version, with transactions that can be relied on."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from .errors import DatabaseNewerError, DatabaseOutdatedError, DatabaseUnreachableError, FolderNotWritableError

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
TRIES = 5  # of a transaction that lost against another one
WRITERS_LOCK = 0x5072657373  # "Press": the advisory lock that PostgreSQL writers take, as SQLite's have one by nature


class Database:
    """An open store. Callers write inside `begin()`; everything in it is kept, or nothing."""

    def __init__(self, url: URL, engine: Engine) -> None:
        self.url, self.engine = url, engine

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One write transaction."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read with; its view does not change while it is used."""
        with self.engine.connect().execution_options(pressrun_reads=True) as connection:
            yield connection

    def write(self, work: Callable[[Connection], T], *, alone: bool = False) -> T:
        """The work in one transaction, again if it lost against another. `alone`: no other `alone` writer beside it."""
        for attempt in range(TRIES):
            try:
                with self.begin() as connection:
                    if alone and self.dialect == "postgresql":
                        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")
                    return work(connection)
            except DBAPIError as lost:
                if attempt == TRIES - 1 or not _worth_another_try(lost):
                    raise
                time.sleep(random.uniform(0.02, 0.2) * 2**attempt)  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    def close(self) -> None:
        self.engine.dispose()


def _worth_another_try(lost: DBAPIError) -> bool:
    if lost.connection_invalidated:
        return True
    code = getattr(lost.orig, "sqlstate", None)
    return code in ("40001", "40P01") or "locked" in str(lost.orig)


def open_database(url: str, *, upgrade: bool = True) -> Database:
    """The store at a URL, created if it is not there, at this program's version.

    Raises DatabaseUnreachableError, FolderNotWritableError, DatabaseNewerError, and DatabaseOutdatedError if the
    database is older and `upgrade` is False.
    """
    db = connect(url)
    try:
        _bring_to_head(db, may_upgrade=upgrade)
    except OperationalError as failure:
        db.close()
        raise _unreachable(db.url, failure) from failure
    except BaseException:
        db.close()
        raise
    return db


def connect(url: str) -> Database:
    """The store at a URL, whatever its version."""
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise DatabaseUnreachableError(f"{_shown(parsed)}: use sqlite:///FILE or postgresql://USER@HOST/NAME")
        if parsed.get_backend_name() == "sqlite":
            _make_folder(parsed)
        return Database(parsed, _engine(parsed))
    except (ArgumentError, NoSuchModuleError) as wrong:
        raise DatabaseUnreachableError(
            "the database URL cannot be read; use sqlite:///FILE or postgresql://USER@HOST/NAME"
        ) from wrong


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    return create_engine(
        url, hide_parameters=True, pool_pre_ping=True, pool_recycle=1800, connect_args={"connect_timeout": 10}
    )


def _sqlite_connected(connection: sqlite3.Connection, _: Any) -> None:
    # The driver must not begin transactions by itself: it begins them too late, and not at all for DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    # IMMEDIATE: a transaction that reads first and writes later would fail at once if another wrote in between.
    reads = connection.get_execution_options().get("pressrun_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _make_folder(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        raise DatabaseUnreachableError("a database in memory cannot be shared with the crawl's process; name a file")
    folder = Path(url.database).absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise FolderNotWritableError(
            f"cannot make the folder {folder} for the database: {failure.strerror}"
        ) from failure
    target = Path(url.database)
    if not os.access(target if target.exists() else folder, os.W_OK):
        raise FolderNotWritableError(
            f"cannot write {target.absolute()}: give this user the right to, or name another with --db"
        )


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _unreachable(url: URL, failure: OperationalError) -> DatabaseUnreachableError:
    cause = str(failure.orig).strip().splitlines()[0]
    return DatabaseUnreachableError(f"cannot open the database {_shown(url)}: {cause}")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The schema version that this program writes."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def version(db: Database) -> str | None:
    """The schema version that the database has; None for an empty one."""
    with db.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(db: Database, target: str = "head") -> None:
    """Upgrade to a version, all in one transaction, one process at a time."""

    def work(connection: Connection) -> None:
        command.upgrade(_config(connection), target)

    db.write(work, alone=True)


def downgrade(db: Database, target: str = "base") -> None:
    """Go back to an older version, in one transaction."""
    db.write(lambda connection: command.downgrade(_config(connection), target), alone=True)


def _bring_to_head(db: Database, *, may_upgrade: bool) -> None:
    current, wanted = version(db), head()
    if current == wanted:
        return
    if current is not None and not _known(current):
        raise DatabaseNewerError(
            f"the database {_shown(db.url)} has schema {current}, newer than this Pressrun ({wanted}); update Pressrun"
        )
    if current is not None and not may_upgrade:
        raise DatabaseOutdatedError(f"the database {_shown(db.url)} has schema {current}; run: pressrun db upgrade")
    migrate(db)


def _known(revision: str) -> bool:
    try:
        return ScriptDirectory.from_config(_config()).get_revision(revision) is not None
    except CommandError:
        return False
