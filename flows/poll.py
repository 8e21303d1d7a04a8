"""The poll flow: the fast seeds of all outlets, in one child process; every half hour."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from crawlers.catalog import load_outlets
from crawlers.job import PollOrder
from storage.errors import PressrunError

from .artifacts import SERVER_TROUBLE, Draft
from .artifacts import publish as publish_draft
from .follow import log_line, run_to_its_end, stopping_children
from .lateness import is_replaced
from .parameters import OutletId
from .places import settings_of_flow_run
from .polling import PollSummary, run_poll
from .report import line_of
from .summary import OutletLine
from .tags import POLL, run_tags

REPLACED_AFTER = timedelta(minutes=25)  # of the schedule in prefect.yaml, which has a poll each half hour
PROBLEMS = 20  # problems that are logged; the table has them too


def run_name() -> str:
    """Return a name such as "poll 2026-11-25 14:30"."""
    return f"poll {(runtime.flow_run.scheduled_start_time or datetime.now(UTC)):%Y-%m-%d %H:%M}"


@flow(name="poll", flow_run_name=run_name)
async def poll(
    outlets: list[OutletId] | None = None,
    everything: bool = False,
    fetch: bool = False,
    max_parallel: Annotated[int, Field(ge=1, le=32)] = 2,
) -> State[Any]:
    """Ask the feeds, news sitemaps and first listing pages of all outlets what is new. The next crawl fetches it.

    Args:
        outlets: Which outlets; all that are enabled if none is named.
        everything: Ask all of their fast seeds, also those that are not due.
        fetch: Crawl the outlets that have something new at once.
        max_parallel: How many of these are crawled at a time.
    """
    try:
        # By another schedule, the next poll may be a day away. One that is late asks only what is still due.
        if settings_of_flow_run().poll_cron is None and is_replaced(REPLACED_AFTER):
            return Completed(name="Skipped", message="no worker ran this poll in time; a later one replaces it")
        summary = await ask([outlet.value for outlet in outlets or ()], everything)
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    await publish(summary)
    if summary.end.state != "completed":
        return Failed(message=summary.message)
    lines = await _crawl_all(summary.fresh, max_parallel) if fetch else []
    bad = [line.outlet for line in lines if line.bad]
    if bad:
        return Failed(message=f"{summary.message}; crawls that failed: {', '.join(bad)}")
    return Completed(message=summary.message)


@task(task_run_name="ask the seeds", cache_policy=NO_CACHE)
async def ask(outlets: list[str], everything: bool) -> PollSummary:
    """Run the poll in its child process. A rerun asks only what the first run did not reach."""
    order = PollOrder(settings_of_flow_run(), tuple(outlets), everything, str(runtime.flow_run.id))
    summary = await run_poll(order)
    log = get_run_logger()
    log.info("%s", summary.message)
    for problem in summary.problems[:PROBLEMS]:
        log.warning("%s", problem)
    if len(summary.problems) > PROBLEMS:
        log.warning("%s more problems; the log in data/logs/poll has them", len(summary.problems) - PROBLEMS)
    return summary


@task(task_run_name="publish what is new", cache_policy=NO_CACHE)
async def publish(summary: PollSummary) -> None:
    """Write the table of outlets with something new, if there are any. A rerun writes it again."""
    if rows := summary.rows():
        await publish_draft(Draft("poll-news", "table", rows, summary.message), get_run_logger())


async def _crawl_all(outlets: tuple[str, ...], max_parallel: int) -> list[OutletLine]:
    slots = asyncio.Semaphore(max_parallel)

    async def crawl_when_free(outlet: str) -> OutletLine:
        async with slots:
            return await crawl_outlet(outlet)

    async with stopping_children():
        return await asyncio.gather(*map(crawl_when_free, outlets))


@task(task_run_name="{outlet}", cache_policy=NO_CACHE)
async def crawl_outlet(outlet: str) -> OutletLine:
    """Crawl an outlet in a flow run of its own. A rerun repeats only the crawls that failed."""
    tags = run_tags(load_outlets(settings_of_flow_run().outlets), outlet, POLL)
    try:
        run = await run_to_its_end("crawl/crawl", {"outlet": outlet}, f"{outlet} {POLL}", tags)
    except SERVER_TROUBLE as trouble:
        return log_line(OutletLine(outlet, "failed", note=f"its crawl could not be started: {trouble}"))
    return await line_of(outlet, run, get_run_logger())
