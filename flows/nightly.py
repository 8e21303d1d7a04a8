"""The nightly flow: one process crawls all outlets, several at a time; each outlet is a flow run of its own."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from crawlers.job import Job
from storage.errors import PressrunError

from .artifacts import SERVER_TROUBLE, Draft, Logger, artifact_link, run_link
from .artifacts import publish as publish_draft
from .crawl import BUSY_MINUTES
from .follow import stopping_children, wait_for
from .group import GroupCrawl, GroupSettings
from .hindsight import Hindsight
from .lateness import is_replaced
from .night_pages import NightPages, review
from .night_report import NightView, night_markdown
from .night_runs import Earlier, NightRuns, earlier_runs
from .nightly_plain import MAX_PARALLEL, NightOutlets, choose_night
from .notify import notify_in_thread
from .parameters import OutletId
from .places import settings_of_flow_run
from .report import line_of, mark_overtaken
from .summary import NightlySummary, OutletLine, summarise

WATCH = 3.0  # seconds between two looks for runs of outlets that a person has cancelled
REPLACED_AFTER = timedelta(hours=23)  # a night as late as this has been followed by the next one


def run_name() -> str:
    """Return a name such as "nightly 2026-11-25"."""
    return f"nightly {(runtime.flow_run.scheduled_start_time or datetime.now(UTC)):%Y-%m-%d}"


@flow(name="nightly", flow_run_name=run_name)
async def nightly(
    outlets: list[OutletId] | None = None,
    max_parallel: Annotated[int, Field(ge=1, le=32)] = MAX_PARALLEL,
    leave_out: list[str] | None = None,
) -> State[Any]:
    """Crawl all outlets for new pages. Running it again is always safe.

    Args:
        outlets: Which outlets; all that are enabled if none is named.
        max_parallel: How many outlets are crawled at a time.
        leave_out: Outlets that have nights of their own; only where `outlets` names none.
    """
    if is_replaced(REPLACED_AFTER):
        return Completed(name="Skipped", message="no worker ran this night in time; a later night replaces it")
    started, began = time.monotonic(), datetime.now(UTC)
    try:
        chosen = await choose([outlet.value for outlet in outlets or ()], leave_out or [])
        async with stopping_children():
            lines = await crawl_outlets(list(chosen.crawled), max_parallel)
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    pages = await look_back(summarise(lines, time.monotonic() - started, chosen.left_out), began)
    await publish(pages)
    summary = pages.hindsight.summary
    await notify_in_thread(settings_of_flow_run(), get_run_logger())
    return Failed(message=summary.message) if summary.failing else Completed(message=summary.message)


@task(task_run_name="choose the outlets", cache_policy=NO_CACHE)
async def choose(wanted: list[str], leave_out: list[str]) -> NightOutlets:
    """Choose the outlets to crawl; those that were taken down are left out. A rerun chooses again."""
    settings = settings_of_flow_run()
    return await asyncio.to_thread(choose_night, settings, wanted, leave_out, scheduled=True)


@task(task_run_name="crawl the outlets", cache_policy=NO_CACHE)
async def crawl_outlets(outlets: list[str], max_parallel: int) -> list[OutletLine]:
    """Crawl the outlets, each in a flow run of its own. A rerun repeats only the crawls that have not completed."""
    settings, log = settings_of_flow_run(), get_run_logger()
    night, attempt = UUID(str(runtime.flow_run.id)), int(runtime.flow_run.run_count or 1)
    async with get_client() as client:
        earlier = await earlier_runs(client, night) if attempt > 1 else Earlier()
        runs = NightRuns(client, night, attempt, settings, log)
        runs.take_over(earlier.left)
        crawl = GroupCrawl(settings, Job(kind="nightly"), GroupSettings(max_parallel, BUSY_MINUTES * 60), runs)
        others = asyncio.create_task(_lines_of(earlier, log))
        watching = asyncio.create_task(_stop_cancelled(crawl, runs))
        try:
            await crawl.crawl(outlet for outlet in outlets if outlet not in earlier.elsewhere)
            elsewhere = await others
        finally:
            others.cancel()
            watching.cancel()
    known = runs.lines | elsewhere
    return [known[outlet] for outlet in outlets]


async def _lines_of(earlier: Earlier, log: Logger) -> dict[str, OutletLine]:
    """Return the lines of outlets whose runs have completed before, or are run by workers, which are waited for."""
    lines = {outlet: await line_of(outlet, run, log) for outlet, run in earlier.completed.items()}
    for outlet, run in earlier.waiting.items():
        try:
            lines[outlet] = await line_of(outlet, await wait_for(run.id), log)
        except SERVER_TROUBLE as trouble:  # such as a run that a person has deleted
            lines[outlet] = OutletLine(outlet, "failed", note=f"its run cannot be followed: {trouble}")
    return lines


async def _stop_cancelled(crawl: GroupCrawl, runs: NightRuns) -> None:
    while True:
        await asyncio.sleep(WATCH)
        for outlet in await runs.newly_cancelled():
            crawl.stop(outlet)


@task(task_run_name="look back", cache_policy=NO_CACHE)
async def look_back(summary: NightlySummary, began: datetime) -> NightPages:
    """Correct the figures by what later crawls of the night brought, and make the pages. A rerun does both again."""
    log = get_run_logger()
    try:
        pages = await asyncio.to_thread(review, settings_of_flow_run(), summary, began)
    except PressrunError as wrong:
        log.warning("the night's figures stay as its crawls told them: %s", wrong)
        return NightPages(Hindsight(summary))
    for line in pages.hindsight.summary.lines:
        if line.overtaken:
            log.info("%s: %s new articles are copies of articles that came later", line.outlet, line.overtaken)
            await mark_overtaken(line, log)
    return pages


@task(task_run_name="publish the summary", cache_policy=NO_CACHE)
async def publish(pages: NightPages) -> None:
    """Write the pages of the night, the summary last, which leads to the others. A rerun writes them again."""
    log, hindsight = get_run_logger(), pages.hindsight
    more = []
    for name, text in (("deduplication", pages.copies), ("completeness", pages.calendar)):
        if text:
            title = text.partition("\n")[0].removeprefix("# ")
            more.append((title, artifact_link(await publish_draft(Draft(name, "markdown", text, title), log))))
    title = str(runtime.flow_run.name)
    view = NightView(title, hindsight.before, hindsight.weekday, run_link, more)
    await publish_draft(Draft("nightly-summary", "markdown", night_markdown(hindsight.summary, view), title), log)
