"""CSS selectors for what extraction misses on the sampled pages: the date line, and the element that holds the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from lxml import html
from lxml.etree import ParserError

from crawlers.extraction import Reason, Rejected, in_utf8, read_moment
from crawlers.outlet import Outlet
from storage.model import Precision

from .sample import SampledPage

_DATE_WORDS = re.compile(r"date|time|publish|posted|meta|info", re.IGNORECASE)
_BODY_WORDS = re.compile(r"content|body|text|article|entry|story|detail|news", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][\w-]{0,60}")
LONGEST = 80  # characters of a date line
FEW = 6  # elements in an element that may be a date line
WORDS = 60  # of the paragraphs of an element that may be the article's
MOST = 0.6  # share of the pages on which a selector must work
NEAR = timedelta(hours=36)  # between a date line and the date that the seed gives


def propose_selectors(sample: Sequence[SampledPage], outlet: Outlet) -> dict[str, str]:
    """Return selectors for `date` and `body`, only for those that the pages need; often none."""
    pages = [one for one in sample if one.page is not None and one.page.ok]
    found = {}
    if pages and sum(map(_needs_date, pages)) > len(pages) / 2:
        found["date"] = _most_common(pages, lambda page: _date_lines(page, outlet))
    if pages and sum(map(_needs_body, pages)) > len(pages) / 2:
        found["body"] = _most_common(pages, _bodies)
    return {name: selector for name, selector in found.items() if selector}


def _needs_date(page: SampledPage) -> bool:
    if page.article is None:
        return False
    return page.article.published is None or page.article.published.precision == Precision.DAY


def _needs_body(page: SampledPage) -> bool:
    return isinstance(page.outcome, Rejected) and page.outcome.reason in (Reason.TOO_SHORT, Reason.NOT_ARTICLE)


def _most_common(pages: Sequence[SampledPage], candidates: Callable[[SampledPage], Iterator[str]]) -> str:
    """Return the selector that works on most pages; empty if none works on enough of them."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update(set(candidates(page)))
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] >= max(1, MOST * len(pages)) else ""


def _tree(page: SampledPage) -> html.HtmlElement | None:
    assert page.page is not None
    try:
        return html.document_fromstring(in_utf8(page.page.body, page.page.content_type))
    except ParserError:
        return None


def _date_lines(page: SampledPage, outlet: Outlet) -> Iterator[str]:
    """Yield the selectors of elements whose text is a date and a time, near that of the seed if it gives one."""
    tree = _tree(page)
    expected = page.link.hints.published
    for element in tree.iter("span", "div", "p", "time", "li", "td") if tree is not None else ():
        if len(element) > FEW:
            continue
        text = " ".join(element.text_content().split())
        if len(text) > LONGEST or not (selector := _selector(element, _DATE_WORDS)) or not any(map(str.isdigit, text)):
            continue
        moment = read_moment(text, outlet.tz)
        if moment is None or moment.precision == Precision.DAY:
            continue
        if (expected is None or abs(moment.at - expected.at) < NEAR) and _is_first(tree, selector, element):
            yield selector


def _bodies(page: SampledPage) -> Iterator[str]:
    """Yield the selectors of elements that hold several paragraphs of text themselves."""
    tree = _tree(page)
    for element in tree.iter("div", "section", "article", "main") if tree is not None else ():
        paragraphs = [child for child in element if child.tag == "p"]
        words = sum(len(child.text_content().split()) for child in paragraphs)
        selector = _selector(element, _BODY_WORDS)
        if len(paragraphs) >= 2 and words >= WORDS and selector and _is_first(tree, selector, element):
            yield selector


def _selector(element: html.HtmlElement, words: re.Pattern[str]) -> str:
    """Return tag and class of an element whose class, id or name says what it is; else nothing."""
    names = [name for name in (element.get("class") or "").split() if _NAME.fullmatch(name)]
    fitting = next((name for name in names if words.search(name)), None)
    if fitting:
        return f"{element.tag}.{fitting}"
    identity = element.get("id") or ""
    if _NAME.fullmatch(identity) and words.search(identity):
        return f"{element.tag}#{identity}"
    return element.tag if element.tag in ("time", "article") else ""


def _is_first(tree: html.HtmlElement, selector: str, element: html.HtmlElement) -> bool:
    found = tree.cssselect(selector)
    return bool(found) and found[0] is element
