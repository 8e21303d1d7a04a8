"""The way of one page, in order: bytes, tree, declarations, title, article, text, credits, date, verdict, facts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from lxml import etree
from lxml.etree import _Element

from crawlers.extraction.body.assemble import declared_summaries, read_body, read_plain_body
from crawlers.extraction.body.region import find_region, find_whole
from crawlers.extraction.body.related_links import count_announced
from crawlers.extraction.containers.learner import ContainerLearner
from crawlers.extraction.containers.model import ContainerUpdate
from crawlers.extraction.context import NO_HINTS, PageContext, PageSource, Region
from crawlers.extraction.evidence import gather_evidence
from crawlers.extraction.fields.authors import find_authors
from crawlers.extraction.fields.credit import Credits, take_credits, take_signature
from crawlers.extraction.fields.declared import find_canonical_url, find_image, find_rights, find_section
from crawlers.extraction.fields.language import find_article_language
from crawlers.extraction.fields.published import find_published
from crawlers.extraction.fields.title import find_heading, find_title
from crawlers.extraction.page.blocks import PageBlocks, read_blocks
from crawlers.extraction.page.guard import refuse_bytes
from crawlers.extraction.page.html import count_unreadable, in_utf8, parse, rare_bytes
from crawlers.extraction.page.metadata import Page, common, read_page
from crawlers.extraction.page.selectors import Selected, read_selected
from crawlers.extraction.quality import find_quality
from crawlers.extraction.result import Reason, Rejected
from crawlers.extraction.trace import NO_TRACE, Line
from crawlers.extraction.verdict import refuse_page
from storage.model import Article, DateSource, Hints
from storage.urls import site_of

if TYPE_CHECKING:
    from crawlers.outlet import Outlet

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

MAX_UNREADABLE = 0.01  # share of characters that no charset explained
# libxml2 reads no deeper than 2,048 elements; what is below is lost
TOO_DEEP = etree.XPath("boolean(//*[count(ancestor::*) > 2000])")
SHORT = frozenset({Reason.TOO_SHORT, Reason.NOT_ARTICLE})  # why a page may be refused of which too little was read
# What a step may raise on a page of an unforeseen form. It costs the field of that step, not the article.
STEP_ERRORS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, etree.LxmlError)


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
    return extract_source(PageSource(html, url, outlet, hints, content_type, now or datetime.now(UTC)))


def extract_source(source: PageSource) -> Article | Rejected:
    """Do as `extract` for a page and what is known of it."""
    context = open_page(source)
    return context if isinstance(context, Rejected) else read_article(context)[0]


def extract_learning(
    learner: ContainerLearner, source: PageSource
) -> tuple[Article | Rejected, ContainerUpdate | None]:
    """Do as `extract_source`, by what the learner knows of this outlet's pages, and return what the page taught."""
    context = open_page(source)
    return (context, None) if isinstance(context, Rejected) else learner.read(OpenPage(context))


def open_page(source: PageSource) -> PageContext | Rejected:
    """Parse the bytes of a page and read its declarations, or say why that cannot be done."""
    rare = rare_bytes(source.html)
    if refused := refuse_bytes(source.html, source.content_type, rare.count(b"<")):
        return refused
    html = in_utf8(source.html, source.content_type)
    rare = rare if html is source.html else rare_bytes(html)
    unreadable = count_unreadable(html, rare)
    if unreadable and unreadable > MAX_UNREADABLE * len(html.decode("utf-8")):
        return Rejected(Reason.BAD_ENCODING, f"{unreadable} unreadable characters")
    tree = parse(html, rare)
    if tree is None:
        return Rejected(Reason.EMPTY, "no markup")
    empty = PageContext(Page(tree, source.url), source.outlet, source.hints, source.now, trace=source.trace)
    page = _guarded(empty, read_page, empty.page, tree, source.url)
    url_hints = _guarded(empty, source.outlet.url_hints, NO_HINTS, source.url) if source.outlet else NO_HINTS
    return replace(empty, page=page, is_truncated=_is_truncated(source.html), url_hints=url_hints)


def read_article(context: PageContext, element: _Element | None = None) -> tuple[Article | Rejected, PageContext]:
    """Take a page through all steps: in full, or by the blocks of `element` alone, which are known to be the article.

    Returns the article or the refusal, and what the steps found. A step that fails leaves its part empty.
    """
    context = replace(context, selected=_guarded(context, _read_selected, Selected(), context))
    context = replace(context, heading=_guarded(context, find_heading, "", context))
    context = replace(context, title=_guarded(context, find_title, context.heading, context))
    context = replace(
        context, blocks=_guarded(context, read_blocks, PageBlocks(), _root(context.page, element), context.heading)
    )
    context = replace(context, region=_locate(context, element))
    published = _guarded(context, find_published, None, context)
    dated = published is not None and published.source is not DateSource.MODIFIED
    lines = _guarded(context, read_body if element is None else read_plain_body, [], context)
    judged = _judge(context, lines, dated)
    if element is None and judged.may_have_more:
        whole = replace(context, region=_in_whole(context))
        lines = _guarded(whole, read_plain_body, [], whole)
        other = _judge(whole, lines, dated)
        context, judged = (whole, other) if other.refused is None else (context, judged)
    if judged.refused is not None:
        return _with_cause(judged.refused, context), context
    credits = judged.credits
    authors = _guarded(context, find_authors, (), context) or credits.authors
    left = _guarded(context, take_signature, credits.left, context, credits.left, authors)
    text = _joined(left)
    article = Article(
        url=context.page.url,
        title=context.title,
        text=text,
        authors=authors,
        published=published,
        language=_guarded(context, find_article_language, None, context, text),
        section=_guarded(context, find_section, None, context),
        image=_guarded(context, find_image, None, context),
        credit=credits.credit,
        rights=_guarded(context, find_rights, None, context),
        canonical_url=_guarded(context, find_canonical_url, None, context),
    )
    quality = _guarded(context, find_quality, None, context, article, left)
    return replace(article, quality=quality), context


