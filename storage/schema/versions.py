"""The version of the schema, and the migrations from one version to the next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def head() -> str:
    """Return the schema version that this program writes: the newest migration."""
    return max(versions())


def versions() -> frozenset[str]:
    """Return all schema versions that this program knows. The names of the migration files begin with them."""
    return frozenset(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def read_version(connection: Connection) -> str | None:
    """Return the schema version that the database has; None for an empty one."""
    from sqlalchemy import inspect, text

    # Without Alembic: every crawl would wait a quarter of a second for its import.
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def upgrade(connection: Connection, target: str) -> None:
    """Bring the database to a version, in the caller's transaction."""
    from alembic import command

    from storage.ownership import require_owner

    require_owner(connection, "an upgrade of the store")
    command.upgrade(_config(connection), target)


def downgrade(connection: Connection, target: str) -> None:
    """Bring the database back to an older version, in the caller's transaction."""
    from alembic import command

    command.downgrade(_config(connection), target)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
