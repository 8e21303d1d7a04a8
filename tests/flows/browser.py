"""The Prefect UI in a real browser, for tests and pictures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx

from tests.loopback import loopback

if TYPE_CHECKING:
    from .conftest import Prefect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def browser(height: int = 1100) -> Iterator[tuple[Any, set[str]]]:
    """A page of a fresh browser, and the hosts that it reaches."""
    from playwright.sync_api import sync_playwright

    asked: set[str] = set()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = chromium.new_page(viewport={"width": 1400, "height": height})
        page.set_default_timeout(30_000)
        page.on("request", lambda request: asked.add(httpx.URL(request.url).host or "127.0.0.1"))  # data: has none
        yield page, asked
        chromium.close()


def form_url(prefect: Prefect, deployment: str) -> str:
    """The page with the form of a deployment."""
    found = loopback.get(f"{prefect.api}/deployments/name/{deployment}").json()["id"]
    return f"{prefect.running.ui_url}/deployments/deployment/{found}/run"


def artifact_url(prefect: Prefect, flow_run_id: str, key: str) -> str:
    """The page of a flow run's artifact."""
    query = {"artifacts": {"flow_run_id": {"any_": [flow_run_id]}, "key": {"any_": [key]}}}
    (found,) = loopback.post(f"{prefect.api}/artifacts/filter", json=query).json()
    return f"{prefect.running.ui_url}/artifacts/artifact/{found['id']}"


def children(prefect: Prefect, flow_run_id: str) -> list[dict[str, Any]]:
    """The flow runs that a flow run has started."""
    query = {"flow_runs": {"parent_flow_run_id": {"any_": [flow_run_id]}}}
    found: list[dict[str, Any]] = loopback.post(f"{prefect.api}/flow_runs/filter", json=query).json()
    return found


def submit_json(page: Any, form: str, order: str) -> None:
    """Submit a form that is written as JSON."""
    page.goto(form)
    page.get_by_text("Last day").wait_for()
    page.get_by_role("button", name="Open menu").first.click()
    page.get_by_role("menuitem", name="Use JSON Input").click()
    page.locator(".cm-content").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(order)
    page.get_by_role("button", name="Submit").click()
