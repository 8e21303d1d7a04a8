"""The ledger after the wall clock went back between two runs: pages must not wait until it comes there again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from storage.instants import CLOCKS_DIFFER
from storage.schema.tables import Page, Run


def follow_clock(c: Connection, outlet_id: str, now: datetime) -> timedelta:
    """Move the pages that wait by as much as the clock went back since the outlet's last run. Return by how much.

    That is known as far as the last run was later than now. Nothing is moved for less than CLOCKS_DIFFER.
    """
    last = c.execute(
        select(Run.started_at, Run.ended_at).where(Run.outlet_id == outlet_id).order_by(Run.id.desc()).limit(1)
    ).first()
    set_back = max(filter(None, last)) - now if last else timedelta(0)
    if set_back < CLOCKS_DIFFER:
        return timedelta(0)
    waiting = select(Page.id, Page.next_at).where(Page.outlet_id == outlet_id, Page.next_at > now)
    rows = [{"moved_id": row.id, "moved_to": max(now, row.next_at - set_back)} for row in c.execute(waiting)]
    move = update(Page).where(Page.id == bindparam("moved_id")).values(next_at=bindparam("moved_to"))
    if rows:
        c.execute(move, rows)
    return set_back
