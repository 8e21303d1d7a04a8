"""Is the store as this program left it? Found out without SQLAlchemy, whose import takes a quarter of a second."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from storage.schema.versions import head

_SQLITE = "sqlite:///"


def is_current(url: str) -> bool:
    """Return True for an SQLite file that can be written and has this program's version.

    False says nothing: whatever is not plainly so is for `open_database`, which upgrades, or names what is wrong.
    """
    return _answers(url, "SELECT version_num FROM alembic_version", (head(),))


def has_no_watches(url: str) -> bool:
    """Return True for an SQLite file without saved searches. False says nothing, as for `is_current`."""
    return _answers(url, "SELECT count(*) FROM watches", (0,))


def has_no_removed_outlets(url: str) -> bool:
    """Return True if the url is an SQLite file that does not exist, or in which no outlet was taken down as a whole.

    False says nothing, as for `is_current`.
    """
    if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE).partition("?")[0]).exists():
        return True
    return _answers(url, "SELECT count(*) FROM outlets WHERE removed_at IS NOT NULL", (0,))


def _answers(url: str, query: str, row: tuple[object, ...]) -> bool:
    """Return True if the url is an SQLite file that can be written, and answers the query by this row alone."""
    file = Path(url.removeprefix(_SQLITE))
    if not url.startswith(_SQLITE) or "?" in url or not file.is_file():
        return False
    if not (os.access(file, os.W_OK) and os.access(file.absolute().parent, os.W_OK)):
        return False
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True)) as connection:
            return connection.execute(query).fetchall() == [row]
    except sqlite3.Error:
        return False
