"""Sitemaps, indexes of sitemaps, news sitemaps, and sitemaps in plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from crawlers.outlet import Outlet
from storage.model import DateSource, Hints

from .seed_document import Collector, SeedDocument, one_line, primary_language, unique_names
from .xml import child_text, local
from .xml_stream import EntryStream

BATCH = 500  # links that are given at a time, as the ledger takes them


def is_plain_text(body: bytes) -> bool:
    """True if the body looks like a sitemap in plain text: one address a line."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:4].lower() == b"http"


@dataclass(frozen=True, slots=True)
class _News:
    """What a news sitemap says of an article."""

    title: str | None
    date: str | None
    language: str | None
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What an entry says. Its element is freed before the next one is read."""

    leads_to_sitemap: bool
    address: str | None
    modified: str | None
    news: _News | None


def read_xml_sitemap(outlet: Outlet, url: str, body: bytes) -> Iterator[SeedDocument]:
    """Read the links of a sitemap, a batch at a time, or the children of an index. Only the last result is final."""
    collector = Collector(outlet, url)
    stream = EntryStream(body, ("url", "sitemap"), _entry)
    for entry in stream:
        if collector.full():
            break
        _collect(entry, collector)
        if collector.waiting >= BATCH:
            yield collector.batch()
    for problem in stream.problems:
        collector.problem(problem)
    yield collector.document(complete=stream.complete)


def _entry(element: etree._Element) -> _Entry:
    news = next((child for child in element if local(child) == "news"), None)
    return _Entry(
        local(element) == "sitemap",
        child_text(element, "loc") or element.text,  # some indexes leave out <loc>
        child_text(element, "lastmod"),
        _news(news) if news is not None else None,
    )


def _news(element: etree._Element) -> _News:
    publication = next((child for child in element if local(child) == "publication"), element)
    return _News(
        one_line(child_text(element, "title")),
        child_text(element, "publication_date"),
        primary_language(child_text(publication, "language")),
        unique_names([child_text(element, "author")]),
    )


def _collect(entry: _Entry, collector: Collector) -> None:
    modified = collector.modified(entry.modified)
    if entry.leads_to_sitemap:
        collector.child(entry.address, modified)
    elif entry.news is None:
        collector.link(entry.address, Hints(modified=modified))
    else:
        news = entry.news
        published = collector.published(news.date, DateSource.SITEMAP)
        collector.link(entry.address, Hints(news.title, published, modified, news.language, news.authors))


def read_plain_sitemap(outlet: Outlet, url: str, body: bytes) -> Iterator[SeedDocument]:
    """Read the addresses of a sitemap in plain text, a batch at a time."""
    collector = Collector(outlet, url)
    for line in BytesIO(body.removeprefix(b"\xef\xbb\xbf")):
        if collector.full():
            break
        if text := line.decode("utf-8", "replace").strip():
            collector.link(text)
        if collector.waiting >= BATCH:
            yield collector.batch()
    yield collector.document()
