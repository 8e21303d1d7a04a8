"""What the store knows of an outlet's volume and of its dated pages, for the plan of a backfill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from storage.coverage.days import DaySpan, count_days
from storage.database import Database
from storage.schema.tables import Article

SAMPLES = 40
RECENT = timedelta(days=90)  # the days of which the usual volume is taken


@dataclass(frozen=True, slots=True)
class DatedPage:
    """The address of an article and when it was published."""

    url: str
    published_at: datetime


def sample_dated_pages(db: Database, outlet_id: str, number: int = SAMPLES) -> list[DatedPage]:
    """Return some articles of the outlet, spread evenly over the time that the archive spans, oldest first."""
    dated = select(Article.url, Article.published_at).where(Article.outlet_id == outlet_id)
    with db.read() as c:
        ends = select(func.min(Article.published_at), func.max(Article.published_at))
        oldest, newest = c.execute(ends.where(Article.outlet_id == outlet_id)).one()
        if oldest is None or newest is None:
            return []
        found: dict[str, datetime] = {}
        for n in range(number):
            at = oldest + (newest - oldest) * n / max(number - 1, 1)
            row = c.execute(dated.where(Article.published_at >= at).order_by(Article.published_at).limit(1)).first()
            if row is not None:
                found[row.url] = row.published_at
    return [DatedPage(url, at) for url, at in found.items()]


def held_per_day(db: Database, outlet_id: str, zone: ZoneInfo) -> dict[date, int]:
    """Return the articles of each of the last 90 days that the archive holds, up to its newest article."""
    with db.read() as c:
        newest = c.execute(select(func.max(Article.published_at)).where(Article.outlet_id == outlet_id)).scalar()
    if newest is None:
        return {}
    last = min(newest, datetime.now(UTC)).astimezone(zone).date()
    span = DaySpan(outlet_id, zone, last - RECENT, last)
    return {counts.day: counts.held for counts in count_days(db, span)}
