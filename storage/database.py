"""Opening the store: SQLite or PostgreSQL, at the right version, with safe transactions.

SQLite runs in WAL with `synchronous=FULL`: a commit is on the disk when it returns, also through a power cut. NORMAL
would lose the last seconds at a power cut and keep the order of commits. It saves about half a millisecond a commit;
with fifty pages in a commit that is a hundredth of a millisecond a page.
"""

from __future__ import annotations

import logging
import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, NoSuchModuleError

from storage.errors import (
    DatabaseFailedError,
    DatabaseNewerError,
    DatabaseOutdatedError,
    DatabaseUnreachableError,
    FolderNotWritableError,
)
from storage.failures import (
    DRIVER_ERRORS,
    damaged,
    first_line,
    is_conflict,
    is_damage,
    is_failure,
    is_outage,
    unreachable,
)
from storage.schema import versions
from storage.schema.versions import head

if TYPE_CHECKING:
    from sqlalchemy.dialects import sqlite

__all__ = ["Database", "connect", "downgrade", "head", "migrate", "open_database", "upsert", "version"]

T = TypeVar("T")

READER_BUSY_SECONDS = 3  # a page rather says that the store is locked than lets its reader wait
BUSY_SECONDS = 30
TRIES = 6  # of a transaction that conflicted with another one
OUTAGE = 60.0  # seconds that a store in use waits for a server that is restarted, or a network that is away
WRITERS_LOCK = 0x5072657373  # "Press": the advisory lock of writers on PostgreSQL; SQLite locks the whole file
log = logging.getLogger(__name__)
USE = "use sqlite:///FILE or postgresql://USER@HOST/NAME"
DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")


class Database:
    """An open store. A write is one transaction; a read sees one state of the store."""

    def __init__(self, url: URL, engine: Engine) -> None:
        self.url, self.engine = url, engine
        self._was_reached = False  # a server that never answered is a wrong address, and not waited for

    def __repr__(self) -> str:
        return f"Database({self.shown})"

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @property
    def shown(self) -> str:
        """The URL for messages: the password is masked, and parameters are left out, because they may hold one too."""
        plain = self.url.set(drivername=self.url.get_backend_name()).set(query={})
        return plain.render_as_string(hide_password=True)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open one write transaction."""
        with self._connected() as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading. Its view does not change while it is used, and writers do not wait for it."""
        with self.failures_named(), self._connected() as connection:
            if self.dialect == "sqlite":
                connection.execution_options(pressrun_reads=True)
            else:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    def write(self, work: Callable[[Connection], T], *, alone: bool = False) -> T:
        """Do the work in one transaction, and again if it conflicted. `alone`: no other `alone` writer meanwhile.

        The work may run several times, so it must change nothing but the database. A server that goes away is waited
        for, a minute long. DatabaseFailedError if the database stays unusable, DatabaseDamagedError if it is damaged.
        """
        give_up_at, tries = time.monotonic() + OUTAGE, 0
        with self.failures_named():
            while True:
                try:
                    return self._write_once(work, alone)
                except DBAPIError as lost:
                    tries += 1
                    may_repeat = (
                        self._was_reached and time.monotonic() < give_up_at
                        if is_outage(lost)
                        else tries < TRIES and is_conflict(lost)
                    )  # fmt: skip
                    if not may_repeat:
                        raise
                    time.sleep(random.uniform(0.02, 0.1) * 2 ** min(tries, 4))  # noqa: S311 - jitter

    def _connected(self) -> Connection:
        """Return a connection, to be closed by whoever uses it. A server that was there before is waited for."""
        give_up_at, told = time.monotonic() + OUTAGE, False
        while True:
            try:
                connection = self.engine.connect()
            except DBAPIError as lost:
                if not (self._was_reached and is_outage(lost)) or time.monotonic() > give_up_at:
                    raise
                if not told:
                    log.warning("the database %s does not answer; waiting up to %.0f s for it", self.shown, OUTAGE)
                told = True
                time.sleep(random.uniform(0.2, 0.6))  # noqa: S311 - jitter
            else:
                self._was_reached = True
                return connection

    def _write_once(self, work: Callable[[Connection], T], alone: bool) -> T:
        with self.begin() as connection:
            if alone and self.dialect == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")
            return work(connection)

    @contextmanager
    def failures_named(self) -> Iterator[None]:
        """Turn failures of the database itself into DatabaseFailedError, and damage into DatabaseDamagedError.

        Programming errors stay as they are.
        """
        try:
            yield
        except DRIVER_ERRORS as failure:
            if is_damage(failure):
                raise damaged(self.shown, failure) from failure
            if not is_failure(failure):
                raise
            raise DatabaseFailedError(f"the database {self.shown} failed: {first_line(failure)}") from failure

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def upsert(c: Connection, table: Any) -> sqlite.Insert:
    """Return an INSERT with `on_conflict_...` for the connection's database; both have the same methods."""
    dialect = import_module(f"sqlalchemy.dialects.{c.dialect.name}")  # the other one is never imported
    made: sqlite.Insert = dialect.insert(table)
    return made


