"""The only place that knows trafilatura: one element of a page in, its cleaned lines out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml.etree import XPath, _Element, strip_elements
from lxml.html import HtmlElement

from crawlers.extraction.body.attribute_xpath import remembered
from crawlers.extraction.page.metadata import find_all, squeeze

if TYPE_CHECKING:
    from trafilatura.settings import Extractor

# Elements without text of the article, taken out of the copy that trafilatura gets.
DEAD = (
    "script", "style", "svg", "noscript", "template", "iframe", "link", "meta", "button", "select", "input", "nav",
    "img", "picture", "source", "video", "audio", "canvas", "object", "embed",
)  # fmt: skip
NAMES = ("class", "id", "style", "aria-hidden")  # by which trafilatura drops an element
MARK = "misnamed"  # an attribute of the elements that lose these
MARKED = XPath("descendant-or-self::*[@misnamed]")
NOTHING: Set[_Element] = frozenset()
NESTED = frozenset({"p", "list", "item", "quote", "head"})
TEXT_WITHIN = XPath("string()", smart_strings=False)  # strings that know their elements take twice the time


class _CleanedElement(HtmlElement):  # type: ignore[misc]
    """An element as trafilatura needs it: one of lxml.html, that answers what trafilatura asks often without detours.

    lxml compiles each XPath anew, and interprets `find` in Python.
    """

    def text_content(self) -> str:
        return TEXT_WITHIN(self)  # type: ignore[return-value]

    def find(self, path: str, namespaces: Any = None) -> Any:
        if _is_descendant(path):
            return next(self.iterdescendants(path[3:]), None)
        return super().find(path, namespaces)

    def findall(self, path: str, namespaces: Any = None) -> Any:
        if _is_descendant(path):
            return [*self.iterdescendants(path[3:])]
        return super().findall(path, namespaces)

    def xpath(self, path: str, **options: Any) -> Any:
        return super().xpath(path, **options) if options else _compiled(path)(self)


def _is_descendant(path: str) -> bool:
    """Say whether a path is of the form ".//tag"."""
    return path.startswith(".//") and path[3:].isalnum()


@lru_cache(maxsize=100)
def _compiled(path: str) -> XPath:
    return XPath(path, smart_strings=False)


# One class for all tags: the look-up of lxml.html calls Python for every element that is touched.
PARSER = etree.HTMLParser()
PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=_CleanedElement))


def cleaned_lines(element: _Element, left_out: Iterable[_Element] = (), misnamed: Iterable[_Element] = ()) -> list[str]:
    """Run trafilatura's cleaning, tag conversion and main extractor on one element of a page; return its lines.

    `left_out` are elements of which no line would be kept: each costs time and misleads the extractor. `misnamed` are
    elements whose class and id it must not see.

    Of trafilatura's fallbacks only the baseline is used, and only where there is next to no text. The others read the
    page again and compare; our own blocks tell more cheaply what is missing.
    """
    from trafilatura.baseline import baseline
    from trafilatura.htmlprocessing import convert_tags, tree_cleaning
    from trafilatura.main_extractor import extract_content

    options = _options()
    _quicken()
    inner = [box for box in left_out if element in box.iterancestors(element.tag)]
    hidden = frozenset(misnamed)
    page = _page_of(element, inner, hidden)
    found, text = extract_content(convert_tags(tree_cleaning(page, options), options), options)
    if len(text) < options.min_extracted_size:
        rescued, _, size = baseline(_page_of(element, inner, hidden))
        found = rescued if size > len(text) else found
    return [line for block in found for line in _lines(block)]


@lru_cache(maxsize=1)
def _options() -> Extractor:
    from trafilatura.settings import Extractor

    return Extractor(fast=True, comments=False, tables=True, with_metadata=False)


@lru_cache(maxsize=1)
def _quicken() -> None:
    """Have trafilatura's XPaths keep their answers; what they select stays the same."""
    from trafilatura import main_extractor

    for name in ("BODY_XPATH", "OVERALL_DISCARD_XPATH", "TEASER_DISCARD_XPATH", "DISCARD_IMAGE_ELEMENTS"):
        expressions = getattr(main_extractor, name)
        expressions[:] = map(remembered, expressions)


def _page_of(element: _Element, left_out: Sequence[_Element] = (), misnamed: Set[_Element] = NOTHING) -> _Element:
    """Return a page with a copy of the element, without the elements in `left_out` and the names of those `misnamed`.

    The class of an element is decided when Python first touches it, so that no reference to an element of the copy may
    outlive this function.
    """
    page: _Element = PARSER.makeelement("html")
    body = PARSER.makeelement("body")
    page.append(body)
    part = _copy_without(element, left_out, misnamed)
    strip_elements(part, *DEAD, with_tail=False)  # trafilatura would copy them before it drops them
    _drop_hollow(part)
    body.append(part)
    return page


def _copy_without(element: _Element, left_out: Sequence[_Element], misnamed: Set[_Element]) -> _Element:
    """Copy an element while empty ones replace those that are left out; the text that follows them stays."""
    replaced: list[tuple[_Element, _Element]] = []
    try:
        for box in left_out:
            empty = etree.Element("span")
            empty.tail = box.tail
            parent = box.getparent()
            assert parent is not None  # it is within the element
            parent.replace(box, empty)
            replaced.append((box, empty))
        for box in misnamed:
            box.set(MARK, "")
        part = copy(element)
        if misnamed:
            _take_names(part)
        return part
    finally:
        for box in misnamed:
            box.attrib.pop(MARK, "")
        for box, empty in replaced:
            empty.getparent().replace(empty, box)  # type: ignore[union-attr]


def _take_names(part: _Element) -> None:
    """Take class, id and the like off the marked elements of a copy."""
    for element in find_all(MARKED, part):
        for name in (*NAMES, MARK):
            element.attrib.pop(name, "")


def _drop_hollow(part: _Element) -> None:
    """Drop empty elements: trafilatura matches the class of each against its patterns, and pages are full of them."""
    for box in reversed(list(part.iter("div", "span", "section", "figure"))):
        parent, before = box.getparent(), box.getprevious()
        space = (box.text or "") + (box.tail or "")
        if parent is None or len(box) or space.strip():
            continue
        parent.remove(box)
        if space and before is not None and not (before.tail or "")[-1:].isspace():
            before.tail = (before.tail or "") + " "  # it may be all that parts two words
        elif space and before is None and not (parent.text or "")[-1:].isspace():
            parent.text = (parent.text or "") + " "


def _lines(block: _Element) -> list[str]:
    if block.tag in ("list", "table", "row") or (block.tag == "quote" and len(block) and block[0].tag in ("p", "list")):
        out = [squeeze(block.text)] if block.text and block.text.strip() else []
        for child in block:
            out.extend(_lines(child))
            if child.tail and child.tail.strip():
                out.append(squeeze(child.tail))
        return out
    pieces = [""]
    _gather(block, pieces)
    return [line for piece in pieces if (line := squeeze(piece))]


def _gather(element: _Element, pieces: list[str]) -> None:
    pieces[-1] += element.text or ""
    for child in element:
        if child.tag == "lb":
            pieces.append("")
        elif child.tag in NESTED:
            pieces.append("")
            _gather(child, pieces)
            pieces.append("")
        else:
            _gather(child, pieces)
        pieces[-1] += child.tail or ""
