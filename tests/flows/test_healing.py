"""`kill -9` of the worker, of a flow run's process and of the server, each in mid-crawl: everything goes on by itself."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from crawlers.environment import Settings
from deploy.demo.press import Press
from deploy.demo.schedules import set_schedule
from flows.up import RunningPrefect, running_prefect
from storage.database import open_database
from storage.frontier import count_pages, last_runs
from tests.loopback import loopback
from tests.processes import runs

from .conftest import LOOK, PREFECT_ENV, Prefect, copy_database

pytestmark = [pytest.mark.prefect, pytest.mark.long, pytest.mark.timeout(480)]

OUTLET = "slow"  # twelve articles, two seconds between two requests
HEALED_WITHIN = 120.0  # seconds


@dataclass
class Place:
    """A supervised server and worker of our own, to be killed."""

    running: RunningPrefect
    settings: Settings
    press: Press
    said: list[str]

    def start_crawl(self) -> str:
        """Start a crawl of the slow outlet; returns when it has fetched an article."""
        api = self.running.api_url
        deployment = loopback.get(f"{api}/deployments/name/crawl/crawl").json()["id"]
        order = {"parameters": {"outlet": OUTLET}, "state": {"type": "SCHEDULED"}}
        before = self.articles()
        run: str = loopback.post(f"{api}/deployments/{deployment}/create_flow_run", json=order).json()["id"]
        self.until(lambda: self.articles() > before)
        return run

    def articles(self) -> int:
        return self.press.requests("article")

    def look(self, run: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = loopback.get(f"{self.running.api_url}/flow_runs/{run}", timeout=30).json()
        except httpx.TransportError:  # the server was killed
            return {"state": {}}
        return found

    def until(self, happened: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + HEALED_WITHIN
        while not (found := happened()):
            assert time.monotonic() < deadline, self.said
            time.sleep(LOOK)
        return found

    def until_completed(self, run: str) -> dict[str, Any]:
        self.until(lambda: self.look(run)["state"].get("name") == "Completed")
        return self.look(run)

    def history(self, run: str) -> list[tuple[str, str]]:
        states = loopback.get(f"{self.running.api_url}/flow_run_states/", params={"flow_run_id": run}).json()
        return [(state["name"], state["message"] or "") for state in states]

    def below_worker(self, command: str) -> list[psutil.Process]:
        below = psutil.Process(self.running.worker.pid).children(recursive=True)
        return [process for process in below if runs(process, command)]

    def assert_nothing_lost(self) -> None:
        """Every page has an outcome, none is stored twice, and the outlet is free."""
        db = open_database(self.settings.db)
        pages = count_pages(db, OUTLET)
        states = {run.state for run in last_runs(db, OUTLET)}
        db.close()
        stored = pages["stored"] + pages["duplicate"]
        assert stored == len(self.press.stories("xeber"))
        assert pages["waiting"] == 0
        assert "running" not in states


@pytest.fixture
def place(prefect: Prefect, tmp_path: Path) -> Iterator[Place]:
    home = tmp_path / "prefect"
    home.mkdir()
    copy_database(prefect.new_database, home / "prefect.db")
    settings = Settings(f"sqlite:///{tmp_path}/pressrun.db", prefect.settings.outlets, tmp_path, "tests@example.org")
    said: list[str] = []
    with running_prefect(settings, home=home, env=PREFECT_ENV, progress=said.append) as running:
        set_schedule(running.api_url, "poll/poll", active=False)
        yield Place(running, settings, prefect.press, said)


def test_the_worker_is_killed_and_the_restarted_one_goes_on(place: Place) -> None:
    run = place.start_crawl()
    below = place.below_worker("flows.engine") + place.below_worker("crawlers.crawl")
    assert len(below) == 2
    os.kill(place.running.worker.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(below, timeout=30)
    assert not alive, "nothing of the killed worker goes on as an orphan"
    ended = place.until_completed(run)
    assert ended["run_count"] == 2
    assert ("AwaitingRetry", "its worker is gone; it continues when a worker is there") in place.history(run)
    assert any("the Prefect worker exited (signal 9)" in line for line in place.said)
    assert place.running.server.restarts == 0
    place.assert_nothing_lost()


def test_the_process_of_a_flow_run_is_killed_and_another_goes_on(place: Place) -> None:
    run = place.start_crawl()
    (engine,) = place.below_worker("flows.engine")
    engine.kill()
    ended = place.until_completed(run)
    assert ended["run_count"] == 2
    why = "Process exited with status code: -9; it continues when a worker is there"
    assert [message for name, message in place.history(run) if name == "AwaitingRetry"] == [why]
    place.assert_nothing_lost()


def test_worker_and_flow_run_are_killed_at_once_and_the_sweep_finds_the_run(place: Place) -> None:
    run = place.start_crawl()
    (engine,) = place.below_worker("flows.engine")
    os.kill(place.running.worker.pid, signal.SIGKILL)
    engine.kill()
    ended = place.until_completed(run)
    assert ended["run_count"] == 2
    assert ("AwaitingRetry", "its process is gone; it continues when a worker is there") in place.history(run)
    place.assert_nothing_lost()


def test_the_server_is_killed_and_the_crawl_does_not_notice(place: Place) -> None:
    run = place.start_crawl()
    worker = place.running.worker.pid
    os.kill(place.running.server.pid, signal.SIGKILL)
    ended = place.until_completed(run)
    assert ended["run_count"] == 1
    assert (place.running.server.restarts, place.running.worker.pid) == (1, worker)
    place.assert_nothing_lost()


def test_a_night_goes_on_when_the_worker_is_killed(place: Place) -> None:
    """It holds the one slot of its deployment, which must be free for its second execution."""
    api, before = place.running.api_url, place.articles()
    deployment = loopback.get(f"{api}/deployments/name/nightly/nightly").json()["id"]
    order = {"parameters": {"outlets": [OUTLET]}, "state": {"type": "SCHEDULED"}}
    night: str = loopback.post(f"{api}/deployments/{deployment}/create_flow_run", json=order).json()["id"]
    place.until(lambda: place.articles() > before)
    os.kill(place.running.worker.pid, signal.SIGKILL)
    ended = place.until_completed(night)
    assert ended["run_count"] == 2
    place.assert_nothing_lost()
