"""Sitemaps, sitemap indexes, news sitemaps, and sitemaps in plain text."""

from __future__ import annotations

from lxml import etree

from crawlers.outlet import Outlet
from storage.model import DateSource, Hints

from .seed_document import Collector, SeedDocument, one_line, primary_language, unique_names
from .xml import XmlDocument, child_text, local


def is_plain_text(body: bytes) -> bool:
    """True if the body looks like a sitemap in plain text: one address a line."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:4].lower() == b"http"


def read_xml_sitemap(outlet: Outlet, url: str, document: XmlDocument) -> SeedDocument:
    """Read the links of a parsed sitemap, or the children of a parsed index."""
    if local(document.root) not in ("urlset", "sitemapindex"):
        return SeedDocument(problems=(f"no sitemap: its first tag is <{local(document.root)}>",), complete=False)
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
    return collector.document(complete=document.complete)


def _news(entry: etree._Element, collector: Collector, plain: Hints) -> Hints:
    news = next((child for child in entry if local(child) == "news"), None)
    if news is None:
        return plain
    publication = next((child for child in news if local(child) == "publication"), news)
    return Hints(
        title=one_line(child_text(news, "title")),
        published=collector.published(child_text(news, "publication_date"), DateSource.SITEMAP),
        modified=plain.modified,
        language=primary_language(child_text(publication, "language")),
        authors=unique_names([child_text(news, "author")]),
    )


def read_plain_sitemap(outlet: Outlet, url: str, body: bytes) -> SeedDocument:
    """Read the addresses of a sitemap in plain text."""
    collector = Collector(outlet, url)
    for line in body.decode("utf-8-sig", "replace").splitlines():
        if collector.full():
            break
        if line.strip():
            collector.link(line)
    return collector.document()
