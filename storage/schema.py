"""The version of the tables, and migrations from one to the next. Alembic is loaded only when there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"  # the newest of migrations/versions; a test holds the two together
LOCK = 0x7072_6573_7372_0001  # PostgreSQL's advisory lock for migrations

_FOLDER = Path(__file__).resolve().parent / "migrations"


def current(conn: Connection) -> str | None:
    """The version of the database; None if it holds no tables of ours."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found is not None else None


def known() -> frozenset[str]:
    """All versions that this Pressrun can read."""
    return frozenset(path.name.split("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def upgrade(conn: Connection, to: str = "head") -> None:
    """Bring the tables up, within the caller's transaction: all of it or nothing, one process at a time."""
    from alembic import command

    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if current(conn) != HEAD:  # another process may just have done it
        command.upgrade(_config(conn), to)


def downgrade(conn: Connection, to: str) -> None:
    """Take the tables back to an older version ("base" for none), within the caller's transaction."""
    from alembic import command

    command.downgrade(_config(conn), to)


def _config(conn: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    return config
