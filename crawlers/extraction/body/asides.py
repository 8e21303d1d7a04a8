"""Blocks within an article that are not its running text: captions, fact boxes, disclaimers, scrambled text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from lxml.etree import _Element

from crawlers.extraction.page.blocks import Block
from crawlers.extraction.vocabulary import any_of, marks_of

CLOSE = 2  # elements, the block's own the first, whose names tell what kind of text it is
# Elements outwards from a block within which a box is looked for: a list in a box is four deep, a quotation in it five.
REACH = 6
NAMES = 300  # characters of a class that are looked at
BEGIN = r"(?-i:(?<![a-z])|(?=[A-Z]))"  # where a word begins, in camel case too
BOX = re.compile(any_of("asides.boxes", begin=BEGIN), re.IGNORECASE)
SHOWN = re.compile(r"d-(?!print-)\w+-(?!none$)\w")  # from some width of the screen on
CAPTIONED = re.compile(any_of("asides.captions"), re.IGNORECASE)
PICTURED = re.compile(any_of("asides.pictures", "html.captions", begin=BEGIN), re.IGNORECASE)
# Text whose letters were exchanged, behind a wall.
SCRAMBLED = re.compile(any_of("asides.scrambled", begin=BEGIN), re.IGNORECASE)
# One of these is in every name that the patterns find; small letters. They are looked for first, which costs a tenth.
MARKS = tuple(sorted({mark for one in (BOX, CAPTIONED, PICTURED, SCRAMBLED) for mark in marks_of(one.pattern)}))


def is_aside(block: Block, holder: _Element | None) -> bool:
    """Say whether the block is in a box within `holder`, belongs to a picture, or is scrambled text.

    The element that holds the paragraphs, and the elements around it, are no asides, whatever their class.
    """
    element: _Element | None = block.element
    for near in range(REACH):
        if element is None or element is holder or element.tag == "blockquote":
            return False
        if element.tag == "figcaption":
            return True
        name, identity = element.get("class") or "", element.get("id") or ""
        if (name or identity) and _is_named(name, identity, near < CLOSE):
            return True
        element = element.getparent()
    return False


@lru_cache(maxsize=20_000)
def _is_named(name: str, identity: str, close: bool) -> bool:
    if "d-none" in name and _is_never_shown(name.split()):
        return True
    name, identity = name[:NAMES], identity[:NAMES]
    small = f"{name} {identity}".lower()
    if not any(mark in small for mark in MARKS):
        return False
    if BOX.search(name) is not None or BOX.search(identity) is not None:
        return True
    return close and any(one.search(name) is not None for one in (CAPTIONED, PICTURED, SCRAMBLED))


def _is_never_shown(names: Sequence[str]) -> bool:
    """Say whether Bootstrap's classes hide the element at every width of the screen."""
    return "d-none" in names and not any(SHOWN.match(name) for name in names)