def open_database(url: str, *, upgrade: bool = True, create: bool = True) -> Database:
    """Open the store at a URL, at this program's version. It is created if it is missing, unless `create` is False.

    Raises DatabaseUnreachableError, DatabaseDamagedError, FolderNotWritableError, DatabaseNewerError, and
    DatabaseOutdatedError if the database is older and `upgrade` is False.
    """
    db = connect(url, create=create)
    try:
        _bring_to_version(db, may_upgrade=upgrade, may_create=create)
    except (DatabaseError, InterfaceError) as failure:
        db.close()
        raise unreachable(db.url, db.shown, failure) from failure
    except DatabaseFailedError as failure:
        db.close()
        raise unreachable(db.url, db.shown, failure.__cause__) from failure
    except BaseException:
        db.close()
        raise
    return db


def open_for_reading(url: str) -> Database:
    """Open a store that nothing can write through: the database refuses it.

    Raises as `open_database` does without `upgrade` and `create`.
    """
    open_database(url, upgrade=False, create=False).close()
    db = connect(url, create=False, patience=READER_BUSY_SECONDS)
    event.listen(db.engine, "connect", _refuse_writes)
    return db


def _refuse_writes(connection: Any, _: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA query_only = ON")
        return
    connection.autocommit = True
    connection.execute("SET default_transaction_read_only = on")
    connection.execute(f"SET lock_timeout = '{READER_BUSY_SECONDS}s'")
    connection.autocommit = False


def parse_url(url: str) -> URL:
    """Parse the URL of a store and set its driver. DatabaseUnreachableError if it is malformed or unsupported."""
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        # The URL is not shown, and the error not chained: an unreadable URL may hold a password anywhere.
        raise DatabaseUnreachableError(f"the database URL cannot be read; {USE}") from None
    if backend not in ("sqlite", "postgresql"):
        raise DatabaseUnreachableError(f"Pressrun has no support for a database of the kind {backend!r}; {USE}")
    if parsed.drivername not in DRIVERS:
        raise DatabaseUnreachableError(f"Pressrun has no driver {parsed.drivername!r}; {USE}")
    return parsed


def connect(url: str, *, create: bool = True, patience: int = BUSY_SECONDS) -> Database:
    """Open the store at a URL without checking its schema version. `patience`: seconds that SQLite waits for a lock."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        _check_file(parsed, create)
    return Database(parsed, _engine(parsed, patience))


def _engine(url: URL, patience: int) -> Engine:
    # hide_parameters: error messages would otherwise hold article texts, and addresses with tokens.
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": patience})
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    connect_args = {"connect_timeout": 10, "application_name": "pressrun"}
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_recycle=1800, connect_args=connect_args)
    event.listen(engine, "connect", _postgresql_connected)
    return engine


def _sqlite_connected(connection: sqlite3.Connection, _: Any) -> None:
    # The driver must not begin transactions by itself: it begins them too late, and none for DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",  # 16 MB; with twice as much, storing into a million articles takes no less CPU
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    # IMMEDIATE: a transaction that reads first and writes later would fail if another one wrote in between.
    reads = connection.get_execution_options().get("pressrun_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql_connected(connection: Any, _: Any) -> None:
    connection.autocommit = True
    connection.execute(
        "SET idle_in_transaction_session_timeout = '10min'"
    )  # a client that hangs must not hold the writers' lock
    connection.autocommit = False


def _check_file(url: URL, create: bool) -> None:
    if not url.database or url.database == ":memory:":
        raise DatabaseUnreachableError("a database in memory cannot be shared with the crawl's process; name a file")
    target = Path(url.database).absolute()
    if target.is_dir():
        raise DatabaseUnreachableError(f"{target} is a folder; name a file in it")
    if not target.exists() and not create:
        raise DatabaseUnreachableError(
            f"there is no database at {target}; name the right one with --db, or make it: pressrun db upgrade"
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise FolderNotWritableError(
            f"cannot make the folder {target.parent} for the database: {failure.strerror}; name another with --db"
        ) from failure
    # The folder too: WAL keeps two more files beside the database.
    if not os.access(target.parent, os.W_OK) or (target.exists() and not os.access(target, os.W_OK)):
        raise FolderNotWritableError(f"cannot write {target}: give this user the right to, or name another with --db")


def version(db: Database) -> str | None:
    """Return the schema version that the database has; None for an empty one."""
    with db.read() as connection:
        return versions.read_version(connection)


def migrate(db: Database, target: str = "head") -> None:
    """Upgrade to a version, all in one transaction, one process at a time."""
    db.write(lambda connection: versions.upgrade(connection, target), alone=True)


def downgrade(db: Database, target: str = "base") -> None:
    """Go back to an older version, in one transaction."""
    db.write(lambda connection: versions.downgrade(connection, target), alone=True)


def _bring_to_version(db: Database, *, may_upgrade: bool, may_create: bool) -> None:
    current, wanted = version(db), head()
    if current == wanted:
        return
    if current is not None and current not in versions.versions():
        raise DatabaseNewerError(
            f"the database {db.shown} has schema {current}, newer than this Pressrun ({wanted}); update Pressrun"
        )
    if (current is None and not may_create) or (current is not None and not may_upgrade):
        has = f"has schema {current}" if current else "holds no tables of Pressrun"
        raise DatabaseOutdatedError(f"the database {db.shown} {has}; run: pressrun db upgrade")
    migrate(db)
