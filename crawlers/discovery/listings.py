"""Listings: pages of links to articles, newest first, and the link to the next, older page."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import html
from lxml.etree import ParserError

from crawlers.extraction import MAX_PAGE_BYTES, in_utf8
from crawlers.extraction.vocabulary import any_of
from crawlers.outlet import DatedListing, Listing, Outlet
from storage.model import DateSource, Hints

from .attributes import has_many_attributes
from .seed_document import Collector, SeedDocument, one_line

_MAX_TAGS = 150_000
_CARD = 200  # elements around a link among which its <time> is looked for
# "Next" and "older" in the languages of the region and their neighbours, with or without an arrow.
_NEXT_TEXT = re.compile(rf"(?:(?:{any_of('listings.next_page')})(?: page)?)?\s*[>›»→]*", re.IGNORECASE)
_NEXT_CLASS = re.compile(r"(?:^|[\s_-])next(?:$|[\s_-])", re.IGNORECASE)


def read_listing(
    seed: Listing | DatedListing, outlet: Outlet, url: str, body: bytes, content_type: str | None
) -> SeedDocument:
    """Read the links of a listing to articles; hints are the text of the link as title and the <time> beside it."""
    if len(body) > MAX_PAGE_BYTES or body.count(b"<") > _MAX_TAGS or has_many_attributes(body):
        return SeedDocument(problems=("no listing: hostile markup",), complete=False)
    tree = _tree(in_utf8(body, content_type))
    if tree is None:
        return SeedDocument(problems=("no listing: not HTML",), complete=False)
    base = _base(tree, url)
    collector = Collector(outlet, base)
    anchors = tree.cssselect(seed.links) if seed.links else tree.iter("a")
    for anchor in anchors:
        if collector.full():
            break
        href = anchor.get("href")
        absolute = collector.absolute(href)
        if absolute and outlet.is_article(absolute):  # a listing has many other links; they are no problem
            collector.link(href, _hints(anchor, collector))
    return collector.document(next_page=_following(seed, tree, base, url))


def _tree(source: bytes) -> html.HtmlElement | None:
    try:
        parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
        return html.document_fromstring(source, parser=parser)
    except ParserError:
        return None


def _base(tree: html.HtmlElement, url: str) -> str:
    base = tree.find(".//base[@href]")
    return (_absolute(base, url) or url) if base is not None else url


def _hints(anchor: html.HtmlElement, collector: Collector) -> Hints:
    title = one_line(anchor.text_content()) or one_line(anchor.get("title"))
    return Hints(
        title=title if title and len(title.split()) > 2 else None,  # "more", an icon, a number
        published=collector.published(_time_beside(anchor), DateSource.PAGE_TEXT),
    )


def _time_beside(anchor: html.HtmlElement) -> str | None:
    """Return the instant of the only <time> in the link, or in the nearest elements around it."""
    element = anchor
    for _ in range(3):
        around = list(islice(element.iter(), _CARD + 1))
        if len(around) > _CARD:
            return None
        times = [near for near in around if near.tag == "time"]
        if len(times) == 1:
            return times[0].get("datetime") or str(times[0].text_content())
        if times or element.getparent() is None:
            return None
        element = element.getparent()
    return None


def _following(seed: Listing | DatedListing, tree: html.HtmlElement, base: str, url: str) -> str | None:
    if isinstance(seed, Listing) and seed.pages:
        return seed.pages.replace("{page}", str(page_number(seed, url) + 1))
    return _linked_next(tree, base, url)


def _linked_next(tree: html.HtmlElement, base: str, url: str) -> str | None:
    declared = [element for element in tree.iter("a", "link") if "next" in (element.get("rel") or "").lower().split()]
    called = [*declared, *(anchor for anchor in tree.iter("a") if _says_next(anchor))]
    urls = [next_url for element in called if (next_url := _absolute(element, base)) and _leads_on(next_url, url)]
    secure = url.startswith("https:")
    return next((each for each in urls if each.startswith("https:") == secure), urls[0] if urls else None)


def _absolute(element: html.HtmlElement, base: str) -> str | None:
    try:
        return str(urljoin(base, (element.get("href") or "").strip()))
    except ValueError:  # http://[broken
        return None


def _leads_on(next_url: str, url: str) -> bool:
    """Return True if `next_url` is another page on the same host."""
    same_host = urlsplit(next_url).netloc == urlsplit(url).netloc
    return same_host and next_url.partition("#")[0] != url.partition("#")[0]


def _says_next(anchor: html.HtmlElement) -> bool:
    """Return True if the link is called "next" by its text, its label, or its class."""
    if not anchor.get("href"):
        return False
    text = one_line(anchor.text_content()) or one_line(anchor.get("title") or anchor.get("aria-label")) or ""
    if 0 < len(text) <= 20 and _NEXT_TEXT.fullmatch(text):
        return True
    parent = anchor.getparent()
    classes = f"{anchor.get('class') or ''} {(parent.get('class') or '') if parent is not None else ''}"
    return len(text) <= 20 and _NEXT_CLASS.search(classes) is not None


def page_number(seed: Listing, url: str) -> int:
    """Return the number of the listing page at `url`; 1 for the first."""
    if not seed.pages:
        return 1
    before, _, after = seed.pages.partition("{page}")
    match = re.fullmatch(re.escape(before) + r"(\d+)" + re.escape(after), url)
    return int(match[1]) if match else 1
