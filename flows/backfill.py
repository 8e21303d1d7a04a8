"""The backfill flow: past days of chosen outlets, in windows, newest first. A second run resumes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawlers.catalog import load_outlets
from storage.database import open_database
from storage.errors import PressrunError

from .artifacts import SERVER_TROUBLE, Draft, artifact_link, run_link
from .artifacts import publish as publish_draft
from .backfill_order import BackfillOrder, label, labels, make_plans, make_ready, wrong_days
from .calendar_markdown import calendar_markdown
from .coverage import coverages, findings
from .follow import log_line, run_to_its_end, stopping_children
from .night_report import NightView, night_markdown
from .nightly_plain import MAX_PARALLEL
from .parameters import Budget, Day, OutletId, SeedChoice, kind_of
from .places import settings_of_flow_run
from .plan_text import headline, plan_markdown
from .report import line_of
from .summary import FIGURES, STATES, NightlySummary, OutletLine, summarise
from .tags import BACKFILL, run_tags
from .window_rounds import Attempt, Rounds, crawl_in_rounds
from .windows import Days, Span


class Order(BaseModel):
    """Which outlets and days to backfill, and how."""

    model_config = ConfigDict(extra="forbid")

    outlets: list[OutletId] = Field(min_length=1, description="The outlets to backfill.")
    first: Day = Field(title="First day", description="The earliest day, such as 2024-01-01.")
    last: Day = Field(title="Last day", description="The latest day, included; not in the future.")
    seed: SeedChoice = Field(
        default=SeedChoice.automatic,
        title="Seeds",
        description="automatic: all seeds of an outlet that reach back. Or those of one kind only.",
    )
    budget: Budget | None = Field(
        default=None,
        title="Budget",
        description="Requests at most for each outlet; the rest is left for another run. Empty: as many as it takes.",
    )
    plan: bool = Field(
        default=False,
        title="Plan only",
        description="Send nothing; say what would be asked for, and how long it takes.",
    )
    refetch: bool = Field(
        default=False, title="Fetch again", description="Fetch finished days and known pages of the span again."
    )
    max_parallel: int = Field(
        default=MAX_PARALLEL,
        ge=1,
        le=32,
        title="Outlets at a time",
        description="How many outlets are crawled at a time.",
    )

    @model_validator(mode="after")
    def _days_make_a_span(self) -> Order:
        if wrong := wrong_days(self.first, self.last):
            raise ValueError(wrong)
        return self

    def as_order(self) -> BackfillOrder:
        """Return the order without the types of the form."""
        span = Span(self.first, self.last, kind_of(self.seed), self.refetch)
        return BackfillOrder(tuple(outlet.value for outlet in self.outlets), span, self.budget)


def run_name() -> str:
    """Return a name such as "backfill 2024-01-01 to 2024-03-31"."""
    order = runtime.flow_run.parameters["order"]
    values = order if isinstance(order, dict) else order.model_dump()
    return f"{'plan of a ' if values.get('plan') else ''}backfill {values['first']} to {values['last']}"


@flow(name="backfill", flow_run_name=run_name)
async def backfill(order: Order) -> State[Any]:
    """Crawl past days of outlets by the seeds that list old pages: dated sitemaps, listings, APIs, counters.

    Days that an earlier backfill has finished are left out, so running it again resumes.

    Args:
        order: Which outlets and days, and how.
    """
    started = time.monotonic()
    try:
        wanted = order.as_order()
        if order.plan:
            return Completed(message=await plan(wanted))
        todo = await choose(wanted)
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    slots = asyncio.Semaphore(order.max_parallel)

    async def crawl_outlet(outlet: str, windows: list[Days]) -> OutletLine:
        async with slots:
            return await crawl_windows(outlet, windows, wanted)

    async with stopping_children():
        lines = await asyncio.gather(*(crawl_outlet(outlet, windows) for outlet, windows in todo.items()))
    calendar = await publish_calendar(wanted)
    summary = await publish(summarise(lines, time.monotonic() - started), calendar)
    return Failed(message=summary.message) if summary.failing else Completed(message=summary.message)


@task(task_run_name="choose the windows", cache_policy=NO_CACHE)
async def choose(order: BackfillOrder) -> dict[str, list[Days]]:
    """Return the windows that are not finished, newest first. A rerun leaves out those finished meanwhile."""
    ready = await asyncio.to_thread(make_ready, settings_of_flow_run(), order)
    return dict(ready.windows)


@task(task_run_name="plan", cache_policy=NO_CACHE)
async def plan(order: BackfillOrder) -> str:
    """Write the artifact of the plan, and return it in a line. Nothing is sent. A rerun plans again."""
    settings = settings_of_flow_run()
    plans = await asyncio.to_thread(lambda: make_plans(settings, make_ready(settings, order)))
    title = str(runtime.flow_run.name)
    await publish_draft(Draft("backfill-plan", "markdown", plan_markdown(plans, title), title), get_run_logger())
    return f"nothing was sent; {'; '.join(map(headline, plans))}"[:2000]


@task(task_run_name="{outlet}", cache_policy=NO_CACHE)
async def crawl_windows(outlet: str, windows: list[Days], order: BackfillOrder) -> OutletLine:
    """Crawl the windows of one outlet one after the other, since only one run at a time may crawl an outlet.

    A window that fails is tried again after the others, three times at most. A rerun continues with those not finished.
    """
    lines: list[OutletLine] = []

    async def crawl(attempt: Attempt) -> tuple[OutletLine, int]:
        line = await _crawl_window(outlet, attempt, order)
        lines.append(line)
        return line, line.requests

    try:
        rounds = await crawl_in_rounds(windows, crawl, order.budget)
    except SERVER_TROUBLE as trouble:
        total = _added(outlet, lines)
        return log_line(replace(total, state="failed", note=f"a window could not be started: {trouble}"))
    return log_line(_line(_added(outlet, lines), windows, rounds))


async def _crawl_window(outlet: str, attempt: Attempt, order: BackfillOrder) -> OutletLine:
    log, (first, last) = get_run_logger(), attempt.days
    parameters = {
        "outlet": outlet, "first": first.isoformat(), "last": last.isoformat(),
        "seed": order.span.seed_kind or SeedChoice.automatic.value, "budget": attempt.budget,
        "refetch": order.span.again,
    }  # fmt: skip
    again = f", try {attempt.number}" if attempt.number > 1 else ""
    tags = run_tags(load_outlets(settings_of_flow_run().outlets), outlet, BACKFILL)
    name = f"{outlet} {label(attempt.days)} backfill{again}"
    run = await run_to_its_end("crawl-window/window", parameters, name, tags)
    line = await line_of(outlet, run, log)
    log.info("%s to %s: %s, %s new", first, last, line.state, line.new)
    return line


def _added(outlet: str, lines: list[OutletLine]) -> OutletLine:
    total = OutletLine(outlet, "completed")
    for line in lines:
        numbers = {name: getattr(total, name) + getattr(line, name) for name in FIGURES if name != "waiting"}
        last: dict[str, Any] = {"waiting": line.waiting, "log": line.log, "flow_run_id": line.flow_run_id}
        total = replace(total, **numbers, **last, seconds=total.seconds + line.seconds)
    return total


def _line(total: OutletLine, windows: list[Days], rounds: Rounds[OutletLine]) -> OutletLine:
    """Return the outlet's line, with the state and the note of its worst window, and what is left to do."""
    if not windows:
        return replace(total, note="all days are finished")
    worst = min(rounds.ends.values(), key=lambda end: STATES.index(end.state), default=total)
    notes = [worst.note] if worst.state != "completed" else []
    if rounds.why == "budget":
        notes.append(f"the budget is used up; left for another run: {labels(rounds.left)}")
    elif rounds.left:
        notes.append(f"{len(rounds.left)} of {len(windows)} windows are left: {labels(rounds.left)}")
    return replace(total, state=worst.state, note="; ".join(filter(None, notes)))


