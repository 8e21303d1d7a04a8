"""Drop what closes a text about its author: a name in a box of its own and who that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from lxml.etree import _Element

from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.page.metadata import Page, text_in
from crawlers.extraction.text_norm import letters
from crawlers.extraction.trace import Line, Stage, Trace

NOTE = 3  # lines of a note at the most
LONGEST = 700  # characters of one
NAME = 5  # letters of a name at the least
MANY = 20  # declared authors that are looked at


def drop_author_note(lines: list[Line], blocks: Sequence[Block], page: Page, trace: Trace) -> list[Line]:
    """Return the lines without a note on a declared author at their end.

    The note begins with the author's name, and is set off from the text: in a box of its own, or emphasised.
    """
    names = _declared_names(page)
    start = max(1, len(lines) - NOTE)
    if not names or len(lines) < 2:
        return lines
    for place in range(start, len(lines)):
        note = lines[place:]
        if not letters(note[0].text).startswith(names) or sum(len(line.text) for line in note) > LONGEST:
            continue
        home = _home(lines, blocks)
        if all(_is_set_off(line, blocks, home) for line in note):
            for line in note:
                trace.dropped(line, Stage.EDGES, "a note on the author")
            return lines[:place]
    return lines


def _declared_names(page: Page) -> tuple[str, ...]:
    """Return the letters of the authors' names that a page declares."""
    declared: Any = page.node.get("author")
    nodes = declared[:MANY] if isinstance(declared, list) else [declared]
    names = [*map(text_of, nodes), *page.every("author", "article:author")]
    return tuple(name for text in names if len(name := letters(text)) >= NAME)


def _home(lines: Sequence[Line], blocks: Sequence[Block]) -> _Element | None:
    """Return the element that directly holds most paragraphs of the text, if one does."""
    held = [blocks[line.place].element.getparent() for line in lines if line.place >= 0 and blocks[line.place].prose]
    parent, count = Counter(held).most_common(1)[0] if held else (None, 0)
    return parent if 2 * count > len(held) else None


def _is_set_off(line: Line, blocks: Sequence[Block], home: _Element | None) -> bool:
    if line.place < 0:
        return False
    element = blocks[line.place].element
    if home is not None and element.getparent() is not home:
        return True
    emphasised = next(element.iter("em", "i"), None)
    return emphasised is not None and text_in(emphasised) == blocks[line.place].text
