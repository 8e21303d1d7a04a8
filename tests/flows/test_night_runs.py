"""The flow runs of a night's outlets: what an interrupted night left, and a server that is away."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from prefect.client.schemas.objects import FlowRun, State
from prefect.logging import disable_run_logger
from prefect.states import AwaitingRetry, Cancelled, Cancelling, Completed, Failed, Pending, Running

from crawlers.environment import read_settings
from crawlers.messages import Counts, Ended, Started
from flows import night_runs, report
from flows.child import CrawlEnd
from flows.night_runs import NightRuns, earlier_runs

LOG = logging.getLogger("test")


def run_of(outlet: str, state: State[Any], pid: str | None = None, second: int = 0) -> FlowRun:
    return FlowRun(
        flow_id=uuid4(), name=f"{outlet} nightly", parameters={"outlet": outlet}, state=state, infrastructure_pid=pid,
        created=f"2026-01-02T03:04:{second:02}Z",
    )  # fmt: skip


def test_a_night_that_goes_on_takes_up_what_it_had_under_way_and_repeats_what_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = [
        run_of("done", Completed()),
        run_of("failed", Failed()),
        run_of("cancelled", Cancelled()),
        run_of("waits", Pending()),
        run_of("ran", Running()),
        run_of("stopping", Cancelling()),
        run_of("retried", AwaitingRetry()),
        run_of("with_a_worker", Running(), pid="host:4711"),
        run_of("second_try", Failed(), second=1),
        run_of("second_try", Completed(), second=2),
    ]

    async def children_of(*_: Any) -> list[FlowRun]:
        return runs[::-1]

    monkeypatch.setattr(night_runs, "children_of", children_of)
    found = asyncio.run(earlier_runs(None, uuid4()))  # type: ignore[arg-type]
    assert set(found.completed) == {"done", "second_try"}
    assert set(found.left) == {"waits", "ran", "stopping"}
    assert set(found.waiting) == {"retried", "with_a_worker"}
    assert found.elsewhere == {"done", "second_try", "retried", "with_a_worker"}


class Away:
    """A client of a server that is away."""

    def __getattr__(self, name: str) -> Any:
        async def fails(*_: Any, **__: Any) -> Any:
            raise httpx.ConnectError("nobody listens")

        return fails


def test_outlets_are_crawled_while_the_server_is_away(caplog: pytest.LogCaptureFixture) -> None:
    runs = NightRuns(Away(), uuid4(), 1, read_settings({}), LOG)  # type: ignore[arg-type]

    async def night() -> None:
        assert await runs.begin("herald") is None
        await runs.message("herald", Started(1, "herald", 4711))
        await runs.message("herald", Ended("completed", 1, Counts(stored=2)))
        assert await runs.newly_cancelled() == []
        await runs.end("herald", CrawlEnd("completed", 1, Counts(stored=2)))

    with disable_run_logger(), caplog.at_level(logging.WARNING):
        asyncio.run(night())
    assert (runs.lines["herald"].state, runs.lines["herald"].new) == ("completed", 2)
    assert "the Prefect server did not answer (the run of herald)" in caplog.text


class Server(Away):
    """A client that notes the states that are set, and knows the night's."""

    def __init__(self, night: State[Any]) -> None:
        self._night = night
        self.states: dict[UUID, State[Any]] = {}

    async def set_flow_run_state(self, run: UUID, state: State[Any], force: bool = False) -> None:
        assert force
        self.states[run] = state

    async def read_flow_run(self, run: UUID) -> FlowRun:
        return run_of("night", self._night)


@pytest.mark.parametrize(("night", "kind"), [(Cancelling(), "CANCELLED"), (Running(), "PENDING")])
def test_what_is_under_way_when_its_night_stops_is_cancelled_by_a_person_or_waits(
    night: State[Any], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[UUID] = []

    async def publish(_draft: Any, _log: Any, flow_run: UUID) -> None:
        written.append(flow_run)

    monkeypatch.setattr(report, "publish", publish)
    server = Server(night)
    runs = NightRuns(server, uuid4(), 2, read_settings({}), LOG)  # type: ignore[arg-type]
    left = run_of("herald", Pending())
    runs.take_over({"herald": left})

    async def interrupted() -> None:
        assert await runs.begin("herald") == str(left.id)
        assert server.states[left.id].is_running()
        await runs.interrupted()
        await runs.end("herald", CrawlEnd("stopped", 1))

    with disable_run_logger():
        asyncio.run(interrupted())
    assert server.states[left.id].type.value == kind
    assert written == [left.id], "its report"
