"""Archived pages that are extracted again: which there are, and their outcomes.

A second extraction is not a visit: a page keeps its validators and the time of its next visit. An article whose words
stay the same gets the new values of its other fields (date, authors and so on) without a revision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from storage.articles.write import PreparedArticle, refresh_fields
from storage.codec import hints_from_json
from storage.database import Database
from storage.frontier import Extracted, FinishedPage, Outcome, Run, finish_in_transaction, prepare_articles
from storage.model import Hints
from storage.schema import tables
from storage.schema.tables import Page, PageAddress
from storage.shared_clock import shared_now
from storage.urls import canonical_url, url_key
from storage.warc import Place

CHUNK = 500
# Columns that only a visit may change.
_OF_A_VISIT = ("next_at", "etag", "last_modified", "looks", "attempts", "full_text")


@dataclass(frozen=True, slots=True)
class PageRange:
    """Pages whose ids are higher than `after`, and not higher than `last`, if that is given."""

    after: int = 0
    last: int | None = None


EVERYTHING = PageRange()


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page whose raw answer is in the archive."""

    page_id: int
    outlet_id: str
    url: str  # the address that answered
    hints: Hints
    place: Place
    fetched_at: datetime
    http_status: int | None


def archived_pages(
    db: Database, outlets: tuple[str, ...] = (), pages: PageRange = EVERYTHING
) -> Iterator[ArchivedPage]:
    """Yield the pages of the range that have a raw answer, by id; of these outlets or of all."""
    while True:
        chunk = select(Page.__table__).where(is_archived(outlets, pages)).order_by(Page.id).limit(CHUNK)
        with db.read() as c:
            rows = c.execute(chunk).all()
        if not rows:
            return
        yield from map(_page, rows)
        pages = PageRange(rows[-1].id, pages.last)


def count_archived_pages(db: Database, outlets: tuple[str, ...] = (), pages: PageRange = EVERYTHING) -> int:
    """Return the number of pages that `archived_pages` yields."""
    with db.read() as c:
        return c.execute(select(func.count()).select_from(Page).where(is_archived(outlets, pages))).scalar_one()


def is_archived(outlets: tuple[str, ...], pages: PageRange) -> ColumnElement[bool]:
    """Return the condition that a page has a raw answer, and is of the range and of these outlets, or of any."""
    parts = [Page.id > pages.after, Page.warc_file.is_not(None), Page.http_status.between(200, 299)]
    if pages.last is not None:
        parts.append(Page.id <= pages.last)
    if outlets:
        parts.append(Page.outlet_id.in_(outlets))
    return and_(*parts)


def _page(row: Any) -> ArchivedPage:
    place = Place(row.warc_file, row.warc_offset, row.warc_length)
    hints = hints_from_json(row.hints)
    return ArchivedPage(row.id, row.outlet_id, row.final_url or row.url, hints, place, row.fetched_at, row.http_status)


def finish_reextracted(db: Database, run: Run, pages: Sequence[FinishedPage]) -> list[Outcome]:
    """Finish pages that were extracted again, in one transaction. A page that a crawl holds is left to the crawl."""
    prepared = prepare_articles(pages)
    return db.write(lambda c: _finish(c, run, pages, prepared), alone=True)


def _finish(
    c: Connection, run: Run, pages: Sequence[FinishedPage], prepared: Mapping[int, PreparedArticle]
) -> list[Outcome]:
    ids = [page.page_id for page in pages]
    free = and_(Page.id.in_(ids), Page.lease_run_id.is_(None))
    before = {row.id: row for row in c.execute(select(Page.__table__).where(free).with_for_update())}
    c.execute(update(Page).where(Page.id.in_(before)).values(lease_run_id=run.id, lease_alone=False))
    outcomes = finish_in_transaction(c, run, pages, prepared, datetime.now(UTC))
    for row in before.values():
        c.execute(update(Page).where(Page.id == row.id).values({name: getattr(row, name) for name in _OF_A_VISIT}))
    for page, outcome in zip(pages, outcomes, strict=True):
        if isinstance(page.result, Extracted) and outcome.state in ("unchanged", "duplicate"):
            refresh_fields(c, page.page_id, prepared[page.page_id].columns)
    return outcomes


def known_captures(db: Database, captures: Sequence[tuple[str, datetime]]) -> set[tuple[str, datetime]]:
    """Return those of the captures (address, time of fetching) that would bring nothing new.

    A page that holds an article is known up to the time it was last fetched. One that was rejected is known by the
    very same capture alone: an earlier one may show the article that is now gone, or behind a wall. One that was cut
    off is never known, since another file may hold it whole.
    """
    keys = {url: url_key(canonical_url(url)) for url, _ in captures}
    columns = (PageAddress.url_key, Page.fetched_at, Page.article_id, Page.state, Page.reason)
    of_keys = PageAddress.url_key.in_(list(set(keys.values())))
    pages = select(*columns).join(Page, Page.id == PageAddress.page_id)
    with db.read() as c:
        rows = c.execute(pages.where(of_keys, PageAddress.declared.is_(False), Page.fetched_at.is_not(None)))
        known = {row.url_key: row for row in rows}
    return {(url, at) for url, at in captures if (row := known.get(keys[url])) and _is_known(row, at)}


def _is_known(page: Any, at: datetime) -> bool:
    if page.article_id is not None:
        return bool(page.fetched_at >= at)
    return bool(page.state == "rejected" and page.reason != "truncated" and page.fetched_at == at)


def save_progress(db: Database, run: Run, counts: dict[str, Any]) -> None:
    """Save the progress of a run: for whoever watches it, and for the run that continues it."""
    saved = update(tables.Run).where(tables.Run.id == run.id)
    db.write(lambda c: c.execute(saved.values(counts=counts, beat_at=shared_now(c))) and None)


def unfinished_counts(db: Database, kind: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the counts of the last run of this kind with these parameters that has some; empty if one has completed.

    A run that continued another one and died before it saved any progress has no counts: those before it hold.
    """
    columns = (tables.Run.state, tables.Run.parameters, tables.Run.counts)
    without_outlet = or_(tables.Run.outlet_id.is_(None), tables.Run.outlet_id == "")
    runs = select(*columns).where(tables.Run.kind == kind, without_outlet).order_by(tables.Run.id.desc())
    with db.read() as c:
        for row in c.execute(runs):
            if row.parameters != parameters:
                continue
            if row.state == "completed":
                return {}
            if row.counts:
                return dict(row.counts)
    return {}
