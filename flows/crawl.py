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
from crawlers.job import CrawlOrder, Job
from crawlers.messages import Ended
from storage.errors import PressrunError

from .artifacts import run_link
from .backfill_order import label
from .child import CrawlEnd, run_crawl
from .crawl_report import ReportLinks
from .finding_events import emit_changes
from .notify import notify_in_thread
from .parameters import Budget, Day, OutletId, SeedChoice, kind_of
from .places import settings_of_flow_run
from .report import CrawlReport
from .summary import OutletLine, headline, open_findings, outlet_line
from .tags import BACKFILL, CRAWL, NIGHTLY, kind_of_run, run_tags, tag_this_run

BUSY_MINUTES = 30  # how long a crawl waits for the run that holds its outlet
BUSY_PAUSE = 15.0  # seconds between two attempts
STOPPED = "the crawl process was stopped by a signal; stored articles are kept, the other pages wait"


def run_name() -> str:
    """Return a name such as "azernews nightly", "azernews crawl since 2026-01-01", "azernews 2024-03 backfill"."""
    parameters = runtime.flow_run.parameters
    outlet = getattr(parameters["outlet"], "value", parameters["outlet"])
    if "first" in parameters:
        first, last = (date.fromisoformat(str(parameters[name])) for name in ("first", "last"))
        return f"{outlet} {label((first, last))} backfill"
    return f"{outlet} {kind_of_run(runtime.flow_run.tags)}{_options(parameters)}"


def _options(parameters: dict[str, Any]) -> str:
    """Return what is special about a crawl, for its name."""
    since = f" since {parameters['since']}" if parameters.get("since") else ""
    limit = f", {parameters['limit']} pages at most" if parameters.get("limit") else ""
    return since + limit + (", known pages again" if parameters.get("refetch") else "")


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
    kind = kind_of_run(runtime.flow_run.tags)
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
    links = ReportLinks()
    try:
        settings = await look_up(outlet, BACKFILL if job.window else CRAWL)
        links = ReportLinks(str(settings.data / "archive"), *_parent())
        end = await _fetch(CrawlOrder(outlet, settings, job), report)
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    except asyncio.CancelledError:
        if report.ended:  # the child was stopped and has reported its counts
            await report.publish(_stopped(outlet, report.ended), links)
        raise
    await judge(end)
    await publish_report(report, outlet_line(outlet, end), links)
    await tell_findings(outlet, settings, report)
    return verdict(end)


def _parent() -> tuple[str, str]:
    """Return what started this run, and the path of its page; empty for a run of its own."""
    parent = runtime.flow_run.parent_flow_run_id
    kinds = {one.removeprefix("kind:") for one in runtime.flow_run.tags if one.startswith("kind:")}
    return (f"a {min(kinds, default='larger')} run", run_link(parent)) if parent else ("", "")


async def _fetch(order: CrawlOrder, report: CrawlReport) -> CrawlEnd:
    """Crawl, with a task for each part that the timeline shows. Pages are fetched while seeds are still read."""
    discovering = asyncio.create_task(discover(report))
    try:
        return await fetch_and_store(order, report)
    finally:
        report.seeds_read.set()
        await asyncio.gather(discovering, return_exceptions=True)


async def tell_findings(outlet: str, settings: Settings, report: CrawlReport) -> None:
    """Emit an event for each finding that changed. The message about them is sent here, or when the night has ended."""
    emit_changes(outlet, report.ended.findings if report.ended else ())
    if kind_of_run(runtime.flow_run.tags) != NIGHTLY:
        await notify_in_thread(settings, get_run_logger())


@task(task_run_name="look up {outlet}", cache_policy=NO_CACHE)
async def look_up(outlet: str, kind: str) -> Settings:
    """Read the settings and the outlet file, and tag the run. A rerun uses the file as it is then."""
    settings = settings_of_flow_run()
    catalog = load_outlets(settings.outlets)
    await tag_this_run(run_tags(catalog, outlet, kind), get_run_logger())
    catalog.get(outlet)
    return settings


@task(task_run_name="discover", cache_policy=NO_CACHE)
async def discover(report: CrawlReport) -> None:
    """Wait until the crawl has read its seeds. A rerun of the flow reads them again."""
    await report.seeds_read.wait()
    counts = report.counts
    get_run_logger().info(
        "%s pages discovered, %s known before; %s seed documents had not changed",
        counts.discovered, counts.known, counts.seeds_unchanged,
    )  # fmt: skip


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


@task(task_run_name="judge", cache_policy=NO_CACHE)
async def judge(end: CrawlEnd) -> None:
    """Log what needs a person. A rerun judges again."""
    log = get_run_logger()
    for finding in open_findings(end.findings):
        log.warning("%s: %s", finding.get("kind"), finding.get("evidence"))
    for problem in end.counts.problems:
        log.warning("needs a person: %s", problem)


@task(task_run_name="publish the report", cache_policy=NO_CACHE)
async def publish_report(report: CrawlReport, line: OutletLine, links: ReportLinks) -> None:
    """Write the report and the row of figures. A rerun writes them again."""
    await report.publish(line, links)


def verdict(end: CrawlEnd) -> State[Any]:
    """Return the flow run's final state; its message says what happened."""
    match end.state:
        case "completed":
            found = [f"{one.get('kind')}: {one.get('evidence')}" for one in open_findings(end.findings)]
            needs = "; ".join([*found, *end.counts.problems])
            problems = f"; needs a person: {needs}" if needs else ""
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
