"""Copies that were found lately, for reports. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage.database import Database
from storage.schema.tables import Article, Copy


@dataclass(frozen=True, slots=True)
class FoundCopy:
    """An article that is a copy now, with its original and the evidence. `by_hand`: a person has decided."""

    article_id: int
    outlet: str
    title: str
    url: str
    first_seen_at: datetime
    original_id: int
    original_outlet: str
    original_url: str
    relation: str
    similarity: float
    rule: str
    by_hand: bool


def count_copies_seen(db: Database, since: datetime) -> dict[str, list[datetime]]:
    """Return when the articles first came that are copies now, by outlet, for those that came at `since` or later."""
    seen: dict[str, list[datetime]] = {}
    with db.read() as c:
        recent = select(Article.outlet_id, Article.first_seen_at).where(*_came_since(c, since), _IS_COPY)
        for row in c.execute(recent):
            seen.setdefault(row.outlet_id, []).append(row.first_seen_at)
    return seen


def copies_found(db: Database, since: datetime, outlets: Sequence[str] = (), limit: int = 5_000) -> list[FoundCopy]:
    """Return copies among the articles that came at `since` or later, the newest first; of some outlets or of all."""
    original = Article.__table__.alias()
    columns = (
        Article.id.label("article_id"), Article.outlet_id.label("outlet"), Article.title, Article.url,
        Article.first_seen_at, original.c.id.label("original_id"), original.c.outlet_id.label("original_outlet"),
        original.c.url.label("original_url"), Copy.relation, Copy.similarity, Copy.rule, Copy.by_hand,
    )  # fmt: skip
    with db.read() as c:
        found = (
            select(*columns)
            .join(Copy, Copy.article_id == Article.id)
            .join(original, original.c.id == Article.duplicate_of)
            .where(*_came_since(c, since))
            .order_by(Article.id.desc())
            .limit(limit)
        )
        if outlets:
            found = found.where(Article.outlet_id.in_(list(outlets)))
        return [FoundCopy(**row._mapping) for row in c.execute(found)]


_IS_COPY = Article.duplicate_of.is_not(None)


def _came_since(c: Connection, since: datetime) -> tuple[Any, Any]:
    return Article.id >= _first_id(c, since), Article.first_seen_at >= since


def _first_id(c: Connection, since: datetime) -> int:
    """Return the id of the first article that came at `since` or later, by bisection: ids grow with time.

    An index of the time would cost every crawl more than these twenty look-ups cost a night.
    """
    low, high = 0, (c.execute(select(func.max(Article.id))).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = select(Article.first_seen_at).where(Article.id >= middle).order_by(Article.id).limit(1)
        seen = c.execute(at).scalar()
        if seen is None or seen >= since:
            high = middle
        else:
            low = middle + 1
    return low
