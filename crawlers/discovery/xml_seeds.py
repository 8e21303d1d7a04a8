"""Feeds and sitemaps by what the document is: outlets serve the one where the other was expected."""

from __future__ import annotations

from crawlers.outlet import Outlet

from .feeds import is_json, read_json_feed, read_xml_feed
from .seed_document import SeedDocument
from .sitemaps import is_plain_text, read_plain_sitemap, read_xml_sitemap
from .xml import local, parse


def read_feed(outlet: Outlet, url: str, body: bytes) -> SeedDocument:
    """Read a document that should be a feed; a sitemap is read as a sitemap."""
    if is_json(body):
        return read_json_feed(outlet, url, body)
    document = parse(body)
    if isinstance(document, str):
        return SeedDocument(problems=(f"no feed: {document}",), complete=False)
    if local(document.root) in ("urlset", "sitemapindex"):
        return read_xml_sitemap(outlet, url, document)
    return read_xml_feed(outlet, url, document)


def read_sitemap(outlet: Outlet, url: str, body: bytes) -> SeedDocument:
    """Read a document that should be a sitemap; a feed is read as a feed."""
    if is_plain_text(body):
        return read_plain_sitemap(outlet, url, body)
    document = parse(body)
    if isinstance(document, str):
        return SeedDocument(problems=(f"no sitemap: {document}",), complete=False)
    if local(document.root) in ("rss", "rdf", "feed"):
        return read_xml_feed(outlet, url, document)
    return read_xml_sitemap(outlet, url, document)
