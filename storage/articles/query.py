"""Queries over the archive of articles."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, func, not_, or_, select

from storage.article_fields import from_columns
from storage.database import Database
from storage.model import Article
from storage.schema import tables
from storage.schema.tables import Copy, Outlet, Page, Revision
from storage.search import LANGUAGES, in_index, is_complete
from storage.selection import Selection, Which

CHUNK = 500
_ALL_COLUMNS = (
    select(
        *tables.Article.__table__.columns, Outlet.name.label("outlet_name"),
        Copy.containment, Copy.rule, Copy.rule_version, Copy.by_hand,
    )
    .join(Outlet, Outlet.id == tables.Article.outlet_id)
    .outerjoin(Copy, Copy.article_id == tables.Article.id)
)  # fmt: skip
_ZONES = timedelta(hours=14)  # no zone is further from UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle(Article):
    """An article of the archive. `published.at` is in the outlet's own offset."""

    id: int
    outlet: str
    outlet_name: str
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

    def delay_after(self, original: StoredArticle) -> int | None:
        """Return how many seconds after another article it was published; None if one of them has no date."""
        if self.published_at is None or original.published_at is None:
            return None
        return int((self.published_at - original.published_at).total_seconds())


@dataclass(frozen=True, slots=True)
class ArticleRevision:
    """A text that an article had before."""

    number: int
    title: str
    text: str
    seen_from: datetime
    replaced_at: datetime


def edits_of(earlier: Sequence[ArticleRevision], now: StoredArticle) -> Iterator[tuple[ArticleRevision, str, str]]:
    """Yield each earlier text of an article, oldest first, with the title and the text that replaced it."""
    later = [*((then.title, then.text) for then in earlier), (now.title, now.text)][1:]
    for then, (title, text) in zip(earlier, later, strict=True):
        yield then, title, text


def _stored(row: Any) -> StoredArticle:
    return StoredArticle(
        id=row.id, outlet=row.outlet_id, outlet_name=row.outlet_name, words=row.words,
        first_seen_at=row.first_seen_at, changed_at=row.changed_at,
        duplicate_of=row.duplicate_of, relation=row.relation, similarity=row.similarity,
        containment=row.containment, rule=row.rule, rule_version=row.rule_version, by_hand=row.by_hand,
        **from_columns(row),
    )  # fmt: skip


def passes(c: Connection, wanted: Selection) -> ColumnElement[bool]:
    """Return the selection as a condition on `articles`. Raises QueryError, IndexOutdatedError."""
    article = tables.Article
    parts: list[ColumnElement[bool]] = [article.id > 0, *_on_days(c, wanted)]
    if wanted.outlets:
        parts.append(article.outlet_id.in_(wanted.outlets))
    if wanted.languages:
        parts.append(article.language.in_(wanted.languages))
    if wanted.which is not Which.ALL:
        original = article.duplicate_of.is_(None)
        parts.append(original if wanted.which is Which.ORIGINALS else ~original)
    if wanted.changed_since:
        parts.append(article.changed_at >= wanted.changed_since)
    parts += [_not_reserved(use) for use in wanted.respect]
    if wanted.needs_index:
        parts.append(in_index(c, wanted))
    return and_(*parts)


def _not_reserved(use: str) -> ColumnElement[bool]:
    """Return the condition that no statement on an article says "no" to a use, nor that it is not known."""
    said = [
        func.coalesce(cast(column, Text), "").contains(f'"{use}={answer} ', autoescape=True)
        for column in (tables.Article.__table__.c.rights, tables.Article.__table__.c.site_rights)
        for answer in ("no", "unknown")
    ]
    return not_(or_(*said))


def _on_days(c: Connection, wanted: Selection) -> Iterator[ColumnElement[bool]]:
    """Yield conditions for the days of publication in the outlet's zone."""
    published_at = tables.Article.published_at
    # Instants in UTC first, since they are in an index.
    if wanted.first:
        yield published_at >= datetime.combine(wanted.first, time.min, UTC) - _ZONES
        yield local_day(c) >= wanted.first.isoformat()
    if wanted.last:
        yield published_at < datetime.combine(wanted.last, time.max, UTC) + _ZONES
        yield local_day(c) <= wanted.last.isoformat()


