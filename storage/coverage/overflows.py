"""Recorded overflows of feeds: spans that a feed had dropped before anybody looked again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from storage.database import Database
from storage.schema.tables import Base


@dataclass(frozen=True, slots=True)
class Overflow:
    """A span that a feed may have left out: from the newest entry of one look to the oldest entry of the next.

    `first_number`, `last_number`: ids of the outlet's counter that are left to request, if it has a counter.
    """

    seed_url: str
    since: datetime
    until: datetime
    found_at: datetime
    first_number: int | None = None
    last_number: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the overflow as a JSON object."""
        return asdict(self)


def open_overflows(db: Database, outlet_id: str, start: datetime, end: datetime) -> list[Overflow]:
    """Return the overflows that nobody has closed and that touch the time from `start` to `end`, oldest first."""
    gaps = _gaps()
    if gaps is None:
        return []
    touching = select(*(gaps.c[field.name] for field in fields(Overflow) if field.name in gaps.c)).where(
        gaps.c.outlet_id == outlet_id, gaps.c.closed_at.is_(None), gaps.c.until >= start, gaps.c.since < end
    )
    with db.read() as c:
        return [Overflow(*row) for row in c.execute(touching.order_by(gaps.c.since))]


def _gaps() -> Table | None:
    """Return the table of overflows; None in a schema that records none."""
    return Base.metadata.tables.get("gaps")
