"""The completeness of one outlet: its days, those that are thin, and the overflows of its feeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from storage import frontier
from storage.coverage.days import DayCounts, DaySpan, count_days, count_undated
from storage.coverage.norm import REACH, SETTLED, ThinDay, find_thin_days
from storage.coverage.overflows import Overflow, open_overflows
from storage.database import Database
from storage.frontier import FinishedWindow
from storage.schema.tables import Outlet


@dataclass(frozen=True, slots=True)
class OutletCoverage:
    """An outlet's days, and what is missing in them.

    `backfilled`: thin days that a backfill by all seeds has gone through to its end since; the outlet published less,
    or no seed lists the rest. `undated`: pages without a date, which are in no day.
    """

    outlet_id: str
    days: tuple[DayCounts, ...]
    thin: tuple[ThinDay, ...]
    backfilled: tuple[ThinDay, ...]
    overflows: tuple[Overflow, ...]
    undated: int

    @property
    def needs_a_person(self) -> bool:
        """Whether something is missing that nobody has tried to fill."""
        return bool(self.thin or self.overflows)


def outlet_coverage(db: Database, span: DaySpan, today: date) -> OutletCoverage:
    """Return the completeness of an outlet in a span of days. Days of the last two days are not judged as thin."""
    around = DaySpan(span.outlet_id, span.zone, span.first - REACH, min(span.last + REACH, max(today, span.last)))
    days = count_days(db, around)
    until = min(span.last, today - SETTLED)
    settled = {counts.day: counts.held for counts in days if counts.day <= today - SETTLED}
    thin = find_thin_days(settled, span.first, until, _crawled_since(db, span)) if until >= span.first else []
    windows = [window for window in frontier.finished_windows(db, span.outlet_id) if window.of_all_seeds]
    return OutletCoverage(
        span.outlet_id,
        tuple(counts for counts in days if span.first <= counts.day <= span.last),
        tuple(day for day in thin if not _is_settled_by(day.day, windows)),
        tuple(day for day in thin if _is_settled_by(day.day, windows)),
        tuple(
            overflow
            for overflow in open_overflows(db, span.outlet_id, *_instants(span))
            if not _is_backfilled(overflow, span.zone, windows)
        ),
        count_undated(db, span.outlet_id),
    )


def _is_backfilled(overflow: Overflow, zone: ZoneInfo, windows: Sequence[FinishedWindow]) -> bool:
    """Return whether backfills have gone through every day of the overflow."""
    first, last = (at.astimezone(zone).date() for at in (overflow.since, overflow.until))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return all(_is_settled_by(day, windows) for day in days)


def _is_settled_by(day: date, windows: Iterable[FinishedWindow]) -> bool:
    return any(window.settles(day) for window in windows)


def _crawled_since(db: Database, span: DaySpan) -> date | None:
    with db.read() as c:
        seen: datetime | None = c.execute(select(Outlet.first_seen_at).where(Outlet.id == span.outlet_id)).scalar()
    return seen.astimezone(span.zone).date() if seen else None


def _instants(span: DaySpan) -> tuple[datetime, datetime]:
    return _midnight(span.first, span.zone), _midnight(span.last + timedelta(days=1), span.zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
