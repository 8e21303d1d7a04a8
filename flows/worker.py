"""A Prefect worker as a process: `pressrun worker`. Like `prefect worker start`, but no run is lost.

Prefect's own worker leaves its runs in the state Running for ever when it gets SIGTERM. This one stops taking runs,
lets the running ones go on for `drain` seconds, then stops their crawls, which keep what they stored, and returns the
runs to the pool: they continue when a worker is there again. It also looks for runs whose worker or process died, see
`flows.healing`.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import anyio.abc
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import WorkerFlowRunResponse
from prefect.exceptions import ObjectNotFound
from prefect.logging.loggers import get_logger
from prefect.workers.base import BaseWorkerResult
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

from crawlers.environment import Settings, read_settings
from storage.errors import PressrunError

from .artifacts import SERVER_TROUBLE
from .automations import register_automations
from .deployments import POOL, register
from .driver import Driver
from .engine import WORKER
from .errors import NoSuchPoolError, ServerUnreachableError
from .healing import Sweeper, return_to_pool, sweep
from .lifeline import end_with_parent
from .places import absolute, environment
from .tags import SHARD
from .up import READY

STOP_WITHIN = 20.0  # seconds from SIGTERM to a flow run until its process is killed; its crawl needs up to 8
EXIT_WITHIN = 10.0  # seconds from the end of the work to that of the process
SAY_AFTER = 5.0  # seconds without an answer of the server until a line says so
SAY_EVERY = 60.0  # and until the next such line
SWEEP = 10.0  # seconds between two looks for dead runs

log = get_logger("pressrun.worker")


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker does: the pool it serves, how many flow runs at a time, the seconds of grace after SIGTERM.

    `alone`: the only worker of a server, on its machine. `register`: register the deployments first.
    """

    pool: str = POOL
    limit: int = 8
    drain: float = 0
    alone: bool = False
    register: bool = False
    healthcheck: bool = False


