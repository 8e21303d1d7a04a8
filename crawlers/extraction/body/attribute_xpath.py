"""XPaths that choose elements by their attributes, asked once for each set of attributes instead of each element.

Trafilatura asks several regular expressions of every element of a page, which was a third of its time. A page, and all
the more an outlet, repeats its attributes endlessly, so that the answers are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, cast

from lxml.etree import XPath, _Element

Attributes: TypeAlias = tuple[tuple[str, str], ...]
Select: TypeAlias = Callable[[_Element], list[_Element]]

KEPT = 20_000  # sets of attributes whose answers are kept
NAMESPACES = {"re": "http://exslt.org/regular-expressions"}
# ".//*[self::div or self::p][CONDITION]", perhaps only the first of those.
FORM = re.compile(
    r"\s*(?P<open>\()?\.//\*\[\s*+(?:(?P<tags>self::\w+(?:\s+or\s+self::\w+)*)\s*\]\s*\[)?(?P<condition>[^\[\]]*)\]\s*+"
    r"(?P<first>(?(open)\)\[1\]|(?:\[1\])?))\s*"
)
LITERAL = re.compile(r"'[^']*'")
ATTRIBUTE = re.compile(r"@([\w-]+)")
# What is left of a condition that asks for nothing but attributes, without the literals and the attributes.
ASKS_ATTRIBUTES = re.compile(r"(?:\b(?:or|and|not|contains|starts-with|translate|re:test)\b|[\s(),=|])*")


def remembered(xpath: XPath) -> Select:
    """Return a function that selects what the XPath does, and keeps its answers for each set of attributes.

    An XPath that asks for more than attributes is returned as it is. One of the form "(...)[1]" or "...[1]" is for
    callers who take the first element alone: the others that it may select are left out.
    """
    form = FORM.fullmatch(LITERAL.sub(_blank, xpath.path))
    if form is None:
        return cast("Select", xpath)
    condition = xpath.path[form.start("condition") : form.end("condition")]
    bare = form["condition"]
    if ASKS_ATTRIBUTES.fullmatch(ATTRIBUTE.sub(" ", re.sub(r"'_*'", " ", bare))) is None:
        return cast("Select", xpath)
    tags = [tag.strip().removeprefix("self::") for tag in (form["tags"] or "*").split(" or ")]
    return _Remembered(condition, ATTRIBUTE.findall(bare), tags, only_first=bool(form["first"]))


def _blank(literal: re.Match[str]) -> str:
    """Return a literal of the same length that has no brackets or other signs of an XPath."""
    return f"'{'_' * (len(literal.group()) - 2)}'"


class _Remembered:
    """Selects descendants by a condition that asks for attributes, and keeps the answers."""

    def __init__(self, condition: str, names: list[str], tags: list[str], only_first: bool) -> None:
        self._condition = XPath(f"boolean(self::*[{condition}])", namespaces=NAMESPACES)
        self._names = frozenset(names)
        self._tags = tags
        self._only_first = only_first
        self._answers: dict[Attributes, bool] = {}

    def __call__(self, tree: _Element) -> list[_Element]:
        chosen = self._chosen(tree)
        return [*([first] if (first := next(chosen, None)) is not None else [])] if self._only_first else list(chosen)

    def _chosen(self, tree: _Element) -> Iterator[_Element]:
        answers, names = self._answers, self._names
        for element in tree.iterdescendants(*self._tags):
            # in the order of the page, since "@id|@class" is the one of them that stands first
            attributes: Any = tuple([pair for pair in element.items() if pair[0] in names])
            answer = answers.get(attributes)
            if answer is None:
                answer = self._ask(element, attributes)
            if answer:
                yield element

    def _ask(self, element: _Element, attributes: Attributes) -> bool:
        if len(self._answers) >= KEPT:
            self._answers.clear()
        answer = self._answers[attributes] = bool(self._condition(element))
        return answer
