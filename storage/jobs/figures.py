"""Figures of the store: rows, states, articles by outlet, size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, func, select, text

from storage.database import Database
from storage.schema.tables import Article, Copy, Page


def articles_by_outlet(db: Database, outlet_ids: Sequence[str] = ()) -> tuple[dict[str, int], dict[str, int]]:
    """Return the number of articles without copies, and that of copies, by outlet; of these, or of all outlets."""
    # Apart, and copies by their evidence: both are counted in indexes. For `duplicate_of` SQLite reads all articles.
    every = select(Article.outlet_id, func.count()).group_by(Article.outlet_id)
    if outlet_ids:
        every = every.where(Article.outlet_id.in_(outlet_ids))
    copies = every.where(Article.id.in_(select(Copy.article_id)))
    with db.read() as c:
        by_outlet, copied = _numbers(c, every), _numbers(c, copies)
    return {outlet: number - copied.get(outlet, 0) for outlet, number in by_outlet.items()}, copied


def newest_article_at(db: Database, outlet_id: str) -> datetime | None:
    """Return when an outlet's newest article was published, or first seen if it has no date; None without articles."""
    published = select(func.max(Article.published_at)).where(Article.outlet_id == outlet_id)
    undated = (
        select(Article.first_seen_at)
        .where(Article.outlet_id == outlet_id, Article.published_at.is_(None))
        .order_by(Article.id.desc())
        .limit(1)
    )
    with db.read() as c:
        known = [at for at in (c.execute(published).scalar(), c.execute(undated).scalar()) if at is not None]
    return max(known, default=None)


def store_stats(db: Database) -> dict[str, dict[str, int]]:
    """Return the rows of each table, pages by state, pages, articles and copies by outlet, and the size in bytes."""
    pages = select(Page.outlet_id, func.count()).group_by(Page.outlet_id)
    articles = select(Article.outlet_id, func.count()).group_by(Article.outlet_id)
    with db.read() as c:
        rows = {
            table.name: c.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Page.metadata.sorted_tables
        }
        return {
            "rows": rows,
            "states": _numbers(c, select(Page.state, func.count()).group_by(Page.state)),
            "pages": _numbers(c, pages),
            "articles": _numbers(c, articles.where(Article.duplicate_of.is_(None))),
            "copies": _numbers(c, articles.where(Article.duplicate_of.is_not(None))),
            "bytes": {"database": database_bytes(c)},
        }


def _numbers(c: Connection, statement: Select[str, int]) -> dict[str, int]:
    return {name: n for name, n in c.execute(statement)}  # noqa: C416 - a Row is no pair to mypy


def database_bytes(c: Connection) -> int:
    """Return the size of the database on the disk."""
    if c.dialect.name == "postgresql":
        return int(c.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages, size = (c.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size"))
    return int(pages) * int(size)
