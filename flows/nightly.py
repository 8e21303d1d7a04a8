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

from .crawl import NIGHTLY
from .follow import log_line, run_to_its_end, stopping_children
from .lateness import is_replaced
from .nightly_plain import MAX_PARALLEL, choose_outlets
from .notify import notify_in_thread
from .parameters import OutletId
from .places import settings_of_flow_run
from .report import SERVER_TROUBLE, line_of, publish_summary
from .summary import NightlySummary, OutletLine, summarise

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
    started = time.monotonic()
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
    summary = await publish(summarise(lines, time.monotonic() - started))
    await notify_in_thread(settings_of_flow_run(), get_run_logger())
    return Failed(message=summary.message) if summary.failing else Completed(message=summary.message)


@task(task_run_name="choose the outlets", cache_policy=NO_CACHE)
async def choose(wanted: list[str]) -> list[str]:
    """Return the ids of the outlets to crawl. A rerun chooses again."""
    return choose_outlets(load_outlets(settings_of_flow_run().outlets), wanted)


@task(task_run_name="{outlet}", cache_policy=NO_CACHE)
async def crawl_outlet(outlet: str) -> OutletLine:
    """Crawl one outlet in a flow run of its own. A rerun repeats only the crawls that failed."""
    try:
        run = await run_to_its_end("crawl/crawl", {"outlet": outlet}, f"{outlet} {NIGHTLY}", (NIGHTLY,))
    except SERVER_TROUBLE as trouble:
        return log_line(OutletLine(outlet, "failed", note=f"its crawl could not be started: {trouble}"))
    return log_line(await line_of(outlet, run, get_run_logger()))


@task(task_run_name="publish the summary", cache_policy=NO_CACHE)
async def publish(summary: NightlySummary) -> NightlySummary:
    """Write the Markdown artifact of the night. A rerun writes it again."""
    await publish_summary(summary, str(runtime.flow_run.name), "nightly-summary", get_run_logger())
    return summary
