"""What a day brought: articles by outlet, and the stories that most outlets took over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from storage.articles.query import StoredArticle, articles_by_id, passes
from storage.database import Database
from storage.schema.tables import Article, Outlet
from storage.selection import Selection, Which

A_DAY = timedelta(days=1)
_AHEAD = timedelta(hours=14)  # no zone is further from UTC; a date still further ahead is wrong


@dataclass(frozen=True, slots=True)
class OutletDay:
    """An outlet's articles of one day in its own zone: new ones, and copies."""

    outlet: str
    name: str
    originals: int
    copies: int


@dataclass(frozen=True, slots=True)
class Story:
    """An original with the number of its copies in a span, and the names of the outlets that have them."""

    article: StoredArticle
    copies: int
    outlets: tuple[str, ...]


def newest_day(db: Database, now: datetime) -> date | None:
    """Return the day of the newest article, in its outlet's zone; None if no article has a date."""
    columns = (Article.published_at, Article.published_offset)
    newest = select(*columns).where(Article.published_at <= now + _AHEAD).order_by(Article.published_at.desc()).limit(1)
    with db.read() as c:
        row = c.execute(newest).first()
    if row is None or row.published_at is None:
        return None
    local: datetime = row.published_at.astimezone(UTC) + timedelta(minutes=row.published_offset or 0)
    return local.date()


def day_by_outlet(db: Database, day: date) -> list[OutletDay]:
    """Return the outlets that published on a day, those with most articles first."""
    numbers = (func.count().label("every"), func.count(Article.duplicate_of).label("copies"))
    with db.read() as c:
        condition = passes(c, Selection(first=day, last=day, which=Which.ALL))
        rows = c.execute(select(Article.outlet_id, *numbers).where(condition).group_by(Article.outlet_id)).all()
        names = _names(c, [row.outlet_id for row in rows])
    found = [OutletDay(row.outlet_id, names[row.outlet_id], row.every - row.copies, row.copies) for row in rows]
    return sorted(found, key=lambda one: (-one.originals - one.copies, one.name))


def biggest_stories(db: Database, first: date, last: date, limit: int) -> list[Story]:
    """Return the originals with most copies published in a span of days, whenever the originals were."""
    number = func.count().label("copies")
    with db.read() as c:
        condition = passes(c, Selection(first=first, last=last, which=Which.COPIES))
        grouped = select(Article.duplicate_of, number).where(condition).group_by(Article.duplicate_of)
        top = c.execute(grouped.order_by(number.desc(), Article.duplicate_of.desc()).limit(limit)).all()
        ids = [row.duplicate_of for row in top]
        articles, outlets = articles_by_id(c, ids), _outlets_of_copies(c, ids)
    return [Story(articles[each], row.copies, tuple(outlets[each])) for row in top if (each := row.duplicate_of)]


def _outlets_of_copies(c: Connection, originals: Sequence[int]) -> dict[int, list[str]]:
    named = select(Article.duplicate_of, Outlet.name).join(Outlet, Outlet.id == Article.outlet_id)
    rows: Any = c.execute(named.where(Article.duplicate_of.in_(list(originals))).distinct().order_by(Outlet.name))
    found: dict[int, list[str]] = {}
    for original, name in rows:
        found.setdefault(original, []).append(name)
    return found


def _names(c: Connection, outlets: Sequence[str]) -> dict[str, str]:
    return {row.id: row.name for row in c.execute(select(Outlet.id, Outlet.name).where(Outlet.id.in_(outlets)))}
