"""The nightly flow: one crawl of each outlet, several at a time, each a flow run of its own."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from crawlers.catalog import load_outlets
from storage.errors import PressrunError

from .artifacts import SERVER_TROUBLE, Draft, artifact_link, run_link
from .artifacts import publish as publish_draft
from .follow import log_line, run_to_its_end, stopping_children
from .hindsight import Hindsight
from .lateness import is_replaced
from .night_pages import NightPages, review
from .night_report import NightView, night_markdown
from .nightly_plain import MAX_PARALLEL, choose_outlets
from .notify import notify_in_thread
from .parameters import OutletId
from .places import settings_of_flow_run
from .report import line_of, mark_overtaken
from .summary import NightlySummary, OutletLine, summarise
from .tags import NIGHTLY, run_tags

REPLACED_AFTER = timedelta(hours=23)  # a night as late as this has been followed by the next one


def run_name() -> str:
    """Return a name such as "nightly 2026-11-25"."""
    return f"nightly {(runtime.flow_run.scheduled_start_time or datetime.now(UTC)):%Y-%m-%d}"


@flow(name="nightly", flow_run_name=run_name)
async def nightly(
    outlets: list[OutletId] | None = None,
    max_parallel: Annotated[int, Field(ge=1, le=32)] = MAX_PARALLEL,
) -> State[Any]:
    """Crawl all outlets for new pages. Running it again is always safe.

    Args:
        outlets: Which outlets; all that are enabled if none is named.
        max_parallel: How many outlets are crawled at a time.
    """
    if is_replaced(REPLACED_AFTER):
        return Completed(name="Skipped", message="no worker ran this night in time; a later night replaces it")
    started, began = time.monotonic(), datetime.now(UTC)
    try:
        wanted = await choose([outlet.value for outlet in outlets or ()])
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    slots = asyncio.Semaphore(max_parallel)

    async def crawl_when_free(outlet: str) -> OutletLine:
        async with slots:
            return await crawl_outlet(outlet)

    async with stopping_children():
        lines = await asyncio.gather(*map(crawl_when_free, wanted))
    pages = await look_back(summarise(lines, time.monotonic() - started), began)
    await publish(pages)
    summary = pages.hindsight.summary
    await notify_in_thread(settings_of_flow_run(), get_run_logger())
    return Failed(message=summary.message) if summary.failing else Completed(message=summary.message)


@task(task_run_name="choose the outlets", cache_policy=NO_CACHE)
async def choose(wanted: list[str]) -> list[str]:
    """Return the ids of the outlets to crawl. A rerun chooses again."""
    return choose_outlets(load_outlets(settings_of_flow_run().outlets), wanted)


@task(task_run_name="{outlet}", cache_policy=NO_CACHE)
async def crawl_outlet(outlet: str) -> OutletLine:
    """Crawl one outlet in a flow run of its own. A rerun repeats only the crawls that failed."""
    tags = run_tags(load_outlets(settings_of_flow_run().outlets), outlet, NIGHTLY)
    try:
        run = await run_to_its_end("crawl/crawl", {"outlet": outlet}, f"{outlet} {NIGHTLY}", tags)
    except SERVER_TROUBLE as trouble:
        return log_line(OutletLine(outlet, "failed", note=f"its crawl could not be started: {trouble}"))
    return log_line(await line_of(outlet, run, get_run_logger()))


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
