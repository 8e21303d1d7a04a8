"""Where a page says when it was published: declarations, `<time>` elements, date lines, in the order of belief."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lxml.etree import XPath, _Element

from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.published_lines import (
    CHANGED,
    SHORT_DAY,
    called_dates,
    change_lines,
    date_lines,
    date_lines_close_above,
    is_articles,
    is_change,
    is_of_others,
    is_within,
)
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.page.metadata import Page, find_all, text_in
from storage.model import DateSource

META_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "article.published",
    "datepublished",
    "itemprop:datepublished",
    "date.published",
    "published_time",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "publication_date",
    "publication-date",
    "published",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "parsely-pub-date",
    "sailthru.date",
    "vr:published_time",
    "article_date_original",
    "originalpublicationdate",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc:date",
    "last-published",
    "displaydate",
    "itemprop:datecreated",
    "date",
    "timestamp",
    "rnews:datepublished",
    "dc:created",
    "dc.created",
    "dcterms:date",
    "dcterms:created",
    "dcterms:issued",
    "created",
    "creation_date",
    "article_date",
    "article.created",
    "article:create_at",
    "pub_date",
    "post_date",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "bt:pubdate",
    "shareaholic:article_published_time",
)
CHANGED_NAMES = ("article:modified_time", "og:updated_time", "datemodified", "itemprop:datemodified", "last-modified")
RDFA_NAMES = frozenset({"datepublished", "datecreated", "published", "issued", "created", "date"})
PUBLISHED_CLASSES = frozenset({"published", "dt-published", "dtpublished", "dtstart"})
PROPERTIES = XPath("descendant-or-self::*/@property/..")  # by the attribute: faster than by a condition on elements
# "Headline | Outlet | 28.04.2023": some outlets close the title that they declare with the day.
TITLE_END = re.compile(r"\s[|–—-]\s*(?P<date>\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})\s*$")
PUBLISHED_NAME = re.compile(
    r"(?<!\w)(?:(?!publi(?:sh|cat|ée|que|r))\w)*+publi(?:sh|cat|ée|que|r)\w*[:._ -]?(?:time|date|at|on)|"
    r"(?:date|time)[:._ -]?publi",
    re.IGNORECASE,
)
YEAR_END = re.compile(r"(?:(?:19|20)\d{2}|(?<![\d.:+])(?:1[34]|[۱١][۳۴٣٤۹٩]|[۲٢][۰٠])\d{2})(?=\D|$)")
NEAR = 40  # elements before and after the title
LONGEST = 60  # characters of what a `<time>` element says


def written_dates(context: PageContext) -> Iterator[tuple[DateSource, str]]:
    """Yield what the page says of its publication, in the order in which it is believed."""
    page = context.page
    yield from ((DateSource.JSON_LD, text) for text in _from_jsonld(page))
    yield from ((DateSource.META, text) for text in _from_meta(page))
    yield from ((DateSource.MICRODATA, text) for text in _from_microdata(page))
    yield from ((DateSource.MICRODATA, text) for text in _from_rdfa(page))
    if context.selected.date:
        yield DateSource.PAGE_TEXT, context.selected.date
    yield from ((DateSource.META, text) for text in _from_titles(page))
    region = context.region
    near, far, above = _times(page, region.scope)
    yield from ((DateSource.TIME, text) for text in near)
    yield from ((DateSource.PAGE_TEXT, text) for text in _from_microformat(context.blocks.dated))
    yield from ((DateSource.PAGE_TEXT, line) for line in date_lines(region))
    yield from ((DateSource.PAGE_TEXT, line) for line in called_dates(context.blocks.dated, region))
    yield from ((DateSource.TIME, text) for text in far)
    yield from ((DateSource.PAGE_TEXT, line) for line in date_lines_close_above(region))
    yield from ((DateSource.TIME, text) for text in above)


def change_dates(context: PageContext) -> Iterator[tuple[DateSource, str]]:
    """Yield what the page says of its last change, what readers see before what is declared."""
    page = context.page
    times = (time for time in page.parts["time"] if _is_changed(time) and not is_of_others(time))
    written = [*change_lines(context.region), *map(_said, times), text_of(page.node.get("dateModified"))]
    yield from ((DateSource.MODIFIED, text) for text in (*written, *page.every(*CHANGED_NAMES)) if text)


def _from_jsonld(page: Page) -> Iterator[str]:
    """Yield the date of the article's own object, and of the first other one if that has no datePublished."""
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if text := text_of(page.node.get(key)):
            yield text
            break
    if page.node.get("datePublished"):
        return
    for node in page.nodes:
        if node is not page.node and (text := text_of(node.get("datePublished"))):
            yield text
            return


