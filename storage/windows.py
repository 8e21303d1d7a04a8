"""Windows of backfills that are done: what a second call of the same backfill skips."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from .database import Database
from .tables import BackfillWindow


def done(db: Database, outlet_id: str) -> set[tuple[date, date]]:
    """The (first day, last day) of every window that was backfilled to its end."""
    with db.read() as c:
        rows = c.execute(select(BackfillWindow.first, BackfillWindow.last).where(BackfillWindow.outlet_id == outlet_id))
        return {(row.first, row.last) for row in rows}


def mark_done(db: Database, outlet_id: str, first: date, last: date, run_id: int) -> None:
    """Note that every page that the outlet's seeds announce for these days has ended."""
    make = pg_insert if db.dialect == "postgresql" else sqlite_insert
    values = {"run_id": run_id, "done_at": datetime.now(UTC)}
    row = {"outlet_id": outlet_id, "first": first, "last": last} | values
    statement = (
        make(BackfillWindow)
        .values(row)
        .on_conflict_do_update(index_elements=["outlet_id", "first", "last"], set_=values)
    )
    db.write(lambda c: c.execute(statement) and None)
