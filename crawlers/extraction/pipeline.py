"""The way of one page: bytes, tree, declarations, title, text, people, date. Each step is guarded for itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from lxml import etree
from lxml.etree import _Element

from crawlers.extraction.body.assemble import read_body, read_plainly, summaries
from crawlers.extraction.body.region import Region, common, find_region
from crawlers.extraction.body.related_links import count_announced
from crawlers.extraction.containers.learner import Layouts
from crawlers.extraction.containers.model import Lesson
from crawlers.extraction.fields.authors import find_authors
from crawlers.extraction.fields.credit import Credits, read_credits, without_signature
from crawlers.extraction.fields.language import find_language
from crawlers.extraction.fields.published import Dating, find_published, lines_near
from crawlers.extraction.fields.title import shown_title, weigh_title
from crawlers.extraction.page.blocks import Reading, read_blocks
from crawlers.extraction.page.guard import refuse_bytes
from crawlers.extraction.page.html import count_unreadable, in_utf8, parse
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.page.metadata import Page, canonical, image, read_page, section
from crawlers.extraction.page.selectors import Selected, read_selected, zone_of
from crawlers.extraction.result import Reason, Rejected
from crawlers.extraction.verdict import refuse_page
from storage.model import Article, Hints, Published
from storage.urls import site_of

if TYPE_CHECKING:
    from crawlers.outlet import Outlet

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

NO_HINTS = Hints()
AROUND = 8_000  # characters of the page's own text by which walls and stubs are told
MAX_UNREADABLE = 0.01  # share of characters that no charset explained
# libxml2 reads no deeper than 2,048 elements; what is below is lost
TOO_DEEP = etree.XPath("boolean(//*[count(ancestor::*) > 2000])")
# What a page of a form that nobody foresaw raises. It costs that one field, not the article.
SURPRISES = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, etree.LxmlError)


def extract(
    html: bytes,
    url: str,
    outlet: Outlet | None = None,
    hints: Hints = NO_HINTS,
    content_type: str | None = None,
    now: datetime | None = None,
) -> Article | Rejected:
    """Return the article that a page holds, or why it holds none.

    `html` is the page as fetched, in whatever charset; `url` its final address; `content_type` the header, if known.
    No date after `now` (the present, if not given) is believed. Raises MemoryError where memory is limited; hostile
    markup can take long, so that strangers' pages belong in `ExtractionPool`.
    """
    return extract_learning(None, html, url, outlet, hints, content_type, now)[0]


def extract_learning(
    layouts: Layouts | None,
    html: bytes,
    url: str,
    outlet: Outlet | None = None,
    hints: Hints = NO_HINTS,
    content_type: str | None = None,
    now: datetime | None = None,
) -> tuple[Article | Rejected, Lesson | None]:
    """Do as `extract`, by what `layouts` knows of this outlet's pages, and say what the page taught."""
    parsed = _parsed(html, url, content_type)
    if isinstance(parsed, Rejected):
        return parsed, None
    reading = _Reading(parsed, outlet, hints, now or datetime.now(UTC), _is_cut(html))
    return layouts.read(reading) if layouts is not None else (reading.result(), None)


def _parsed(html: bytes, url: str, content_type: str | None) -> Page | Rejected:
    if refused := refuse_bytes(html, content_type):
        return refused
    source = in_utf8(html, content_type)
    unreadable = count_unreadable(source)
    if unreadable and unreadable > MAX_UNREADABLE * len(source.decode("utf-8")):
        return Rejected(Reason.BAD_ENCODING, f"{unreadable} unreadable characters")
    tree = parse(source)
    if tree is None:
        return Rejected(Reason.EMPTY, "no markup")
    return _guarded(read_page, Page(tree, url), tree, url)


