"""What a person sees in the Prefect UI, in a real browser."""

from __future__ import annotations

import pytest

from tests.loopback import loopback

from .browser import CHROMIUM, artifact_url, browser, form_url, submit_json
from .conftest import Prefect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.prefect,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def runs(prefect: Prefect) -> int:
    count = loopback.post(f"{prefect.api}/flow_runs/count", json={"flows": {"name": {"any_": ["backfill"]}}})
    return int(count.text)


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
        submit_json(page, form_url(prefect, "backfill/backfill"), order)
        page.get_by_text(complaint).first.wait_for()
    assert runs(prefect) == before


def test_the_backfill_form_asks_for_what_is_missing_and_offers_the_outlets(prefect: Prefect) -> None:
    before = runs(prefect)
    with browser() as (page, _):
        page.goto(form_url(prefect, "backfill/backfill"))
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
        page.goto(artifact_url(prefect, str(night.flow_run_id), "nightly-summary"))
        page.get_by_role("heading", name=night.name).first.wait_for()
        page.get_by_text("none of its seeds could be read").first.wait_for()
        page.get_by_role("cell", name="down").get_by_role("link", name="down").click()
        page.get_by_text("down nightly").first.wait_for()  # the crawl's own run
    assert asked == {"127.0.0.1"}


def test_the_report_of_a_crawl_shows_refused_pages_as_links(prefect: Prefect) -> None:
    crawl = prefect.run("crawl", {"outlet": "demo_herald", "refetch": True})
    with browser() as (page, _):
        page.goto(artifact_url(prefect, str(crawl.flow_run_id), "demo-herald-report"))
        page.get_by_role("heading", name="Refused pages").wait_for()
        origin = prefect.press.origin("herald")
        links = page.locator(f"table a[href^='{origin}']")
        links.first.wait_for()  # the heading may be there before the tables
        assert links.count() > 0
