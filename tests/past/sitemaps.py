"""The outlet's articles by sitemaps: one for each month, one for each day, and parts of a fixed size below an index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.past.stories import Story

PART = 200  # entries of a part
_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(stories: Sequence[Story], origin: str) -> bytes:
    rows = "".join(
        f"<url><loc>{origin}{story.path}</loc><lastmod>{story.at.isoformat()}</lastmod></url>\n" for story in stories
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {_NS}>{rows}</urlset>'.encode()


def index(parts: Sequence[tuple[str, datetime]]) -> bytes:
    rows = "".join(f"<sitemap><loc>{url}</loc><lastmod>{at.isoformat()}</lastmod></sitemap>\n" for url, at in parts)
    return f'<?xml version="1.0" encoding="UTF-8"?><sitemapindex {_NS}>{rows}</sitemapindex>'.encode()


def parts(oldest_first: Sequence[Story]) -> list[Sequence[Story]]:
    """The articles in parts, the oldest in the first."""
    return [oldest_first[at : at + PART] for at in range(0, len(oldest_first), PART)]
