"""Which elements hold an outlet's articles, as crawls have learned it: data, so that each crawl begins with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.database import Database, upsert
from storage.schema.tables import Container


@dataclass(frozen=True, slots=True)
class Learned:
    """A container of an outlet. `changed_at`: since when its pages no longer have it; None while it holds."""

    path: str
    plain: bool
    learned_at: datetime
    verified_at: datetime
    changed_at: datetime | None


def learned(db: Database, outlet_id: str) -> list[Learned]:
    """All containers of an outlet, those that hold first, the newest first."""
    columns = (Container.path, Container.plain, Container.learned_at, Container.verified_at, Container.changed_at)
    with db.read() as c:
        rows = c.execute(select(*columns).where(Container.outlet_id == outlet_id).order_by(Container.learned_at.desc()))
        found = [Learned(*row) for row in rows]
    return sorted(found, key=lambda one: one.changed_at is not None)


def keep_lesson(db: Database, outlet_id: str, path: str, plain: bool, event: str, now: datetime) -> None:
    """Keep what a page taught: a container was `learned`, `verified`, or its layout has `changed`."""
    row = {
        "outlet_id": outlet_id, "path": path, "plain": plain, "learned_at": now, "verified_at": now,
        "changed_at": now if event == "changed" else None,
    }  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "learned": {"plain": plain, "learned_at": now, "verified_at": now, "changed_at": None},
        "verified": {"verified_at": now, "changed_at": None},
        "changed": {"changed_at": now},
    }
    fresh = changes[event]

    def work(c: Connection) -> None:
        kept = upsert(c, Container).on_conflict_do_update(index_elements=["outlet_id", "path"], set_=fresh)
        c.execute(kept, [row])

    db.write(work)
