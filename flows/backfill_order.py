"""What a backfill is asked for, made ready: the outlets' windows, and their plans. Without Prefect."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from crawlers.backfill_plan import BackfillPlan, Known, counter_points, plan_backfill
from crawlers.catalog import load_outlets
from crawlers.environment import Settings
from crawlers.job import Job
from crawlers.outlet import Outlet
from crawlers.seed_choice import with_seeds
from crawlers.window import Window
from storage import coverage
from storage.coverage import DaySpan
from storage.database import Database, open_database

from .windows import Days, Span, left_to_do


@dataclass(frozen=True, slots=True)
class BackfillOrder:
    """A backfill of outlets. `budget`: requests at most for each outlet."""

    outlets: tuple[str, ...]
    span: Span
    budget: int | None = None

    def job(self, days: Days, budget: int | None, flow_run_id: str | None = None) -> Job:
        """Return the job of one window."""
        return Job(
            kind="backfill", first=days[0], last=days[1], budget=budget, seed_kind=self.span.seed_kind,
            refetch=self.span.again, flow_run_id=flow_run_id,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Volume:
    """Articles that an outlet usually publishes a day, None if unknown, and where that is known from."""

    per_day: float | None
    source: str


@dataclass(frozen=True, slots=True)
class ReadyBackfill:
    """The windows of each outlet that are left to do, newest first, and the outlets with the seeds to be asked."""

    order: BackfillOrder
    outlets: Mapping[str, Outlet]
    windows: Mapping[str, list[Days]]
    volumes: Mapping[str, _Volume] = field(repr=False)


def make_ready(settings: Settings, order: BackfillOrder) -> ReadyBackfill:
    """Read the outlet files, and find what is left to do.

    Raises UnknownOutletError, OutletFileError, NoSuchSeedError, and the errors of `open_database`: nothing was sent.
    """
    catalog = load_outlets(settings.outlets)
    outlets = {each: with_seeds(catalog.get(each), order.span.seed_kind) for each in dict.fromkeys(order.outlets)}
    db = open_database(settings.db)
    try:
        volumes = {each: _volume(db, outlet) for each, outlet in outlets.items()}
    finally:
        db.close()
    per_day = {each: volume.per_day for each, volume in volumes.items()}
    return ReadyBackfill(order, outlets, left_to_do(settings.db, per_day, order.span, _today()), volumes)


def make_plans(settings: Settings, ready: ReadyBackfill) -> list[BackfillPlan]:
    """Return the plan for each outlet. Nothing is sent."""
    db = open_database(settings.db)
    try:
        return [_plan(db, settings, ready, outlet) for outlet in ready.outlets.values()]
    finally:
        db.close()


def _plan(db: Database, settings: Settings, ready: ReadyBackfill, outlet: Outlet) -> BackfillPlan:
    windows, volume, span = ready.windows[outlet.id], ready.volumes[outlet.id], ready.order.span
    asked = Window(min(days[0] for days in windows), max(days[1] for days in windows)) if windows else None
    window = asked or Window(span.first, span.last)
    pages = coverage.sample_dated_pages(db, outlet.id)
    days = coverage.count_days(db, DaySpan(outlet.id, outlet.tz, window.first, window.last))
    known = Known(
        today=_today(),
        per_day=volume.per_day,
        per_day_from=volume.source,
        points=counter_points(outlet, {page.url: page.published_at.astimezone(outlet.tz).date() for page in pages}),
        held=0 if span.again else sum(day.held for day in days),
        ended=0 if span.again else sum(day.announced - day.waiting for day in days),
        web_archive=getattr(settings, "cdx", None),
    )
    return plan_backfill(outlet, window, known, len(windows))


def _volume(db: Database, outlet: Outlet) -> _Volume:
    usual = coverage.usual_per_day(coverage.held_per_day(db, outlet.id, outlet.tz))
    if usual:
        return _Volume(usual, "the median of the last 90 days in the archive")
    expected = outlet.expect.per_day
    if expected.max is not None:
        low = max(expected.min, 1)
        source = f"expect.per_day of the outlet file, {expected.min} to {expected.max}"
        return _Volume(float(round(math.sqrt(low * expected.max))), source)
    return _Volume(None, "")


def wrong_days(first: date, last: date) -> str | None:
    """Return what is wrong with a span of days; None if nothing is."""
    if first > last:
        return f"the first day ({first}) is after the last day ({last})"
    if (last - _today()).days > 1:  # it may be tomorrow already in the time zone of the user
        return f"the last day ({last}) is in the future"
    return None


def label(days: Days) -> str:
    """Return a window's name: 2024-03, 2024-03-05, or 2024-03-04 to 2024-03-10."""
    first, last = days
    if first == last:
        return first.isoformat()
    whole = first.day == 1 and (last.year, last.month) == (first.year, first.month) and _ends_month(last)
    return f"{first:%Y-%m}" if whole else f"{first} to {last}"


def labels(windows: Iterable[Days], most: int = 3) -> str:
    """Return the names of some windows, and how many more there are."""
    names = [label(days) for days in windows]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _ends_month(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).day == 1


def _today() -> date:
    return datetime.now(UTC).date()
