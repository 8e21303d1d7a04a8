"""Listings: pages of links to articles, newest first, and the way to the older ones."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from lxml import html
from lxml.etree import ParserError

from crawlers.moments import published_at
from crawlers.outlet import Listing, Outlet
from storage.records import DateSource, Hints

from .reading import Collector, Reading, squeezed

# One tag with 100,000 attributes holds parsers up for a minute.
_LONG_TAG = re.compile(rb"<[a-zA-Z/][^<>]{65536}")
_MAX_TAGS = 150_000


def read_listing(seed: Listing, outlet: Outlet, url: str, body: bytes, content_type: str | None) -> Reading:
    """The articles that a listing links to, with the text of the link as title and the <time> beside it."""
    if _LONG_TAG.search(body) or body.count(b"<") > _MAX_TAGS:
        return Reading(problems=("no listing: hostile markup",), complete=False)
    tree = _tree(body, content_type)
    if tree is None:
        return Reading(problems=("no listing: not HTML",), complete=False)
    base = _base(tree, url)
    collector = Collector(outlet, base)
    anchors = tree.cssselect(seed.links) if seed.links else tree.iter("a")
    for anchor in anchors:
        href = anchor.get("href")
        absolute = collector.absolute(href)
        if absolute and outlet.is_article(absolute):  # a listing is full of other links; they are no problem of it
            collector.link(href, _hints(anchor, outlet))
    return collector.reading(next_page=_next(seed, tree, base, url))


def _tree(body: bytes, content_type: str | None) -> html.HtmlElement | None:
    charset = re.search(r"charset=[\"']?([\w-]+)", content_type or "", re.IGNORECASE)
    try:
        parser = html.HTMLParser(encoding=charset[1] if charset else None, huge_tree=False)
        return html.document_fromstring(body, parser=parser)
    except (ParserError, LookupError, ValueError):
        return None


def _base(tree: html.HtmlElement, url: str) -> str:
    found = tree.find(".//base[@href]")
    return urljoin(url, found.get("href").strip()) if found is not None else url


def _hints(anchor: html.HtmlElement, outlet: Outlet) -> Hints:
    title = squeezed(anchor.text_content()) or squeezed(anchor.get("title"))
    return Hints(
        title=title if title and len(title.split()) > 2 else None,  # "more", an icon, a number
        published=published_at(_time_beside(anchor), DateSource.PAGE_TEXT, outlet.tz, outlet.languages[0]),
    )


def _time_beside(anchor: html.HtmlElement) -> str | None:
    """The instant of the one <time> in the link, or in the nearest elements around it."""
    element = anchor
    for _ in range(3):
        times = list(element.iter("time"))
        if len(times) == 1:
            return times[0].get("datetime") or str(times[0].text_content())
        if times or element.getparent() is None:
            return None
        element = element.getparent()
    return None


def _next(seed: Listing, tree: html.HtmlElement, base: str, url: str) -> str | None:
    if seed.pages:
        return seed.pages.replace("{page}", str(page_number(seed, url) + 1))
    for element in tree.iter("a", "link"):
        if "next" in (element.get("rel") or "").lower().split() and element.get("href"):
            following = urljoin(base, element.get("href").strip())
            return following if following.startswith(("http://", "https://")) and following != url else None
    return None


def page_number(seed: Listing, url: str) -> int:
    """Which page of the listing an address is; 1 for the first."""
    if not seed.pages:
        return 1
    before, _, after = seed.pages.partition("{page}")
    found = re.fullmatch(re.escape(before) + r"(\d+)" + re.escape(after), url)
    return int(found[1]) if found else 1
