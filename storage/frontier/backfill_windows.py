"""Finished windows of backfills: a second call of the same backfill skips them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Connection, select

from storage.database import Database, upsert
from storage.schema.tables import BackfillWindow


def finished_windows(db: Database, outlet_id: str) -> set[tuple[date, date]]:
    """Return (first day, last day) of every window of the outlet that was backfilled to its end."""
    with db.read() as c:
        rows = c.execute(select(BackfillWindow.first, BackfillWindow.last).where(BackfillWindow.outlet_id == outlet_id))
        return {(row.first, row.last) for row in rows}


def mark_window_finished(db: Database, outlet_id: str, first: date, last: date, run_id: int) -> None:
    """Record that every page that the outlet's seeds announce for these days has an outcome."""
    values = {"run_id": run_id, "done_at": datetime.now(UTC)}
    row = {"outlet_id": outlet_id, "first": first, "last": last} | values

    def work(c: Connection) -> None:
        keys = ["outlet_id", "first", "last"]
        c.execute(upsert(c, BackfillWindow).values(row).on_conflict_do_update(index_elements=keys, set_=values))

    db.write(work)
