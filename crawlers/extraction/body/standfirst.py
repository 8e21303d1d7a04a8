"""Find the standfirst: the summary between title and text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crawlers.extraction.body.asides import is_aside
from crawlers.extraction.body.date_lines import MOMENT, is_stamp
from crawlers.extraction.context import Region
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.element_classes import HEADINGS
from crawlers.extraction.text_norm import LONG, SENTENCE_END, letters
from crawlers.extraction.vocabulary import any_of

NEAR = 25  # blocks after the title, or before the text, within which a standfirst is looked for
STANDFIRSTS = 3  # paragraphs of a standfirst at the most
STANDFIRST = re.compile(  # words of their own, in camel case too
    rf"(?-i:(?<![a-z])|(?=[A-Z]))(?:{any_of('asides.standfirsts')})", re.IGNORECASE
)
SHORTEST = 25  # characters of a standfirst
BEGINNING = 40  # letters of one at either end by which it is looked for in the text
CLAUSE = 8  # words of one that is no sentence


def find_standfirst(region: Region, first: int, is_told: Callable[[str], bool]) -> list[int]:
    """Return the places of the standfirst's blocks: the declared summary, else blocks with a class that says so.

    `first` is the place where the text begins, -1 if it is not known; `is_told` says of letters that the text has them.
    """
    begin, end = region.title + 1, min(first, region.title + NEAR)
    if region.title < 0:
        begin, end = max(0, first - NEAR), first
    called, declared = [], []
    for place in range(begin, end):
        block = region.blocks[place]
        text = letters(block.text)
        if block.foreign or not _may_be_summary(block) or _is_digest(text, is_told):
            continue
        if is_aside(block, region.holder):
            if text in region.summaries:  # some outlets show it where captions are
                declared.append(place)
        elif _is_declared(text, region.summaries):
            declared.append(place)
        elif region.title >= 0 and (_is_called_summary(block) or _is_under_title(region, place)):
            called.append(place)
    return declared[:STANDFIRSTS] or called[:STANDFIRSTS]


def _is_digest(text: str, is_told: Callable[[str], bool]) -> bool:
    """Say whether beginning and end of the text are in the article below: it repeats the article word for word."""
    return is_told(text[:BEGINNING]) and is_told(text[-BEGINNING:])


def _is_under_title(region: Region, place: int) -> bool:
    """Say whether the block is a sentence, a clause or a heading directly below the title."""
    title, *between, block = region.blocks[region.title : place + 1]
    if any(letters(near.text) not in ("", letters(title.text)) for near in between):
        return False
    if block.furniture and not _names_summary(block):
        return False
    if SENTENCE_END.search(block.text):
        return True
    said = _is_clause(block.text) or (block.tag in HEADINGS and not block.linked)
    return said and MOMENT.search(block.text) is None


def _may_be_summary(block: Block) -> bool:
    """Say whether the block is prose or a short sentence, and no date line."""
    line = block.text
    if len(line) < SHORTEST or 2 * block.linked >= len(line) or is_stamp(line):
        return False
    return block.prose > 0 or SENTENCE_END.search(line) is not None


def _is_clause(line: str) -> bool:
    """Say whether a line without a full stop is a clause: most words in small letters, unlike titles and names."""
    words = line.split()
    return len(words) >= CLAUSE and 2 * sum(word[0].islower() for word in words) > len(words)


def _is_declared(text: str, summaries: Sequence[str]) -> bool:
    """Say whether the letters contain a declared summary, or are a part of one."""
    return any(summary[:LONG] in text or text[:LONG] in summary for summary in summaries)


def _is_called_summary(block: Block) -> bool:
    return not block.furniture and _names_summary(block)


def _names_summary(block: Block) -> bool:
    parent = block.element.getparent()
    around = "" if parent is None else parent.get("class") or ""
    return STANDFIRST.search(f"{block.element.get('class') or ''} {around}") is not None
