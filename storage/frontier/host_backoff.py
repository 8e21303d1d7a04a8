"""Pauses of hosts: the one that Retry-After asked for, or the back-off after failures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from storage.database import Database, upsert
from storage.instants import steady_now
from storage.schema.tables import Host

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
LONGEST_RETRY_AFTER = timedelta(hours=24)  # by Retry-After. A pause that ends later was set before the clock went back


def host_pause(db: Database, host: str) -> datetime | None:
    """Return the end of the host's pause; None if it is not paused, or if no pause can last until then."""
    with db.read() as c:
        until: datetime | None = c.execute(select(Host.paused_until).where(Host.host == host)).scalar()
    now = steady_now()
    return until if until and now < until <= now + LONGEST_RETRY_AFTER else None


def pause_host(db: Database, host: str, until: datetime, cause: str) -> None:
    """Pause the host for as long as it asked."""
    db.write(lambda c: _save(c, host, paused_until=until, cause=cause))


def host_failed(db: Database, host: str, cause: str) -> datetime:
    """Pause the host for twice as long as the last time: 1, 2, 4, ... minutes, at most 6 hours. Return the end."""

    def work(c: Connection) -> datetime:
        failures = (c.execute(select(Host.failures).where(Host.host == host)).scalar() or 0) + 1
        until: datetime = steady_now() + min(FIRST_PAUSE * 2 ** min(failures - 1, 12), LONGEST_PAUSE)
        _save(c, host, paused_until=until, cause=cause, failures=failures)
        return until

    return db.write(work)


def host_succeeded(db: Database, host: str) -> None:
    """End the host's pause and set its count of failures to zero."""
    values = {"paused_until": None, "cause": None, "failures": 0}
    db.write(lambda c: c.execute(update(Host).where(Host.host == host).values(values)) and None)


def _save(c: Connection, host: str, **values: Any) -> None:
    row = {"host": host, "failures": 0} | values
    c.execute(upsert(c, Host).values(row).on_conflict_do_update(index_elements=["host"], set_=values))
