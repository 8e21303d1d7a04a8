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
    file = Path(url.removeprefix(_SQLITE))
    if not url.startswith(_SQLITE) or "?" in url or not file.is_file():
        return False
    if not (os.access(file, os.W_OK) and os.access(file.absolute().parent, os.W_OK)):
        return False
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True)) as connection:
            return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(head(),)]
    except sqlite3.Error:
        return False
