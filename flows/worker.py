"""A Prefect worker as a process: `python -m flows.worker`. Like `prefect worker start`, but no run is lost.

Prefect's own worker leaves its runs in the state Running for ever when it gets SIGTERM. This one stops taking runs,
lets the running ones go on for `--drain` seconds, then stops their crawls, which keep what they stored, and returns the
runs to the pool: they continue when a worker is there again.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import anyio.abc
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import AwaitingRetry, Cancelled
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

from crawlers.environment import read_settings

from .deployments import POOL, register
from .lifeline import end_with_parent
from .places import environment
from .up import READY

STOP_WITHIN = 20.0  # seconds from SIGTERM to a flow run until its process is killed; its crawl needs up to 8


class DrainingWorker(ProcessWorker):
    """A process worker that returns its runs to the pool when it stops."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._engines: dict[UUID, int] = {}
        self._draining = False

    @classmethod
    def __dispatch_key__(cls) -> str:
        return "pressrun-process"  # Prefect keeps its own class under "process"

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        return [] if self._draining else await super().get_and_submit_flow_runs()

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        try:
            return await super().run(flow_run, configuration, _Noting(self._engines, flow_run.id, task_status))
        finally:
            self._engines.pop(flow_run.id, None)

    async def hand_back(self, drain: float) -> None:
        """Take no more runs. After `drain` seconds stop those that are left, and return them to the pool."""
        self._draining = True
        await self._until_idle(drain)
        interrupted = dict(self._engines)
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self._engines.values():
                _send(pid, number)
            await self._until_idle(STOP_WITHIN)
        for flow_run_id in interrupted:
            await _continue_later(flow_run_id, "its worker was stopped")

    async def _until_idle(self, seconds: float) -> None:
        with anyio.move_on_after(seconds):
            while self._engines:  # noqa: ASYNC110 - polling is fine while stopping
                await anyio.sleep(0.1)


class _Noting(anyio.abc.TaskStatus[int]):
    """Records the process id of a flow run when it has started."""

    def __init__(self, engines: dict[UUID, int], flow_run_id: UUID, status: anyio.abc.TaskStatus[int] | None) -> None:
        self._engines, self._flow_run_id, self._status = engines, flow_run_id, status

    def started(self, value: int | None = None) -> None:
        if value is not None:
            self._engines[self._flow_run_id] = value
        if self._status is not None:
            self._status.started(value)  # type: ignore[arg-type]


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


async def _continue_later(flow_run_id: UUID, why: str) -> None:
    """Return an interrupted run to the pool. A run that a person was cancelling ends as cancelled."""
    async with get_client() as client:
        run = await client.read_flow_run(flow_run_id)
        if run.state is None or run.state.is_completed() or run.state.is_failed() or run.state.is_cancelled():
            return
        state: State[Any] = (
            Cancelled()
            if run.state.is_cancelling()
            else AwaitingRetry(message=f"{why}; it continues when a worker is there")
        )
        await client.set_flow_run_state(flow_run_id, state, force=True)


async def take_over_left_runs() -> int:
    """Return the runs of a killed worker to the pool. Only for the single worker of a server."""
    left = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    async with get_client() as client:
        runs = await client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=left)))
    for run in runs:
        await _continue_later(run.id, "its worker was killed")
    return len(runs)


async def work(pool: str, limit: int, drain: float, alone: bool, ready: Any) -> None:
    """Serve a pool until SIGTERM or SIGINT. `alone`: register the deployments, take over runs of a dead worker."""
    await _until_server_answers()
    if alone:
        await register()
        await take_over_left_runs()
    name = socket.gethostname() if alone else f"{socket.gethostname()} {os.getpid()}"
    worker = DrainingWorker(work_pool_name=pool, name=name, limit=limit)
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async with anyio.create_task_group() as serving:
            serving.start_soon(worker.start)
            ready()
            async for _ in signals:
                break
            await worker.hand_back(drain)
            serving.cancel_scope.cancel()


async def _until_server_answers(seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    async with get_client() as client:
        while True:
            trouble = await client.api_healthcheck()
            if trouble is None:
                return
            if time.monotonic() > deadline:
                raise trouble
            await anyio.sleep(0.2)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m flows.worker", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pool", default=POOL)
    parser.add_argument("--limit", type=int, default=8, help="flow runs at a time (a crawl needs about 220 MB)")
    parser.add_argument("--drain", type=float, default=0, help="seconds that runs may go on after SIGTERM")
    parser.add_argument("--alone", action="store_true", help="the server's only worker: also registers the deployments")
    parser.add_argument("--lifeline", action="store_true", help="stop when standard input ends")
    arguments = parser.parse_args()
    os.environ |= environment(read_settings())
    os.environ["PATH"] = (
        f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # `python` must be this one
    )
    ready = _ready_line()
    if arguments.lifeline:
        end_with_parent()
    anyio.run(work, arguments.pool, arguments.limit, arguments.drain, arguments.alone, ready)


def _ready_line() -> Any:
    """Return a function that prints the ready line on standard output; all other output goes to standard error."""
    out = os.dup(1)
    os.dup2(2, 1)

    def ready() -> None:
        os.write(out, f"{READY}\n".encode())
        os.close(out)

    return ready


if __name__ == "__main__":
    main()
