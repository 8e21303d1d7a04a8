"""The crawl flows: one run crawls one outlet in a child process and reports to the Prefect UI."""

from __future__ import annotations

import asyncio
import time
from datetime import date
from typing import Annotated, Any

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field, ValidationError

from crawlers.catalog import load_outlets
from crawlers.environment import Settings
from crawlers.job import CrawlOrder, Job, Kind
from crawlers.messages import Ended
from storage.errors import PressrunError

from .backfill_order import label
from .child import CrawlEnd, run_crawl
from .finding_events import emit_changes
from .notify import notify_in_thread
from .parameters import Budget, Day, OutletId, SeedChoice, kind_of
from .places import settings_of_flow_run
from .report import CrawlReport
from .summary import OutletLine, headline, outlet_line

NIGHTLY = "nightly"  # the tag of crawls that the nightly flow starts
BUSY_MINUTES = 30  # how long a crawl waits for the run that holds its outlet
BUSY_PAUSE = 15.0  # seconds between two attempts
STOPPED = "the crawl process was stopped by a signal; stored articles are kept, the other pages wait"


def run_name() -> str:
    """Return a name such as "azernews nightly", "azernews crawl", "azernews 2024-03 backfill"."""
    parameters = runtime.flow_run.parameters
    outlet = parameters["outlet"]
    if "first" in parameters:
        first, last = (date.fromisoformat(str(parameters[name])) for name in ("first", "last"))
        return f"{getattr(outlet, 'value', outlet)} {label((first, last))} backfill"
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
        limit: Fetch at most this many pages.
        refetch: Fetch known pages again.
    """
    kind: Kind = "nightly" if NIGHTLY in runtime.flow_run.tags else "crawl"
    job = Job(kind=kind, since=since, limit=limit, refetch=refetch, flow_run_id=_flow_run_id())
    return await crawl_and_report(outlet.value, job)


@flow(name="crawl-window", flow_run_name=run_name)
async def crawl_window(
    outlet: OutletId,
    first: Day,
    last: Day,
    seed: SeedChoice = SeedChoice.automatic,
    budget: Budget | None = None,
    refetch: bool = False,
) -> State[Any]:
    """Crawl what one outlet published in a span of days; the backfill flow starts these, window by window.

    Args:
        outlet: Which outlet.
        first: The first day.
        last: The last day, included.
        seed: Which seeds are asked: all that reach back, or those of one kind.
        budget: Send at most this many requests; the rest waits.
        refetch: Fetch known pages again.
    """
    try:
        job = Job(
            kind="backfill", first=first, last=last, seed_kind=kind_of(seed), budget=budget, refetch=refetch,
            flow_run_id=_flow_run_id(),
        )  # fmt: skip
    except ValidationError as wrong:
        return Failed(message=str(wrong.errors()[0]["msg"]).removeprefix("Value error, "))
    return await crawl_and_report(outlet.value, job)


def _flow_run_id() -> str:
    return str(runtime.flow_run.id)


async def crawl_and_report(outlet: str, job: Job) -> State[Any]:
    """Run the body of both flows. The message of the final state says why a crawl failed."""
    report = CrawlReport(outlet, get_run_logger())
    try:
        settings = await look_up(outlet)
        end = await fetch_and_store(CrawlOrder(outlet, settings, job), report)
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    except asyncio.CancelledError:
        if report.ended:  # the child was stopped and has reported its counts
            await report.publish(_stopped(outlet, report.ended))
        raise
    await publish_counts(report, outlet_line(outlet, end))
    await tell_findings(outlet, settings, report)
    return verdict(end)


async def tell_findings(outlet: str, settings: Settings, report: CrawlReport) -> None:
    """Emit an event for each finding that changed. The message about them is sent here, or when the night has ended."""
    emit_changes(outlet, report.ended.findings if report.ended else ())
    if NIGHTLY not in runtime.flow_run.tags:
        await notify_in_thread(settings, get_run_logger())


@task(task_run_name="look up {outlet}", cache_policy=NO_CACHE)
async def look_up(outlet: str) -> Settings:
    """Read the settings and the outlet file. A rerun reads them again, so that a corrected file is used."""
    settings = settings_of_flow_run()
    load_outlets(settings.outlets).get(outlet)
    return settings


@task(task_run_name="fetch and store", cache_policy=NO_CACHE)
async def fetch_and_store(order: CrawlOrder, report: CrawlReport) -> CrawlEnd:
    """Run the crawl in its child process. A rerun continues from the ledger and fetches nothing twice."""
    log = get_run_logger()
    give_up_at = time.monotonic() + BUSY_MINUTES * 60
    end = await run_crawl(order, report.on_message)
    while end.state == "busy" and time.monotonic() < give_up_at:
        log.info("%s; trying again in %.0f s", end.error, BUSY_PAUSE)
        await asyncio.sleep(BUSY_PAUSE)
        end = await run_crawl(order, report.on_message)
    return end


@task(task_run_name="publish the counts", cache_policy=NO_CACHE)
async def publish_counts(report: CrawlReport, line: OutletLine) -> None:
    """Write the table of counts. A rerun writes it again."""
    await report.publish(line)


def verdict(end: CrawlEnd) -> State[Any]:
    """Return the flow run's final state; its message says what happened."""
    match end.state:
        case "completed":
            problems = f"; needs a person: {'; '.join(end.counts.problems)}" if end.counts.problems else ""
            return Completed(message=f"{headline(end.counts)}, in {end.seconds:.1f} s{problems}"[:2000])
        case "busy":
            return Failed(name="Busy", message=f"{end.error} (waited {BUSY_MINUTES} minutes)")
        case "stopped":
            return Failed(
                name="Stopped",
                message="the crawl process was stopped by a signal; stored articles are kept, the other pages wait",
            )
        case _:
            return Failed(message=end.error or "the crawl failed; see its log")


def _stopped(outlet: str, ended: Ended) -> OutletLine:
    error = "stopped; what was stored is kept"
    return outlet_line(outlet, CrawlEnd("stopped", ended.run, ended.counts, error=error, seconds=ended.seconds))
