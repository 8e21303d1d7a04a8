"""What became of pages, for a part of the run that announced them and waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update

from storage.database import Database
from storage.frontier.runs import Run
from storage.instants import steady_now
from storage.model import Link
from storage.removed import removed_addresses
from storage.schema.tables import Article, Page, PageAddress
from storage.urls import canonical_url, url_key


@dataclass(frozen=True, slots=True)
class PageNow:
    """The present state of a page. `pending`: the run works on it, or it is due."""

    state: str
    pending: bool
    published_at: datetime | None


def page_now(db: Database, run: Run, url: str) -> PageNow | None:
    """Return the page that is known by the address; None if there is none."""
    with db.read() as c:
        row = c.execute(
            select(Page.state, Page.next_at, Page.lease_run_id, Article.published_at)
            .join(PageAddress, PageAddress.page_id == Page.id)
            .outerjoin(Article, Article.id == Page.article_id)
            .where(PageAddress.url_key == url_key(canonical_url(url)), PageAddress.declared.is_(False))
            .order_by(Page.id)
        ).first()
    if row is None:
        return None
    due = row.next_at is not None and row.next_at <= steady_now()
    return PageNow(row.state, row.lease_run_id == run.id or (due and row.lease_run_id is None), row.published_at)


def lease_first(db: Database, url: str) -> None:
    """Lease the page at the address before all others of its outlet, if it is due."""
    mine = and_(Page.url_key == url_key(canonical_url(url)), Page.next_at.is_not(None))
    db.write(lambda c: c.execute(update(Page).where(mine).values(dated_at=steady_now())) and None)


def any_pending(db: Database, run: Run) -> bool:
    """Return True while the run works on pages, or pages that its seeds announced are due."""
    with db.read() as c:
        return c.execute(select(Page.id).where(_pending(run)).limit(1)).first() is not None


def _pending(run: Run) -> ColumnElement[bool]:
    due = and_(Page.seen_run_id == run.id, Page.lease_run_id.is_(None), Page.next_at <= steady_now())
    return or_(Page.lease_run_id == run.id, due)


def brings_text(db: Database, links: Sequence[Link]) -> bool:
    """Return True if the ledger can use the text in an answer: of a page that is new, or waits, or was edited."""
    keys = {url_key(canonical_url(link.url)): link for link in links if link.full_text}
    if not keys:
        return False
    with db.read() as c:
        rows = c.execute(
            select(PageAddress.url_key, Page.next_at, Page.fetched_at, Page.modified_at)
            .join(Page, Page.id == PageAddress.page_id)
            .where(PageAddress.url_key.in_(list(keys)), PageAddress.declared.is_(False))
        ).all()
    if len({row.url_key for row in rows}) < len(keys):
        return True
    return any(row.next_at or _edited(keys[row.url_key], row.fetched_at, row.modified_at) for row in rows)


def holds_removed(db: Database, links: Sequence[Link]) -> bool:
    """Return True if one of the links leads to a page that was taken down: an answer with its text is not kept."""
    keys = [url_key(canonical_url(link.url)) for link in links if link.full_text]
    with db.read() as c:
        return bool(removed_addresses(c, keys))


def _edited(link: Link, fetched_at: datetime | None, known: datetime | None) -> bool:
    edited = link.hints.modified
    return edited is not None and fetched_at is not None and edited > max(fetched_at, known or fetched_at)
