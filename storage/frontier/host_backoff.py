"""Pauses of hosts: the one that Retry-After asked for, or the back-off after failures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, not_, or_, select, update

from storage.database import Database, upsert
from storage.instants import steady_now
from storage.schema.tables import Host

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
LONGEST_RETRY_AFTER = timedelta(hours=24)  # by Retry-After. A pause that ends later was set before the clock went back


def host_pause(db: Database, host: str) -> datetime | None:
    """Return the end of the host's pause; None if it is not paused, or if no pause can last until then."""
    now = steady_now()
    query = select(Host.paused_until).where(Host.host == host, _is_paused(now))
    with db.read() as c:
        until: datetime | None = c.execute(query).scalar()
    return until


def pause_host(db: Database, host: str, until: datetime, cause: str) -> datetime:
    """Pause the host for as long as it asked, or until the end of its present pause if that is later.

    Return the end.
    """
    return db.write(lambda c: _pause(c, host, until, cause))


def host_failed(db: Database, host: str, cause: str) -> datetime:
    """Pause the host for twice as long as the last time: 1, 2, 4, ... minutes, at most 6 hours. Return the end.

    A pause that ends later stays.
    """

    def work(c: Connection) -> datetime:
        failures = (c.execute(select(Host.failures).where(Host.host == host)).scalar() or 0) + 1
        until = steady_now() + min(FIRST_PAUSE * 2 ** min(failures - 1, 12), LONGEST_PAUSE)
        return _pause(c, host, until, cause, failures=failures)

    return db.write(work)


def host_succeeded(db: Database, host: str) -> None:
    """Set the host's count of failures to zero. While it is paused, nothing changes: another process paused it."""
    values = {"paused_until": None, "cause": None, "failures": 0}
    over = or_(Host.paused_until.is_(None), not_(_is_paused(steady_now())))
    db.write(lambda c: c.execute(update(Host).where(Host.host == host, over).values(values)) and None)


def _is_paused(now: datetime) -> ColumnElement[bool]:
    return and_(Host.paused_until > now, Host.paused_until <= now + LONGEST_RETRY_AFTER)


def _pause(c: Connection, host: str, until: datetime, cause: str, **values: Any) -> datetime:
    """Pause the host; of the present pause and this one, the later end holds, with its cause. Return that end."""
    stays = and_(_is_paused(steady_now()), Host.paused_until > until)
    later = {
        "paused_until": case((stays, Host.paused_until), else_=until),
        "cause": case((stays, Host.cause), else_=cause),
    }
    row = {"host": host, "failures": 0, "paused_until": until, "cause": cause} | values
    insert = upsert(c, Host).values(row).on_conflict_do_update(index_elements=["host"], set_=later | values)
    end = c.execute(insert.returning(Host.paused_until)).scalar_one()
    assert end is not None
    return end
