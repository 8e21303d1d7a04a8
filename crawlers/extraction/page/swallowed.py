"""Text of the article within elements that are never read, such as buttons.

Of `<button><div></button>` libxml2 ignores the end tag, so that the rest of the page is within the button. Some pages
have their text in `<noscript>` alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from itertools import islice

from lxml.etree import XPath, _Element

from crawlers.extraction.page.element_classes import HEADINGS
from crawlers.extraction.page.metadata import short_text_in
from crawlers.extraction.text_norm import LEAST_PROSE, letters
from crawlers.extraction.vocabulary.walls import SCRIPTED

# Elements that browsers close where libxml2 does not.
SWALLOWING = frozenset(
    {"button", "select", "object", "video", "audio", "canvas", "textarea", "map", "svg", "option", "datalist"}
)
AROUND = frozenset({"nav", "footer"})  # these have paragraphs of their own
OPENED = SWALLOWING | AROUND | {"template"}  # elements that may turn out to be ordinary ones
SEVERAL = 3  # paragraphs by which an element holds an article ...
AMPLE = 400  # ... or the characters of two
PARAGRAPH = 2_000  # characters of one that are read
SIZE = XPath("string-length()")


def find_title_holders(root: _Element) -> Set[_Element]:
    """Return the elements that hold a top heading of a tree."""
    return {around for title in root.iter("h1") for around in title.iterancestors()}


def swallows(element: _Element, title_holders: Set[_Element]) -> bool:
    """Say whether an element that is never read holds the headline or several paragraphs all the same."""
    tag = element.tag
    if not len(element):
        return tag == "button" and _is_label(element)
    if tag in AROUND:
        if element not in title_holders:
            return False
        return _has(element, "article", "main") or (tag == "nav" and _has_paragraphs(element))
    if tag not in SWALLOWING:
        return tag == "template" and element.get("shadowrootmode") is not None
    return element in title_holders or _is_label(element) or _has_paragraphs(element)


def _has(element: _Element, *tags: str) -> bool:
    return next(element.iter(*tags), None) is not None


def _is_label(button: _Element) -> bool:
    """Say whether a button is a heading that folds out what is below it."""
    around = button.getparent()
    if button.tag != "button" or around is None:
        return False
    return around.tag in HEADINGS or (button.get("aria-controls") is not None and _has(button, *HEADINGS))


def _has_paragraphs(element: _Element) -> bool:
    found = (part for part in element.iter("p") if len(short_text_in(part, PARAGRAPH)) >= LEAST_PROSE)
    return len(list(islice(found, SEVERAL))) == SEVERAL


def may_hold_text(noscript: _Element) -> bool:
    """Say whether a noscript has enough text of any kind; most have a picture."""
    return SIZE(noscript) >= SEVERAL * LEAST_PROSE  # type: ignore[operator]


def is_only_there(texts: Sequence[str], shown: Collection[str]) -> bool:
    """Say whether several paragraphs of a noscript are nowhere else on the page, and no request to allow scripts.

    `texts` are its paragraphs, `shown` the letters of those of the rest of the page.
    """
    everything = "\n".join(shown)
    own = [text for text in texts if SCRIPTED.search(text) is None and letters(text) not in everything]
    several = len(own) >= SEVERAL or (len(own) > 1 and sum(map(len, own)) >= AMPLE)
    return several and 2 * len(own) > len(texts)
