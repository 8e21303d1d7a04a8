"""The clock by which machines that share a store tell each other that they are alive."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select


def shared_now(c: Connection) -> datetime:
    """Return the time by the clock of the database server; for SQLite, by that of this machine."""
    if c.dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = c.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)
