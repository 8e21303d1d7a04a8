"""The search for the seeds of a silent outlet, on answers as they may come."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from crawlers.discovery import DocumentReader
from crawlers.outlet import Outlet
from crawlers.spider.answers import Answer
from crawlers.spider.fetching import Fetched, host_paused
from crawlers.spider.seed_search import search_seeds
from storage.frontier import Failed

HOME = "https://www.example.az/"
OUTLET = Outlet.model_validate(
    {
        "id": "example", "name": "Example", "home": HOME, "country": "az", "languages": ["en"],
        "timezone": "Asia/Baku", "urls": {"article": r"^https://www\.example\.az/news/\d+$"},
        "seeds": [{"kind": "feed", "url": f"{HOME}rss"}],
    }
)  # fmt: skip
RSS = b"""<rss version="2.0"><channel>
<item><link>https://www.example.az/news/7</link><pubDate>Wed, 11 Mar 2026 09:00:00 +0400</pubDate></item>
</channel></rss>"""


class Site:
    """Answers from a table; all else is 404."""

    def __init__(self, pages: dict[str, bytes], moved: dict[str, str] | None = None) -> None:
        self._pages, self._moved = pages, moved or {}

    async def get(self, url: str, role: str) -> Fetched:
        target = self._moved.get(url, url)
        if target not in self._pages:
            return Failed("timeout") if target.endswith("slow") else answer(target, 404, b"")
        return answer(target, 200, self._pages[target], (url,) if target != url else ())


def answer(url: str, status: int, body: bytes, hops: tuple[str, ...] = ()) -> Answer:
    headers = {"content-type": "text/html; charset=utf-8"}
    return Answer(url, hops, status, headers, None, None, body, (), body, None, False, datetime.now(UTC))


def search(site: Site) -> str:
    return asyncio.run(search_seeds(OUTLET, site.get, DocumentReader()))


def test_a_feed_that_the_home_page_names_is_found_with_what_it_holds() -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed/new"></head></html>'
    found = search(Site({HOME: page, f"{HOME}feed/new": RSS}))
    assert "https://www.example.az/rss answers 404" in found
    assert "feed https://www.example.az/feed/new lists 1 articles, the newest of 2026-03-11" in found


def test_a_sitemap_in_robots_txt_is_found() -> None:
    robots = b"Sitemap: https://www.example.az/map.xml"
    urls = b"".join(b"<url><loc>https://www.example.az/news/%d</loc></url>" % n for n in range(3))
    sitemap = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' + urls + b"</urlset>"
    found = search(Site({f"{HOME}robots.txt": robots, f"{HOME}map.xml": sitemap, f"{HOME}rss": RSS}))
    assert found == "sitemap https://www.example.az/map.xml lists 3 articles"


def test_a_feed_that_moved_is_named() -> None:
    found = search(Site({f"{HOME}rss2": RSS}, {f"{HOME}rss": f"{HOME}rss2"}))
    assert found == "https://www.example.az/rss leads to https://www.example.az/rss2"


def test_that_nothing_is_announced_is_said() -> None:
    assert "neither robots.txt nor its home page" in search(Site({f"{HOME}rss": RSS}))


def test_that_a_paused_host_was_not_asked_is_said() -> None:
    async def paused(_url: str, _role: str) -> Fetched:
        return host_paused(datetime(2030, 1, 2, 3, 4, tzinfo=UTC))

    found = asyncio.run(search_seeds(OUTLET, paused, DocumentReader()))
    assert found == f"{HOME} was not asked: the host is left alone until 2030-01-02 03:04 UTC"
