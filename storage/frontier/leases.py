"""Leases: pages that a run has taken out of the ledger to work on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select, update

from storage.codec import hints_from_json
from storage.database import Database
from storage.errors import HoldLostError
from storage.frontier.numbers import ID_RANGE
from storage.frontier.put_back import SUSPECT, put_back
from storage.frontier.runs import Run
from storage.frontier.sources import COLUMNS
from storage.model import Hints
from storage.schema import tables
from storage.schema.tables import Page
from storage.warc import Place


@dataclass(frozen=True, slots=True)
class Lease:
    """A page that a run may fetch. `alone`: no other page may be under way, because this one may kill runs.

    `tried`: no seed announced it, its number is tried.
    `last_detail`: what the last visit said of its outcome.
    `fetch_url`: where it is fetched from, if not from its own URL. `answer`: the place of a seed's answer that holds
    its whole text, so that it need not be fetched.
    """

    page_id: int
    url: str
    hints: Hints
    etag: str | None
    last_modified: str | None
    attempts: int
    alone: bool
    known_article: bool
    tried: bool = False
    last_detail: str | None = None
    fetch_url: str | None = None
    answer: Place | None = None


def due_pages(run: Run, *, only_seen_by_run: bool, lane: str | None) -> ColumnElement[bool]:
    """Return the predicate of `lease` and `next_due`: the pages that the run may lease, now or later."""
    parts = [Page.outlet_id == run.outlet_id, Page.next_at.is_not(None), Page.lease_run_id.is_(None)]
    if only_seen_by_run:
        parts.append(Page.seen_run_id == run.id)
    if lane:
        parts.append(Page.lane == lane)
    return and_(*parts)


def lease(
    db: Database, run: Run, limit: int, *, now: datetime, only_seen_by_run: bool = False, lane: str | None = "news"
) -> list[Lease]:
    """Lease up to `limit` due pages, newest first. Suspects come last, one at a time, when the run holds nothing else.

    Raises HoldLostError if another run has taken over the outlet.
    """
    due = and_(due_pages(run, only_seen_by_run=only_seen_by_run, lane=lane), Page.next_at <= now)
    newest = (Page.dated_at.desc(), Page.id.desc())

    def work(c: Connection) -> list[Lease]:
        _check_hold(c, run.id)
        leases = _take(c, run, and_(due, Page.deaths < SUSPECT), newest, limit)
        if leases or _holds_any(c, run.id):
            return leases
        return _take_suspect(c, run, due, newest)

    return db.write(work)


def _check_hold(c: Connection, run_id: int) -> None:
    if c.execute(select(tables.Run.state).where(tables.Run.id == run_id)).scalar() != "running":
        raise HoldLostError(run_id)


def _holds_any(c: Connection, run_id: int) -> bool:
    return c.execute(select(literal(1)).where(Page.lease_run_id == run_id).limit(1)).first() is not None


def _take(
    c: Connection, run: Run, due: ColumnElement[bool], order: Iterable[Any], limit: int, *, alone: bool = False
) -> list[Lease]:
    wanted = select(Page.id).where(due).order_by(*order).limit(limit).with_for_update(skip_locked=True)
    page_ids = list(c.execute(wanted).scalars())
    if not page_ids:
        return []
    rows = c.execute(
        update(Page).where(Page.id.in_(page_ids)).values(lease_run_id=run.id, lease_alone=alone).returning(
            Page.id, Page.url, Page.hints, Page.etag, Page.last_modified, Page.attempts, Page.article_id,
            Page.seed_kind, Page.detail,
            *(getattr(Page, name) for name in COLUMNS),
        )
    ).all()  # fmt: skip
    by_id = {row.id: row for row in rows}
    return [_lease(by_id[page_id], alone) for page_id in page_ids if page_id in by_id]


def _take_suspect(c: Connection, run: Run, due: ColumnElement[bool], newest: Iterable[Any]) -> list[Lease]:
    """Lease one suspect alone. The least suspect first, so that one poisonous page does not block the others."""
    order = (Page.solo_deaths, Page.deaths, *newest)
    return _take(c, run, and_(due, Page.deaths >= SUSPECT), order, 1, alone=True)


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
        tried=row.seed_kind == ID_RANGE,
        last_detail=row.detail,
        fetch_url=row.fetch_url,
        answer=Place(row.warc_file, row.warc_offset, row.warc_length) if row.full_text else None,
    )


def next_due(db: Database, run: Run, *, only_seen_by_run: bool = False) -> datetime | None:
    """Return when the next of the run's pages becomes due; None if no page waits."""
    due = due_pages(run, only_seen_by_run=only_seen_by_run, lane=None if only_seen_by_run else "news")
    with db.read() as c:
        next_at: datetime | None = c.execute(select(func.min(Page.next_at)).where(due)).scalar()
    return next_at


def any_undecided(db: Database, run: Run, *, only_seen_by_run: bool = False) -> bool:
    """Return True if a page of the run has no outcome yet, or failed and is to be tried again."""
    due = due_pages(run, only_seen_by_run=only_seen_by_run, lane=None if only_seen_by_run else "news")
    with db.read() as c:
        return c.execute(select(Page.id).where(due, Page.state.in_(("waiting", "failed"))).limit(1)).first() is not None


def put_back_all(db: Database, run: Run) -> int:
    """Put back every lease of the run. Return their number."""
    return db.write(lambda c: put_back(c, run.id))
