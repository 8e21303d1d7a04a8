"""Find and read the seed documents of a site: feeds, sitemaps and APIs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from crawlers.discovery import SeedDocument, announced_sitemaps, seed_addresses
from crawlers.fetch_client import WebPage
from crawlers.outlet import Feed, Ghost, NewsSitemap, Seed, Sitemap, WordPress
from storage.model import DateSource, Link
from storage.urls import same_site

from .visits import Visits

USUAL_FEEDS = ("/rss", "/feed/", "/rss.xml", "/rss/", "/feed.xml", "/atom.xml", "/rss.php", "/en/rss", "/index.xml")
USUAL_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap-index.xml")
USUAL_NEWS_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/news.xml")
MAX_FEEDS, MAX_SITEMAPS, MAX_CHILDREN = 6, 6, 3  # that are read
ENOUGH_LINKS = 200  # of the children of one index; then no further child is read
SAME = 0.8  # share of a feed's links that another one has: then it is the same feed in another form
_NOT_ARTICLES = re.compile(r"comment|image|video|author|tag|category|page-sitemap|misc|user", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that answered and could be read. `links` of an index are those of its newest children."""

    seed: Seed
    links: tuple[Link, ...]
    reading: SeedDocument
    declared: bool = True  # the site names it; otherwise it was found at a usual address

    @property
    def is_index(self) -> bool:
        return bool(self.reading.children)


def read_feeds(visits: Visits, declared: Sequence[Feed], home: str) -> list[Document]:
    """Read the feeds that the site names, or, if none of them works, the first that answers at a usual address."""
    found = [
        document
        for feed in declared[: MAX_FEEDS + 2]
        if not _NOT_ARTICLES.search(urlsplit(feed.url).path) and (document := _read(visits, feed))
    ]
    found = [document for document in found if document.links][:MAX_FEEDS]
    return _without_twins(found) or list(_usual(visits, home, USUAL_FEEDS))


def read_sitemaps(visits: Visits, robots: WebPage | None, home: str) -> list[Document]:
    """Read the sitemaps that robots.txt names, or those at usual addresses, and a news sitemap wherever it is."""
    named = announced_sitemaps(robots.body, home) if robots else []
    found = [document for seed in named[:MAX_SITEMAPS] if (document := _read(visits, seed))]
    if not found:
        found = list(_usual(visits, home, USUAL_SITEMAPS))
    if not any(isinstance(document.seed, NewsSitemap) for document in found):
        found += [one for one in _usual(visits, home, USUAL_NEWS_SITEMAPS) if isinstance(one.seed, NewsSitemap)]
    return found


def read_api(visits: Visits, seed: WordPress | Ghost) -> Document | None:
    """Read the newest posts of an API; None if it does not give them."""
    return _read(visits, seed)


def _usual(visits: Visits, home: str, paths: Sequence[str]) -> Iterator[Document]:
    """Yield the first document that answers at one of these paths."""
    for path in paths:
        document = _read(visits, Feed(kind="feed", url=urljoin(home, path)), declared=False)
        if document and (document.links or document.is_index):
            yield document
            return


def _read(visits: Visits, seed: Seed, *, declared: bool = True) -> Document | None:
    """Fetch and read a document; the seed gets the kind that the document has. None if there is none."""
    today = visits.now.date()
    address = seed_addresses(seed, None, today)[0]
    page = visits.document(address)
    if page is None:
        return None
    reading = visits.read_seed(seed, page)
    if not reading.complete and not reading.links and not reading.children:
        return None
    links = reading.links or _links_of_children(visits, reading)
    kept = tuple(link for link in links if same_site(link.url, visits.outlet.home))
    return Document(_kind(seed, reading, links), kept, reading, declared)


def _kind(seed: Seed, reading: SeedDocument, links: Sequence[Link]) -> Seed:
    if isinstance(seed, WordPress | Ghost):
        return seed
    sources = {link.hints.published.source for link in links if link.hints.published}
    if reading.children:
        return Sitemap(kind="sitemap", url=seed.url)
    if DateSource.SITEMAP in sources:
        return NewsSitemap(kind="news_sitemap", url=seed.url)
    if DateSource.FEED in sources or any(link.hints.title for link in links):
        return Feed(kind="feed", url=seed.url)
    return Sitemap(kind="sitemap", url=seed.url)


def _links_of_children(visits: Visits, index: SeedDocument) -> tuple[Link, ...]:
    """Return the links of the newest children of an index that may hold articles."""
    newest = [child.url for child in index.newest_children if not _NOT_ARTICLES.search(urlsplit(child.url).path)]
    links: dict[str, Link] = {}
    for url in newest[:MAX_CHILDREN]:
        page = visits.document(url)
        if page is None:
            continue
        reading = visits.read_seed(Sitemap(kind="sitemap", url=url), page)
        links |= {link.url: link for link in reading.links}
        if len(links) >= ENOUGH_LINKS:
            break
    return tuple(links.values())


def _without_twins(documents: Sequence[Document]) -> list[Document]:
    """Return the feeds without those whose links are mostly in an earlier one."""
    kept: list[Document] = []
    for document in documents:
        urls = {link.url for link in document.links}
        if not any(len(urls & {link.url for link in one.links}) >= SAME * len(urls) for one in kept):
            kept.append(document)
    return kept
