"""Leases: pages that a run has taken out of the ledger, and the ways in which they go back without an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, update

from .database import Database
from .hints import hints_from_json
from .records import Hints
from .tables import Page

if TYPE_CHECKING:
    from .runs import Run

SUSPECT = 2  # deaths of a run while it held the page: from then on the page is handed out alone
POISON = 3  # deaths while the page was alone: it is the cause


@dataclass(frozen=True, slots=True)
class Lease:
    """A page handed out to a run. `alone`: nothing else may be under way beside it, it is suspected of killing runs."""

    page_id: int
    url: str
    hints: Hints
    etag: str | None
    last_modified: str | None
    attempts: int
    alone: bool
    known_article: bool


def due_pages(run: Run, *, only_seen_by_run: bool, lane: str | None) -> ColumnElement[bool]:
    """The pages that the run may lease, now or later: the predicate of `lease` and `next_due`."""
    parts = [Page.outlet_id == run.outlet_id, Page.next_at.is_not(None), Page.lease_run_id.is_(None)]
    if only_seen_by_run:
        parts.append(Page.seen_run_id == run.id)
    if lane:
        parts.append(Page.lane == lane)
    return and_(*parts)


def lease(
    db: Database, run: Run, limit: int, *, now: datetime, only_seen_by_run: bool = False, lane: str | None = "news"
) -> list[Lease]:
    """Up to `limit` due pages, newest first. Suspects come last, one at a time."""
    due = and_(due_pages(run, only_seen_by_run=only_seen_by_run, lane=lane), Page.next_at <= now)

    def work(c: Connection) -> list[Lease]:
        found = _take(c, run, and_(due, Page.deaths < SUSPECT), limit, alone=False)
        return found or _take(c, run, and_(due, Page.deaths >= SUSPECT), 1, alone=True)

    return db.write(work)


def _take(c: Connection, run: Run, which: ColumnElement[bool], limit: int, *, alone: bool) -> list[Lease]:
    wanted = (
        select(Page.id)
        .where(which)
        .order_by(Page.dated_at.is_(None), Page.dated_at.desc(), Page.id.desc())
        .limit(limit)
    ).with_for_update(skip_locked=True)
    ids = list(c.execute(wanted).scalars())
    if not ids:
        return []
    rows = c.execute(
        update(Page).where(Page.id.in_(ids)).values(lease_run_id=run.id, lease_alone=alone).returning(
            Page.id, Page.url, Page.hints, Page.etag, Page.last_modified, Page.attempts, Page.article_id
        )
    ).all()  # fmt: skip
    by_id = {row.id: row for row in rows}
    return [_lease(by_id[page_id], alone) for page_id in ids if page_id in by_id]


def _lease(row: Any, alone: bool) -> Lease:
    return Lease(
        row.id,
        row.url,
        hints_from_json(row.hints),
        row.etag,
        row.last_modified,
        row.attempts,
        alone,
        row.article_id is not None,
    )


def next_due(db: Database, run: Run, *, only_seen_by_run: bool = False) -> datetime | None:
    """When the next of the run's pages becomes due; None if nothing waits."""
    lane = None if only_seen_by_run else "news"
    with db.read() as c:
        return c.execute(
            select(func.min(Page.next_at)).where(due_pages(run, only_seen_by_run=only_seen_by_run, lane=lane))
        ).scalar()


def put_back_all(db: Database, run: Run) -> int:
    """Give back every lease of the run; how many there were."""
    return db.write(lambda c: put_back(c, run.id))


def put_back(c: Connection, run_id: int) -> int:
    return len(
        c.execute(update(Page).where(Page.lease_run_id == run_id).values(lease_run_id=None).returning(Page.id)).all()
    )


def put_back_dead(c: Connection, run_id: int, now: datetime) -> int:
    """Give back the leases of a run that died, each with a death on its account."""
    held = Page.lease_run_id == run_id
    solo = Page.solo_deaths + case((Page.lease_alone, 1), else_=0)
    back = c.execute(
        update(Page)
        .where(held)
        .values(deaths=Page.deaths + 1, solo_deaths=solo, lease_run_id=None)
        .returning(Page.id, Page.solo_deaths)
    ).all()
    poison = [row.id for row in back if row.solo_deaths >= POISON]
    if poison:
        detail = f"the run died {POISON} times while it worked on this page alone"
        c.execute(
            update(Page)
            .where(Page.id.in_(poison))
            .values(state="failed", reason="poison", detail=detail, next_at=None, fetched_at=now)
        )
    return len(back)
