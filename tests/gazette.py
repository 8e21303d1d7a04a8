"""A small site on loopback, with articles and a feed, that tests of `pressrun outlets` ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.polling import Document, WrittenSite, listing

WORDS = "The council met and spoke of the bridge for a long time before it voted. " * 12


def article(number: int, at: str = "2026-03-04T10:00:00+04:00") -> Document:
    return Document(
        f'<html lang="en"><head><title>Matter {number} of the town</title>'
        f'<meta property="article:published_time" content="{at}"><script>track()</script>'
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "Leyla Hasanova"}}</script>'
        f"<style>p {{ color: red }}</style></head><body><article><h1>Matter {number} of the town</h1>"
        f'<p onclick="x()">{WORDS}</p><p>{WORDS} It was matter {number}.</p>'
        '<img src="https://mc.yandex.ru/watch/1" width="1"></article></body></html>'
    )


def feed(*numbers: int, hours: int = 1) -> Document:
    """A feed whose newest item came so many hours ago."""
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>Matter {n}</title><link>ORIGIN/news/{n}</link>"
        f"<pubDate>{format_datetime(now - timedelta(hours=hours + place))}</pubDate></item>"
        for place, n in enumerate(numbers)
    )
    return Document(f'<rss version="2.0"><channel>{items}</channel></rss>')


@pytest.fixture(name="site")
def a_site() -> Iterator[WrittenSite]:
    with WrittenSite() as site:
        numbers = range(101, 111)
        site.documents |= {f"/news/{n}": article(n) for n in numbers}
        site.documents["/"] = Document(
            '<html lang="en"><head><title>Home | The Gazette</title>'
            '<link rel="alternate" type="application/rss+xml" href="/rss"></head>'
            f"<body>{listing(*numbers)}<a href=/contact>Contact the newsroom today</a></body></html>"
        )
        site.documents["/contact"] = Document("<html><body><p>Write to us.</p></body></html>")
        site.documents["/rss"] = feed(*numbers)
        yield site


@pytest.fixture(name="folder")
def a_folder(tmp_path: Path) -> Path:
    return tmp_path / "mine"
