"""`pressrun deploy` against a running server: it says what it changed, and a second call changes nothing."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from crawlers.environment import Settings
from flows.automations import PREFIX, automations_yaml, read_automations, set_webhook
from flows.deployments import POOL, prefect_yaml, read_queues
from flows.notify import notify_changes
from storage.database import open_database
from storage.frontier import end_run
from tests.loopback import loopback
from tests.storage.building import begin

from .conftest import Prefect
from .test_notify import SILENT, judged

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.prefect


def deploy(prefect: Prefect, *options: str, outlets: Path | None = None) -> dict[str, str]:
    """What became of each thing."""
    env = os.environ | {
        "PREFECT_API_URL": prefect.api, "PREFECT_HOME": str(prefect.running.home),
        "PRESSRUN_OUTLETS": str(outlets or prefect.settings.outlets), "PRESSRUN_DB": prefect.settings.db,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "deploy", "--json", *options],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {each["thing"]: each["change"] for each in json.loads(done.stdout.splitlines()[-1])}


def read(prefect: Prefect, path: str) -> Any:
    return loopback.get(f"{prefect.api}/{path}").raise_for_status().json()


def post(prefect: Prefect, path: str, order: dict[str, Any]) -> Any:
    return loopback.post(f"{prefect.api}/{path}", json=order).raise_for_status().json()


@contextmanager
def webhook() -> Iterator[tuple[str, list[dict[str, Any]], threading.Event]]:
    """An address on loopback, what was posted to it, and an event that is set by each message."""
    got: list[dict[str, Any]] = []
    news = threading.Event()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            news.set()

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook", got, news
        server.shutdown()
        thread.join()


@pytest.fixture
def as_before(prefect: Prefect) -> Iterator[None]:
    """Other tests of the server see no automations, and the deployments as `pressrun up` made them."""
    yield
    for each in post(prefect, "automations/filter", {}):
        loopback.delete(f"{prefect.api}/automations/{each['id']}").raise_for_status()
    for each in post(prefect, "block_documents/filter", {}):
        loopback.delete(f"{prefect.api}/block_documents/{each['id']}").raise_for_status()
    deploy(prefect)


def test_what_is_as_it_should_be_is_left_alone(prefect: Prefect) -> None:
    changes = deploy(prefect)
    automations = {name for name in changes if name.startswith("automation ")}
    assert {changes[name] for name in automations} == {"left out: it needs a notification block"}
    assert {how for name, how in changes.items() if name not in automations} == {"unchanged"}


def test_the_queues_are_served_in_the_order_of_the_file(prefect: Prefect) -> None:
    queues = post(prefect, f"work_pools/{POOL}/queues/filter", {})
    assert [each["name"] for each in sorted(queues, key=lambda each: each["priority"])] == read_queues(prefect_yaml())


def test_changes_are_told_and_deployments_that_are_gone_are_removed(prefect: Prefect, as_before: None) -> None:
    check = read(prefect, "deployments/name/check/check")
    loopback.patch(f"{prefect.api}/deployments/{check['id']}", json={"description": "other"}).raise_for_status()
    old = {
        "name": "of an earlier version", "flow_id": check["flow_id"], "work_pool_name": POOL, "tags": ["pressrun"],
    }  # fmt: skip
    mine = old | {"name": "of a user", "tags": ["mine"]}
    for order in (old, mine):
        post(prefect, "deployments/", order)
    changes = deploy(prefect)
    assert {name: how for name, how in changes.items() if how not in ("unchanged",) and "automation" not in name} == {
        "deployment check/check": "changed: description", "deployment check/of an earlier version": "removed",
    }  # fmt: skip
    left = read(prefect, "deployments/name/check/of a user")
    loopback.delete(f"{prefect.api}/deployments/{left['id']}").raise_for_status()


def test_a_group_of_outlets_has_a_schedule_of_its_own(prefect: Prefect, tmp_path: Path, as_before: None) -> None:
    assert prefect.settings.outlets is not None
    for file in prefect.settings.outlets.glob("demo_*.toml"):
        group = '\n[schedule]\ngroup = "evening"\n' if file.stem == "demo_herald" else ""
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8") + group, encoding="utf-8")
    before = {each["slug"] for each in read(prefect, "deployments/name/nightly/nightly")["schedules"]}
    changes = deploy(prefect, outlets=tmp_path)
    assert "schedules" in changes["deployment nightly/nightly"]
    schedules = {each["slug"]: each for each in read(prefect, "deployments/name/nightly/nightly")["schedules"]}
    assert schedules.keys() == before | {"nightly-evening"}
    assert schedules["nightly-evening"]["parameters"]["outlets"] == ["demo_herald"]
    assert "demo_herald" in schedules["nightly"]["parameters"]["leave_out"]
    assert not {"demo_digest", "demo_xeber"} & set(schedules["nightly"]["parameters"]["leave_out"])
    assert "schedules" in deploy(prefect)["deployment nightly/nightly"]
    left = {each["slug"] for each in read(prefect, "deployments/name/nightly/nightly")["schedules"]}
    assert left == before, "a group that is gone is not crawled twice"


def test_schedules_that_a_person_added_stay(prefect: Prefect) -> None:
    nightly = read(prefect, "deployments/name/nightly/nightly")["id"]
    crawl = read(prefect, "deployments/name/crawl/crawl")["id"]
    cron = {"schedule": {"cron": "15 5 * * *", "timezone": "Asia/Tbilisi"}, "active": True}
    every = {"schedule": {"interval": 7200, "anchor_date": "2026-01-01T00:00:00Z"}, "active": False, "slug": "by-hand"}
    named = {"parameters": {"outlets": ["demo_herald"]}}
    post(prefect, f"deployments/{nightly}/schedules", [cron | named, every | named])
    post(prefect, f"deployments/{crawl}/schedules", [cron | {"parameters": {"outlet": "demo_herald"}}])
    try:
        deploy(prefect)
        again = deploy(prefect)
        assert again["deployment nightly/nightly"] == again["deployment crawl/crawl"] == "unchanged"
        kept = {each["slug"]: each for each in read(prefect, "deployments/name/nightly/nightly")["schedules"]}
        assert kept["nightly"]["active"]
        assert (kept["by-hand"]["active"], kept["by-hand"]["schedule"]["interval"]) == (False, 7200)
        (mine,) = [each for slug, each in kept.items() if slug.startswith("own-")]
        assert (mine["schedule"]["cron"], mine["active"]) == ("15 5 * * *", True)
        assert mine["parameters"] == named["parameters"]
        (own,) = read(prefect, "deployments/name/crawl/crawl")["schedules"]
        assert own["parameters"] == {"outlet": "demo_herald"}
    finally:
        for name, id_ in (("nightly/nightly", nightly), ("crawl/crawl", crawl)):
            for each in read(prefect, f"deployments/name/{name}")["schedules"]:
                if not each["slug"].startswith("nightly"):
                    loopback.delete(f"{prefect.api}/deployments/{id_}/schedules/{each['id']}").raise_for_status()


def test_a_night_that_fails_sends_one_message(prefect: Prefect, as_before: None) -> None:
    names = {f"automation {PREFIX}{spec['name']}" for spec in read_automations(automations_yaml())}
    with webhook() as (url, got, news):
        first = deploy(prefect, "--notify", url)
        assert {first[name] for name in names} == {"created"}
        again = deploy(prefect)
        assert {again[name] for name in names} == {"unchanged"}
        night = prefect.run("nightly", {"outlets": ["broken"]})
        assert news.wait(60)
        assert [message["text"] for message in got] == [
            f"Pressrun: {night.name} Failed\n1 of 1 outlets failed: broken {prefect.running.ui_url}/runs/flow-run/{night.flow_run_id}"
        ]


def test_findings_are_told_by_a_notification_block_of_the_server(prefect: Prefect, tmp_path: Path) -> None:
    to_block = Settings(
        f"sqlite:///{tmp_path}/pressrun.db",
        None,
        tmp_path,
        "a@example.org",
        notify=("prefect://custom-webhook/pressrun",),
    )
    with (
        webhook() as (url, got, _),
        temporary_settings({PREFECT_API_URL: prefect.api}),
        closing(open_database(to_block.db)) as db,
    ):
        end_run(db, begin(db).id, "completed", {})
        asyncio.run(set_webhook(url))
        judged(db, SILENT)
        assert notify_changes(to_block) is None
        (told,) = [message["text"] for message in got]
        assert told.startswith("Pressrun: example\nexample: silent since 2026-03-11: no articles on 2026-03-11")
        (block,) = post(prefect, "block_documents/filter", {})
        loopback.delete(f"{prefect.api}/block_documents/{block['id']}").raise_for_status()
        judged(db)
        assert "could not be sent by prefect; look at PRESSRUN_NOTIFY" in (notify_changes(to_block) or "")
        asyncio.run(set_webhook(url))
        assert notify_changes(to_block) is None, "what was not sent is sent next time"
        assert "has ended" in got[-1]["text"]
        assert len(got) == 2
        (block,) = post(prefect, "block_documents/filter", {})
        loopback.delete(f"{prefect.api}/block_documents/{block['id']}").raise_for_status()
