"""XPaths to the element that holds the article on the pages of one outlet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml.etree import XPath, _Element

from crawlers.extraction.containers.model import Container
from crawlers.extraction.page.metadata import find_all

# Names with digits are generated for one page or one build.
TELLING = re.compile(r"[A-Za-z][A-Za-z_-]{3,60}")
# A class among others: whether its name is there at all is asked first, which takes a fifth of the time.
ONE_CLASS = re.compile(r"\[contains\(concat\(' ', normalize-space\(@class\), ' '\), ' ([\w-]+) '\)\]")
OUTWARD = 2  # ancestors that are tried where an element has no name of its own


def find_container(container: Container, tree: _Element) -> _Element | None:
    """Return the element that the container's path finds; None if it finds none or several."""
    found = find_all(_compiled(container.path), tree)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=2_000)
def _compiled(path: str) -> XPath:
    return XPath(ONE_CLASS.sub(r"[contains(@class, '\1')]\g<0>", path))


def paths_to(element: _Element, tree: _Element) -> Iterator[tuple[str, _Element]]:
    """Yield XPaths that find this element or one just around it, and nothing else on the page; the simplest first."""
    at: _Element | None = element
    for _ in range(OUTWARD + 1):
        if at is None or at.tag in ("body", "html"):
            return
        for path in _paths(at):
            if len(find_all(_compiled(path), tree)) == 1:
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
