"""Finished windows of backfills: a second call of the same backfill skips them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, select

from storage.database import Database, upsert
from storage.schema.tables import BackfillWindow, Run

SETTLED = timedelta(days=2)  # news of yesterday may be announced today


@dataclass(frozen=True, slots=True)
class FinishedWindow:
    """Days that were backfilled to their end. `seed_kind`: the only kind of seed that was asked; None: all kinds."""

    first: date
    last: date
    done_at: datetime
    seed_kind: str | None = None

    def settles(self, day: date) -> bool:
        """Return whether the outlet had announced the whole day when the window was finished."""
        return self.first <= day <= min(self.last, self.done_at.date() - SETTLED)


def finished_windows(db: Database, outlet_id: str) -> list[FinishedWindow]:
    """Return every window of the outlet that was backfilled to its end, oldest first."""
    columns = (BackfillWindow.first, BackfillWindow.last, BackfillWindow.done_at, Run.parameters)
    statement = select(*columns).outerjoin(Run, Run.id == BackfillWindow.run_id)
    with db.read() as c:
        rows = c.execute(
            statement.where(BackfillWindow.outlet_id == outlet_id).order_by(BackfillWindow.first, BackfillWindow.last)
        )
        return [
            FinishedWindow(row.first, row.last, row.done_at, (row.parameters or {}).get("seed_kind")) for row in rows
        ]


def mark_window_finished(db: Database, outlet_id: str, first: date, last: date, run_id: int) -> None:
    """Record that every page that the outlet's seeds announce for these days has an outcome."""
    values = {"run_id": run_id, "done_at": datetime.now(UTC)}
    row = {"outlet_id": outlet_id, "first": first, "last": last} | values

    def work(c: Connection) -> None:
        keys = ["outlet_id", "first", "last"]
        c.execute(upsert(c, BackfillWindow).values(row).on_conflict_do_update(index_elements=keys, set_=values))

    db.write(work)
