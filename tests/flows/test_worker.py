"""Runs that a worker left behind go on, or end as the person wished who was cancelling them; live ones are left alone."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import worker
from flows.deployments import POOL
from flows.driver import Driver
from flows.errors import NoSuchPoolError, ServerUnreachableError
from flows.healing import Sweeper, sweep
from storage.database import open_database
from storage.errors import PressrunError
from storage.frontier import RunRequest, end_run, start_run
from tests.loopback import loopback

from .conftest import LOOK, Prefect, closed_port

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.prefect

DEAD = {"pressrun.worker.pid": 2**22 + 1, "pressrun.worker.started": 1.0}  # no process of Linux has this id


class Runs:
    """Flow runs that are said to be under way, though no process runs them."""

    def __init__(self, prefect: Prefect) -> None:
        self._prefect = prefect
        self.me = Driver.myself("a test")

    def post(self, path: str, order: dict[str, Any]) -> Any:
        answer = loopback.post(f"{self._prefect.api}/{path}", json=order).raise_for_status()
        return answer.json() if answer.content else None

    def labels(self, **changed: Any) -> dict[str, Any]:
        return self.me.labels() | {f"pressrun.worker.{name}": value for name, value in changed.items()}

    def left(self, state: str, labels: dict[str, Any] | None, *, parent: str | None = None) -> str:
        """Make a crawl; `labels` name its worker."""
        deployment = loopback.get(f"{self._prefect.api}/deployments/name/crawl/crawl").json()["id"]
        order: dict[str, Any] = {"parameters": {"outlet": "demo_herald"}, "state": {"type": "PENDING"}}
        if parent:
            order["parent_task_run_id"] = self._task_of(parent)
        run: str = self.post(f"deployments/{deployment}/create_flow_run", order)["id"]
        if labels:
            loopback.patch(f"{self._prefect.api}/flow_runs/{run}/labels", json=labels).raise_for_status()
        self.set(run, state)
        return run

    def set(self, run: str, state: str) -> None:
        order = {"type": state.upper(), "name": state.capitalize()}
        self.post(f"flow_runs/{run}/set_state", {"state": order, "force": True})

    def _task_of(self, flow_run: str) -> str:
        order = {"flow_run_id": flow_run, "task_key": "crawl", "dynamic_key": flow_run}
        task: str = self.post("task_runs/", order)["id"]
        return task

    def parent(self) -> str:
        """A flow run that is under way in this process."""
        flow = self.post("flows/", {"name": "a night"})["id"]
        run: str = self.post("flow_runs/", {"flow_id": flow, "state": {"type": "RUNNING"}})["id"]
        return run

    def state(self, run: str) -> str:
        name: str = loopback.get(f"{self._prefect.api}/flow_runs/{run}").json()["state"]["name"]
        return name

    def until(self, run: str, wanted: str) -> None:
        deadline = time.monotonic() + 90
        while (state := self.state(run)) != wanted:
            assert time.monotonic() < deadline, f"{state} instead of {wanted}"
            time.sleep(LOOK)

    def sweep(self) -> list[str]:
        async def once() -> list[str]:
            async with get_client() as client:
                return await sweep(client, Sweeper(POOL, self.me, self._prefect.settings.db, quiet=timedelta(0)))

        with temporary_settings({PREFECT_API_URL: self._prefect.api}):
            return asyncio.run(once())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def runs(prefect: Prefect) -> Runs:
    return Runs(prefect)


def test_the_run_of_a_dead_worker_goes_on(runs: Runs) -> None:
    run = runs.left("running", runs.me.labels() | DEAD)
    runs.sweep()
    runs.until(run, "Completed")


def test_a_pending_run_of_a_dead_worker_goes_on(runs: Runs) -> None:
    run = runs.left("pending", runs.me.labels() | DEAD)
    runs.sweep()
    runs.until(run, "Completed")


def test_a_run_that_a_person_was_cancelling_ends_as_cancelled(runs: Runs) -> None:
    run = runs.left("cancelling", runs.me.labels() | DEAD)
    runs.sweep()
    runs.until(run, "Cancelled")


def test_a_run_that_died_five_times_is_not_tried_again(runs: Runs) -> None:
    run = runs.left("running", runs.me.labels())
    for _ in range(4):
        runs.set(run, "pending")  # scheduled, a worker would take it
        runs.set(run, "running")
    loopback.patch(f"{runs._prefect.api}/flow_runs/{run}/labels", json=runs.me.labels() | DEAD).raise_for_status()
    runs.sweep()
    runs.until(run, "Crashed")


def test_the_run_of_a_live_worker_is_left_alone(runs: Runs) -> None:
    other_process = runs.left("running", runs.labels(name="another"))  # its process id is that of this test: it lives
    runs.sweep()
    assert runs.state(other_process) == "Running"
    runs.set(other_process, "cancelled")


def test_a_run_without_a_process_is_left_alone_while_its_parent_lives(runs: Runs) -> None:
    parent = runs.parent()
    run = runs.left("running", None, parent=parent)
    runs.sweep()
    assert runs.state(run) == "Running"
    runs.set(parent, "cancelled")
    runs.sweep()
    runs.until(run, "Cancelled")


def test_a_run_without_a_process_goes_on_by_itself_when_its_parent_has_ended(runs: Runs) -> None:
    parent = runs.parent()
    run = runs.left("running", None, parent=parent)
    runs.set(parent, "crashed")
    runs.sweep()
    runs.until(run, "Completed")


def test_on_another_machine_the_heartbeats_of_worker_and_ledger_count(prefect: Prefect, runs: Runs) -> None:
    elsewhere = runs.labels(name="other 1-ab", machine="another machine")
    runs.post(f"work_pools/{POOL}/workers/heartbeat", {"name": "other 1-ab", "heartbeat_interval_seconds": 30})
    online = runs.left("running", elsewhere)
    beating = runs.left("running", runs.labels(name="gone 1-ab", machine="another machine"))
    db = open_database(prefect.settings.db)
    held = start_run(db, RunRequest("demo_digest", "Digest", "crawl", flow_run_id=beating))  # by this process: it lives
    silent = runs.left("running", runs.labels(name="gone 2-ab", machine="another machine"))
    runs.sweep()
    assert (runs.state(online), runs.state(beating)) == ("Running", "Running")
    runs.until(silent, "Completed")
    end_run(db, held.id, "completed", {})
    db.close()
    runs.sweep()
    runs.until(beating, "Completed")
    runs.set(online, "cancelled")


def test_the_run_of_a_worker_that_is_not_ours_is_left_alone_while_that_reports(runs: Runs) -> None:
    runs.post(f"work_pools/{POOL}/workers/heartbeat", {"name": "a stock worker", "heartbeat_interval_seconds": 30})
    run = runs.left("running", {"prefect.worker.name": "a stock worker"})
    gone = runs.left("running", {"prefect.worker.name": "another stock worker"})
    runs.sweep()
    assert runs.state(run) == "Running"
    runs.until(gone, "Completed")
    runs.set(run, "cancelled")


def test_a_worker_of_another_machine_tells_its_health_and_ends_on_sigterm(prefect: Prefect, tmp_path: Path) -> None:
    port = free_port()
    env = os.environ | {
        "PREFECT_API_URL": prefect.api, "PREFECT_HOME": str(tmp_path), "PREFECT_WORKER_WEBSERVER_PORT": str(port),
        "PREFECT_WORKER_WEBSERVER_HOST": "127.0.0.1", "PRESSRUN_DB": prefect.settings.db,
        "PRESSRUN_OUTLETS": str(prefect.settings.outlets),
    }  # fmt: skip
    command = [sys.executable, "-m", "flows.cli", "worker", "--with-healthcheck", "--limit", "1", "--drain", "30"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while not is_healthy(port):
                assert time.monotonic() < deadline
                assert process.poll() is None
                time.sleep(0.1)
        finally:
            process.terminate()
            _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said.decode()


def worker_command(api: str, db: str, folder: Path, *options: str) -> tuple[list[str], dict[str, str]]:
    """`pressrun worker`, and its environment."""
    env = os.environ | {"PREFECT_API_URL": api, "PREFECT_HOME": str(folder), "PRESSRUN_DB": db}
    return [sys.executable, "-m", "flows.cli", "worker", *options], env


def test_a_worker_whose_server_does_not_answer_says_so_and_goes_on_trying(tmp_path: Path) -> None:
    with closed_port() as port:
        api = f"http://127.0.0.1:{port}/api"
        command, env = worker_command(api, f"sqlite:///{tmp_path}/p.db", tmp_path)
        with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            try:
                said = next(line for line in process.stderr if "no Prefect server answers" in line)
                assert process.poll() is None, "servers may start later"
            finally:
                process.kill()
    assert f"no Prefect server answers at {api} (" in said
    assert said.rstrip().endswith("or correct PREFECT_API_URL; trying again")


def test_a_pool_that_does_not_exist_is_refused_and_not_made(prefect: Prefect, tmp_path: Path) -> None:
    command, env = worker_command(prefect.api, prefect.settings.db, tmp_path, "--pool", "nope")
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 2, done.stderr
    assert (
        f"pressrun: the Prefect server at {prefect.api} has no work pool nope; `pressrun deploy` makes" in done.stderr
    )
    assert "Traceback" not in done.stderr
    assert loopback.get(f"{prefect.api}/work_pools/nope").status_code == 404


def test_our_own_pool_is_waited_for_since_it_may_be_made_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """On Kubernetes workers start beside the Job that makes it."""
    answers: list[PressrunError | None] = [
        ServerUnreachableError("http://server/api", "refused"), NoSuchPoolError(POOL, "http://server/api"), None,
    ]  # fmt: skip

    async def trouble(*_: object) -> PressrunError | None:
        return answers.pop(0)

    monkeypatch.setattr(worker, "_trouble", trouble)
    monkeypatch.setattr(worker, "SAY_AFTER", 0)
    monkeypatch.setattr(worker, "SAY_EVERY", 0)
    monkeypatch.setattr(worker.log, "propagate", True)
    monkeypatch.setattr(logging.getLogger("prefect"), "propagate", True)
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        asyncio.run(worker._until_server_answers(POOL))
    assert answers == []
    assert "has no work pool pressrun; `pressrun deploy` makes the pool" in caplog.text


def is_healthy(port: int) -> bool:
    try:
        return loopback.get(f"http://127.0.0.1:{port}/health").status_code == 200
    except httpx.TransportError:
        return False


def test_a_worker_ends_also_when_its_server_is_gone() -> None:
    """Prefect's threads may try for ever to deliver their last events."""
    script = (
        "import threading, time\n"
        "from flows import worker\n"
        "worker._end_within(0.1)\n"
        "threading.Thread(target=time.sleep, args=(600,)).start()\n"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=60, check=False).returncode == 0


def test_a_worker_ends_also_when_a_loop_of_prefects_does_not() -> None:
    """With its server gone such a loop was seen to be cancelled for ever, at the cost of a whole core."""
    script = (
        "import asyncio, os, signal, anyio\n"
        "from flows import worker\n"
        "async def never_ends(self, **_):\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    while True:\n"
        "        try: await asyncio.sleep(600)\n"
        "        except asyncio.CancelledError: pass\n"
        "async def nothing(*_): pass\n"
        "worker.EXIT_WITHIN, worker._until_server_answers = 0.1, nothing\n"
        "worker.DrainingWorker.start, worker.DrainingWorker.sweep_for_ever = never_ends, nothing\n"
        "anyio.run(worker.work, worker.Work(), '', lambda: None)\n"
    )
    env = os.environ | {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, timeout=60, check=False).returncode == 0
