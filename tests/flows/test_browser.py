"""What a person sees in the Prefect UI, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from .conftest import Prefect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.prefect,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@contextmanager
def browser() -> Iterator[tuple[Any, set[str]]]:
    """A page of a fresh browser, and the hosts that it reaches."""
    from playwright.sync_api import sync_playwright

    asked: set[str] = set()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = chromium.new_page(viewport={"width": 1400, "height": 1100})
        page.set_default_timeout(20_000)
        page.on("request", lambda request: asked.add(httpx.URL(request.url).host or "127.0.0.1"))  # data: has none
        yield page, asked
        chromium.close()


def runs(prefect: Prefect) -> int:
    count = httpx.post(f"{prefect.api}/flow_runs/count", json={"flows": {"name": {"any_": ["backfill"]}}})
    return int(count.text)


def form_of(prefect: Prefect, deployment: str) -> str:
    found = httpx.get(f"{prefect.api}/deployments/name/{deployment}").json()["id"]
    return f"{prefect.running.ui_url}/deployments/deployment/{found}/run"


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        ('{"outlets": ["nosuch"], "first": "2024-01-01", "last": "2024-01-31"}', "'nosuch' is not one of"),
        ('{"outlets": ["slow"], "first": "2024-13-01", "last": "2024-01-31"}', "'2024-13-01' does not match"),
    ],
)
def test_the_backfill_form_refuses_an_unknown_outlet_and_a_day_that_is_none(
    prefect: Prefect, order: str, complaint: str
) -> None:
    before = runs(prefect)
    with browser() as (page, _):
        page.goto(form_of(prefect, "backfill/backfill"))
        page.get_by_text("Last day").wait_for()
        page.get_by_role("button", name="Open menu").first.click()
        page.get_by_role("menuitem", name="Use JSON Input").click()
        page.locator(".cm-content").first.click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(order)
        page.get_by_role("button", name="Submit").click()
        page.get_by_text(complaint).first.wait_for()
    assert runs(prefect) == before


def test_the_backfill_form_asks_for_what_is_missing_and_offers_the_outlets(prefect: Prefect) -> None:
    before = runs(prefect)
    with browser() as (page, _):
        page.goto(form_of(prefect, "backfill/backfill"))
        page.get_by_role("button", name="Submit").click()
        for name in ("outlets", "first", "last"):
            page.get_by_text(f"'{name}' is a required property").first.wait_for()
        page.get_by_text("Select", exact=True).click()
        page.get_by_text("demo_herald", exact=True).wait_for()
    assert runs(prefect) == before


def test_the_summary_of_a_night_is_there_to_read_and_the_ui_reaches_no_other_host(prefect: Prefect) -> None:
    night = prefect.run("nightly", {"outlets": ["down"]})
    with browser() as (page, asked):
        page.goto(night.url)
        page.get_by_text("Failed", exact=True).first.wait_for()
        page.get_by_role("tab", name="Artifacts").click()
        page.get_by_role("link", name="nightly-summary").first.click()
        found = httpx.post(
            f"{prefect.api}/artifacts/filter",
            json={"artifacts": {"flow_run_id": {"any_": [str(night.flow_run_id)]}, "type": {"any_": ["markdown"]}}},
        ).json()
        page.get_by_role("link", name=found[0]["id"][:8]).click()
        page.get_by_role("heading", name=night.name).first.wait_for()
        page.get_by_role("cell", name="down").wait_for()
        page.get_by_text("none of its seeds could be read").first.wait_for()
    assert asked == {"127.0.0.1"}
