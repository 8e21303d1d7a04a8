"""What a reader does, in a real browser: search, open, compare; by keys, and without JavaScript."""

from __future__ import annotations

import pytest

from tests.flows.browser import CHROMIUM, browser
from tests.flows.reading import FERRY_TITLE, PERSIAN

from .conftest import Served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_a_reader_searches_opens_and_compares(archive: Served) -> None:
    with browser() as (page, asked):
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("dialog", lambda dialog: (told.append("a script of an outlet ran"), dialog.dismiss()))
        page.goto(archive.url)
        page.get_by_role("heading", name="Biggest stories").wait_for()
        page.keyboard.press("/")
        page.keyboard.type("ferries")
        page.keyboard.press("Enter")
        page.get_by_role("link", name=FERRY_TITLE).wait_for()
        # As one types: the results change without a page being loaded.
        page.evaluate("window.sameDocument = true")
        page.get_by_role("searchbox").fill("snow")
        page.get_by_role("link", name="Snow closes the pass").wait_for()
        page.wait_for_url("**/search?q=snow*")
        page.get_by_role("searchbox").fill("ferries")
        page.get_by_role("link", name=FERRY_TITLE).wait_for()
        assert page.evaluate("window.sameDocument")
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Provenance").wait_for()
        page.get_by_role("link", name="UTC").first.click()
        page.locator("del", has_text="14").wait_for()
        page.locator("ins", has_text="16.5").wait_for()
        page.go_back()
        page.get_by_role("link", name="Island Tidings").click()
        page.locator("ins").first.wait_for()
        page.goto(f"{archive.url}/articles/{archive.id_of('herald', 3)}")
        page.get_by_text("<script>alert(1)</script>").first.wait_for()
        assert told == []
    assert asked == {"127.0.0.1"}


def test_a_persian_text_runs_from_right_to_left(archive: Served) -> None:
    with browser() as (page, _):
        page.goto(archive.url)
        link = page.get_by_role("link", name=PERSIAN)
        assert link.evaluate("element => getComputedStyle(element).direction") == "rtl"
        link.click()
        page.locator(".text[dir=rtl]").wait_for()
        assert page.locator(".text").evaluate("element => getComputedStyle(element).textAlign") == "right"


def test_dark_is_dark_and_a_narrow_page_does_not_scroll_sideways(archive: Served) -> None:
    with browser() as (page, _):
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 360, "height": 740})
        for path in (
            "/",
            "/search?q=ferries",
            f"/articles/{archive.id_of('herald', 3)}",
            "/outlets/herald",
            "/trend?q=a",
        ):
            page.goto(archive.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        shade = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert shade == "rgb(21, 20, 15)"
