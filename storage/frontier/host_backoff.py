"""Hosts that are left alone for a while: what Retry-After asked for, or the back-off after failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from storage.database import Database, upsert
from storage.schema.tables import Host

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


def host_pause(db: Database, host: str) -> datetime | None:
    """Until when the host is left alone; None if it is not."""
    with db.read() as c:
        until: datetime | None = c.execute(select(Host.paused_until).where(Host.host == host)).scalar()
    return until if until and until > datetime.now(UTC) else None


def pause(db: Database, host: str, until: datetime, cause: str) -> None:
    """Leave the host alone until then, because it asked for it."""
    db.write(lambda c: _keep(c, host, paused_until=until, cause=cause))


def failing(db: Database, host: str, cause: str) -> datetime:
    """Leave the host alone for longer than the last time: 1, 2, 4, ... minutes, at most 6 hours. Returns until when."""

    def work(c: Connection) -> datetime:
        failures = (c.execute(select(Host.failures).where(Host.host == host)).scalar() or 0) + 1
        until: datetime = datetime.now(UTC) + min(FIRST_PAUSE * 2 ** min(failures - 1, 12), LONGEST_PAUSE)
        _keep(c, host, paused_until=until, cause=cause, failures=failures)
        return until

    return db.write(work)


def succeeded(db: Database, host: str) -> None:
    """The host answers again: no pause, no failures on its account."""
    db.write(
        lambda c: (
            c.execute(update(Host).where(Host.host == host).values(paused_until=None, cause=None, failures=0)) and None
        )
    )


def _keep(c: Connection, host: str, **values: Any) -> None:
    c.execute(
        upsert(c, Host)
        .values(host=host, **({"failures": 0} | values))
        .on_conflict_do_update(index_elements=["host"], set_=values)
    )
