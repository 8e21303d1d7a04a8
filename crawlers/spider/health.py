"""The end of a run that looked for news: its outlet is held against its own norm and the expectations of its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from crawlers.job import Job
from crawlers.messages import Counts
from crawlers.outlet import Outlet
from storage import health
from storage.health import Expectation, FindingChange, Judged

from .fetching import Fetcher
from .seed_search import search_seeds
from .shared import Shared


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

    def __init__(self, shared: Shared, outlet: Outlet, fetcher: Fetcher) -> None:
        self._db, self._store, self._catalog = shared.db, shared.store, shared.catalog
        self._outlet, self._fetch, self._documents = outlet, partial(shared.hosts.get, fetcher), shared.documents

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
        found = await search_seeds(self._outlet, self._fetch, self._documents)
        advice = f"{one.finding.advice} (looked anew: {found})"
        await self._store.call(health.add_advice, self._db, self._outlet.id, one.finding.kind, advice)
        return replace(one, finding=replace(one.finding, advice=advice))

    def _peers(self) -> list[tuple[str, ZoneInfo]]:
        """Return the other outlets of the country. Their files are read only when a finding may be a holiday."""
        others = (outlet for outlet in self._catalog().readable() if outlet.id != self._outlet.id)
        return [(outlet.id, outlet.tz) for outlet in others if outlet.country == self._outlet.country]
