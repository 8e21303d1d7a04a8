"""The elements that hold an outlet's articles, as crawls have learned them. Each crawl begins with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.database import Database, upsert
from storage.schema.tables import Container


@dataclass(frozen=True, slots=True)
class LearnedContainer:
    """A container of an outlet. `changed_at`: since when its pages no longer have it; None if they still do."""

    path: str
    plain: bool
    learned_at: datetime
    verified_at: datetime
    changed_at: datetime | None


def list_containers(db: Database, outlet_id: str) -> list[LearnedContainer]:
    """Return all containers of an outlet: valid ones first, then the newest first."""
    columns = (Container.path, Container.plain, Container.learned_at, Container.verified_at, Container.changed_at)
    statement = select(*columns).where(Container.outlet_id == outlet_id).order_by(Container.learned_at.desc())
    with db.read() as c:
        containers = [LearnedContainer(*row) for row in c.execute(statement)]
    return sorted(containers, key=lambda container: container.changed_at is not None)


def save_container_event(db: Database, outlet_id: str, path: str, plain: bool, event: str, now: datetime) -> None:
    """Save what a page showed of a container. `event`: it was `learned` or `verified`, or the layout has `changed`."""
    row = {
        "outlet_id": outlet_id, "path": path, "plain": plain, "learned_at": now, "verified_at": now,
        "changed_at": now if event == "changed" else None,
    }  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "learned": {"plain": plain, "learned_at": now, "verified_at": now, "changed_at": None},
        "verified": {"verified_at": now, "changed_at": None},
        "changed": {"changed_at": now},
    }

    def work(c: Connection) -> None:
        insert = upsert(c, Container)
        c.execute(insert.on_conflict_do_update(index_elements=["outlet_id", "path"], set_=changes[event]), [row])

    db.write(work)
