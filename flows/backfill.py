"""The backfill flow: past months of chosen outlets, newest first. A second run resumes."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from dataclasses import replace
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import BaseModel, ConfigDict, Field, model_validator

from storage.errors import PressrunError

from .follow import log_line, run_to_its_end, stopping_children
from .nightly_plain import MAX_PARALLEL
from .parameters import Day, OutletId
from .places import settings_of_flow_run
from .report import SERVER_TROUBLE, line_of, publish_summary
from .summary import FIGURES, NightlySummary, OutletLine, summarise
from .windows import Days, left_to_do


class Order(BaseModel):
    """Which outlets and days to backfill."""

    model_config = ConfigDict(extra="forbid")

    outlets: list[OutletId] = Field(min_length=1, description="The outlets to backfill.")
    first: Day = Field(title="First day", description="The earliest day, such as 2024-01-01.")
    last: Day = Field(title="Last day", description="The latest day, included; not in the future.")
    max_parallel: int = Field(default=MAX_PARALLEL, ge=1, le=32, description="How many outlets are crawled at a time.")

    @model_validator(mode="after")
    def _days_make_a_span(self) -> Order:
        if self.first > self.last:
            raise ValueError(f"the first day ({self.first}) is after the last day ({self.last})")
        if self.last > _today() + dt.timedelta(days=1):  # it may be tomorrow already in the time zone of the user
            raise ValueError(f"the last day ({self.last}) is in the future")
        return self


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def run_name() -> str:
    """Return a name such as "backfill 2024-01-01 to 2024-03-31"."""
    order = runtime.flow_run.parameters["order"]
    values = order if isinstance(order, dict) else order.model_dump()
    return f"backfill {values['first']} to {values['last']}"


@flow(name="backfill", flow_run_name=run_name)
async def backfill(order: Order) -> State[Any]:
    """Crawl past months of outlets by the seeds that list old pages: dated sitemaps, listings, the WordPress API.

    Months that an earlier backfill has finished are left out, so running it again resumes.

    Args:
        order: Which outlets and days.
    """
    started = time.monotonic()
    try:
        todo = await choose([outlet.value for outlet in order.outlets], order.first, order.last)
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    slots = asyncio.Semaphore(order.max_parallel)

    async def crawl_months(outlet: str, windows: list[Days]) -> OutletLine:
        async with slots:
            return await crawl_windows(outlet, windows)

    async with stopping_children():
        lines = await asyncio.gather(*(crawl_months(outlet, windows) for outlet, windows in todo.items()))
    summary = await publish(summarise(lines, time.monotonic() - started))
    return Failed(message=summary.message) if summary.failing else Completed(message=summary.message)


@task(task_run_name="choose the windows", cache_policy=NO_CACHE)
async def choose(outlets: list[str], first: dt.date, last: dt.date) -> dict[str, list[Days]]:
    """Return the months that are not finished, newest first. A rerun leaves out those finished meanwhile."""
    return await asyncio.to_thread(left_to_do, settings_of_flow_run().db, dict.fromkeys(outlets), first, last, _today())


@task(task_run_name="{outlet}", cache_policy=NO_CACHE)
async def crawl_windows(outlet: str, windows: list[Days]) -> OutletLine:
    """Crawl the months of one outlet one after the other, since only one run at a time may crawl an outlet.

    Stops at the first month that fails, since the others would most likely fail too. A rerun continues there.
    """
    log = get_run_logger()
    total = OutletLine(outlet, "completed", note="" if windows else "all months are finished")
    for number, (first, last) in enumerate(windows):
        parameters = {"outlet": outlet, "first": first.isoformat(), "last": last.isoformat()}
        try:
            run = await run_to_its_end(
                "crawl-window/window", parameters, f"{outlet} {first:%Y-%m} backfill", ("backfill",)
            )
        except SERVER_TROUBLE as trouble:
            return log_line(replace(total, state="failed", note=f"{first:%Y-%m} could not be started: {trouble}"))
        line = await line_of(outlet, run, log)
        log.info("%s to %s: %s, %s new", first, last, line.state, line.new)
        total = _added(total, line)
        if line.bad or line.state == "stopped":
            left = len(windows) - number
            note = f"{first:%Y-%m}: {line.note}; {left} of {len(windows)} months are left"
            return log_line(replace(total, note=note))
    return log_line(total)


def _added(total: OutletLine, line: OutletLine) -> OutletLine:
    numbers = {name: getattr(total, name) + getattr(line, name) for name in FIGURES if name != "waiting"}
    state = line.state if line.state != "completed" else total.state
    return replace(
        total,
        **numbers,
        waiting=line.waiting,
        state=state,
        seconds=total.seconds + line.seconds,
        note=line.note or total.note,
    )


@task(task_run_name="publish the summary", cache_policy=NO_CACHE)
async def publish(summary: NightlySummary) -> NightlySummary:
    """Write the Markdown artifact of the backfill. A rerun writes it again."""
    await publish_summary(summary, str(runtime.flow_run.name), "backfill-summary", get_run_logger())
    return summary
