"""Seeds that an outlet itself announces: sitemaps in robots.txt, feeds in the head of its home page. Pure."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urljoin

from lxml import html

from crawlers.extraction import in_utf8
from crawlers.outlet import Feed, Sitemap
from crawlers.robots_txt import parse, robots_text
from storage.urls import same_site

_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_MAX_BYTES = 1_000_000  # the head of a page is at its beginning
_MAX_TAGS = 500
_LINK_TAG = re.compile(
    rb"<link\s[^<>]{1,1000}>", re.IGNORECASE
)  # one tag at a time: parsing hostile pages takes minutes


def announced_sitemaps(robots: bytes, home: str) -> list[Sitemap]:
    """Return the sitemaps of the same site that a robots.txt names."""
    named = parse(robots_text(robots)).sitemaps
    urls = dict.fromkeys(url for one in named if (url := _of_site(one, home)))
    return [Sitemap(kind="sitemap", url=url) for url in urls]


def announced_feeds(page: bytes, content_type: str | None, home: str) -> list[Feed]:
    """Return the feeds of the same site to which a page links in its head."""
    head = in_utf8(page[:_MAX_BYTES], content_type)
    urls = (_feed_url(tag[0], home) for tag in islice(_LINK_TAG.finditer(head), _MAX_TAGS))
    return [Feed(kind="feed", url=url) for url in dict.fromkeys(filter(None, urls))]


def _feed_url(tag: bytes, home: str) -> str | None:
    link = html.fragment_fromstring(tag.decode("utf-8", "replace"))
    is_feed = (link.get("type") or "").lower().strip() in _FEEDS
    alternate = "alternate" in (link.get("rel") or "").lower().split()
    return _of_site(link.get("href"), home) if is_feed and alternate else None


def _of_site(address: str | None, home: str) -> str | None:
    """Return the absolute address, if it is one of the outlet's site."""
    try:
        url = str(urljoin(home, (address or "").strip()))
        return url if url.startswith(("http://", "https://")) and same_site(url, home) else None
    except ValueError:  # http://[broken
        return None
