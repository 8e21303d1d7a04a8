"""Pages of an outlet by day and outcome, aggregated by the database.

The day of a page is that of its article's publication, in the outlet's own time zone; without an article or a date it
is the day of `pages.dated_at`, the date that seeds have claimed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, DateTime, Select, case, func, literal, select, type_coerce

from storage.database import Database
from storage.schema.tables import UNDATED, Article, Page

A_DAY = timedelta(days=1)
MISSING_KIND = "id_range"  # a page of this kind that is gone is an id without a page
_HELD_AS = case(  # what a page with an article adds to the archive
    (Article.page_id != Page.id, "duplicates"), (Article.duplicate_of.is_not(None), "copies"), else_="stored"
)


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days of an outlet, both ends included, in its own time zone."""

    outlet_id: str
    zone: ZoneInfo
    first: date
    last: date


@dataclass(slots=True)
class DayCounts:
    """Pages of one day. announced = stored + copies + duplicates + rejected + gone + missing + failed + waiting.

    `by_seed`: announced pages by the kind of the seed that announced them first; "" if none did. `copies`: articles
    whose text another article holds. `duplicates`: further addresses of stored articles. `missing`: ids without a page.
    """

    day: date
    announced: int = 0
    by_seed: dict[str, int] = field(default_factory=dict)
    fetched: int = 0
    stored: int = 0
    copies: int = 0
    duplicates: int = 0
    rejected: int = 0
    gone: int = 0
    missing: int = 0
    failed: int = 0
    waiting: int = 0

    @property
    def held(self) -> int:
        """Articles in the archive, copies included."""
        return self.stored + self.copies

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as a JSON object."""
        return asdict(self) | {"day": self.day.isoformat()}


@dataclass(frozen=True, slots=True)
class _Segment:
    """Instants from `start` to `end`. Either they are of one `day`, or the zone has one `offset` in all of them."""

    start: datetime
    end: datetime
    offset: timedelta | None
    day: date


def count_days(db: Database, span: DaySpan) -> list[DayCounts]:
    """Return the counts of every day of the span, oldest first; days without pages too."""
    days = {day: DayCounts(day) for day in _days(span.first, span.last)}
    with db.read() as c:
        for segment in _segments(span):
            for statement in _statements(c, span.outlet_id, segment):
                for row in c.execute(statement):
                    _add(days[date.fromisoformat(row.day)], row)
    return list(days.values())


def published_by_day(db: Database, span: DaySpan) -> dict[date, int]:
    """Return the articles of each day of the span that has some, copies included, by their dates alone."""
    found: dict[date, int] = {}
    with db.read() as c:
        for segment in _segments(span):
            day = _day(c, segment, Article.published_at).label("day")
            within = (Article.published_at >= segment.start, Article.published_at < segment.end)
            counted = select(day, func.count().label("articles")).where(Article.outlet_id == span.outlet_id, *within)
            found |= {date.fromisoformat(row.day): row.articles for row in c.execute(counted.group_by("day"))}
    return found


def count_undated(db: Database, outlet_id: str) -> int:
    """Return the number of the outlet's pages that have no date, and so are counted in no day."""
    pages = select(func.count()).select_from(Page).where(Page.dated_at == UNDATED)
    without = pages.where(Page.outlet_id == outlet_id, Page.article_id.is_(None))
    undated = pages.join(Article, Article.id == Page.article_id).where(*_undated_article(outlet_id))
    with db.read() as c:
        return int(c.execute(without).scalar_one() + c.execute(undated).scalar_one())


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _segments(span: DaySpan) -> Iterator[_Segment]:
    """Divide the span where the zone's offset changes: SQLite knows no time zones, and fixed offsets serve both."""
    held: _Segment | None = None
    for day in _days(span.first, span.last):
        one = _segment_of(day, span.zone)
        if held and held.offset is not None and held.offset == one.offset:
            held = _Segment(held.start, one.end, held.offset, held.day)
            continue
        if held:
            yield held
        held = one
    if held:
        yield held


def _segment_of(day: date, zone: ZoneInfo) -> _Segment:
    midnight = datetime.combine(day, time.min, zone)
    start, end = (at.astimezone(UTC) for at in (midnight, datetime.combine(day + A_DAY, time.min, zone)))
    return _Segment(start, end, midnight.utcoffset() if end - start == A_DAY else None, day)


def _statements(c: Connection, outlet_id: str, segment: _Segment) -> Iterator[Select[Any]]:
    """Yield three selections that share no page: by the article's date, by the page's with and without an article."""
    published = _counting(c, segment, Article.published_at).join(Article, Article.id == Page.article_id)
    yield published.where(Article.outlet_id == outlet_id, _of_outlet(outlet_id))
    undated = _counting(c, segment, Page.dated_at).join(Article, Article.id == Page.article_id)
    yield undated.where(*_undated_article(outlet_id))
    without = _counting(c, segment, Page.dated_at, literal(None))
    yield without.where(Page.outlet_id == outlet_id, Page.article_id.is_(None))


def _undated_article(outlet_id: str) -> tuple[ColumnElement[bool], ...]:
    return (Article.outlet_id == outlet_id, Article.published_at.is_(None), _of_outlet(outlet_id))


def _of_outlet(outlet_id: str) -> ColumnElement[bool]:
    """Return the condition that a page is the outlet's, in a form that no index serves.

    Otherwise SQLite begins with all pages of the outlet instead of the few articles: 1 s and more for a million pages.
    """
    return func.coalesce(Page.outlet_id, "") == outlet_id


def _counting(c: Connection, segment: _Segment, instant: Any, held_as: ColumnElement[Any] = _HELD_AS) -> Select[Any]:
    parts = (_day(c, segment, instant).label("day"), Page.state, Page.seed_kind, held_as.label("held_as"))
    numbers = (func.count().label("pages"), func.count(Page.fetched_at).label("fetched"))
    chosen: Select[Any] = select(*parts, *numbers).select_from(Page)
    within: Select[Any] = chosen.where(instant >= segment.start, instant < segment.end)
    return within.group_by("day", Page.state, Page.seed_kind, "held_as")


def _day(c: Connection, segment: _Segment, instant: Any) -> ColumnElement[str]:
    """Return the local day of an instant in the segment, as text."""
    if segment.offset is None:
        return literal(segment.day.isoformat())
    if c.dialect.name == "sqlite":
        return func.date(instant, f"{segment.offset.total_seconds():+.0f} seconds")
    local = type_coerce(func.timezone("UTC", instant), DateTime()) + segment.offset
    return func.to_char(local, "YYYY-MM-DD")


def _add(counts: DayCounts, row: Any) -> None:
    counts.announced += row.pages
    counts.fetched += row.fetched
    kind = row.seed_kind or ""
    counts.by_seed[kind] = counts.by_seed.get(kind, 0) + row.pages
    name = _figure(row)
    setattr(counts, name, getattr(counts, name) + row.pages)


def _figure(row: Any) -> str:
    if row.held_as:
        return str(row.held_as)
    return "missing" if row.state == "gone" and row.seed_kind == MISSING_KIND else str(row.state)
