"""Find flow runs whose process is gone, and return them to the pool. Every worker does this (`sweep`).

Prefect itself leaves such runs in the state Running for ever, and its own remedy, an automation on missing heartbeats,
looks neither at the process nor at the state. Here the labels of a run say which worker process drives it. On the same
machine the process is looked at; of another machine, the heartbeat of the worker and that of the ledger's run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psutil
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import AwaitingRetry, Cancelled, Crashed

from .dead_holds import beating_flow_runs, end_dead_holds
from .driver import Driver

ATTEMPTS = 5  # executions of a flow run; after that it is no accident
QUIET = timedelta(seconds=60)
WORKER_SILENT = timedelta(seconds=90)  # Prefect's workers report every 30 s
UNDER_WAY = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Whoever looks for dead runs: the pool, its own process, the database, and the runs that it drives now.

    `quiet`: how long a run that nobody drives yet is left alone. `parents`: of runs that were looked at before.
    """

    pool: str
    me: Driver
    db: str
    mine: Callable[[], Collection[UUID]] = frozenset
    quiet: timedelta = QUIET
    parents: dict[UUID, UUID | None] = field(default_factory=dict)


async def sweep(client: PrefectClient, sweeper: Sweeper) -> list[str]:
    """Return the dead runs of the pool to it, and end their runs in the ledger. Returns a line for each.

    A run that a person was cancelling ends as Cancelled; one that died in its fifth execution ends as Crashed.
    """
    under_way = await _under_way(client, sweeper.pool)
    mine, running = sweeper.mine(), {run.id for run in under_way}
    dead = [run for run in under_way if run.id not in mine and await _is_dead(client, run, sweeper, running)]
    lines = [line for run in dead if (line := await _bring_back(client, run, sweeper))]
    if lines:
        lines += await asyncio.to_thread(end_dead_holds, sweeper.db)
    return lines


async def _under_way(client: PrefectClient, pool: str) -> Sequence[FlowRun]:
    return await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(UNDER_WAY)))),
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool])),
    )


async def _is_dead(client: PrefectClient, run: FlowRun, sweeper: Sweeper, running: Collection[UUID]) -> bool:
    driver = Driver.of(run)
    if driver is None:
        return _age(run) > sweeper.quiet and not await _parent_drives(client, run, sweeper, running)
    if driver.machine == sweeper.me.machine:
        return _has_no_process(run, driver, sweeper)
    if driver.name == sweeper.me.name:  # the same machine before it was started anew
        return True
    if await _is_online(client, sweeper.pool, driver.name):
        return False
    return str(run.id) not in await asyncio.to_thread(beating_flow_runs, sweeper.db)


def _has_no_process(run: FlowRun, driver: Driver, sweeper: Sweeper) -> bool:
    """Return True if neither the worker nor the process of the flow run lives on this machine.

    My own run that I no longer know has ended without its state having reached the server.
    """
    if driver == sweeper.me:
        return _age(run) > sweeper.quiet and not _process_lives(run)
    return not driver.lives() and not _process_lives(run)


def _process_lives(run: FlowRun) -> bool:
    pid = run.infrastructure_pid or ""
    if not pid.isdigit():
        return False
    try:
        return psutil.Process(int(pid)).environ().get("PREFECT__FLOW_RUN_ID") == str(run.id)
    except psutil.Error:
        return False


async def _parent_drives(client: PrefectClient, run: FlowRun, sweeper: Sweeper, running: Collection[UUID]) -> bool:
    """Return True if the run has no process of its own: the process of its parent crawls for it."""
    if await _parent_id(client, run, sweeper.parents) in running:  # a night of many outlets: no request for each
        return True
    parent = await _parent(client, run, sweeper)
    return parent is not None and parent.state is not None and not parent.state.is_final()


async def _parent(client: PrefectClient, run: FlowRun, sweeper: Sweeper) -> FlowRun | None:
    parent = await _parent_id(client, run, sweeper.parents)
    try:
        return await client.read_flow_run(parent) if parent else None
    except ObjectNotFound:
        return None


async def _parent_id(client: PrefectClient, run: FlowRun, known: dict[UUID, UUID | None]) -> UUID | None:
    if run.parent_task_run_id is None:
        return None
    if run.id not in known:
        try:
            known[run.id] = (await client.read_task_run(run.parent_task_run_id)).flow_run_id
        except ObjectNotFound:
            known[run.id] = None
    return known[run.id]


async def _is_online(client: PrefectClient, pool: str, name: str) -> bool:
    now = datetime.now(UTC)
    workers = await client.read_workers_for_work_pool(pool)
    beats = [worker.last_heartbeat_time for worker in workers if worker.name == name]
    return any(beat is not None and now - beat < WORKER_SILENT for beat in beats)


async def _bring_back(client: PrefectClient, run: FlowRun, sweeper: Sweeper) -> str | None:
    parent = None if Driver.of(run) else await _parent(client, run, sweeper)
    if parent is not None and parent.state is not None and parent.state.is_cancelled():
        await client.set_flow_run_state(run.id, Cancelled(message=f"{parent.name} was cancelled"), force=True)
        return f"{run.name}: cancelled with {parent.name}"
    return await return_to_pool(client, run.id, "its process is gone", seen=run.state)


async def return_to_pool(
    client: PrefectClient, flow_run_id: UUID, why: str, *, bounded: bool = True, seen: State[Any] | None = None
) -> str | None:
    """Give an interrupted run the state AwaitingRetry, so that a worker continues it. Returns a line about it.

    A run that has ended meanwhile, or whose state is no longer the one that was `seen`, stays as it is. One that a
    person was cancelling ends as Cancelled. `bounded`: after five executions it ends as Crashed.
    """
    run = await client.read_flow_run(flow_run_id)
    if run.state is None or _has_ended(run.state) or (seen is not None and run.state.id != seen.id):
        return None
    state = _next_state(run, why, bounded)
    await client.set_flow_run_state(flow_run_id, state, force=True)
    return f"{run.name}: {why}; now {state.name}"


def _has_ended(state: State[Any]) -> bool:
    return state.is_completed() or state.is_failed() or state.is_cancelled()


def _next_state(run: FlowRun, why: str, bounded: bool) -> State[Any]:
    if run.state is not None and run.state.is_cancelling():
        return Cancelled()
    if bounded and run.run_count >= ATTEMPTS:
        return Crashed(
            message=f"{why}, for the {run.run_count}th time; it is not tried again. See data/logs and worker.log, then "
            "use Retry"
        )
    return AwaitingRetry(message=f"{why}; it continues when a worker is there")


def _age(run: FlowRun) -> timedelta:
    return datetime.now(UTC) - run.state.timestamp if run.state is not None else timedelta(0)
