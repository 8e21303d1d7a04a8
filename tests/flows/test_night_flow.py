"""The nightly flow under a real Prefect server: runs of outlets that have no process of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from flows.run_events import RunCreated, StateChanged
from flows.trigger import trigger
from tests.loopback import loopback
from tests.storage.building import take_outlet_down

from .conftest import LOOK, Prefect, drips
from .test_flows import artifacts, crawl_process, crawls_of, kept_runs, logs

pytestmark = pytest.mark.prefect

IN_TIME = 90.0  # seconds for any one event


def until(event: Callable[[], Any]) -> Any:
    """Return the first result of `event` that is true."""
    give_up = time.monotonic() + IN_TIME
    while time.monotonic() < give_up:
        if found := event():
            return found
        time.sleep(LOOK)
    raise AssertionError("it did not happen in time")


def set_state(prefect: Prefect, run_id: str, kind: str, name: str) -> None:
    answer = loopback.post(f"{prefect.api}/flow_runs/{run_id}/set_state", json={"state": {"type": kind, "name": name}})
    answer.raise_for_status()
    assert answer.json()["status"] == "ACCEPT"


def read_run(prefect: Prefect, run_id: str) -> dict[str, Any]:
    run: dict[str, Any] = loopback.get(f"{prefect.api}/flow_runs/{run_id}").json()
    return run


class Night:
    """A night that a test meddles with while it runs."""

    def __init__(self, prefect: Prefect, *outlets: str) -> None:
        self.prefect, self._outlets = prefect, list(outlets)
        self.run_id = ""

    def run(self, meddle: Callable[[], None]) -> Any:
        return asyncio.run(self._run(meddle))

    async def _run(self, meddle: Callable[[], None]) -> Any:
        run = asyncio.create_task(trigger("nightly", {"outlets": self._outlets}, self.prefect.api, self._saw))
        await asyncio.to_thread(until, lambda: self.run_id)
        await asyncio.to_thread(meddle)
        return await run

    def _saw(self, _: str, event: RunCreated | StateChanged) -> None:
        if isinstance(event, RunCreated) and not self.run_id:
            self.run_id = event.run_id

    def crawl_of(self, outlet: str) -> dict[str, Any] | None:
        """The run of a dripping outlet that is under way and fetches pages."""
        run = crawls_of(self.prefect, self.run_id).get(f"{outlet} nightly")
        return run if run and run["state_type"] == "RUNNING" and drips(self.prefect.dripping, outlet) else None

    def crawl_process(self) -> psutil.Process:
        found = crawl_process(self.prefect)
        assert found is not None
        return found


def test_an_outlet_that_was_taken_down_is_left_out_and_fails_no_night(prefect: Prefect) -> None:
    take_outlet_down(prefect.settings.db, prefect.settings.data, "gone")
    night = prefect.run("nightly", {"outlets": ["demo_digest", "gone"]})
    assert night.completed, night.message
    assert night.message.endswith("; left out, since removed from this archive: gone")
    summary = artifacts(prefect, night.flow_run_id)["nightly-summary"]["data"]
    assert "left out, since removed from this archive: gone" in summary
    assert set(crawls_of(prefect, night.flow_run_id)) == {"demo_digest nightly"}


def test_each_outlet_is_a_run_in_the_ui_without_a_process_of_its_own(prefect: Prefect) -> None:
    night = prefect.run("nightly", {"outlets": ["demo_herald", "demo_digest"]})
    assert night.state == "Completed", night.message
    crawls = crawls_of(prefect, night.flow_run_id)
    assert set(crawls) == {"demo_herald nightly", "demo_digest nightly"}
    for outlet in ("demo_herald", "demo_digest"):
        run = crawls[f"{outlet} nightly"]
        assert (run["state_name"], run["parameters"]) == ("Completed", {"outlet": outlet})
        assert set(run["tags"]) >= {"kind:nightly", "pressrun", f"outlet:{outlet}"}
        assert run["infrastructure_pid"] is None
        assert run["start_time"]
        assert run["end_time"]
        assert f"{outlet.replace('_', '-')}-report" in artifacts(prefect, run["id"])
        kept = kept_runs(prefect, outlet)[0]
        assert kept.kind == "nightly"
        said = until(lambda run=run: [line for line in logs(prefect, run["id"]) if "its log is" in line])
        assert "/logs/" in said[0]


def test_cancel_on_one_outlet_stops_it_alone_and_retry_lets_a_worker_run_it(prefect: Prefect) -> None:
    night = Night(prefect, "drip_a", "demo_digest")
    cancelled = ""

    def cancel() -> None:
        nonlocal cancelled
        cancelled = until(lambda: night.crawl_of("drip_a"))["id"]
        set_state(prefect, cancelled, "CANCELLING", "Cancelling")

    ended = night.run(cancel)
    assert ended.state == "Completed", ended.message
    states = {line.outlet: line.state for line in ended.summary.lines}
    assert states == {"drip_a": "stopped", "demo_digest": "completed"}
    assert read_run(prefect, cancelled)["state_name"] == "Cancelled"
    assert kept_runs(prefect, "drip_a")[0].state == "stopped"

    set_state(prefect, cancelled, "SCHEDULED", "AwaitingRetry")
    again = until(
        lambda: (run := read_run(prefect, cancelled))["infrastructure_pid"] and run["state_type"] == "RUNNING" and run
    )
    until(lambda: kept_runs(prefect, "drip_a")[0].state == "running")
    set_state(prefect, cancelled, "CANCELLING", "Cancelling")
    until(lambda: read_run(prefect, cancelled)["state_name"] == "Cancelled")
    assert again["name"] == "drip_a nightly"


def test_the_death_of_the_crawl_process_fails_no_outlet(prefect: Prefect) -> None:
    night = Night(prefect, "drip_b", "demo_digest", "demo_herald")

    def kill() -> None:
        until(lambda: night.crawl_of("drip_b"))
        night.crawl_process().kill()
        until(lambda: len(kept_runs(prefect, "drip_b")) >= 2 and kept_runs(prefect, "drip_b")[0].state == "running")
        slow = crawls_of(prefect, night.run_id)["drip_b nightly"]["id"]
        set_state(prefect, slow, "CANCELLING", "Cancelling")

    ended = night.run(kill)
    states = {line.outlet: line.state for line in ended.summary.lines}
    assert states == {"drip_b": "stopped", "demo_digest": "completed", "demo_herald": "completed"}, ended.message
    assert [run.state for run in kept_runs(prefect, "drip_b")[:2]] == ["stopped", "died"]
    slow = crawls_of(prefect, night.run_id)["drip_b nightly"]["id"]
    assert any("crawled again, in a process of its own" in line for line in logs(prefect, slow))


def test_a_night_whose_process_was_killed_goes_on_with_the_runs_that_it_had_made(prefect: Prefect) -> None:
    night = Night(prefect, "drip_c", "demo_digest")
    before: dict[str, Any] = {}

    def kill() -> None:
        before.update(until(lambda: night.crawl_of("drip_c")))
        until(lambda: crawls_of(prefect, night.run_id).get("demo_digest nightly", {}).get("state_name") == "Completed")
        crawling = night.crawl_process()
        flow = crawling.parent()
        assert flow is not None
        os.kill(flow.pid, signal.SIGKILL)
        psutil.wait_procs([flow, crawling], IN_TIME)
        # A sweep returns the run to the pool, and the worker takes it at once.
        until(lambda: read_run(prefect, night.run_id)["run_count"] == 2)
        until(
            lambda: (
                (runs := kept_runs(prefect, "drip_c"))[0].state == "running"
                and runs[1].id != runs[0].id
                and night.crawl_of("drip_c")
            )
        )
        assert read_run(prefect, night.run_id)["run_count"] == 2
        set_state(prefect, before["id"], "CANCELLING", "Cancelling")

    night.run(kill)
    until(lambda: read_run(prefect, night.run_id)["state_name"] == "Completed")
    crawls = crawls_of(prefect, night.run_id)
    assert set(crawls) == {"drip_c nightly", "demo_digest nightly"}
    assert crawls["drip_c nightly"]["id"] == before["id"], "the run that was left is taken over"
    assert crawls["drip_c nightly"]["state_name"] == "Cancelled"