def _from_meta(page: Page) -> Iterator[str]:
    yield from page.every(*META_NAMES)
    for name, contents in page.meta.items():
        if _is_called_publication(name):
            yield contents[0]


@lru_cache(maxsize=4_000)  # pages declare the same things
def _is_called_publication(name: str) -> bool:
    """Say whether the name of a meta tag that we do not know has a word for publication in it."""
    return PUBLISHED_NAME.search(name) is not None and name not in META_NAMES and CHANGED.search(name) is None


def _from_microdata(page: Page) -> Iterator[str]:
    for name in ("datepublished", "datecreated"):
        for element in page.items:
            if element.tag != "meta" and name in (element.get("itemprop") or "").lower():
                yield element.get("datetime") or element.get("content") or _titled(element) or text_in(element)
                return


def _titled(element: _Element) -> str:
    """Return what an abbreviation stands for, by which microformats give the date in full."""
    return (element.get("title") or "") if element.tag == "abbr" else ""


def _from_rdfa(page: Page) -> Iterator[str]:
    """Yield the date of RDFa attributes: property="dc:date dc:created", property="schema:dateCreated".

    They are looked for where nothing else is declared, since that takes a walk over all elements.
    """
    if page.node.get("datePublished") or page.first(*META_NAMES):
        return
    for element in find_all(PROPERTIES, page.tree):
        names = {name.rpartition(":")[2].lower() for name in (element.get("property") or "").split()}
        if element.tag != "meta" and not names.isdisjoint(RDFA_NAMES) and not is_of_others(element):
            yield element.get("content") or element.get("datetime") or text_in(element)
            return


def _from_microformat(dated: Iterable[_Element]) -> Iterator[str]:
    """Yield the date of hAtom and h-entry: class="published" or "dt-published", in full in the attribute."""
    for element in dated:
        names = (element.get("class") or "").lower().split()
        full = element.get("datetime") or element.get("title")
        if full and not PUBLISHED_CLASSES.isdisjoint(names) and not is_of_others(element):
            yield full
            return


def _from_titles(page: Page) -> Iterator[str]:
    for title in (page.first("og:title"), page.title_tag):
        if match := TITLE_END.search(title):
            yield match["date"]


def _times(page: Page, scope: _Element | None) -> tuple[list[str], list[str], list[str]]:
    """Return what the `<time>` elements say that can be the article's.

    Those near its title; the first farther down; one above the title that is outside of the article's element.
    """
    written = [(time, text) for time in page.parts["time"] if (text := _said(time)) and is_articles(time)]
    if not page.headings or not written:
        return [], [text for _, text in written[:1]], []
    order = {
        element: place for place, element in enumerate(page.tree.iter("h1", "time", "p", "h2", "h3", "div", "span"))
    }
    start = order.get(page.headings[0][0], 0)
    places = [(order[time] - start, time, text) for time, text in written]
    above = [(time, text) for place, time, text in places if -NEAR < place <= 0][-1:]
    own = [text for time, text in above if is_within(time, scope)]
    after = [(place, text) for place, _, text in places if place > 0][:1]
    near = [*own, *(text for place, text in after if place <= NEAR)]
    return near, [text for place, text in after if place > NEAR], [text for _, text in above if text not in own]


def _said(time: _Element) -> str:
    text = time.get("datetime") or time.get("content") or text_in(time)
    dated = len(text) <= LONGEST and (len(YEAR_END.findall(text)) == 1 or SHORT_DAY.search(text) is not None)
    return text if dated or text.isdigit() else ""


def _is_changed(time: _Element) -> bool:
    return is_change(f"{time.get('class') or ''} {time.get('itemprop') or ''}")
