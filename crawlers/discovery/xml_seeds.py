"""Feeds and sitemaps by what the document is: outlets serve the one where the other was expected."""

from __future__ import annotations

from collections.abc import Iterator

from crawlers.outlet import Outlet

from .feeds import is_json, read_json_feed, read_xml_feed
from .seed_document import SeedDocument, in_one
from .sitemaps import is_plain_text, read_plain_sitemap, read_xml_sitemap
from .xml import parse
from .xml_stream import first_tag

SITEMAPS = ("urlset", "sitemapindex")
FEEDS = ("rss", "rdf", "feed")


def read_feed(outlet: Outlet, url: str, body: bytes) -> SeedDocument:
    """Read a document that should be a feed; a sitemap is read as a sitemap."""
    if is_json(body):
        return read_json_feed(outlet, url, body)
    if first_tag(body) in SITEMAPS:
        return in_one(list(read_xml_sitemap(outlet, url, body)))
    document = parse(body)
    if isinstance(document, str):
        return SeedDocument(problems=(f"no feed: {document}",), complete=False)
    return read_xml_feed(outlet, url, document)


def read_sitemap(outlet: Outlet, url: str, body: bytes) -> Iterator[SeedDocument]:
    """Read a document that should be a sitemap, a batch of links at a time; a feed is read as a feed."""
    root = first_tag(body)
    if is_plain_text(body):
        yield from read_plain_sitemap(outlet, url, body)
    elif root in SITEMAPS:
        yield from read_xml_sitemap(outlet, url, body)
    elif root in FEEDS:
        yield read_feed(outlet, url, body)
    else:
        found = f"its first tag is <{root}>" if root else "not XML" if body.strip() else "empty"
        yield SeedDocument(problems=(f"no sitemap: {found}",), complete=False)
