"""Read bylines: who wrote an article by them, and who only helped with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple, TypeAlias

from lxml.etree import _Element

from crawlers.extraction.fields.author_fallback import DAY
from crawlers.extraction.fields.person_names import (
    AGENCIES,
    EDITING,
    LABELS,
    PICTURES,
    WRITERS,
    before_date,
    is_person,
    split_names,
    strip_label,
    tidy,
)
from crawlers.extraction.page.element_classes import is_placed
from crawlers.extraction.page.metadata import squeeze, text_in, texts
from crawlers.extraction.text_norm import fold
from crawlers.extraction.vocabulary import any_of, one_of

Byline: TypeAlias = tuple[_Element, str]  # an element that is called so, and its text

BYLINE_TAGS = frozenset(
    {
        "div", "span", "p", "a", "address", "li", "strong", "h6", "h5", "h4", "h3", "section", "ul", "dl", "dt", "dd",
        "small", "b", "em", "i", "cite", "td", "aside",
    }
)  # fmt: skip
# A label of those who helped: "Photographs by".
HELPERS_PART = re.compile(
    rf"\b(?:{any_of('authors.others_did')})\s+(?:from|by|von)\b\s*:?|\b(?:{any_of('authors.helped_by')})(?!\w)\s*:?|"
    rf"{EDITING.pattern}|{PICTURES.pattern}",
    re.IGNORECASE,
)
# A label of the authors behind that of helpers: "Reviewed by John Roe. Written by Jane Doe".
WRITERS_PART = re.compile(
    rf"(?<!\w)(?:{one_of(label for label in LABELS if ' ' in label)})(?!\w)|(?<!\w)(?:{one_of(WRITERS)})\s*:",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})\.\s")  # not behind an initial
AND = re.compile(rf"^(?:{any_of('authors.first_and')}|&|,)\s+", re.IGNORECASE)
MAX_BYLINE = 160  # characters
MOST = 12  # names, and bylines
FIRST = 4  # bylines among which the article's own begins; before it may stand a section's, a column's, the outlet's


class Parts(NamedTuple):
    """What a byline says of its authors, and of those who helped: texts without their labels."""

    writers: tuple[str, ...]
    helpers: tuple[str, ...]


@lru_cache(maxsize=2_000)  # a byline is divided for its helpers, then for its authors, and an outlet has not many
def parts_of(line: str) -> Parts:
    """Divide a byline at its labels: "Reviewed by John Roe | Written by Jane Doe"."""
    helped = list(HELPERS_PART.finditer(line))
    if not helped:
        return Parts((line,), ())
    taken = [(mark.start(), mark.end(), False) for mark in helped]
    wrote = ((mark.start(), mark.end(), True) for mark in WRITERS_PART.finditer(line))
    marks = sorted([*taken, *(one for one in wrote if all(one[1] <= a or one[0] >= b for a, b, _ in taken))])
    begins = [(0, 0, True), *marks]
    ends = [begin for begin, _, _ in marks] + [len(line)]
    found = [(line[begin:end], is_writer) for (_, begin, is_writer), end in zip(begins, ends, strict=True)]
    writers = tuple(text for text, is_writer in found if is_writer)
    return Parts(writers, tuple(text for text, is_writer in found if not is_writer))


def byline_texts(elements: Iterable[_Element]) -> Iterator[Byline]:
    """Yield the first bylines and their texts."""
    for element in islice((element for element in elements if element.tag in BYLINE_TAGS), MOST):
        text = text_in(element)
        if 1 < len(text) <= 2 * MAX_BYLINE:
            yield element, text


def helper_names(bylines: Iterable[Byline]) -> frozenset[str]:
    """Return the folded names of those who took the pictures, edited, reviewed or contributed.

    "By Jane Doe, photos by John Roe" gives {"john roe"}. A name that any byline gives as an author is left out.
    """
    divided = [(element, parts_of(text)) for element, text in bylines]
    if not any(parts.helpers for _, parts in divided):
        return frozenset()
    helpers: set[str] = set()
    authors: set[str] = set()
    shared: set[_Element] = set()  # a name in an element of its own within these may be a helper's
    for element, parts in divided:
        if not is_placed(element):
            continue
        helpers |= {fold(name) for part in parts.helpers for name in _helpers(part)}
        if parts.helpers:
            shared.add(element)
        if shared.isdisjoint(element.iterancestors()):
            authors |= {fold(name) for part in parts.writers for name in split_names(part)}
    return frozenset(helpers - authors)


def _helpers(part: str) -> list[str]:
    line = _line(part)
    return split_names(line) or ([name] if is_person(name := tidy(line), typed=True) else [])


def _line(text: str) -> str:
    """Return the beginning of a line, up to its first digit or a word such as "published" that a date follows."""
    return re.split(r"\d|\b(?:last updated|published|updated)\b", text, maxsplit=1)[0]


def named(elements: Iterable[_Element]) -> list[str]:
    """Return the names in several elements, in order."""
    return [name for element in elements for name in names_in(element)]


def names_in(element: _Element) -> list[str]:
    """Read the names in an element: each piece of text for itself, else all of it as one line."""
    pieces = [squeeze(text) for text in texts(element) if text.strip()]
    whole = " ".join(pieces)
    if 1 < len(pieces) <= 3 and not any(map(_is_label, pieces)) and split_names(whole) == [tidy(whole)]:
        return [tidy(whole)]  # first and last name in elements of their own
    if len(pieces) > 1 and (found := _in_pieces(pieces)):
        return found
    line = of_writers(text_in(element)[:MAX_BYLINE])
    return split_names(line) or split_names(before_date(line)) or split_names(SENTENCE_END.split(line, maxsplit=1)[0])


def of_writers(line: str) -> str:
    """Return "By Jane Doe" of "By Jane Doe. Photographs by John Roe"."""
    parts = parts_of(line)
    writers = "; ".join(part.strip(" .,;|(-–—") for part in parts.writers if part.strip(" .,;|(-–—"))
    return writers if parts.helpers and writers else line


def _is_label(piece: str) -> bool:
    return piece.lower().strip(" :：՝") in LABELS


def _in_pieces(pieces: list[str]) -> list[str]:
    """Return the names in the pieces of a byline, up to its date: behind that stand the section and the topics."""
    found: list[str] = []
    helping = False  # whether a label of helpers came: who follows it is no author
    for piece in pieces:
        if _is_label(piece):
            found, helping = [], False  # what stands before "by" is the column's name
        elif len(piece) <= MAX_BYLINE:
            parts = parts_of(piece)
            if not helping or len(parts.writers) > 1:
                found.extend(name for part in parts.writers for name in split_names(AND.sub("", part)))
            helping = helping or bool(parts.helpers)
            if found and (helping or DAY.search(piece)):
                break
    return found


def neighbours(one: _Element, other: _Element) -> bool:
    """Say whether two elements have a common parent among the innermost four around the one, three around the other."""
    near = set(islice(one.iterancestors(), 4))
    return any(parent in near for parent in islice(other.iterancestors(), 3))


def together(elements: list[_Element]) -> list[_Element]:
    """Return the first of the elements and its neighbours: further ones belong to other articles."""
    return [link for link in elements[:MOST] if link is elements[0] or neighbours(elements[0], link)]


def short(bylines: Iterable[Byline]) -> Iterator[_Element]:
    """Yield the elements of the article's bylines of one line."""
    for element, text in bylines:
        if len(text) <= MAX_BYLINE and is_placed(element):
            yield element


