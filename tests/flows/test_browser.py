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
def browser(prefect: Prefect) -> Iterator[tuple[Any, set[str]]]:
    """A page of a fresh browser, and the hosts that it asks for anything."""
    from playwright.sync_api import sync_playwright

    asked: set[str] = set()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = chromium.new_page(viewport={"width": 1400, "height": 1100}, base_url=prefect.running.ui_url)
        page.set_default_timeout(20_000)
        page.on("request", lambda request: asked.add(httpx.URL(request.url).host))
        yield page, asked
        chromium.close()


def runs(prefect: Prefect) -> int:
    count = httpx.post(f"{prefect.api}/flow_runs/count", json={"flows": {"name": {"any_": ["backfill"]}}})
    return int(count.text)


def form_of(prefect: Prefect, deployment: str) -> str:
    found = httpx.get(f"{prefect.api}/deployments/name/{deployment}").json()["id"]
    return f"/deployments/deployment/{found}/run"


def test_the_backfill_form_refuses_an_unknown_outlet_and_a_day_that_is_none(prefect: Prefect) -> None:
    before = runs(prefect)
    with browser(prefect) as (page, _):
        page.goto(form_of(prefect, "backfill/backfill"))
        page.get_by_text("Last day").wait_for()
        page.locator("[class*=icon-button-menu]").first.click()
        page.get_by_text("Use JSON input").click()
        page.locator("textarea").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text('{"order": {"outlets": ["nosuch"], "first": "2024-13-01", "last": "2024-01-31"}}')
        page.get_by_role("button", name="Submit").click()
        page.get_by_text("'nosuch' is not one of").wait_for()
        page.get_by_text("'2024-13-01' is not a 'date'").wait_for()
    assert runs(prefect) == before


def test_the_backfill_form_asks_for_what_is_missing_and_offers_the_outlets(prefect: Prefect) -> None:
    before = runs(prefect)
    with browser(prefect) as (page, _):
        page.goto(form_of(prefect, "backfill/backfill"))
        page.get_by_role("button", name="Submit").click()
        for name in ("outlets", "first", "last"):
            page.get_by_text(f"'{name}' is a required property").wait_for()
        page.get_by_role("button", name="No items selected").click()
        page.get_by_text("demo_herald", exact=True).wait_for()
    assert runs(prefect) == before


def test_the_summary_of_a_night_is_there_to_read_and_the_ui_asks_no_other_host(prefect: Prefect) -> None:
    night = prefect.run("nightly", {"outlets": ["demo_herald", "down"]})
    with browser(prefect) as (page, asked):
        page.goto(f"/runs/flow-run/{night.flow_run_id}")
        page.get_by_text("Failed", exact=True).first.wait_for()
        page.get_by_role("link", name="Artifacts").or_(page.get_by_text("Artifacts", exact=True)).first.click()
        page.get_by_text("nightly-summary").first.click()
        page.get_by_role("heading", name=night.name).wait_for()
        page.get_by_role("cell", name="demo_herald").wait_for()
        page.get_by_text("none of its seeds could be read").first.wait_for()
    assert asked == {"127.0.0.1"}
