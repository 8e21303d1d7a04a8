"""Leases: pages that a run has taken out of the ledger, and the ways in which they go back without an outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select, update

from storage.database import Database
from storage.errors import HoldLostError
from storage.frontier.hints import hints_from_json
from storage.frontier.put_back import SUSPECT, put_back
from storage.frontier.runs import Run
from storage.model import Hints
from storage.schema.tables import Page
from storage.schema.tables import Run as RunRow


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
    """Up to `limit` due pages, newest first. Suspects come last, one at a time, when the run holds nothing else.

    HoldLostError if another run has taken the outlet over meanwhile.
    """
    due = and_(due_pages(run, only_seen_by_run=only_seen_by_run, lane=lane), Page.next_at <= now)
    newest = (Page.dated_at.desc(), Page.id.desc())

    def work(c: Connection) -> list[Lease]:
        _check_hold(c, run.id)
        if found := _take(c, run, and_(due, Page.deaths < SUSPECT), newest, limit, alone=False):
            return found
        if c.execute(select(literal(1)).where(Page.lease_run_id == run.id).limit(1)).first():
            return []
        # The least suspect first: one poisonous page must not take the others with it.
        return _take(c, run, and_(due, Page.deaths >= SUSPECT), (Page.solo_deaths, Page.deaths, *newest), 1, alone=True)

    return db.write(work)


def _check_hold(c: Connection, run_id: int) -> None:
    if c.execute(select(RunRow.state).where(RunRow.id == run_id)).scalar() != "running":
        raise HoldLostError(run_id)


def _take(
    c: Connection, run: Run, which: ColumnElement[bool], order: Iterable[Any], limit: int, *, alone: bool
) -> list[Lease]:
    wanted = select(Page.id).where(which).order_by(*order).limit(limit).with_for_update(skip_locked=True)
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
        page_id=row.id,
        url=row.url,
        hints=hints_from_json(row.hints),
        etag=row.etag,
        last_modified=row.last_modified,
        attempts=row.attempts,
        alone=alone,
        known_article=row.article_id is not None,
    )


def next_due(db: Database, run: Run, *, only_seen_by_run: bool = False) -> datetime | None:
    """When the next of the run's pages becomes due; None if nothing waits."""
    lane = None if only_seen_by_run else "news"
    with db.read() as c:
        found: datetime | None = c.execute(
            select(func.min(Page.next_at)).where(due_pages(run, only_seen_by_run=only_seen_by_run, lane=lane))
        ).scalar()
    return found


def put_back_all(db: Database, run: Run) -> int:
    """Give back every lease of the run; how many there were."""
    return db.write(lambda c: put_back(c, run.id))
