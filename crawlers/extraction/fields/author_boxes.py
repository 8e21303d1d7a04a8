"""Author fallback: the name under a heading that says "Author", and the names in the box about the author."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lxml.etree import _Element

from crawlers.extraction.fields.author_fallback import AUTHOR_PAGE
from crawlers.extraction.fields.person_names import WRITERS, split_names
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.element_classes import HEADINGS
from crawlers.extraction.page.metadata import text_in
from crawlers.extraction.text_norm import fold
from crawlers.extraction.vocabulary import any_of, one_of

LABEL = re.compile(rf"(?:{one_of(WRITERS)})\s*[:：]?", re.IGNORECASE)
BOX = re.compile(
    r"(?<![a-z])(?:about[-_]*(?:the[-_]*)?author|author[-_]*(?:box|bio|info|card|about|profile|details|description|"
    r"block|widget|section|summary|area|content|meta)|post[-_]*author|entry[-_]*author|article[-_]*author)(?![a-z])",
    re.IGNORECASE,
)
# Names of boxes about something else: reviews, products, other articles.
OF_OTHERS = re.compile(
    r"testimonial|quote|comment|review|related|popular|recommend|teaser|product|sidebar", re.IGNORECASE
)
AROUND = 4  # elements around a box whose names are looked at
ABOUT = re.compile(rf"^(?:{any_of('authors.about')})\s*:?\s+", re.IGNORECASE)
LABELLED = 30  # characters of a label
LONGEST = 70  # characters of a line with a name
NEAR = 12  # blocks behind the title; farther down such a label stands in a table of facts, of a book for example
MANY = 100  # boxes, and elements in a box, that are looked at
FEW = 3  # authors of one article that have boxes


def under_label(blocks: Sequence[Block], title: int) -> list[str]:
    """Read the block under a heading that says "Author" and nothing else, or behind such a label near the title."""
    for place in range(max(title, 0), len(blocks) - 1):
        placed = blocks[place].tag in HEADINGS or place <= title + NEAR
        if placed and _is_label(blocks[place].text) and (names := _names_in_line(blocks[place + 1].text)):
            return names
    return []


def _is_label(text: str) -> bool:
    return len(text) <= LABELLED and LABEL.fullmatch(text) is not None


def boxed(bylines: Iterable[_Element]) -> list[str]:
    """Read the names in the boxes about the authors; empty where there are more of them than an article has authors."""
    names: dict[str, str] = {}
    for box in islice(bylines, MANY):
        if BOX.search(box.get("class") or "") and not _is_of_others(box) and (name := next(_boxed(box), "")):
            names.setdefault(fold(name), name)
    return list(names.values()) if len(names) <= FEW else []


def _is_of_others(box: _Element) -> bool:
    around = (box, *islice(box.iterancestors(), AROUND))
    return any(OF_OTHERS.search(f"{one.get('class') or ''} {one.get('id') or ''}") for one in around)


def _boxed(box: _Element) -> Iterator[str]:
    """Yield the names that stand in a box as a heading, a link to an author's page or a strong word."""
    for element in islice(box.iter("a", "h2", "h3", "h4", "h5", "h6", "strong", "b", "span"), MANY):
        if element.tag != "a" or AUTHOR_PAGE.search(element.get("href") or "") or element.get("rel"):
            yield from _names_alone(element)


def _names_alone(element: _Element) -> list[str]:
    return _names_in_line(text_in(element)) if len(element) < FEW else []


def _names_in_line(text: str) -> list[str]:
    """Return the names in a line that holds nothing else: each of two or three words."""
    line = ABOUT.sub("", text)
    names = split_names(line) if 0 < len(line) <= LONGEST else []
    alone = sum(len(name) for name in names) >= len(line) - 5 * len(names)
    return names if alone and all(2 <= len(name.split()) <= 3 for name in names) else []