def local_day(c: Connection) -> ColumnElement[str]:
    """Return the day of publication in the outlet's zone, as YYYY-MM-DD."""
    at, offset = tables.Article.published_at, func.coalesce(tables.Article.published_offset, 0)
    if c.dialect.name == "postgresql":
        local = func.timezone("UTC", at) + func.make_interval(0, 0, 0, 0, 0, offset)
        return func.to_char(local, "YYYY-MM-DD")
    return func.strftime("%Y-%m-%d", at, func.printf("%+d minutes", offset))


def iter_articles(
    db: Database, wanted: Selection | None = None, *, copies: bool = False, after: int = 0
) -> Iterator[StoredArticle]:
    """Yield all articles that match, by id, read in chunks. Other writers may write meanwhile.

    Without a selection: all originals, or with `copies` all articles. `after`: only articles with a higher id.
    """
    wanted = wanted or Selection(which=Which.ALL if copies else Which.ORIGINALS)
    chunks = _matched_chunks(db, wanted, after) if wanted.needs_index else _scanned_chunks(db, wanted, after)
    for rows in chunks:
        yield from map(_stored, rows)


def _scanned_chunks(db: Database, wanted: Selection, last: int) -> Iterator[Sequence[Any]]:
    while True:
        with db.read() as c:
            chunk = _ALL_COLUMNS.where(passes(c, wanted), tables.Article.id > last)
            rows = c.execute(chunk.order_by(tables.Article.id).limit(CHUNK)).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _matched_chunks(db: Database, wanted: Selection, after: int) -> Iterator[Sequence[Any]]:
    """Ask the index once, and keep the ids alone."""
    with db.read() as c:
        statement = select(tables.Article.id).where(passes(c, wanted), tables.Article.id > after)
        statement = statement.order_by(tables.Article.id)
        ids = array("q", c.execute(statement).scalars())
    for start in range(0, len(ids), CHUNK):
        with db.read() as c:
            chosen = tables.Article.id.in_(ids[start : start + CHUNK].tolist())
            yield c.execute(_ALL_COLUMNS.where(chosen).order_by(tables.Article.id)).all()


def newest_articles(db: Database, wanted: Selection, limit: int) -> list[StoredArticle]:
    """Return the newest articles that match, by publication; an article without a date counts from its first fetch."""
    with db.read() as c:
        return _in_order(c, _newest_ids(c, passes(c, wanted), limit))


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


def doubtful_articles(db: Database, wanted: Selection, limit: int) -> list[StoredArticle]:
    """Return the articles that match of which the extraction is least sure, in that order; none without a score.

    Raises QueryError, IndexOutdatedError.
    """
    article = tables.Article
    with db.read() as c:
        matching = select(article.id).where(article.quality.is_not(None), passes(c, wanted))
        return _in_order(c, c.execute(matching.order_by(article.quality, article.id).limit(limit)).scalars().all())


def _in_order(c: Connection, article_ids: Sequence[int]) -> list[StoredArticle]:
    """Return articles in the order of their ids as given; all of them have to be there."""
    found = articles_by_id(c, article_ids)
    return [found[article_id] for article_id in article_ids]


def count_articles(db: Database, wanted: Selection, most: int | None = None) -> int:
    """Return the number of matching articles. With `most`, at most `most` + 1 are counted: that means "more"."""
    with db.read() as c:
        matching = select(tables.Article.id).where(passes(c, wanted))
        counted = matching if most is None else matching.limit(most + 1)
        return c.execute(select(func.count()).select_from(counted.subquery())).scalar_one()


def articles_by_id(c: Connection, article_ids: Sequence[int]) -> dict[int, StoredArticle]:
    """Return those of the articles that there are, by id."""
    rows = c.execute(_ALL_COLUMNS.where(tables.Article.id.in_(list(article_ids))))
    return {row.id: _stored(row) for row in rows}


def get_article(db: Database, article_id: int) -> StoredArticle | None:
    """Return one article; None if there is none with this id."""
    with db.read() as c:
        row = c.execute(_ALL_COLUMNS.where(tables.Article.id == article_id)).first()
    return _stored(row) if row else None


def outlet_names(db: Database) -> dict[str, str]:
    """Return the names of all outlets that the store knows, by id."""
    with db.read() as c:
        return {row.id: row.name for row in c.execute(select(Outlet.id, Outlet.name))}


def languages_of(db: Database) -> tuple[frozenset[str], bool]:
    """Return the languages of indexed articles and those with rules of their own; and whether all are indexed."""
    with db.read() as c:
        return LANGUAGES.union(c.execute(select(tables.SearchLanguage.language)).scalars()), is_complete(c)


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
