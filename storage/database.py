"""One database, SQLite or PostgreSQL: opening it, and transactions on it that behave the same on both.

Durability on SQLite: WAL with `synchronous=FULL`. NORMAL would keep every commit through a kill of the process and lose the
last ones only when the power fails; but then the ledger and the archive could disagree, and FULL costs about 4 ms a commit,
which batches of fifty ends make 0.1 ms a page. See docs/storage.md.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from storage import schema
from storage.errors import (
    DatabaseFailedError,
    DatabaseNewerError,
    DatabaseOutdatedError,
    DatabaseUnreachableError,
    DatabaseUrlError,
    FolderNotWritableError,
)

T = TypeVar("T")

BUSY_TIMEOUT = 30  # seconds a SQLite writer waits for another
TRIES = 6  # of a transaction that met a passing fault
RETRIED = frozenset({"40001", "40P01", "55P03", "57P01", "57P02"})  # serialization, deadlock, lock, server going down
IDLE_LIMIT = "10min"  # PostgreSQL ends a transaction that its client has forgotten


class Database:
    """An open database. Reads see one state of it; writes are one transaction, all or nothing."""

    def __init__(self, engine: Engine, url: URL) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        self.name = shown(url)
        self._url = url

    @property
    def url(self) -> str:
        """The address, with its password, for a child process; never for people."""
        return self._url.render_as_string(hide_password=False)

    def __repr__(self) -> str:
        return f"Database({self.name})"

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One write transaction, committed at the end of the block."""
        with self.engine.begin() as conn:
            yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading transaction: everything in the block sees the same state."""
        with self._translated(), self.engine.connect() as conn:
            if self.dialect == "sqlite":
                conn = conn.execution_options(pressrun_reads=True)
            else:
                conn = conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with conn.begin():
                yield conn

    def write(self, work: Callable[[Connection], T]) -> T:
        """The work's result, once its transaction is committed.

        `work` is run again, in a new transaction, after a deadlock, a lost connection or a database that was busy; it must
        therefore change nothing but the database.
        """
        for attempt in range(1, TRIES + 1):
            try:
                with self._translated(), self.begin() as conn:
                    return work(conn)
            except DatabaseFailedError as failure:
                if attempt == TRIES or not _passing(failure.__cause__):
                    raise
                time.sleep(random.uniform(0.02, 0.1) * 2**attempt)  # noqa: S311 - jitter, no secret
        raise AssertionError("unreachable")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError) as failure:
            raise DatabaseFailedError(f"{self.name} failed: {_first_line(failure)}") from failure

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def open_database(url: str, *, create: bool = True) -> Database:
    """The database at `url`, with today's schema.

    A new or older one is created or upgraded if `create`; otherwise that is an error. Raises DatabaseUrlError,
    DatabaseUnreachableError, DatabaseNewerError, DatabaseOutdatedError or FolderNotWritableError.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        _check_file(parsed, create)
    db = Database(_engine(parsed), parsed)
    try:
        _bring_up(db, create)
    except BaseException:
        db.close()
        raise
    return db


def shown(url: URL) -> str:
    """The address for people: without password and parameters."""
    return url.set(password=None, query={}, drivername=url.get_backend_name()).render_as_string()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise DatabaseUrlError("the database address cannot be read: use sqlite:///FILE or postgresql://USER@HOST/NAME") from None
    if backend == "postgres":
        parsed, backend = parsed.set(drivername="postgresql"), "postgresql"
    if backend == "sqlite":
        return parsed.set(drivername="sqlite")
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise DatabaseUrlError(f"databases of the kind {backend!r} are not supported: use sqlite:///FILE or postgresql://USER@HOST/NAME")


def _check_file(url: URL, create: bool) -> None:
    if not url.database or url.database == ":memory:":
        return
    path = Path(url.database)
    if path.is_dir():
        raise DatabaseUnreachableError(f"{path} is a folder, not an SQLite file: name a file in it")
    if path.exists():
        return
    if not create:
        raise DatabaseUnreachableError(f"there is no database at {path}: a crawl, an import or `pressrun db upgrade` creates it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise FolderNotWritableError(path.parent, failure.strerror) from failure


def _engine(url: URL) -> Engine:
    # hide_parameters: an error's text would otherwise repeat article texts and addresses with tokens in them.
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    connect = {"connect_timeout": 10, "application_name": "pressrun"}
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_recycle=1800, connect_args=connect)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so, DDL included
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(conn: Connection) -> None:
    # IMMEDIATE: a transaction that reads first and writes later would fail at once, whatever the time-out.
    reads = conn.get_execution_options().get("pressrun_reads")
    conn.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_LIMIT}'")
    connection.autocommit = False


def _bring_up(db: Database, create: bool) -> None:
    try:
        with db.engine.connect().execution_options(pressrun_reads=True) as conn:
            version = schema.current(conn)
        if version == schema.HEAD:
            return
        if version is not None and version not in schema.known():
            raise DatabaseNewerError(db.name, version, schema.HEAD)
        if not create:
            raise DatabaseOutdatedError(db.name, version, schema.HEAD)
        with db.begin() as conn:
            schema.upgrade(conn)
    except (DatabaseError, InterfaceError) as failure:
        raise _why_unreachable(db, failure) from failure


def _why_unreachable(db: Database, failure: DBAPIError) -> Exception:
    line = _first_line(failure)
    if db.dialect == "sqlite":
        if "readonly" in line or "unable to open" in line:
            return FolderNotWritableError(db.engine.url.database, line)
        if "not a database" in line:
            return DatabaseUnreachableError(f"{db.engine.url.database} is not an SQLite database: name another file")
    return DatabaseUnreachableError(f"{db.name} cannot be used: {line}; is it up, and is PRESSRUN_DB right?")


def _first_line(failure: DBAPIError) -> str:
    text = str(failure.orig).strip() or type(failure.orig).__name__
    return text.splitlines()[0].strip()[:300]


def _passing(failure: BaseException | None) -> bool:
    if not isinstance(failure, DBAPIError):
        return False
    if failure.connection_invalidated or getattr(failure.orig, "sqlstate", None) in RETRIED:
        return True
    return isinstance(failure.orig, sqlite3.OperationalError) and "locked" in str(failure.orig)
