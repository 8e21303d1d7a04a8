"""Queries over the archive of articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from storage.article_fields import from_columns
from storage.database import Database
from storage.model import Article
from storage.schema import tables
from storage.schema.tables import Copy, Page, Revision

CHUNK = 500
_ALL_COLUMNS = select(
    *tables.Article.__table__.columns, Copy.containment, Copy.rule, Copy.rule_version, Copy.by_hand
).outerjoin(Copy, Copy.article_id == tables.Article.id)


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles: of which outlets, published from `first` to `last` (days in UTC, both included).

    Without `copies`, only originals.
    """

    outlets: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    language: str | None = None
    copies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle(Article):
    """An article of the archive. `published.at` is in the outlet's own offset."""

    id: int
    outlet: str
    words: int
    first_seen_at: datetime
    changed_at: datetime
    duplicate_of: int | None
    relation: str | None
    similarity: float | None
    containment: float | None
    rule: str | None
    rule_version: int | None
    by_hand: bool | None

    @property
    def published_at(self) -> datetime | None:
        return self.published.at if self.published else None

    @property
    def published_precision(self) -> str | None:
        return str(self.published.precision) if self.published else None

    @property
    def published_source(self) -> str | None:
        return str(self.published.source) if self.published else None


@dataclass(frozen=True, slots=True)
class ArticleRevision:
    """A text that an article had before."""

    number: int
    title: str
    text: str
    seen_from: datetime
    replaced_at: datetime


def _stored(row: Any) -> StoredArticle:
    return StoredArticle(
        id=row.id, outlet=row.outlet_id, words=row.words, first_seen_at=row.first_seen_at, changed_at=row.changed_at,
        duplicate_of=row.duplicate_of, relation=row.relation, similarity=row.similarity,
        containment=row.containment, rule=row.rule, rule_version=row.rule_version, by_hand=row.by_hand,
        **from_columns(row),
    )  # fmt: skip


def _matches(wanted: ArticleFilter) -> ColumnElement[bool]:
    published_at = tables.Article.published_at
    parts: list[ColumnElement[bool]] = [tables.Article.id > 0]
    if wanted.outlets:
        parts.append(tables.Article.outlet_id.in_(wanted.outlets))
    if wanted.first:
        parts.append(published_at >= datetime.combine(wanted.first, time.min, UTC))
    if wanted.last:
        parts.append(published_at < datetime.combine(wanted.last, time.min, UTC) + timedelta(days=1))
    if wanted.language:
        parts.append(tables.Article.language == wanted.language)
    if not wanted.copies:
        parts.append(tables.Article.duplicate_of.is_(None))
    return and_(*parts)


def iter_articles(
    db: Database, wanted: ArticleFilter | None = None, *, copies: bool = False
) -> Iterator[StoredArticle]:
    """Yield all articles that match, by id, read in chunks. Other writers may write meanwhile."""
    matches = _matches(wanted or ArticleFilter(copies=copies))
    last = 0
    while True:
        with db.read() as c:
            chunk = _ALL_COLUMNS.where(matches, tables.Article.id > last).order_by(tables.Article.id).limit(CHUNK)
            rows = c.execute(chunk).all()
        if not rows:
            return
        yield from map(_stored, rows)
        last = rows[-1].id


def newest_articles(db: Database, wanted: ArticleFilter, limit: int) -> list[StoredArticle]:
    """Return the newest articles that match, by publication; an article without a date counts from its first fetch."""
    with db.read() as c:
        newest = _newest_ids(c, _matches(wanted), limit)
        rows = {row.id: row for row in c.execute(_ALL_COLUMNS.where(tables.Article.id.in_(newest)))}
    return [_stored(rows[article_id]) for article_id in newest]


def _newest_ids(c: Connection, matches: ColumnElement[bool], limit: int) -> list[int]:
    """Return the ids of the newest articles that match.

    Those with a date and those without are looked up apart, each in the order of an index: sorting all articles by
    either date would read the whole archive. Articles are first seen in the order of their ids.
    """
    article = tables.Article
    dated = select(article.id, article.published_at.label("at")).where(matches, article.published_at.is_not(None))
    undated = select(article.id, article.first_seen_at.label("at")).where(matches, article.published_at.is_(None))
    rows = [
        *c.execute(dated.order_by(article.published_at.desc(), article.id.desc()).limit(limit)),
        *c.execute(undated.order_by(article.id.desc()).limit(limit)),
    ]
    return [row.id for row in sorted(rows, key=lambda row: (row.at, row.id), reverse=True)[:limit]]


def count_articles(db: Database, wanted: ArticleFilter) -> int:
    """Return the number of articles that match."""
    with db.read() as c:
        return c.execute(select(func.count()).select_from(tables.Article).where(_matches(wanted))).scalar_one()


def get_article(db: Database, article_id: int) -> StoredArticle | None:
    """Return one article; None if there is none with this id."""
    with db.read() as c:
        row = c.execute(_ALL_COLUMNS.where(tables.Article.id == article_id)).first()
    return _stored(row) if row else None


def copies_of(db: Database, article_id: int) -> list[StoredArticle]:
    """Return the copies of an original, earliest first."""
    copies = _ALL_COLUMNS.where(tables.Article.duplicate_of == article_id)
    with db.read() as c:
        return list(map(_stored, c.execute(copies.order_by(tables.Article.published_at, tables.Article.id))))


def revisions_of(db: Database, article_id: int) -> list[ArticleRevision]:
    """Return the earlier texts of an article, oldest first."""
    columns = (Revision.number, Revision.title, Revision.text, Revision.seen_from, Revision.replaced_at)
    with db.read() as c:
        rows = c.execute(select(*columns).where(Revision.article_id == article_id).order_by(Revision.number))
        return [ArticleRevision(*row) for row in rows]


def addresses_of(db: Database, article_id: int) -> list[str]:
    """Return the URL of every page that leads to the article."""
    with db.read() as c:
        return list(c.execute(select(Page.url).where(Page.article_id == article_id).order_by(Page.id)).scalars())