def from_bylines(bylines: Sequence[Byline]) -> list[str]:
    """Return the authors in the article's own byline; empty where it names an agency alone."""
    first = next((text for element, text in bylines if is_placed(element)), "")
    if AGENCIES.match(strip_label(first)):
        return []  # further bylines are of other articles
    if row := side_by_side(bylines):
        return row
    own = list(islice(short(bylines), 2))
    near = own if all(_are_beside(own[0], other) for other in own[1:]) else own[:1]
    return named(near) or named(own[1:])


def _are_beside(one: _Element, other: _Element) -> bool:
    """Say whether two elements stand in one byline: not the line under the title and the box below the text."""
    around = set(islice(one.iterancestors("div", "p", "span", "header", "section", "ul", "address"), 2))
    return one in other.iterancestors() or any(parent in around for parent in islice(other.iterancestors(), 2))


def side_by_side(bylines: Sequence[Byline]) -> list[str]:
    """Read bylines of one kind that follow each other, one for each author; empty where there is but one."""
    for element, text in bylines[:FIRST]:
        row = [element, *_followers(element)]
        if len(row) > 1 and len(text) <= MAX_BYLINE and is_placed(element):
            return named(row[:MOST])
    return []


def _followers(element: _Element) -> Iterator[_Element]:
    """Yield the siblings right behind an element that have its tag and class."""
    return takewhile(
        lambda other: other.tag == element.tag and other.get("class") == element.get("class"), element.itersiblings()
    )


def is_review(element: _Element) -> bool:
    """Say whether an element belongs to what a reader wrote of the thing that the page is about."""
    items = (parent.get("itemprop") or "" for parent in element.iterancestors())
    return any(name.lower() in ("review", "reviews", "comment") for name in items)
