"""Runs that a worker left behind go on, or end as the person wished who was cancelling them."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.worker import take_over_left_runs

from .conftest import Prefect

pytestmark = pytest.mark.prefect


def left_behind(prefect: Prefect, **state: str) -> str:
    """A crawl that is said to be under way, though no process runs it."""
    deployment = httpx.get(f"{prefect.api}/deployments/name/crawl/crawl").json()["id"]
    order: dict[str, Any] = {"parameters": {"outlet": "demo_herald"}, "state": {"type": "PENDING"}}
    run: str = httpx.post(f"{prefect.api}/deployments/{deployment}/create_flow_run", json=order).json()["id"]
    change = {"state": state, "force": True}
    httpx.post(f"{prefect.api}/flow_runs/{run}/set_state", json=change).raise_for_status()
    return run


def test_left_runs_go_on_and_cancelled_ones_end(prefect: Prefect) -> None:
    running = left_behind(prefect, type="RUNNING", name="Running")
    cancelling = left_behind(prefect, type="CANCELLING", name="Cancelling")
    with temporary_settings({PREFECT_API_URL: prefect.api}):
        assert asyncio.run(take_over_left_runs()) >= 2
    assert httpx.get(f"{prefect.api}/flow_runs/{cancelling}").json()["state_name"] == "Cancelled"
    deadline = time.monotonic() + 60
    while (run := httpx.get(f"{prefect.api}/flow_runs/{running}").json())["state_name"] != "Completed":
        assert time.monotonic() < deadline, run["state"]
        time.sleep(0.2)