@dataclass(frozen=True, slots=True)
class _Judged:
    """A text without its credits, and why it is no article, if it is none."""

    credits: Credits
    refused: Rejected | None
    is_declared: bool

    @property
    def may_have_more(self) -> bool:
        """The page declares an article, but hardly any text was found on it."""
        return self.is_declared and self.refused is not None and self.refused.reason in SHORT


def _judge(context: PageContext, lines: list[Line], is_dated: bool) -> _Judged:
    credits = _guarded(context, take_credits, Credits(left=tuple(lines)), context, lines)
    announced = _guarded(context, count_announced, 0, context.region)
    evidence = gather_evidence(context, credits.lines, is_dated, announced)
    return _Judged(credits, refuse_page(evidence, context.trace), evidence.is_declared)


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A parsed page that can be read in full, or by one element alone: what the learner of containers works with."""

    context: PageContext

    @property
    def tree(self) -> _Element:
        return self.context.page.tree

    def read_plain(self, element: _Element) -> Article | Rejected:
        """Read the page by the blocks of an element that is known to hold the article and nothing else."""
        return read_article(self.context, element)[0]

    def read_full(self) -> FullReading:
        """Read the page in full."""
        return FullReading(*read_article(self.context))


@dataclass(frozen=True, slots=True)
class FullReading:
    """What a full reading of a page gave."""

    outcome: Article | Rejected
    context: PageContext

    def holders(self) -> list[_Element]:
        """Return the elements that hold the article, the innermost first."""
        region = self.context.region
        return [element for element in (region.holder, region.scope) if element is not None]

    def plain_text(self, element: _Element) -> str:
        """Return the text that the blocks of an element give."""
        context = replace(self.context, region=_locate(self.context, element), trace=NO_TRACE)
        lines = _guarded(context, read_plain_body, [], context)
        return _joined(_guarded(context, take_credits, Credits(left=tuple(lines)), context, lines).left)


def _guarded(context: PageContext, step: Callable[P, T], otherwise: T, *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a step returns, or `otherwise` where the page makes it fail."""
    try:
        return step(*args, **kwargs)
    except STEP_ERRORS as problem:
        logger.warning("%s: %s: %s", step.__name__, type(problem).__name__, problem)
        context.trace.failed(step.__name__, f"{type(problem).__name__}: {problem}")
        return otherwise


def _is_truncated(html: bytes) -> bool:
    """Say whether the page's own end is missing, though it has a beginning."""
    return (
        b"<html" in html[:4096].lower()
        and b"</body" not in html[-20_000:].lower()
        and b"</html" not in html[-2_000:].lower()
    )


def _read_selected(context: PageContext) -> Selected:
    return read_selected(context.page.tree, context.outlet, context.hints)


def _root(page: Page, element: _Element | None) -> _Element:
    """Return what is read of the page: all of it, or what holds the given element and the title."""
    if element is None:
        body = page.tree.find("body")
        return page.tree if body is None else body
    return common(element, page.headings[0][0]) if page.headings else element


def _locate(context: PageContext, element: _Element | None) -> Region:
    """Find the article among the blocks: within the given element, else the outlet's own, else by its text."""
    return _completed(context, _found_region(context, context.selected.body if element is None else element))


def _in_whole(context: PageContext) -> Region:
    """Take all that stands with the title as the article."""
    blocks = context.blocks.blocks
    return _completed(context, _guarded(context, find_whole, Region(blocks), blocks, context.heading))


def _completed(context: PageContext, region: Region) -> Region:
    """Add what is known of the page to what is known of its article's place."""
    region.summaries = _guarded(context, declared_summaries, [], context.page)
    region.furniture, region.misnamed = context.blocks.furniture, context.blocks.misnamed
    region.site = _guarded(context, _site_of, "", "/".join(context.page.url.split("/", 3)[:3]))
    return region


@lru_cache(maxsize=1_000)
def _site_of(origin: str) -> str:
    return site_of(origin)


def _found_region(context: PageContext, element: _Element | None) -> Region:
    blocks = context.blocks.blocks
    return _guarded(context, find_region, Region(blocks), blocks, context.heading, element)


def _joined(lines: Sequence[Line]) -> str:
    return "\n\n".join(line.text for line in lines)


def _with_cause(refused: Rejected, context: PageContext) -> Rejected:
    """Say why a page is short, if the page itself shows it."""
    if refused.reason is not Reason.TOO_SHORT:
        return refused
    if context.is_truncated:
        return Rejected(Reason.TRUNCATED, refused.detail)
    return Rejected(Reason.HOSTILE, "markup: depth") if TOO_DEEP(context.page.tree) else refused
