"""Where a page says when it was published: declarations, `<time>` elements, date lines, in the order of belief."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from lxml.etree import _Element

from crawlers.extraction.context import PageContext
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.page.metadata import Page, squeeze, text_in, texts
from crawlers.extraction.vocabulary import any_of
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
    "bt:pubdate",
    "shareaholic:article_published_time",
)
# "Headline | Outlet | 28.04.2023": some outlets close the title that they declare with the day.
TITLE_END = re.compile(r"\s[|–—-]\s*(?P<date>\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})\s*$")
PUBLISHED_NAME = re.compile(
    r"publi(?:sh|cat|ée|que|r)\w*[:._ -]?(?:time|date|at|on)|(?:date|time)[:._ -]?publi",
    re.IGNORECASE,
)
DATE_TAGS = frozenset({"span", "div", "p", "li", "em", "small", "td", "font"})
# Of today, in the solar calendar too, in the digits of ASCII, Arabic and Persian.
YEAR = re.compile(r"(?<!\d)(?:1[349]|20|[۱١][۳۴٣٤۹٩]|[۲٢][۰٠])\d{2}(?!\d)")
YEAR_END = re.compile(r"(?:(?:19|20)\d{2}|(?<![\d.:+])(?:1[34]|[۱١][۳۴٣٤۹٩]|[۲٢][۰٠])\d{2})(?=\D|$)")
CHANGED = re.compile(any_of("html.changed"), re.IGNORECASE)
OF_OTHERS = re.compile(r"related|sidebar|comment|popular|recommend|teaser|modif|updat")
ASIDE = {"aside", "nav", "footer", "select", "form", "script", "style", "noscript", "template"}
PIECES = 60  # of text in an element, among which a line of its own is looked for; what comes later is the article's
NEAR = 40  # elements before and after the title
MAX_LINE = 120  # characters of a date line with what else stands on it: section, outlet, views


def written_dates(context: PageContext) -> Iterator[tuple[DateSource, str]]:
    """Yield what the page says of its publication, in the order in which it is believed."""
    page = context.page
    yield from ((DateSource.JSON_LD, text) for text in _from_jsonld(page))
    yield from ((DateSource.META, text) for text in _from_meta(page))
    yield from ((DateSource.MICRODATA, text) for text in _from_microdata(page))
    if context.selected.date:
        yield DateSource.PAGE_TEXT, context.selected.date
    yield from ((DateSource.META, text) for text in _from_titles(page))
    near, far = _times(page)
    yield from ((DateSource.TIME, text) for text in near)
    lines = lines_near(context.region.blocks, context.region.title)
    yield from ((DateSource.PAGE_TEXT, line) for line in lines if _is_date_line(line))
    yield from ((DateSource.PAGE_TEXT, line) for line in _called_dates(context.blocks.dated))
    yield from ((DateSource.TIME, text) for text in far)


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
    for element in page.items:
        if element.tag != "meta" and "datepublished" in (element.get("itemprop") or "").replace("P", "p"):
            yield element.get("datetime") or element.get("content") or text_in(element)
            return


def _from_titles(page: Page) -> Iterator[str]:
    for title in (page.first("og:title"), page.title_tag):
        if match := TITLE_END.search(title):
            yield match["date"]


def _times(page: Page) -> tuple[list[str], list[str]]:
    """Return what the `<time>` elements say that can be the article's: those near its title; the first farther down."""
    written = [(time, text) for time in page.parts["time"] if (text := _said(time)) and _of_article(time)]
    if not page.headings or not written:
        return [], [text for _, text in written[:1]]
    order = {
        element: place for place, element in enumerate(page.tree.iter("h1", "time", "p", "h2", "h3", "div", "span"))
    }
    start = order.get(page.headings[0][0], 0)
    places = [(order[time] - start, text) for time, text in written]
    before = [text for place, text in places if -NEAR < place <= 0]
    after = [(place, text) for place, text in places if place > 0][:1]
    near = [*before[-1:], *(text for place, text in after if place <= NEAR)]
    return near, [text for place, text in after if place > NEAR]


def _said(time: _Element) -> str:
    text = time.get("datetime") or text_in(time)
    return text if (len(text) <= 60 and len(YEAR_END.findall(text)) == 1) or text.isdigit() else ""


def _of_article(element: _Element) -> bool:
    names = " ".join((element.get("class") or "", element.get("itemprop") or "", element.get("id") or ""))
    if CHANGED.search(names):
        return False
    for depth, parent in enumerate(element.iterancestors()):
        if parent.tag in ASIDE or (parent.tag == "a" and parent.get("href")):
            return False
        marks = f"{parent.get('class') or ''} {parent.get('id') or ''}".lower()
        if depth < 5 and OF_OTHERS.search(marks):
            return False
    return True


def lines_near(blocks: Sequence[Block], title: int) -> Iterator[str]:
    """Yield the lines around the title's block, mixed ones also piece by piece."""
    taken: set[_Element] = set()
    for block in blocks[max(0, title - 6) : title + 24]:
        if block.foreign:
            continue
        yield block.text
        if len(block.text) <= 2 * MAX_LINE and len(block.element) and block.element not in taken:
            taken.add(block.element)
            yield from _dated_pieces(block.element)


def _dated_pieces(element: _Element) -> Iterator[str]:
    pieces = list(islice(texts(element), PIECES))
    if YEAR.search("\n".join(pieces)):
        yield from (squeeze(piece) for piece in pieces if YEAR.search(piece))


def _is_date_line(line: str) -> bool:
    """Say whether the line is a date and little else, and not the date of a change."""
    if not 6 <= len(line) <= MAX_LINE or not YEAR.search(line) or CHANGED.search(line):
        return False
    return sum(map(str.isalpha, line)) <= 60 and len(line.split()) <= 12


def _called_dates(elements: Iterable[_Element]) -> Iterator[str]:
    """Yield the first line of an element that calls itself a date."""
    for element in elements:
        if element.tag in DATE_TAGS:
            line = text_in(element)
            if 6 <= len(line) <= 60 and YEAR.search(line) and _of_article(element):
                yield line
                return
