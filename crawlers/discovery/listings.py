"""Listings: pages of links to articles, newest first, and the way to the older ones."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import html
from lxml.etree import ParserError

from crawlers.extraction import in_utf8
from crawlers.outlet import Listing, Outlet
from storage.model import DateSource, Hints

from .reading import Collector, Reading, squeezed

# One tag with 100,000 attributes holds the parser up for a minute, one with 5,000 for 20 ms; honest ones have few.
# Reads tags, comments and scripts as browsers do. Possessive, and taken one after the other: linear on any input.
_MANY_ATTRIBUTES = re.compile(
    rb"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rb"|<(?:(script|style)(?=[\s/>])|[a-z][^\s/>]{0,256}+)"
    rb"(?:[\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+))?+){0,4999}+"
    rb"(?P<more>[\s/]*+[^\s/>])?+"
    rb"(?(1)[^>]*+(?:>.*?(?:</(?:script|style)|\Z))?+)",
    re.IGNORECASE | re.DOTALL,
)
_MAX_TAGS = 150_000
_CARD = 200  # elements around a link among which its <time> is looked for
# "Next" and "older" in the languages of the region and their neighbours, with or without an arrow.
_NEXT_TEXT = re.compile(
    r"(?:(?:next|older|more|next page|older posts|older articles|növbəti|növbəti səhifə|sonrakı|sonraki|ileri"
    r"|daha əvvəl|следующая|следующие|след\.?|следующая страница|вперёд|вперед|далее|дальше|ранее"
    r"|наступна|далі|келесі|кийинки|keyingi|навбатӣ|indiki|შემდეგი|հաջորդ|հաջորդը|بعدی"
    r"|weiter|nächste|suivant|siguiente|próxima|avanti|seguinte)(?: page)?)?\s*[>›»→]*",
    re.IGNORECASE,
)
_NEXT_CLASS = re.compile(r"(?:^|[\s_-])next(?:$|[\s_-])", re.IGNORECASE)


def read_listing(seed: Listing, outlet: Outlet, url: str, body: bytes, content_type: str | None) -> Reading:
    """The articles that a listing links to, with the text of the link as title and the <time> beside it."""
    if body.count(b"<") > _MAX_TAGS or any(tag["more"] for tag in _MANY_ATTRIBUTES.finditer(body)):
        return Reading(problems=("no listing: hostile markup",), complete=False)
    tree = _tree(in_utf8(body, content_type))
    if tree is None:
        return Reading(problems=("no listing: not HTML",), complete=False)
    base = _base(tree, url)
    collector = Collector(outlet, base)
    anchors = tree.cssselect(seed.links) if seed.links else tree.iter("a")
    for anchor in anchors:
        if collector.full():
            break
        href = anchor.get("href")
        absolute = collector.absolute(href)
        if absolute and outlet.is_article(absolute):  # a listing is full of other links; they are no problem of it
            collector.link(href, _hints(anchor, collector))
    return collector.reading(next_page=_next(seed, tree, base, url))


def _tree(source: bytes) -> html.HtmlElement | None:
    try:
        parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
        return html.document_fromstring(source, parser=parser)
    except ParserError:
        return None


def _base(tree: html.HtmlElement, url: str) -> str:
    found = tree.find(".//base[@href]")
    return urljoin(url, found.get("href").strip()) if found is not None else url


def _hints(anchor: html.HtmlElement, collector: Collector) -> Hints:
    title = squeezed(anchor.text_content()) or squeezed(anchor.get("title"))
    return Hints(
        title=title if title and len(title.split()) > 2 else None,  # "more", an icon, a number
        published=collector.published(_time_beside(anchor), DateSource.PAGE_TEXT),
    )


def _time_beside(anchor: html.HtmlElement) -> str | None:
    """The instant of the one <time> in the link, or in the nearest elements around it."""
    element = anchor
    for _ in range(3):
        around = list(islice(element.iter(), _CARD + 1))
        if len(around) > _CARD:
            return None
        times = [one for one in around if one.tag == "time"]
        if len(times) == 1:
            return times[0].get("datetime") or str(times[0].text_content())
        if times or element.getparent() is None:
            return None
        element = element.getparent()
    return None


def _next(seed: Listing, tree: html.HtmlElement, base: str, url: str) -> str | None:
    if seed.pages:
        return seed.pages.replace("{page}", str(page_number(seed, url) + 1))
    declared = [element for element in tree.iter("a", "link") if "next" in (element.get("rel") or "").lower().split()]
    called = [*declared, *(anchor for anchor in tree.iter("a") if _says_next(anchor))]
    ways = [way for element in called if (way := _absolute(element, base)) is not None and _leads_on(way, url)]
    secure = url.startswith("https:")
    return next((way for way in ways if way.startswith("https:") == secure), ways[0] if ways else None)


def _absolute(element: html.HtmlElement, base: str) -> str | None:
    try:
        return str(urljoin(base, (element.get("href") or "").strip()))
    except ValueError:  # http://[broken
        return None


def _leads_on(way: str, url: str) -> bool:
    """Another page of this listing: the same host, and not where we are."""
    return urlsplit(way).netloc == urlsplit(url).netloc and way.partition("#")[0] != url.partition("#")[0]


def _says_next(anchor: html.HtmlElement) -> bool:
    """A link that is called "next" by its text, its label, or its class."""
    if not anchor.get("href"):
        return False
    text = squeezed(anchor.text_content()) or squeezed(anchor.get("title") or anchor.get("aria-label")) or ""
    if 0 < len(text) <= 20 and _NEXT_TEXT.fullmatch(text):
        return True
    parent = anchor.getparent()
    classes = f"{anchor.get('class') or ''} {(parent.get('class') or '') if parent is not None else ''}"
    return len(text) <= 20 and _NEXT_CLASS.search(classes) is not None


def page_number(seed: Listing, url: str) -> int:
    """Which page of the listing an address is; 1 for the first."""
    if not seed.pages:
        return 1
    before, _, after = seed.pages.partition("{page}")
    found = re.fullmatch(re.escape(before) + r"(\d+)" + re.escape(after), url)
    return int(found[1]) if found else 1
