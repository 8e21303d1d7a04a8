"""The end of a run that looked for news: its outlet is held against its own norm and the expectations of its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crawlers.catalog import load_outlets
from crawlers.environment import Settings
from crawlers.errors import OutletFileError
from crawlers.job import Job
from crawlers.messages import Counts
from crawlers.outlet import Outlet
from storage import health
from storage.database import Database
from storage.health import Expectation, FindingChange, Judged

from .fetching import Fetcher
from .seed_search import search_seeds
from .store import Store


def is_judged(job: Job) -> bool:
    """Whether a run looks for all that is new: one that is limited says nothing about its outlet."""
    limited = (job.limit, job.since, job.budget, job.seed_kind)
    return job.kind in ("crawl", "nightly") and not job.refetch and all(value is None for value in limited)


def failure_of(changes: Sequence[FindingChange]) -> str | None:
    """Return the gravest open finding as the run's error: one sentence that says what to do."""
    still = (one.finding for one in changes if one.change != "recovered")
    grave = next((one for one in still if one.severity == "error"), None)
    return f"{health.FAILED_BY}{grave.sentence}" if grave else None


def problems_of(changes: Sequence[FindingChange]) -> list[str]:
    """Return the open findings as problems of the run."""
    return [one.finding.sentence for one in changes if one.change != "recovered"]


class HealthJudge:
    """Judges one outlet in the thread of the store."""

    def __init__(self, db: Database, store: Store, outlet: Outlet, settings: Settings, fetcher: Fetcher) -> None:
        self._db, self._store, self._outlet, self._settings, self._fetcher = db, store, outlet, settings, fetcher

    async def judge(self, counts: Counts, seconds: float, error: str | None) -> list[FindingChange]:
        """Judge the outlet at the end of a run with these counts; the findings are recorded."""
        expect = self._outlet.expect
        expected = Expectation(
            expect.per_day.min,
            expect.per_day.max,
            {str(name): share for name, share in expect.fill.items()},
            expect.silent_hours,
        )
        judged = Judged(self._outlet.id, self._outlet.tz, expected, self._peers)
        now = datetime.now(UTC)
        changes = await self._store.call(health.judge_outlet, self._db, judged, counts.as_dict(), seconds, error, now)
        return [await self._with_seeds(one) for one in changes]

    async def _with_seeds(self, one: FindingChange) -> FindingChange:
        """Look for the seeds of an outlet that has just fallen silent, and add what was found to the advice."""
        if one.change != "new" or one.finding.kind != "silent":
            return one
        advice = f"{one.finding.advice} (looked anew: {await search_seeds(self._outlet, self._fetcher)})"
        await self._store.call(health.add_advice, self._db, self._outlet.id, one.finding.kind, advice)
        return replace(one, finding=replace(one.finding, advice=advice))

    def _peers(self) -> list[tuple[str, ZoneInfo]]:
        """Return the other outlets of the country. Their files are read only when a finding may be a holiday."""
        catalog = load_outlets(self._settings.outlets)
        peers = []
        for outlet_id in catalog.ids:
            try:
                outlet = catalog.get(outlet_id)
            except OutletFileError:
                continue
            if outlet.country == self._outlet.country and outlet_id != self._outlet.id:
                peers.append((outlet_id, outlet.tz))
        return peers
