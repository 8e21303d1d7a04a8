"""The crawl flows: one run crawls one outlet, in a child process, and tells the Prefect UI how it goes."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Any

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from crawlers.catalog import load_outlets
from crawlers.environment import Settings
from storage.errors import PressrunError

from .child import CrawlEnd, CrawlJob, run_crawl
from .parameters import Day, OutletId
from .places import settings_of_flow_run
from .report import CrawlReport
from .summary import OutletLine, headline, outlet_line

NIGHTLY = "nightly"  # the tag of crawls that the nightly flow starts
BUSY_MINUTES = 30  # how long a crawl waits for the run that holds its outlet
BUSY_PAUSE = 15.0  # seconds between two attempts


def run_name() -> str:
    """Such as "azernews nightly", "azernews crawl", "azernews 2024-03 backfill"."""
    given = runtime.flow_run.parameters
    outlet = given["outlet"]
    if "first" in given:
        return f"{getattr(outlet, 'value', outlet)} {str(given['first'])[:7]} backfill"
    return f"{getattr(outlet, 'value', outlet)} {NIGHTLY if NIGHTLY in runtime.flow_run.tags else 'crawl'}"


@flow(name="crawl", flow_run_name=run_name)
async def crawl(
    outlet: OutletId,
    since: Day | None = None,
    limit: Annotated[int, Field(ge=1)] | None = None,
    refetch: bool = False,
) -> State[Any]:
    """Crawl one outlet now. Only what is new is fetched; running it again is always safe.

    Args:
        outlet: Which outlet.
        since: Leave out pages that are known to be older than this day.
        limit: Fetch at most so many pages.
        refetch: Fetch pages again that are known already.
    """
    kind = "nightly" if NIGHTLY in runtime.flow_run.tags else "crawl"
    job: dict[str, Any] = {"kind": kind, "since": since, "limit": limit, "refetch": refetch}
    return await crawl_and_report(outlet.value, job)


@flow(name="crawl-window", flow_run_name=run_name)
async def crawl_window(outlet: OutletId, first: Day, last: Day) -> State[Any]:
    """Crawl what one outlet published in a span of days; the backfill flow starts these, month by month.

    Args:
        outlet: Which outlet.
        first: The first day.
        last: The last day, included.
    """
    return await crawl_and_report(outlet.value, {"kind": "backfill", "first": first, "last": last})


async def crawl_and_report(outlet: str, order: dict[str, Any]) -> State[Any]:
    """The body of both flows: the final state carries the reason when the crawl failed."""
    report = CrawlReport(outlet, get_run_logger())
    try:
        settings = await look_up(outlet)
        job = CrawlJob(outlet, settings, flow_run_id=str(runtime.flow_run.id), **order)
        end = await fetch_and_store(job, report)
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    except asyncio.CancelledError:
        if report.end:  # the child was stopped and has said what it kept
            await report.publish(_stopped(outlet, report.end))
        raise
    await publish_counts(report, outlet_line(outlet, end))
    return verdict(end)


@task(task_run_name="look up {outlet}", cache_policy=NO_CACHE)
async def look_up(outlet: str) -> Settings:
    """Settings and outlet file are readable. A rerun reads them again, so a corrected file counts."""
    settings = settings_of_flow_run()
    load_outlets(settings.outlets).get(outlet)
    return settings


@task(task_run_name="fetch and store", cache_policy=NO_CACHE)
async def fetch_and_store(job: CrawlJob, report: CrawlReport) -> CrawlEnd:
    """The crawl in its child process. A rerun goes on where the ledger stands and fetches nothing twice."""
    log = get_run_logger()
    give_up_at = time.monotonic() + BUSY_MINUTES * 60
    end = await run_crawl(job, report.line)
    while end.state == "busy" and time.monotonic() < give_up_at:
        log.info("%s; trying again in %.0f s", end.error, BUSY_PAUSE)
        await asyncio.sleep(BUSY_PAUSE)
        end = await run_crawl(job, report.line)
    return end


@task(task_run_name="publish the counts", cache_policy=NO_CACHE)
async def publish_counts(report: CrawlReport, line: OutletLine) -> None:
    """The table of counts. A rerun writes it again."""
    await report.publish(line)


def verdict(end: CrawlEnd) -> State[Any]:
    """The flow run's final state, with what happened in its message."""
    match end.state:
        case "completed":
            problems = f"; needs a person: {'; '.join(end.problems)}" if end.problems else ""
            return Completed(message=f"{headline(end.counts)}, in {end.seconds:.1f} s{problems}"[:2000])
        case "busy":
            return Failed(name="Busy", message=f"{end.error} (waited {BUSY_MINUTES} minutes)")
        case "stopped":
            return Failed(
                name="Stopped", message="the crawl was stopped from outside; what was stored is kept, the rest waits"
            )
        case _:
            return Failed(message=end.error or "the crawl failed; see its log")


def _stopped(outlet: str, end: dict[str, Any]) -> OutletLine:
    counts = end.get("counts") or {}
    stopped = CrawlEnd(
        "stopped", end.get("run"), counts, error="stopped; what was stored is kept", seconds=end.get("seconds") or 0
    )
    return outlet_line(outlet, stopped)
