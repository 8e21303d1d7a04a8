"""How often outlets write about something: matches of a query over time, as a share of each outlet's own volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from storage.database import Database
from storage.schema.tables import Article, Outlet, SearchDocument
from storage.search import matching_ids
from storage.selection import Selection

_SECONDS = 86_400
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A span of days that begins at `first`: articles that match, and all articles; copies included in both."""

    first: date
    matches: int
    articles: int

    @property
    def share(self) -> float | None:
        """The share of the outlet's articles that match, 0 to 1; None if it published nothing."""
        return self.matches / self.articles if self.articles else None


@dataclass(frozen=True, slots=True)
class OutletTrend:
    """An outlet's points, oldest first."""

    outlet: str
    name: str
    points: tuple[TrendPoint, ...]


def word_trend(db: Database, wanted: Selection, first: date, last: date, days: int) -> list[OutletTrend]:
    """Return for each outlet of the selection the share of its articles that match, by spans of so many days (UTC).

    Of the selection, query, outlets, author, credit, section and languages count. Raises QueryError.
    """
    with db.read() as c:
        names = {row.id: row.name for row in c.execute(_outlets(wanted.outlets))}
        return [
            OutletTrend(
                outlet, names[outlet],
                _points(_matches(c, wanted, outlet, first, last), _volume(c, outlet, first, last), (first, last), days),
            )
            for outlet in wanted.outlets if outlet in names
        ]  # fmt: skip


def largest_outlets(db: Database, first: date, last: date, limit: int) -> list[str]:
    """Return the ids of the outlets with most articles in a span of days (UTC), most first."""
    # Counted outlet by outlet, which the index of outlet and date answers without reading articles.
    of_outlet = (
        select(func.count()).select_from(Article).where(Article.outlet_id == Outlet.id, *_published(first, last))
    )
    number = of_outlet.scalar_subquery().label("number")
    counted = select(Outlet.id, number).order_by(number.desc(), Outlet.id).limit(limit)
    with db.read() as c:
        return [row.id for row in c.execute(counted) if row.number]


def _outlets(ids: Sequence[str]) -> Any:
    return select(Outlet.id, Outlet.name).where(Outlet.id.in_(ids))


def _matches(c: Connection, wanted: Selection, outlet: str, first: date, last: date) -> dict[date, int]:
    of_outlet = replace(wanted, outlets=(outlet,), first=first, last=last)
    day: ColumnElement[int] = (SearchDocument.at // _SECONDS).label("number")
    within = (SearchDocument.at >= _seconds(first), SearchDocument.at < _seconds(last + timedelta(days=1)))
    dated = SearchDocument.day.is_not(None)
    counted = select(day, func.count().label("articles")).where(
        SearchDocument.article_id.in_(matching_ids(c, of_outlet)), dated, *within
    )
    return {_EPOCH + timedelta(days=row.number): row.articles for row in c.execute(counted.group_by("number"))}


def _volume(c: Connection, outlet: str, first: date, last: date) -> dict[date, int]:
    at = Article.published_at
    text = func.date(at) if c.dialect.name == "sqlite" else func.to_char(func.timezone("UTC", at), "YYYY-MM-DD")
    counted = select(text.label("day"), func.count().label("articles"))
    counted = counted.where(Article.outlet_id == outlet, *_published(first, last)).group_by("day")
    return {date.fromisoformat(row.day): row.articles for row in c.execute(counted)}


def _published(first: date, last: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Article.published_at >= _midnight(first), Article.published_at < _midnight(last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _seconds(day: date) -> int:
    return (day - _EPOCH).days * _SECONDS


def _points(
    matches: Mapping[date, int], volume: Mapping[date, int], span: tuple[date, date], days: int
) -> tuple[TrendPoint, ...]:
    first, last = span
    starts = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, days)]
    return tuple(
        TrendPoint(
            start, *(sum(by_day.get(start + timedelta(days=n), 0) for n in range(days)) for by_day in (matches, volume))
        )
        for start in starts
    )
