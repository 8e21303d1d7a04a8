"""Finished windows of backfills: a second call of the same backfill skips them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

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

    @property
    def of_all_seeds(self) -> bool:
        """Whether all seeds were asked that serve these days: no other backfill can find more."""
        return self.seed_kind is None

    def settles(self, day: date) -> bool:
        """Return whether the outlet had announced the whole day when the window was finished."""
        return self.first <= day <= min(self.last, self.done_at.date() - SETTLED)


def finished_windows(db: Database, outlet_id: str) -> list[FinishedWindow]:
    """Return every window of the outlet that was backfilled to its end, oldest first."""
    with db.read() as c:
        found = c.execute(_windows(outlet_id).order_by(BackfillWindow.first, BackfillWindow.last))
        return list(map(_window, found))


def _windows(outlet_id: str) -> Select[Any]:
    columns = (BackfillWindow.first, BackfillWindow.last, BackfillWindow.done_at, Run.parameters)
    joined = select(*columns).outerjoin(Run, Run.id == BackfillWindow.run_id)
    return joined.where(BackfillWindow.outlet_id == outlet_id)


def _window(row: Row[Any]) -> FinishedWindow:
    return FinishedWindow(row.first, row.last, row.done_at, _seed_kind(row.parameters))


def _seed_kind(parameters: dict[str, Any] | None) -> str | None:
    kind: str | None = (parameters or {}).get("seed_kind")
    return kind


def mark_window_finished(db: Database, outlet_id: str, first: date, last: date, run_id: int) -> None:
    """Record that every page that the outlet's seeds announce for these days has an outcome.

    A window that was finished by all seeds stays as it is if this run asked one kind of them only.
    """
    values = {"run_id": run_id, "done_at": datetime.now(UTC)}
    row = {"outlet_id": outlet_id, "first": first, "last": last} | values

    def work(c: Connection) -> None:
        parameters = c.execute(select(Run.parameters).where(Run.id == run_id)).scalar()
        same_days = (BackfillWindow.first == first, BackfillWindow.last == last)
        earlier = c.execute(_windows(outlet_id).where(*same_days)).first()
        if _seed_kind(parameters) is not None and earlier is not None and _window(earlier).of_all_seeds:
            return
        keys = ["outlet_id", "first", "last"]
        c.execute(upsert(c, BackfillWindow).values(row).on_conflict_do_update(index_elements=keys, set_=values))

    db.write(work)
