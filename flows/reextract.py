"""The reextract flows: archived pages, extracted again by `pressrun reextract` in child processes.

In shards, each part of the archive is a flow run of its own, which any worker of the pool takes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Completed, Failed
from pydantic import Field

from storage.errors import PressrunError
from storage.failures import OPERATION_ERRORS, first_line
from storage.jobs import Shard, ShardPlan

from .artifacts import Draft, publish, run_link
from .command_child import CommandEnd, run_command
from .command_progress import Bar, CommandProgress, percent_of
from .follow import run_to_its_end, stopping_children
from .parameters import OutletId
from .places import settings_of_flow_run
from .reextract_shards import MAX_SHARDS, PlanEnd, PlanKeeper, outcome_line, shards_markdown
from .tags import SHARD

LOOK = 5.0  # seconds between two looks at how far the shards are


def run_name() -> str:
    """Return a name such as "reextract 2026-11-25"."""
    return f"reextract {datetime.now(UTC):%Y-%m-%d}"


@flow(name="reextract", flow_run_name=run_name)
async def reextract(
    outlets: list[OutletId] | None = None, shards: Annotated[int, Field(ge=1, le=MAX_SHARDS)] = 1
) -> State[Any]:
    """Extract the archived pages again with the current extraction; nothing is fetched. A stopped run is continued.

    Args:
        outlets: Which outlets; all if none is named.
        shards: In how many parts, which several workers extract side by side. Each worker takes one at a time and uses
            all of its cores. They need the same archive folder.
    """
    names = tuple(outlet.value for outlet in outlets or ())
    try:
        if shards > 1:
            return await extract_in_shards(names, shards)
        return _state(await extract(["reextract", *names]))
    except PressrunError as wrong:
        return Failed(message=str(wrong))


@flow(name="reextract-shard")
async def reextract_shard(plan: int, after: int, last: int, outlets: list[OutletId] | None = None) -> State[Any]:
    """Extract one part of the archive again; the reextract flow starts these.

    Args:
        plan: The id of the plan in the ledger, which the reextract flow made.
        after: The pages with higher ids than this one,
        last: up to and with this one.
        outlets: Which outlets; all if none is named.
    """
    names = [outlet.value for outlet in outlets or ()]
    return _state(await extract(["reextract", "--shard", str(plan), str(after), str(last), *names]))


@task(task_run_name="extract", cache_policy=NO_CACHE)
async def extract(command: list[str]) -> CommandEnd:
    """Run the child. A rerun continues where it was stopped."""
    log = get_run_logger()
    progress = CommandProgress(Bar("reextract-progress", "Share of the pages that are extracted", log), log)
    return await run_command(settings_of_flow_run(), command, progress.on_line)


def _state(end: CommandEnd) -> State[Any]:
    if end.failure:
        return Failed(message=end.failure[:2000])
    return Completed(message=outcome_line(end.counts, end.counts["problems"])[:2000])


async def extract_in_shards(outlets: tuple[str, ...], shards: int) -> State[Any]:
    """Plan the shards, start a flow run for each, and wait for all of them."""
    keeper = PlanKeeper(settings_of_flow_run().db)
    plan = await make_plan(keeper, outlets, shards)
    end = PlanEnd("stopped")
    try:
        async with _watched(keeper, plan), stopping_children():
            runs = await asyncio.gather(*(extract_shard(shard, plan) for shard in plan.shards))
        failed = [run.name for run in runs if run.state is None or not run.state.is_completed()]
        end = PlanEnd("failed" if failed else "completed", tuple(failed))
    finally:
        total = await asyncio.shield(asyncio.to_thread(keeper.end, plan, end))
    await publish_shards(keeper, plan, [run_link(run.id) for run in runs])
    if end.failed:
        names = ", ".join(end.failed)
        return Failed(message=f"{len(failed)} of {len(runs)} shards failed: {names}; run it again to continue"[:2000])
    return Completed(message=f"{outcome_line(*total)}; {len(runs)} shards"[:2000])


@task(task_run_name="plan the shards", cache_policy=NO_CACHE)
async def make_plan(keeper: PlanKeeper, outlets: tuple[str, ...], shards: int) -> ShardPlan:
    """Divide the archive. A rerun takes up the plan that it had made."""
    plan = await asyncio.to_thread(keeper.start, outlets, shards)
    word = "continued" if plan.continued else "made"
    get_run_logger().info("plan %s: %s pages in %s shards", word, plan.total, len(plan.shards))
    return plan


@task(task_run_name="shard after page {shard.pages.after}", cache_policy=NO_CACHE)
async def extract_shard(shard: Shard, plan: ShardPlan) -> FlowRun:
    """Start the shard's flow run and wait for it. A rerun finds it again, and repeats it unless it has completed."""
    name = f"{runtime.flow_run.name}, shard {1 + plan.shards.index(shard)} of {len(plan.shards)}"
    return await run_to_its_end("reextract-shard/shard", shard.parameters, name, (SHARD,))


@contextlib.asynccontextmanager
async def _watched(keeper: PlanKeeper, plan: ShardPlan) -> AsyncIterator[None]:
    """Record the progress of the shards every few seconds, in the UI and in the ledger, until the block ends.

    An error is logged, and the next attempt made: the ledger takes a plan without a sign of life for abandoned.
    """
    log = get_run_logger()
    bar = Bar("reextract-progress", "Share of the pages that are extracted, of all shards", log)

    async def watch() -> None:
        while True:
            try:
                await bar.draw(percent_of(await asyncio.to_thread(keeper.look, plan), plan.total))
            except OPERATION_ERRORS as failure:
                log.warning("cannot see how far the shards are: %s", first_line(failure))
            await asyncio.sleep(LOOK)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


@task(task_run_name="publish the shards", cache_policy=NO_CACHE)
async def publish_shards(keeper: PlanKeeper, plan: ShardPlan, links: list[str]) -> None:
    """Write the artifact about the shards. A rerun writes it again."""
    title = str(runtime.flow_run.name)
    text = shards_markdown(plan, await asyncio.to_thread(keeper.progress, plan), links, title)
    await publish(Draft("reextract-shards", "markdown", text, title), get_run_logger())