def _guarded(step: Callable[P, T], otherwise: T, *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return step(*args, **kwargs)
    except SURPRISES as surprise:
        logger.warning("%s: %s: %s", step.__name__, type(surprise).__name__, surprise)
        return otherwise


def _is_cut(html: bytes) -> bool:
    """The page's own end is missing, though it had a beginning."""
    return (
        b"<html" in html[:4096].lower()
        and b"</body" not in html[-20_000:].lower()
        and b"</html" not in html[-2_000:].lower()
    )


@dataclass(slots=True)
class _Reading:
    """One page being read, with all that is known beforehand."""

    page: Page
    outlet: Outlet | None
    hints: Hints
    now: datetime
    cut: bool  # the page's own end is missing
    region: Region = field(default_factory=lambda: Region([]))  # what the last full reading found
    shown: str = ""
    selected: Selected = field(default_factory=Selected)

    @property
    def tree(self) -> _Element:
        return self.page.tree

    def holders(self) -> list[_Element]:
        return [one for one in (self.region.holder, self.region.scope) if one is not None]

    def plain_text(self, element: _Element) -> str:
        region = _guarded(find_region, Region([]), self.region.blocks, self.shown, element)
        lines = self._credits(_guarded(read_plainly, [], region, self.shown, self.selected.drop)).lines
        return "\n\n".join(lines)

    def result(self, alone: _Element | None = None) -> Article | Rejected:
        """Read the page in full, or `alone` an element whose blocks are known to be the article."""
        page, outlet = self.page, self.outlet
        selected = _guarded(read_selected, Selected(), page.tree, outlet, self.hints)
        shown = selected.title or _guarded(shown_title, "", page, self.hints.title)
        title = selected.title or _guarded(weigh_title, shown, page, shown)
        reading = _guarded(read_blocks, Reading(), self._root(alone))
        blocks = reading.blocks
        region = _guarded(find_region, Region(blocks), blocks, shown, selected.body if alone is None else alone)
        region.summaries = _guarded(summaries, [], page)
        region.furniture = reading.furniture
        region.site = _guarded(site_of, "", page.url)
        way = read_body if alone is None else read_plainly
        credits = self._credits(_guarded(way, [], region, shown, selected.drop))
        if alone is None:
            self.region, self.shown, self.selected = region, shown, selected
        published = _guarded(self._published, None, selected, reading, region)
        around = "\n".join(block.text for block in blocks)[:AROUND]
        announced = _guarded(count_announced, 0, region)
        expected = outlet is not None and outlet.is_article(page.url)
        below = [blocks[place].text for place in sorted(region.inside) if place >= region.title]
        beside = "\n".join(below)[:AROUND]
        refused = refuse_page(page, title, credits.lines, published is not None, around, beside, announced, expected)
        if refused is not None:
            return self._reconsidered(refused)
        return self._article(title, credits, published, selected, reading)

    def _root(self, holder: _Element | None) -> _Element:
        """What is read of the page: all of it, or what holds the article and its title."""
        body = self.page.tree.find("body")
        everything = self.page.tree if body is None else body
        if holder is None:
            return everything
        if not self.page.headings:
            return holder
        return common(holder, self.page.headings[0][0])

    def _reconsidered(self, refused: Rejected) -> Rejected:
        """Say why a page is short, if the page itself shows it."""
        if refused.reason is not Reason.TOO_SHORT:
            return refused
        if self.cut:
            return Rejected(Reason.TRUNCATED, refused.detail)
        return Rejected(Reason.HOSTILE, "markup: depth") if TOO_DEEP(self.page.tree) else refused

    def _credits(self, lines: Sequence[str]) -> Credits:
        known = (*self.outlet.credits, self.outlet.name) if self.outlet else ()
        return _guarded(read_credits, Credits(lines=tuple(lines)), lines, known)

    def _published(self, selected: Selected, reading: Reading, region: Region) -> Published | None:
        tz: tzinfo | None = self.outlet.tz if self.outlet else zone_of(self.page.url)
        dating = Dating(tz, self.page.lang or self._first_language(), self.now)
        hint = self.hints.published
        if hint is None and self.outlet is not None:
            hint = self.outlet.url_hints(self.page.url).published
        near = lines_near(reading.blocks, region.title)
        return find_published(self.page, dating, selected.date, hint, near, reading.dated)

    def _authors(self, selected: Selected, reading: Reading) -> tuple[str, ...]:
        hinted = self.hints.authors
        return _guarded(find_authors, (), self.page, selected.author, hinted, reading.bylines, reading.signed)

    def _first_language(self) -> str:
        return self.outlet.languages[0] if self.outlet else ""

    def _article(
        self, title: str, credits: Credits, published: Published | None, selected: Selected, reading: Reading
    ) -> Article:
        page, outlet, hints = self.page, self.outlet, self.hints
        authors = self._authors(selected, reading) or credits.authors
        text = "\n\n".join(_guarded(without_signature, credits.lines, credits.lines, authors))
        address = outlet.url_hints(page.url) if outlet else NO_HINTS
        claims = [
            hints.language or "",
            address.language or "",
            page.lang,
            text_of(page.node.get("inLanguage")),
            page.first("og:locale"),
        ]
        return Article(
            url=page.url,
            title=title,
            text=text,
            authors=authors,
            published=published,
            language=_guarded(find_language, None, text, claims, outlet.languages if outlet else ()),
            section=selected.section or _guarded(section, None, page) or hints.section or address.section,
            image=_guarded(image, None, page),
            credit=credits.credit,
            canonical_url=_guarded(canonical, None, page),
        )
