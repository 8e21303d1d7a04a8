"""Sitemaps, indexes of sitemaps, news sitemaps, and sitemaps in plain text."""

from __future__ import annotations

from lxml import etree

from crawlers.outlet import Outlet
from storage.model import DateSource, Hints

from . import feeds
from .reading import Collector, Reading, names, primary_language, squeezed
from .xml import Document, child_text, local, parse


def read_sitemap(outlet: Outlet, url: str, body: bytes) -> Reading:
    """The links of a sitemap, or the children of an index."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:4].lower() == b"http":
        return _plain(outlet, url, body)
    document = parse(body)
    if isinstance(document, str):
        return Reading(problems=(f"no sitemap: {document}",), complete=False)
    if local(document.root) in ("rss", "rdf", "feed"):
        return feeds.read_document(outlet, url, document)
    return read_document(outlet, url, document)


def read_document(outlet: Outlet, url: str, document: Document) -> Reading:
    """The links or children of a sitemap that is parsed already."""
    if local(document.root) not in ("urlset", "sitemapindex"):
        return Reading(problems=(f"no sitemap: its first tag is <{local(document.root)}>",), complete=False)
    collector = Collector(outlet, url)
    for problem in document.problems:
        collector.problem(problem)
    for entry in document.entries("url", "sitemap"):
        if collector.full():
            break
        address = child_text(entry, "loc") or entry.text  # some indexes leave out <loc>
        modified = collector.modified(child_text(entry, "lastmod"))
        if local(entry) == "sitemap":
            collector.child(address, modified)
        else:
            collector.link(address, _news(entry, collector, Hints(modified=modified)))
    return collector.reading(complete=document.complete)


def _news(entry: etree._Element, collector: Collector, plain: Hints) -> Hints:
    news = next((child for child in entry if local(child) == "news"), None)
    if news is None:
        return plain
    publication = next((child for child in news if local(child) == "publication"), news)
    return Hints(
        title=squeezed(child_text(news, "title")),
        published=collector.published(child_text(news, "publication_date"), DateSource.SITEMAP),
        modified=plain.modified,
        language=primary_language(child_text(publication, "language")),
        authors=names([child_text(news, "author")]),
    )


def _plain(outlet: Outlet, url: str, body: bytes) -> Reading:
    collector = Collector(outlet, url)
    for line in body.decode("utf-8-sig", "replace").splitlines():
        if collector.full():
            break
        if line.strip():
            collector.link(line)
    return collector.reading()