class DrainingWorker(ProcessWorker):
    """A process worker that returns its runs to the pool when it stops, and brings back those that died."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._engines: dict[UUID, int] = {}
        self._shards: set[UUID] = set()  # that it runs or starts: one at most, since each uses all cores
        self.draining = False  # it takes no more runs
        self.driver = Driver.myself(self.name)

    @classmethod
    def __dispatch_key__(cls) -> str:
        return "pressrun-process"  # Prefect keeps its own class under "process"

    def busy_with(self) -> frozenset[UUID]:
        """Return the flow runs that it is running or starting."""
        return frozenset(self._engines) | frozenset(self._submitting_flow_run_ids)

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        return [] if self.draining else await super().get_and_submit_flow_runs()

    async def _submit_scheduled_flow_runs(self, flow_run_response: list[WorkerFlowRunResponse]) -> list[FlowRun]:
        return await super()._submit_scheduled_flow_runs(list(self._without_second_shard(flow_run_response)))

    def _without_second_shard(self, found: Iterable[WorkerFlowRunResponse]) -> Iterator[WorkerFlowRunResponse]:
        """Yield the runs without shards that other workers may take while this one is busy with one."""
        has_one = bool(self._shards)
        for entry in found:
            is_shard = SHARD in entry.flow_run.tags
            if not (is_shard and has_one):
                yield entry
            has_one = has_one or is_shard

    async def _submit_run(self, flow_run: FlowRun) -> None:
        if SHARD in flow_run.tags:
            self._shards.add(flow_run.id)
        try:
            await super()._submit_run(flow_run)
        finally:
            if flow_run.id not in self._engines:  # another worker was faster, or it did not start
                self._shards.discard(flow_run.id)

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        configuration.env[WORKER] = str(os.getpid())
        try:
            return await super().run(flow_run, configuration, _Noting(self._engines, flow_run.id, task_status))
        finally:
            self._engines.pop(flow_run.id, None)
            self._shards.discard(flow_run.id)

    async def _give_worker_labels_to_flow_run(self, flow_run_id: UUID) -> None:
        await super()._give_worker_labels_to_flow_run(flow_run_id)
        await self.client.update_flow_run_labels(flow_run_id, self.driver.labels())

    async def _submit_run_and_capture_errors(
        self, flow_run: FlowRun, task_status: anyio.abc.TaskStatus[int | Exception] | None = None
    ) -> BaseWorkerResult | Exception:
        result = await super()._submit_run_and_capture_errors(flow_run, task_status)
        if not self.draining:
            await self._continue_if_crashed(flow_run.id)
        return result

    async def _continue_if_crashed(self, flow_run_id: UUID) -> None:
        """Return a run whose process died to the pool. Prefect leaves it as Crashed."""
        try:
            run = await self.client.read_flow_run(flow_run_id)
            if run.state is not None and run.state.is_crashed():
                why = (run.state.message or "its process died").partition(". ")[0].rstrip(".")
                log.warning("%s", await return_to_pool(self.client, flow_run_id, why))
        except SERVER_TROUBLE as trouble:  # the sweep finds it later
            log.warning("could not return flow run %s to the pool: %s", flow_run_id, trouble)

    async def hand_back(self, drain: float) -> None:
        """Take no more runs. After `drain` seconds stop those that are left, and return them to the pool."""
        self.draining = True
        await self._until_idle(drain)
        interrupted = dict(self._engines)
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self._engines.values():
                _send(pid, number)
            await self._until_idle(STOP_WITHIN)
        async with get_client() as client:
            for flow_run_id in interrupted:
                await return_to_pool(client, flow_run_id, "its worker was stopped", bounded=False)

    async def _until_idle(self, seconds: float) -> None:
        with anyio.move_on_after(seconds):
            while self._engines:  # noqa: ASYNC110 - polling is fine while stopping
                await anyio.sleep(0.1)

    async def sweep_for_ever(self, db: str) -> None:
        """Return dead runs to the pool, every ten seconds."""
        sweeper = Sweeper(self._work_pool_name, self.driver, db, self.busy_with)
        async with get_client() as client:
            while not self.draining:
                try:
                    for line in await sweep(client, sweeper):
                        log.warning("%s", line)
                except (*SERVER_TROUBLE, PressrunError) as trouble:
                    log.warning("could not look for dead runs: %s", trouble)
                await anyio.sleep(SWEEP)


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


async def work(order: Work, db: str, ready: Callable[[], None]) -> None:
    """Serve a pool until SIGTERM or SIGINT. Calls `ready` when it is about to take runs."""
    await _until_server_answers(None if order.register else order.pool)
    if order.register:
        for change in [*await register(), *await register_automations()]:
            log.info("%s", change.line)
    worker = DrainingWorker(work_pool_name=order.pool, name=_name(order.alone), limit=order.limit)
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        try:
            async with anyio.create_task_group() as serving:
                serving.start_soon(partial(worker.start, with_healthcheck=order.healthcheck))
                serving.start_soon(worker.sweep_for_ever, db)
                ready()
                async for _ in signals:
                    break
                try:
                    await worker.hand_back(order.drain)
                finally:
                    _end_within(EXIT_WITHIN)  # a loop of Prefect's may never end when the server is gone
                serving.cancel_scope.cancel()
        except* Exception as faults:
            if not worker.draining:
                raise
            # Its runs have been handed back: what goes wrong while its loops end costs nothing.
            log.warning("while the worker ended: %s", faults.exceptions, exc_info=faults)


def _name(alone: bool) -> str:
    """Return a name that no other process has; the only worker of a server keeps its name, for the list in the UI."""
    host = socket.gethostname()
    return host if alone else f"{host} {os.getpid()}-{secrets.token_hex(2)}"


async def _until_server_answers(pool: str | None) -> None:
    """Return when the server answers and has the pool, if one is named. Says what it waits for.

    Servers may start later than their workers, and so may `pressrun deploy`, which makes our pool. Raises
    NoSuchPoolError for another pool, which nobody is about to make.
    """
    tell_at = time.monotonic() + SAY_AFTER
    async with get_client() as client:
        while (trouble := await _trouble(client, pool)) is not None:
            if isinstance(trouble, NoSuchPoolError) and pool != POOL:
                raise trouble
            if time.monotonic() >= tell_at:
                log.warning("%s; trying again", trouble)
                tell_at = time.monotonic() + SAY_EVERY
            await anyio.sleep(0.2)


async def _trouble(client: PrefectClient, pool: str | None) -> PressrunError | None:
    """Return why a worker cannot begin; None if it can."""
    api_url = str(client.api_url).rstrip("/")
    failure = await client.api_healthcheck()
    if failure is None and pool is not None:
        try:
            await client.read_work_pool(pool)
        except ObjectNotFound:
            return NoSuchPoolError(pool, api_url)
        except SERVER_TROUBLE as failed:  # it went away in between
            failure = failed
    if failure is None:
        return None
    return ServerUnreachableError(api_url, str(failure).partition("\n")[0] or type(failure).__name__)


def serve(order: Work, settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Run a worker in this process until SIGTERM or SIGINT."""
    os.environ |= environment(settings)
    os.environ["PATH"] = (
        f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # `python` must be this one
    )
    anyio.run(work, order, absolute(settings).db, ready)


def _end_within(seconds: float) -> None:
    """End the process after so many seconds. Prefect delivers its last events at exit, to a server that may be gone."""

    def end() -> None:
        time.sleep(seconds)
        os._exit(0)

    threading.Thread(target=end, name="end", daemon=True).start()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m flows.worker", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=int, default=8, help="flow runs at a time")
    parser.add_argument("--alone", action="store_true", help="the server's only worker")
    parser.add_argument("--register", action="store_true", help="register the deployments first")
    parser.add_argument("--lifeline", action="store_true", help="stop when standard input ends")
    arguments = parser.parse_args()
    ready = _ready_line()
    if arguments.lifeline:
        end_with_parent()
    order = Work(limit=arguments.limit, alone=arguments.alone, register=arguments.register)
    serve(order, read_settings(), ready)


def _ready_line() -> Callable[[], None]:
    """Return a function that prints the ready line on standard output; all other output goes to standard error."""
    out = os.dup(1)
    os.dup2(2, 1)

    def ready() -> None:
        os.write(out, f"{READY}\n".encode())
        os.close(out)

    return ready


if __name__ == "__main__":
    main()
