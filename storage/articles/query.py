"""Reading the archive of articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from storage.database import Database
from storage.schema.tables import Article, Copy, Page, Revision

CHUNK = 500
_EVERYTHING = select(
    *Article.__table__.columns, Copy.containment, Copy.rule, Copy.rule_version, Copy.by_hand
).outerjoin(Copy, Copy.article_id == Article.id)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles: of outlets, published from and to (days in UTC, both included), copies or originals alone."""

    outlets: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    language: str | None = None
    copies: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as it is kept. `published_at` has the outlet's own offset again."""

    id: int
    outlet: str
    url: str
    canonical_url: str | None
    title: str
    text: str
    authors: tuple[str, ...]
    published_at: datetime | None
    published_precision: str | None
    published_source: str | None
    language: str | None
    section: str | None
    image: str | None
    credit: str | None
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


@dataclass(frozen=True, slots=True)
class Earlier:
    """A revision: the text that an article had before."""

    number: int
    title: str
    text: str
    seen_from: datetime
    replaced_at: datetime


def _stored(row: Any) -> Stored:
    at = row.published_at
    if at is not None and row.published_offset is not None:
        at = at.astimezone(timezone(timedelta(minutes=row.published_offset)))
    return Stored(
        id=row.id, outlet=row.outlet_id, url=row.url, canonical_url=row.canonical_url, title=row.title, text=row.text,
        authors=tuple(row.authors), published_at=at, published_precision=row.published_precision,
        published_source=row.published_source, language=row.language, section=row.section, image=row.image,
        credit=row.credit, words=row.words, first_seen_at=row.first_seen_at, changed_at=row.changed_at,
        duplicate_of=row.duplicate_of, relation=row.relation, similarity=row.similarity,
        containment=row.containment, rule=row.rule, rule_version=row.rule_version, by_hand=row.by_hand,
    )  # fmt: skip


def _which(wanted: Filter) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [Article.id > 0]
    if wanted.outlets:
        parts.append(Article.outlet_id.in_(wanted.outlets))
    if wanted.first:
        parts.append(Article.published_at >= datetime.combine(wanted.first, time.min, UTC))
    if wanted.last:
        parts.append(Article.published_at < datetime.combine(wanted.last, time.min, UTC) + timedelta(days=1))
    if wanted.language:
        parts.append(Article.language == wanted.language)
    if not wanted.copies:
        parts.append(Article.duplicate_of.is_(None))
    return and_(*parts)


def iterate(db: Database, wanted: Filter | None = None, *, copies: bool = False) -> Iterator[Stored]:
    """All articles that match, by id, read in chunks; other writers may write meanwhile."""
    which = _which(wanted or Filter(copies=copies))
    last = 0
    while True:
        with db.read() as c:
            rows = c.execute(_EVERYTHING.where(which, Article.id > last).order_by(Article.id).limit(CHUNK)).all()
        if not rows:
            return
        yield from map(_stored, rows)
        last = rows[-1].id


def newest(db: Database, wanted: Filter, limit: int) -> list[Stored]:
    """The newest articles that match, by publication, or by when they were first seen if they carry no date."""
    when = func.coalesce(Article.published_at, Article.first_seen_at)
    with db.read() as c:
        rows = c.execute(_EVERYTHING.where(_which(wanted)).order_by(when.desc(), Article.id.desc()).limit(limit))
        return list(map(_stored, rows))


def count(db: Database, wanted: Filter) -> int:
    with db.read() as c:
        return c.execute(select(func.count()).select_from(Article).where(_which(wanted))).scalar_one()


def get(db: Database, article_id: int) -> Stored | None:
    """One article; None if there is none with this id."""
    with db.read() as c:
        row = c.execute(_EVERYTHING.where(Article.id == article_id)).first()
    return _stored(row) if row else None


def copies_of(db: Database, article_id: int) -> list[Stored]:
    """The copies of an original, earliest first."""
    with db.read() as c:
        rows = c.execute(
            _EVERYTHING.where(Article.duplicate_of == article_id).order_by(Article.published_at, Article.id)
        )
        return list(map(_stored, rows))


def revisions_of(db: Database, article_id: int) -> list[Earlier]:
    """The earlier texts of an article, oldest first."""
    columns = (Revision.number, Revision.title, Revision.text, Revision.seen_from, Revision.replaced_at)
    with db.read() as c:
        rows = c.execute(select(*columns).where(Revision.article_id == article_id).order_by(Revision.number))
        return [Earlier(*row) for row in rows]


def addresses_of(db: Database, article_id: int) -> list[str]:
    """Every page that leads to the article."""
    with db.read() as c:
        return list(c.execute(select(Page.url).where(Page.article_id == article_id).order_by(Page.id)).scalars())
