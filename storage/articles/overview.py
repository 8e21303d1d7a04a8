"""What a day brought: articles by outlet, and the stories that most outlets took over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, func, select

from storage.articles.query import articles_by_id
from storage.articles.story import Story, copies_by_outlet
from storage.database import Database
from storage.schema.tables import Article, Outlet

A_DAY = timedelta(days=1)
_AHEAD = timedelta(hours=14)  # no zone is further from UTC; a date still further ahead is wrong


@dataclass(frozen=True, slots=True)
class OutletDay:
    """An outlet's articles of one day in its own zone: new ones, and copies."""

    outlet: str
    name: str
    originals: int
    copies: int


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


def day_by_outlet(db: Database, day: date, zones: Mapping[str, ZoneInfo]) -> list[OutletDay]:
    """Return the outlets that published on a day, those with most articles first. An outlet without a zone has UTC.

    Indexes alone answer it: columns behind the text of an article are slow to read.
    """
    with db.read() as c:
        names = {row.id: row.name for row in c.execute(select(Outlet.id, Outlet.name))}
        every, copies = Counter[str](), Counter[str]()
        for span, outlets in _spans(day, names, zones).items():
            within = (Article.outlet_id.in_(outlets), *_published(*span))
            every.update(_counted(c, *within))
            copies.update(_counted(c, *within, Article.duplicate_of.is_not(None)))
    found = [OutletDay(each, names[each], number - copies[each], copies[each]) for each, number in every.items()]
    return sorted(found, key=lambda one: (-one.originals - one.copies, one.name))


def _spans(
    day: date, outlets: Iterable[str], zones: Mapping[str, ZoneInfo]
) -> dict[tuple[datetime, datetime], list[str]]:
    """Return the outlets by the instants between which the day lies for them."""
    spans: dict[tuple[datetime, datetime], list[str]] = {}
    for outlet in outlets:
        zone = zones.get(outlet, UTC)
        start, end = (datetime.combine(each, time.min, zone).astimezone(UTC) for each in (day, day + A_DAY))
        spans.setdefault((start, end), []).append(outlet)
    return spans


def _published(start: datetime, end: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Article.published_at >= start, Article.published_at < end


def _counted(c: Connection, *conditions: ColumnElement[bool]) -> dict[str, int]:
    counted = select(Article.outlet_id, func.count().label("number")).where(*conditions).group_by(Article.outlet_id)
    return {row.outlet_id: row.number for row in c.execute(counted)}


def biggest_stories(db: Database, first: date, last: date, limit: int) -> list[Story]:
    """Return the originals with most copies published in a span of days (UTC), whenever the originals were."""
    number = func.count().label("copies")
    span = (datetime.combine(each, time.min, UTC) for each in (first, last + A_DAY))
    is_copy = Article.duplicate_of.is_not(None)
    grouped = select(Article.duplicate_of, number).where(is_copy, *_published(*span)).group_by(Article.duplicate_of)
    with db.read() as c:
        top = c.execute(grouped.order_by(number.desc(), Article.duplicate_of.desc()).limit(limit)).all()
        ids = [row.duplicate_of for row in top]
        articles, copies = articles_by_id(c, ids), copies_by_outlet(c, ids)
    return [
        Story(articles[each], row.copies, tuple(sorted({one.name for one in copies[each]})))
        for row in top
        if (each := row.duplicate_of)
    ]
