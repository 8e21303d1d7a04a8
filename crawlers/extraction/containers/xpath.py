"""XPaths to the element that holds the article on the pages of one outlet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from lxml.etree import XPath, _Element

from crawlers.extraction.containers.model import Container
from crawlers.extraction.page.metadata import find_all

# Names with digits are generated for one page or one build.
TELLING = re.compile(r"[A-Za-z][A-Za-z_-]{3,60}")
# The paths that are made here: one attribute of a tag is this text, or has this name among others.
ONE_NAME = re.compile(
    r"//(?P<tag>[\w-]+)\[(?:@(?P<attribute>itemprop|id)='(?P<text>[\w-]+)'|"
    r"contains\(concat\(' ', normalize-space\(@class\), ' '\), ' (?P<name>[\w-]+) '\))\]"
)
OUTWARD = 2  # ancestors that are tried where an element has no name of its own


def find_container(container: Container, tree: _Element) -> _Element | None:
    """Return the element that the container's path finds; None if it finds none or several."""
    found = _finder(container.path)(tree)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=2_000)
def _finder(path: str) -> Callable[[_Element], list[_Element]]:
    """Return what finds the elements of a path. lxml's loop over a tag takes six tenths of an XPath's time."""
    xpath, form = XPath(path), ONE_NAME.fullmatch(path)
    if form is None:
        return lambda tree: find_all(xpath, tree)
    tag, attribute, text = form["tag"], form["attribute"] or "class", form["text"] or form["name"]
    own = XPath(f"self::{path.removeprefix('//')}")

    def find(tree: _Element) -> list[_Element]:
        near = [element for element in tree.iter(tag) if text in (element.get(attribute) or "")]
        return [element for element in near if own(element)]

    return find


def paths_to(element: _Element, tree: _Element) -> Iterator[tuple[str, _Element]]:
    """Yield XPaths that find this element or one just around it, and nothing else on the page; the simplest first."""
    at: _Element | None = element
    for _ in range(OUTWARD + 1):
        if at is None or at.tag in ("body", "html"):
            return
        for path in _paths(at):
            if len(_finder(path)(tree)) == 1:
                yield path, at
                break
        at = at.getparent()


def _paths(element: _Element) -> Iterator[str]:
    tag = element.tag
    if (item := element.get("itemprop")) and TELLING.fullmatch(item):
        yield f"//{tag}[@itemprop='{item}']"
    identity = element.get("id") or ""
    if TELLING.fullmatch(identity):
        yield f"//{tag}[@id='{identity}']"
    for name in (element.get("class") or "").split():
        if TELLING.fullmatch(name):
            yield f"//{tag}[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
    if tag in ("article", "main"):
        yield f"//{tag}"
