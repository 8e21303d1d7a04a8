"""Numbers of an outlet's counter that a run tries: pages that no seed announced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.database import Database
from storage.frontier.discovery import Discovery, discover
from storage.frontier.numbers import ID_RANGE, pages_numbered
from storage.frontier.results import OTHER_LANGUAGE
from storage.frontier.runs import Run
from storage.frontier.seed_documents import SeedFetch
from storage.instants import steady_now
from storage.model import Link
from storage.schema.tables import UNDATED, Article, Page

_COLUMNS = (
    Page.id, Page.number, Page.state, Page.reason, Page.next_at, Page.lease_run_id, Page.dated_at, Page.article_id,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TriedPage:
    """The page of a number. `due`: the run is to fetch it, or is doing so; else it is as an earlier run left it.

    `published_at`: as the page itself says, whether it was stored or is in another language; None if unknown.
    """

    page_id: int
    number: int
    due: bool
    state: str
    reason: str | None
    published_at: datetime | None


def try_numbers(
    db: Database, run: Run, seed_url: str, links: Sequence[Link], *, refetch: bool = False, lane: str = "news"
) -> tuple[Discovery, list[TriedPage]]:
    """Put links with numbers into the ledger, and return their pages as they are now.

    A page that has its outcome becomes due again only with `refetch`.
    """
    found = discover(db, run, SeedFetch(ID_RANGE, seed_url), links, refetch=refetch, lane=lane)
    numbers = [link.number for link in links if link.number is not None]
    now = steady_now()
    with db.read() as c:
        rows = list(pages_numbered(c, run.outlet_id, numbers, *_COLUMNS))
        articles = [row.article_id for row in rows if row.article_id is not None]
        dates = select(Article.id, Article.published_at).where(Article.id.in_(articles))
        published = {row.id: row.published_at for row in c.execute(dates)} if articles else {}
    return found, [_tried(row, run, published.get(row.article_id), now) for row in rows]


def _tried(row: Any, run: Run, published_at: datetime | None, now: datetime) -> TriedPage:
    due = row.lease_run_id == run.id or (row.next_at is not None and row.next_at <= now)
    if row.reason == OTHER_LANGUAGE and row.dated_at != UNDATED:
        published_at = row.dated_at
    return TriedPage(row.id, row.number, due, row.state, row.reason, published_at)