@task(task_run_name="publish the summary", cache_policy=NO_CACHE)
async def publish(summary: NightlySummary, calendar: str) -> NightlySummary:
    """Write the Markdown artifact of the backfill, with a link to its calendar. A rerun writes it again."""
    title = str(runtime.flow_run.name)
    view = NightView(title, run_url=run_link, more=[("Completeness of these days", calendar)])
    await publish_draft(Draft("backfill-summary", "markdown", night_markdown(summary, view), title), get_run_logger())
    return summary


@task(task_run_name="publish the calendar", cache_policy=NO_CACHE)
async def publish_calendar(order: BackfillOrder) -> str:
    """Write the artifact that shows how complete each day is now, and return its path. A rerun writes it again."""
    title = f"Completeness, {order.span.first} to {order.span.last}"
    markdown = await asyncio.to_thread(_calendar, order, title)
    return artifact_link(await publish_draft(Draft("completeness", "markdown", markdown, title), get_run_logger()))


def _calendar(order: BackfillOrder, title: str) -> str:
    settings = settings_of_flow_run()
    catalog, db = load_outlets(settings.outlets), open_database(settings.db)
    try:
        covered = list(coverages(db, catalog, list(dict.fromkeys(order.outlets)), order.span.first, order.span.last))
    finally:
        db.close()
    found = [finding for one in covered for finding in findings(one, catalog.get(one.outlet_id).tz)]
    return calendar_markdown(covered, found, title)
