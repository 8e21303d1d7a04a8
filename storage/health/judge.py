"""The judge of an outlet: reads its history, finds what is odd, and records it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from storage.coverage import DaySpan, published_by_day
from storage.database import Database
from storage.health.count_norm import A_DAY
from storage.health.country import country_factors
from storage.health.days import DayHistory, Expectation, judge_days_of
from storage.health.days import judgeable as days_judgeable
from storage.health.findings import KINDS, Finding, FindingChange, finding
from storage.health.runs import RunFacts, judge_runs
from storage.health.runs import judgeable as runs_judgeable
from storage.health.store import open_findings, record_findings
from storage.health.volume import REACH
from storage.schema.tables import Article, Gap, Run
from storage.schema.tables import Outlet as OutletRow

REMEMBERED = timedelta(days=240)  # days of articles that are read
RUNS = 60
UNDATED = 3000  # articles without a date that are counted by when they were first seen
OVERFLOWS = 3  # of one feed within a week: it is too short for the pace of the crawls
KINDS_OF_RUN = ("crawl", "nightly")

Peers = Callable[[], Sequence[tuple[str, ZoneInfo]]]


@dataclass(frozen=True, slots=True)
class Judged:
    """An outlet to judge: its zone, what its file expects, and the other outlets of its country, read when needed."""

    outlet_id: str
    zone: ZoneInfo
    expected: Expectation = field(default_factory=Expectation)
    peers: Peers = field(default=lambda: ())


def judge_outlet(
    db: Database, outlet: Judged, counts: Mapping[str, Any], seconds: float, error: str | None, now: datetime
) -> list[FindingChange]:
    """Judge an outlet at the end of a run that looked for news, whose numbers are given. Record and return the changes.

    Only kinds that the history can decide are recorded as recovered.
    """
    today = now.astimezone(outlet.zone).date()
    runs = [RunFacts(today, seconds, counts, error), *_past_runs(db, outlet)]
    found = judge_runs(runs, outlet.expected.fill)
    judged = runs_judgeable(runs) | {"overflowing_feed"}
    found += _overflowing(db, outlet, now)
    if error is None:
        history = _day_history(db, outlet, runs, today, now)
        judged |= days_judgeable(history, outlet.expected)
        factors = cache(partial(_factors, db, outlet, history.last))  # two charts may ask for it
        by_day = judge_days_of(history, outlet.expected, now, factors)
        # Articles with a wrong date are missing on their days.
        explained = {one.kind for one in found} & {"stale_dates"}
        found += [one for one in by_day if not (explained and one.kind in ("silent", "thin"))]
    found.sort(key=lambda one: KINDS.index(one.kind))
    return record_findings(db, outlet.outlet_id, found, judged, now)


def _past_runs(db: Database, outlet: Judged) -> list[RunFacts]:
    """Return the ended runs that looked for news, newest first."""
    columns = (Run.started_at, Run.ended_at, Run.counts, Run.error)
    ended = select(*columns).where(Run.outlet_id == outlet.outlet_id, Run.kind.in_(KINDS_OF_RUN))
    ended = ended.where(Run.state.in_(("completed", "failed")), Run.ended_at.is_not(None))
    with db.read() as c:
        rows = c.execute(ended.order_by(Run.id.desc()).limit(RUNS)).all()
    return [
        RunFacts(
            row.started_at.astimezone(outlet.zone).date(),
            (row.ended_at - row.started_at).total_seconds(),
            row.counts or {},
            row.error,
        )
        for row in rows
    ]


def _day_history(db: Database, outlet: Judged, runs: Sequence[RunFacts], today: date, now: datetime) -> DayHistory:
    counts = _articles_by_day(db, outlet.outlet_id, outlet.zone, today)
    with db.read() as c:
        first_seen = c.execute(select(OutletRow.first_seen_at).where(OutletRow.id == outlet.outlet_id)).scalar()
        newest = c.execute(
            select(func.max(Article.published_at)).where(
                Article.outlet_id == outlet.outlet_id, Article.published_at <= now
            )
        ).scalar()
    began = (first_seen or now).astimezone(outlet.zone).date()
    last = today - A_DAY
    opened = [
        one.finding.since for one in open_findings(db, [outlet.outlet_id]) if one.finding.kind in ("silent", "thin")
    ]
    undated = max((day for day, number in counts.items() if number and day <= today), default=None)
    if newest is None and undated is not None:
        newest = datetime(undated.year, undated.month, undated.day, tzinfo=outlet.zone).astimezone(UTC)
    seen = seen_days(counts, runs, began, last)
    return DayHistory(seen, last, began, newest, min(opened, default=None))


def seen_days(counts: Mapping[date, int], runs: Sequence[RunFacts], began: date, last: date) -> dict[date, int]:
    """Return the articles of the days that somebody saw: a run came on one of the two days after.

    Days before crawling began were seen if there are articles of them. Runs before those given are taken for granted.
    """
    run_days = {run.day for run in runs if run.looked}
    oldest = min((run.day for run in runs), default=last)
    found = {}
    for n in range(REMEMBERED.days):
        day = last - A_DAY * n
        number = counts.get(day, 0)
        looked = (day < oldest and day > began) or bool({day + A_DAY, day + 2 * A_DAY} & run_days)
        if number or (day > began and looked):
            found[day] = number
    return found


def _articles_by_day(db: Database, outlet_id: str, zone: ZoneInfo, today: date) -> dict[date, int]:
    """Return the articles by day: of publication, or of the first sight for those without a date."""
    counts: Counter[date] = Counter(published_by_day(db, DaySpan(outlet_id, zone, today - REMEMBERED, today)))
    undated = select(Article.first_seen_at).where(Article.outlet_id == outlet_id, Article.published_at.is_(None))
    with db.read() as c:
        seen = c.execute(undated.order_by(Article.id.desc()).limit(UNDATED)).scalars()
        counts.update(at.astimezone(zone).date() for at in seen)
    return dict(counts)


def _factors(db: Database, outlet: Judged, last: date) -> dict[date, float]:
    peers = [
        _whole(_articles_by_day(db, outlet_id, zone, last + A_DAY), last)
        for outlet_id, zone in outlet.peers()
        if outlet_id != outlet.outlet_id
    ]
    return country_factors(peers, (last - A_DAY * n for n in range(REACH + 1)))


def _whole(counts: Mapping[date, int], last: date) -> dict[date, int]:
    """Return the counts of all days since the first with an article."""
    first = min(counts, default=last)
    return {first + A_DAY * n: counts.get(first + A_DAY * n, 0) for n in range((last - first).days + 1)}


def _overflowing(db: Database, outlet: Judged, now: datetime) -> list[Finding]:
    number = func.count().label("overflows")
    recent = select(Gap.seed_url, number, func.min(Gap.found_at).label("first")).where(
        Gap.outlet_id == outlet.outlet_id,
        Gap.found_at >= now - timedelta(days=7),
        Gap.first_number.is_(None),  # else the outlet's counter closes it
        Gap.closed_how.is_distinct_from("counter"),
    )
    with db.read() as c:
        rows = c.execute(recent.group_by(Gap.seed_url).having(func.count() >= OVERFLOWS).order_by(number.desc())).all()
    if not rows:
        return []
    since = rows[0].first.astimezone(outlet.zone).date()
    told = f"{rows[0].seed_url} dropped links before they were seen, {rows[0].overflows} times within a week"
    return [finding("overflowing_feed", "warning", since, told)]
