"""What of a web archive's answer is the page's: not what the archive says for itself."""

from __future__ import annotations

from typing import Any

import pytest

from crawlers.captures import captured_headers, is_capture
from crawlers.rights import of_robots_txt
from crawlers.spider.answers import Answer
from crawlers.spider.page_ends import with_rights
from storage.frontier import Lease
from storage.instants import steady_now
from storage.model import Article, Hints

PAGE = "https://www.example.az/news/7"
CAPTURE = f"https://web.archive.example/web/20240101000000id_/{PAGE}"
HEADERS = [(b"X-Robots-Tag", b"noarchive"), (b"X-Archive-Orig-X-Robots-Tag", b"noai"), (b"x-archive-orig-date", b"x")]
SITE = of_robots_txt("User-agent: *\nContent-Signal: ai-train=no\n")


def looked(url: str, fetch_url: str | None) -> Article:
    lease = Lease(1, PAGE, Hints(), None, None, 0, alone=False, known_article=False, fetch_url=fetch_url)
    answer: Any = Answer(url, (), 200, {}, None, None, b"x", HEADERS, b"x", None, False, steady_now(), SITE)
    article = Article(url=PAGE, title="t", text="x", published=None, rights=("search=no (meta robots)",))
    return with_rights(article, lease, answer)


def test_a_captured_page_has_the_statements_of_its_outlet_and_none_of_the_archive() -> None:
    article = looked(CAPTURE, CAPTURE)
    assert article.rights == ("search=no (meta robots)", "ai=no (header x-robots-tag)")
    assert article.site_rights is None, "nobody asked its site"


def test_a_page_of_the_outlet_itself_has_all_that_is_said_now() -> None:
    article = looked(PAGE, None)
    assert article.rights == ("search=no (meta robots)", "archive=no (header x-robots-tag)")
    assert article.site_rights == ("ai=no (robots.txt content-signal)",)


@pytest.mark.parametrize(
    ("url", "page", "is_one"),
    [
        (CAPTURE, PAGE, True),
        (PAGE, PAGE, False),
        ("https://www.example.az/20240101000000/7", "https://www.example.az/20240101000000/7", False),
        ("https://cdn.example.net/news/7", PAGE, False),
    ],
)
def test_a_capture_is_known_by_its_address(url: str, page: str, is_one: bool) -> None:
    assert is_capture(url, page) == is_one


def test_headers_that_the_archive_kept_lose_its_prefix() -> None:
    assert captured_headers([("X-Archive-Orig-ETag", "a"), ("etag", "b")]) == [("ETag", "a")]
