"""The flows under a real Prefect server: real crawls of a small press, and what the UI shows of them."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import psutil
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from crawlers.catalog import load_outlets
from flows.backfill_order import label
from flows.errors import DeploymentMissingError, RefusedParametersError, ServerUnreachableError
from flows.figures import read_figures
from flows.report import mark_overtaken
from flows.run_events import RunCreated, StateChanged
from flows.summary import OutletLine
from flows.trigger import trigger
from storage.database import open_database
from storage.frontier import PastRun, last_runs
from tests.loopback import loopback
from tests.processes import runs

from .conftest import Prefect, closed_port

pytestmark = pytest.mark.prefect


def ask(prefect: Prefect, what: str, **query: Any) -> list[dict[str, Any]]:
    answer = loopback.post(f"{prefect.api}/{what}/filter", json=query)
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()
    return found


def artifacts(prefect: Prefect, flow_run_id: Any) -> dict[str, Any]:
    found = ask(prefect, "artifacts", artifacts={"flow_run_id": {"any_": [str(flow_run_id)]}})
    return {artifact["key"]: artifact for artifact in found}


def crawls_of(prefect: Prefect, flow_run_id: Any) -> dict[str, dict[str, Any]]:
    found = ask(prefect, "flow_runs", flow_runs={"parent_flow_run_id": {"any_": [str(flow_run_id)]}})
    return {run["name"]: run for run in found}


def logs(prefect: Prefect, flow_run_id: Any) -> list[str]:
    return [line["message"] for line in ask(prefect, "logs", logs={"flow_run_id": {"any_": [str(flow_run_id)]}})]


def kept_runs(prefect: Prefect, outlet: str) -> list[PastRun]:
    db = open_database(prefect.settings.db)
    try:
        return last_runs(db, outlet)
    finally:
        db.close()


def crawl_process(prefect: Prefect) -> psutil.Process | None:
    for process in psutil.Process(prefect.running.worker.pid).children(recursive=True):
        if runs(process, "crawlers.crawl") or runs(process, "crawlers.group"):
            return process
    return None


def test_one_failing_outlet_fails_its_own_run_and_shows_in_the_summary(prefect: Prefect) -> None:
    night = prefect.run("nightly", {"outlets": ["demo_herald", "down", "broken"], "max_parallel": 2})
    assert (night.state, night.message) == ("Failed", "2 of 3 outlets failed: broken, down")
    crawls = crawls_of(prefect, night.flow_run_id)
    assert {name: run["state_name"] for name, run in crawls.items()} == {
        "demo_herald nightly": "Completed", "down nightly": "Failed", "broken nightly": "Failed",
    }  # fmt: skip
    assert "broken.toml: surprise: unknown key" in crawls["broken nightly"]["state"]["message"]
    assert "down: none of its seeds could be read" in crawls["down nightly"]["state"]["message"]
    page = artifacts(prefect, night.flow_run_id)["nightly-summary"]["data"]
    assert page.index("broken") < page.index("demo\\_herald")
    assert "Correct the outlet file; `pressrun outlets check broken`" in page
    stored = next(line.new for line in night.summary.lines if line.outlet == "demo_herald")
    report = f"/v2/runs/flow-run/{crawls['demo_herald nightly']['id']}"
    assert f"| [demo\\_herald]({report}) | completed | {stored or '**0**'} |" in page


def test_runs_are_tagged_by_outlet_country_and_kind(prefect: Prefect) -> None:
    crawl = prefect.run("crawl", {"outlet": "demo_digest", "limit": 1})
    night = prefect.run("nightly", {"outlets": ["demo_digest"]})
    (child,) = crawls_of(prefect, night.flow_run_id).values()
    country = load_outlets(prefect.settings.outlets).get("demo_digest").country
    for run_id, kind in ((crawl.flow_run_id, "crawl"), (child["id"], "nightly")):
        tags = set(loopback.get(f"{prefect.api}/flow_runs/{run_id}").json()["tags"])
        assert {"outlet:demo_digest", f"country:{country}", f"kind:{kind}"} <= tags
        assert [one for one in tags if one.startswith("kind:")] == [f"kind:{kind}"]


def test_the_timeline_of_a_crawl_has_its_parts(prefect: Prefect) -> None:
    crawl = prefect.run("crawl", {"outlet": "demo_herald"})
    found = ask(prefect, "task_runs", flow_runs={"id": {"any_": [str(crawl.flow_run_id)]}})
    assert {task["name"]: task["state_name"] for task in found} == {
        "look up demo_herald": "Completed", "discover": "Completed", "fetch and store": "Completed",
        "judge": "Completed", "publish the report": "Completed",
    }  # fmt: skip


def test_a_crawl_shows_its_report_and_the_equation_of_the_ledger(prefect: Prefect) -> None:
    crawl = prefect.run("crawl", {"outlet": "demo_digest"})
    assert (crawl.state, crawl.name) == ("Completed", "demo_digest crawl")
    found = artifacts(prefect, crawl.flow_run_id)
    report = found["demo-digest-report"]["data"]
    assert report.startswith("# demo\\_digest: ")
    equation = re.search(r"The ledger: (\d+) discovered = ([^.]+)\.", report)
    assert equation
    assert int(equation[1]) == sum(map(int, re.findall(r"\d+", equation[2]))) > 0
    line = read_figures(found["demo-digest-report"]["metadata_"])
    assert (line.outlet, line.state, line.run) == ("demo_digest", "completed", kept_runs(prefect, "demo_digest")[0].id)
    assert line.log in report
    assert any(message.startswith("run ") and "began" in message for message in logs(prefect, crawl.flow_run_id))


def test_the_report_of_a_crawl_that_was_overtaken_is_corrected_once(prefect: Prefect) -> None:
    crawl = prefect.run("crawl", {"outlet": "demo_herald"})
    line = OutletLine("demo_herald", "completed", overtaken=2, flow_run_id=str(crawl.flow_run_id))
    with temporary_settings({PREFECT_API_URL: prefect.api}):
        for _ in range(2):
            asyncio.run(mark_overtaken(line, logging.getLogger("test")))
    artifact = artifacts(prefect, crawl.flow_run_id)["demo-herald-report"]
    assert read_figures(artifact["metadata_"]) == line
    report = artifact["data"]
    assert report.count("2 of its new articles are copies of articles that came later.") == 1
    assert report.startswith("# demo\\_herald: ")


def test_a_second_night_asks_for_no_article_again(prefect: Prefect) -> None:
    prefect.run("crawl", {"outlet": "demo_herald"})
    before = prefect.press.requests("article")
    night = prefect.run("nightly", {"outlets": ["demo_herald"]})
    assert night.state == "Completed"
    assert prefect.press.requests("article") == before
    assert night.summary.lines[0].new == 0


@pytest.mark.parametrize(
    ("flow", "parameters", "why"),
    [
        ("crawl", {"outlet": "nosuch"}, "'nosuch' is not one of"),
        ("crawl", {"outlet": "demo_herald", "limit": 0}, "0 is less than the minimum of 1"),
        ("nightly", {"max_parallel": 33}, "33 is greater than the maximum of 32"),
        ("backfill", {"order": {"outlets": [], "first": "2024-01-01", "last": "2024-01-31"}}, "should be non-empty"),
        (
            "backfill",
            {"order": {"outlets": ["slow"], "first": "2024-01-01", "last": "2024-01-31", "seed": "feed"}},
            "'feed' is not one of",
        ),
        (
            "backfill",
            {"order": {"outlets": ["slow"], "first": "2024-01-01", "last": "2024-01-31", "budget": 0}},
            "0 is less than the minimum of 1|not valid under any",
        ),
        ("backfill", {"order": {"outlets": ["slow"], "first": "2024-01-01"}}, "'last' is a required property"),
        ("crawl", {"outlet": "slow", "since": "yesterday"}, "'yesterday' does not match"),
        (
            "backfill",
            {"order": {"outlets": ["slow"], "first": "January", "last": "2024-01-31"}},
            "'January' does not match",
        ),
    ],
)
def test_wrong_input_is_refused_before_a_run_exists(
    prefect: Prefect, flow: str, parameters: dict[str, Any], why: str
) -> None:
    with pytest.raises(RefusedParametersError, match=why):
        prefect.run(flow, parameters)


def test_days_in_the_wrong_order_fail_at_once_and_say_so(prefect: Prefect) -> None:
    order = {"outlets": ["demo_xeber"], "first": "2024-02-01", "last": "2024-01-31"}
    run = prefect.run("backfill", {"order": order})
    assert run.state == "Failed"
    assert "the first day (2024-02-01) is after the last day (2024-01-31)" in run.message


def test_a_backfill_goes_month_by_month_and_a_second_one_has_nothing_to_do(prefect: Prefect) -> None:
    days = sorted(story.published.date() for story in prefect.press.stories("xeber"))
    order = {"outlets": ["demo_xeber"], "first": days[0].isoformat(), "last": days[0].replace(day=28).isoformat()}
    first = prefect.run("backfill", {"order": order})
    assert first.completed, first.message
    names = list(crawls_of(prefect, first.flow_run_id))
    assert names == [f"demo_xeber {label((days[0], days[0].replace(day=28)))} backfill"]
    found = artifacts(prefect, first.flow_run_id)
    assert "backfill-summary" in found
    assert f"| demo\\_xeber | {days[0]:%Y-%m} |" in found["completeness"]["data"]
    if days[0].replace(day=28) < datetime.now(UTC).date().replace(day=1):
        second = prefect.run("backfill", {"order": order})
        assert second.completed
        assert crawls_of(prefect, second.flow_run_id) == {}


def test_a_plan_is_an_artifact_and_sends_nothing(prefect: Prefect) -> None:
    asked = prefect.press.requests("seed") + prefect.press.requests("article")
    order = {"outlets": ["demo_xeber"], "first": "2025-09-01", "last": "2025-10-31", "plan": True, "seed": "sitemap"}
    run = prefect.run("backfill", {"order": order})
    kinds = {seed.kind for seed in load_outlets(prefect.settings.outlets).get("demo_xeber").seeds}
    if "sitemap" not in kinds:
        assert (run.state, "has no seed of the kind sitemap" in run.message) == ("Failed", True)
        run = prefect.run("backfill", {"order": order | {"seed": "automatic"}})
    assert run.completed, run.message
    assert run.message.startswith("nothing was sent; demo_xeber: ")
    assert "Nothing was sent" in artifacts(prefect, run.flow_run_id)["backfill-plan"]["data"]
    assert crawls_of(prefect, run.flow_run_id) == {}
    assert prefect.press.requests("seed") + prefect.press.requests("article") == asked


class Cancelling:
    """Starts a run, cancels it as the UI does when its crawl has fetched for a while, and takes the time."""

    def __init__(self, prefect: Prefect) -> None:
        self._prefect = prefect
        self.run_id = ""
        self.seconds = -1.0

    async def cancelled(self, flow: str, parameters: dict[str, Any]) -> Any:
        run = asyncio.create_task(trigger(flow, parameters, self._prefect.api, self._saw))
        process = await self._fetching()
        clicked = time.monotonic()
        state = {"type": "CANCELLING", "name": "Cancelling"}
        async with httpx.AsyncClient() as client:
            await client.post(f"{self._prefect.api}/flow_runs/{self.run_id}/set_state", json={"state": state})
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        self.seconds = time.monotonic() - clicked
        return await run

    def _saw(self, _: str, event: RunCreated | StateChanged) -> None:
        if isinstance(event, RunCreated):
            self.run_id = event.run_id

    async def _fetching(self) -> psutil.Process:
        press = self._prefect.press
        began = press.requests("article")
        while (process := crawl_process(self._prefect)) is None or press.requests("article") < began + 2:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        return process


@pytest.mark.parametrize(("flow", "parameters"), [("crawl", {"outlet": "slow"}), ("nightly", {"outlets": ["slow"]})])
def test_cancelling_a_run_stops_its_crawl_within_ten_seconds_and_keeps_what_was_stored(
    prefect: Prefect, flow: str, parameters: dict[str, Any]
) -> None:
    cancelling = Cancelling(prefect)
    run = asyncio.run(cancelling.cancelled(flow, parameters))
    assert run.state == "Cancelled"
    assert 0 <= cancelling.seconds < 10
    kept = kept_runs(prefect, "slow")[0]
    assert kept.state == "stopped"
    ledger = kept.counts["ledger"]
    ends = ("stored", "unchanged", "duplicate", "rejected", "gone", "failed", "waiting")
    assert ledger["discovered"] == sum(ledger.get(name, 0) for name in ends)
    assert sum(kept.counts[name] for name in ("stored", "duplicate", "rejected")) > 0


def test_the_nightly_schedule_is_two_in_the_morning_in_baku(prefect: Prefect) -> None:
    deployment = loopback.get(f"{prefect.api}/deployments/name/nightly/nightly").json()
    [schedule] = [each for each in deployment["schedules"] if each["slug"] == "nightly"]
    assert schedule["active"]
    assert schedule["schedule"] == {"cron": "0 2 * * *", "timezone": "Asia/Baku", "day_or": True}


def test_a_server_that_is_not_there_is_one_clear_error() -> None:
    with closed_port() as port, pytest.raises(ServerUnreachableError, match="start one with `pressrun up`"):
        asyncio.run(trigger("nightly", {}, f"http://127.0.0.1:{port}/api"))


def test_a_deployment_that_is_not_there_is_one_clear_error(prefect: Prefect) -> None:
    with pytest.raises(DeploymentMissingError, match="has no deployment nosuch/nosuch"):
        prefect.run("nosuch/nosuch", {})
