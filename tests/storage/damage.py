"""Damage done to the file of an SQLite store that nothing has open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def overwrite_root(file: Path, table: str) -> None:
    """Overwrite the root page of a table."""
    with closing(sqlite3.connect(file)) as c:
        c.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = c.execute("PRAGMA page_size").fetchone()
        (root,) = c.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    with file.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(b"\xff" * size)


def cut_off(file: Path) -> None:
    """Leave the first half of a file."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
