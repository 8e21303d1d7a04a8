"""A survey as a whole: its limits, sites that cannot be looked at, text of a site in the file."""

from __future__ import annotations

import tomllib
from html import escape

import pytest

from crawlers.fetch_client import NotFetched, WebPage
from crawlers.survey import SurveyError, SurveyOptions, default_id, survey


def test_no_more_than_so_many_requests_are_sent_and_each_address_once() -> None:
    asked: list[str] = []

    def fetch(url, role="page", *, outlet=None):  # type: ignore[no-untyped-def]
        asked.append(url)
        links = "".join(f'<a href="/news/{n}">Article {n} of many</a>' for n in range(1000, 1100))
        body = f"<html><body>{links}<a rel=next href='?page={len(asked)}'>Next</a></body></html>"
        return WebPage(url, 200, {"content-type": "text/html"}, body.encode())

    survey(fetch, SurveyOptions("https://www.gazette.ge/"))
    assert len(asked) == len(set(asked)) <= 45


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (NotFetched("u", "dns", "no such name", unreachable=True), "is the network up"),
        (NotFetched("u", "blocked_address", "10.0.0.1"), "--allow-private"),
        (NotFetched("u", "robots", "u"), "robots.txt forbids"),
        (WebPage("https://elsewhere.example/", 200, {}, b""), "leads to another site"),
    ],
)
def test_a_site_that_cannot_be_looked_at_is_named(answer: WebPage | NotFetched, said: str) -> None:
    with pytest.raises(SurveyError, match=said):
        survey(lambda *_, **__: answer, SurveyOptions("https://www.gazette.ge/"))


def test_text_of_the_site_cannot_break_the_file() -> None:
    name = 'A "quoted" \\ name\' \n # [seeds] \x7f'

    def fetch(url, role="page", *, outlet=None):  # type: ignore[no-untyped-def]
        links = "".join(f'<a href="/news/{n}">Article {n} of many</a>' for n in range(1000, 1020))
        head = f'<meta property="og:site_name" content="{escape(name)}">'
        return WebPage(url, 200, {"content-type": "text/html"}, f"<html><head>{head}</head>{links}</html>".encode())

    proposal = survey(fetch, SurveyOptions("https://www.gazette.ge/"))
    assert tomllib.loads(proposal.text)["name"] == " ".join(name.split())


@pytest.mark.parametrize(
    ("url", "outlet_id"),
    [
        ("https://www.example.ge/", "example_ge"),
        ("https://en.example.co.uk/x", "en_example_co_uk"),
        ("http://127.0.0.1:8765/", "127_0_0_1_8765"),
        ("https://example.ge./", "example_ge"),
    ],
)
def test_the_id_is_made_of_the_host(url: str, outlet_id: str) -> None:
    assert default_id(url) == outlet_id
