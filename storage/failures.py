"""What a failure of the database means, by the codes and the words of its driver."""

from __future__ import annotations

import sqlite3

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from storage.errors import DatabaseDamagedError, DatabaseUnreachableError, FolderNotWritableError, PressrunError

DRIVER_ERRORS = (DBAPIError, sqlite3.Error)  # whatever a database refuses or fails in
OPERATION_ERRORS = (PressrunError, OSError, *DRIVER_ERRORS)  # of one operation on a store or file: others may succeed
CONFLICTS = frozenset({"40001", "40P01"})  # serialization failure, deadlock: the same transaction may succeed now
STOPPING = frozenset({"57P01", "57P02", "57P03"})  # the server stops or starts
DAMAGED = frozenset({"XX001", "XX002"})  # data, index corrupted
_PRIMARY = 0xFF  # the bits of an SQLite code that tell its kind
_REMEDY = "is the server up, and --db (PRESSRUN_DB) right?"
_REMEDIES = {  # by what SQLite says
    "disk I/O error": "is its disk full, or damaged?",
    "is full": "make room on its disk, or name another with --db",
    "is locked": "another process writes to it for long: try again later",
}


def is_conflict(lost: DBAPIError) -> bool:
    """Return True if the transaction met another one, and may succeed when it is done again."""
    if getattr(lost.orig, "sqlstate", None) in CONFLICTS:
        return True
    return isinstance(lost.orig, sqlite3.OperationalError) and "locked" in str(lost.orig)


def is_outage(lost: DBAPIError) -> bool:
    """Return True if the server, not the statement, is at fault: psycopg has no code for a connection that is gone."""
    if isinstance(lost.orig, sqlite3.Error):
        return False
    state = getattr(lost.orig, "sqlstate", None)
    return lost.connection_invalidated or state in STOPPING or (state is None and isinstance(lost, OperationalError))


def is_failure(failure: BaseException) -> bool:
    """Return True if the database is at fault, and not the statement."""
    if isinstance(failure, (OperationalError, InterfaceError, sqlite3.OperationalError)):
        return True
    return _sqlite_code(_driver_error(failure)) & _PRIMARY == sqlite3.SQLITE_NOTADB


def is_damage(failure: BaseException) -> bool:
    """Return True if the content of the database is damaged, and no longer what was written."""
    cause = _driver_error(failure)
    return _sqlite_code(cause) & _PRIMARY == sqlite3.SQLITE_CORRUPT or getattr(cause, "sqlstate", None) in DAMAGED


def damaged(shown: str, failure: BaseException) -> DatabaseDamagedError:
    """Return the error that names the damage and its remedy. `shown`: the URL for messages."""
    cause = _driver_error(failure)
    remedy = "stop all crawls and restore a backup: pg_restore --clean --dbname=DATABASE FILE"
    if isinstance(cause, sqlite3.Error):
        remedy = "stop all crawls and restore a backup: pressrun db restore FILE"
    if _sqlite_code(cause) == sqlite3.SQLITE_CORRUPT_VTAB:  # the only virtual table is the search index
        remedy = f"build the search index again: pressrun db reindex --all; if that fails too, {remedy}"
    return DatabaseDamagedError(f"the database {shown} is damaged: {first_line(failure)}; {remedy}")


def unreachable(
    url: URL, shown: str, failure: BaseException | None
) -> DatabaseUnreachableError | FolderNotWritableError:
    """Return the error of a database that cannot be opened, with its remedy. `shown`: the URL for messages."""
    cause = first_line(failure)
    if "readonly" in cause or "read-only" in cause:
        return FolderNotWritableError(
            f"cannot write {shown}: {cause}; give this user the right to, or name another with --db"
        )
    if "not a database" in cause:
        return DatabaseUnreachableError(f"{url.database} is no SQLite database; name another file with --db")
    remedy = next((remedy for words, remedy in _REMEDIES.items() if words in cause), _REMEDY)
    return DatabaseUnreachableError(f"cannot open the database {shown}: {cause}; {remedy}")


def first_line(failure: BaseException | None) -> str:
    """Return the first line of what the driver says."""
    cause = _driver_error(failure)
    message = str(cause).strip() or type(cause).__name__
    return message.splitlines()[0].strip()[:300]


def _driver_error(failure: BaseException | None) -> BaseException | None:
    return failure.orig if isinstance(failure, DBAPIError) else failure


def _sqlite_code(cause: BaseException | None) -> int:
    return getattr(cause, "sqlite_errorcode", 0) if isinstance(cause, sqlite3.Error) else 0
