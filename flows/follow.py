"""Start crawls as flow runs of their own, and wait for their end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import anyio
from prefect import get_run_logger, runtime
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments import arun_deployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelling

from .artifacts import SERVER_TROUBLE
from .summary import OutletLine

POLL = 1.0  # seconds
PAGE = 200  # flow runs of one answer: the server gives no more


async def run_to_its_end(deployment: str, parameters: dict[str, Any], name: str, tags: tuple[str, ...] = ()) -> FlowRun:
    """Start a run of a deployment as a child of the current flow run, and wait until it has ended.

    A rerun of the parent finds the runs that it started before: it does not repeat those that completed, waits for
    those that are running, and starts those that failed again.
    """
    attempts = int(runtime.flow_run.run_count or 1)
    for attempt in range(1, attempts + 1):
        run = await arun_deployment(
            deployment,
            parameters=parameters,
            flow_run_name=name,
            tags=tags,
            idempotency_key=f"{runtime.flow_run.id}:{name}:{attempt}",
            timeout=0,
        )
        run = await wait_for(run.id)
        if run.state is not None and run.state.is_completed():
            break
    return run


def log_line(line: OutletLine) -> OutletLine:
    """Write an outlet's line to the log of the flow run, and return it."""
    level = logging.WARNING if line.state != "completed" else logging.INFO
    note = f": {line.remark}" if line.note else ""
    get_run_logger().log(level, "%s %s, %s new%s", line.outlet, line.state, line.new, note)
    return line


async def wait_for(flow_run_id: UUID) -> FlowRun:
    """Wait for a flow run to end, also while the server does not answer. Raises ObjectNotFound if it was deleted."""
    async with get_client() as client:
        while True:
            try:
                run = await client.read_flow_run(flow_run_id)
            except ObjectNotFound:
                raise
            except SERVER_TROUBLE as trouble:
                get_run_logger().warning("the Prefect server does not answer: %s", trouble)
            else:
                if run.state is not None and run.state.is_final():
                    return run
            await asyncio.sleep(POLL)


@contextlib.asynccontextmanager
async def stopping_children() -> AsyncIterator[None]:
    """Stop the crawls that this flow run started when a person cancels it.

    Prefect's server does that too, but only within 20 s of the parent's end. When the flow run only moves to another
    worker (SIGTERM), its crawls go on, and the rerun finds them.
    """
    try:
        yield
    except asyncio.CancelledError:
        with anyio.move_on_after(8, shield=True), contextlib.suppress(*SERVER_TROUBLE):
            await _cancel_children()
        raise


async def _cancel_children() -> None:
    async with get_client() as client:
        me = await client.read_flow_run(UUID(str(runtime.flow_run.id)))
        if me.state is None or not (me.state.is_cancelling() or me.state.is_cancelled()):
            return
        for child in await children_of(client, me.id):
            if child.state is not None and not (child.state.is_final() or child.state.is_cancelling()):
                get_run_logger().info("stopping %s", child.name)
                await client.set_flow_run_state(child.id, Cancelling(message="The run that started it was cancelled."))


async def children_of(client: PrefectClient, flow_run_id: UUID) -> list[FlowRun]:
    """Return the flow runs that a flow run has started."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterParentFlowRunId

    which = FlowRunFilter(parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[flow_run_id]))
    found: list[FlowRun] = []
    while more := await client.read_flow_runs(
        flow_run_filter=which, limit=PAGE, offset=len(found), sort=FlowRunSort.ID_DESC
    ):
        found += more
    return found
