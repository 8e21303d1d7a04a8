"""deploy/prefect.yaml is the one description of the deployments, for `pressrun up` and for Prefect's own command."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.demo.schedules import set_schedule
from flows.deployments import POOL, prefect_yaml, read_deployments
from flows.trigger import NAMES
from flows.up import prefect_environment
from tests.loopback import loopback

from .conftest import Prefect

ROOT = Path(__file__).parents[2]


def test_the_file_is_found_in_a_checkout_and_packed_into_the_wheel() -> None:
    assert prefect_yaml() == ROOT / "deploy" / "prefect.yaml"
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    names = ("prefect.yaml", "automations.yaml")
    assert packed["force-include"] == {f"deploy/{name}": f"flows/{name}" for name in names}


def test_every_deployment_is_in_the_pool_that_up_serves() -> None:
    specs = read_deployments(prefect_yaml())
    assert {spec["work_pool"]["name"] for spec in specs} == {POOL}
    assert {spec["entrypoint"].rpartition(".")[2] for spec in specs} == {
        "nightly", "poll", "crawl", "backfill", "crawl_window", "reextract", "reextract_shard", "import_files",
        "import_file", "maintain", "check", "check_outlets",
    }  # fmt: skip


@pytest.mark.prefect
def test_all_deployments_are_registered_under_the_names_that_are_triggered(prefect: Prefect) -> None:
    for name in NAMES.values():
        assert loopback.get(f"{prefect.api}/deployments/name/{name}").status_code == 200


IN_THE_FILE = {entry["slug"] for spec in read_deployments(prefect_yaml()) for entry in spec.get("schedules", ())}


def seen(api: str) -> dict[str, dict[str, Any]]:
    """What matters of each deployment."""
    names = (
        "entrypoint",
        "parameters",
        "tags",
        "job_variables",
        "concurrency_options",
        "description",
        "work_pool_name",
        "work_queue_name",
    )
    found = {}
    for name in NAMES.values():
        deployment = loopback.get(f"{api}/deployments/name/{name}").json()
        found[name] = {key: deployment[key] for key in names} | {
            "pull_steps": deployment["pull_steps"] or [],
            "schedules": [
                (each["slug"], each["active"], each["schedule"])
                for each in deployment["schedules"]
                if each["slug"]
                in IN_THE_FILE  # others are those of groups of outlets, which the stock command leaves out
            ],
            "forms": deployment["parameter_openapi_schema"]["properties"],
        }
    return found


@pytest.mark.prefect
def test_the_stock_command_deploys_the_same(prefect: Prefect) -> None:
    set_schedule(prefect.api, "poll/poll", active=True)
    before = seen(prefect.api)
    port = int(httpx.URL(prefect.api).port or 0)
    env = (
        os.environ
        | prefect_environment(prefect.running.home, port)
        | {"PRESSRUN_OUTLETS": str(prefect.settings.outlets)}
    )
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", "deploy/prefect.yaml"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    after = seen(prefect.api)
    # It knows of no schedules of groups: other tests of the server have them again.
    subprocess.run([sys.executable, "-m", "flows.cli", "deploy"], cwd=ROOT, env=env, check=True, timeout=120)
    set_schedule(prefect.api, "poll/poll", active=False)
    assert after == before


@pytest.mark.prefect
@pytest.mark.parametrize(("name", "usual"), [("nightly/nightly", True), ("poll/poll", False)])
def test_a_schedule_that_a_person_has_paused_stays_paused(prefect: Prefect, name: str, usual: bool) -> None:
    url = f"{prefect.api}/deployments/name/{name}"
    set_schedule(prefect.api, name, active=False)
    try:
        port = int(httpx.URL(prefect.api).port or 0)
        env = os.environ | prefect_environment(prefect.running.home, port)
        env |= {"PRESSRUN_OUTLETS": str(prefect.settings.outlets)}
        script = "import asyncio; from flows.deployments import register; asyncio.run(register())"
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, check=True, timeout=150)
        assert not any(each["active"] for each in loopback.get(url).json()["schedules"])
    finally:
        set_schedule(prefect.api, name, active=usual)
