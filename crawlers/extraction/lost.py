"""What trafilatura left out of an article and should not have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from crawlers.extraction.asides import is_aside
from crawlers.extraction.blocks import Block
from crawlers.extraction.lines import letters
from crawlers.extraction.region import HEADINGS, LONG, SENTENCE_END, Region
from crawlers.extraction.related import leads_inside

NEAR = 25  # blocks after the title, or before the text, within which a standfirst is looked for
STANDFIRSTS = 3  # paragraphs of a standfirst at the most
STANDFIRST = re.compile(
    r"lead|summary|standfirst|intro|dek\b|sub-?title|sub-?head|abstract|excerpt|teaser|description|chapo|"
    r"lid\b",
    re.IGNORECASE,
)
PARAGRAPH = 60  # characters of a line that tells which blocks are the article's paragraphs
FAILED = 0.6  # share of the prose that trafilatura left out, above which it has failed ...
ELSEWHERE = 0.2  # ... unless it found as much as this share beside the element, which then is the wrong one,
AMPLE = 2_000  # or letters enough for an article
ITEMS = frozenset({"li"})

Kind = tuple[str, str, str, str]


def find_lost(region: Region, folded: Sequence[str], everything: str, places: Sequence[int]) -> list[int]:
    """Return the places of the blocks to be added: of the kind that was kept, between kept ones, or the standfirst.

    `folded` are the letters of each block in the scope, `everything` those of all that was kept, `places` its blocks.
    Where next to nothing was kept of the prose in the article's own element, all of that is taken.
    """
    return _Losses(region, folded, everything, places).found()


@dataclass(slots=True)
class _Losses:
    region: Region
    folded: Sequence[str]
    everything: str
    places: Sequence[int]

    def found(self) -> list[int]:
        region, blocks = self.region, self.region.blocks
        chosen = [place for place in region.chosen if self.folded[place]]
        kept = {place for place in chosen if self.folded[place] in self.everything}
        missing = [place for place in chosen if place not in kept and _is_text(blocks[place])]
        standfirst = self._standfirst()
        if self._failed(missing, kept):
            kin = {_kind(blocks[place]) for place in missing if place in region.held}
            return sorted({*standfirst, *(place for place in missing if _kind(blocks[place]) in kin)})
        known = set(self.places).intersection(region.chosen)
        kin = {_kind(blocks[place]) for place in known if len(blocks[place].text) >= PARAGRAPH}
        added = {place for place in missing if _kind(blocks[place]) in kin}
        added.update(place for place in region.held if _is_misnamed(blocks[place], kin))
        for place in sorted(region.held.difference(kept, added)):
            if self._is_flanked(place, kept | added):
                added.add(place)
        return sorted({*standfirst, *(place for place in added if self.folded[place] not in self.everything)})

    def _failed(self, missing: Sequence[int], kept: set[int]) -> bool:
        region, blocks = self.region, self.region.blocks
        prose = sum(blocks[place].prose for place in region.chosen if place in region.held)
        absent = sum(blocks[place].prose for place in missing if place in region.held)
        beside = sum(blocks[place].prose for place in kept if place not in region.held)
        return absent > FAILED * prose and beside < ELSEWHERE * prose and len(self.everything) < AMPLE

    def _standfirst(self) -> list[int]:
        """What stands above the article as its summary and was left out, the declared before what is called so."""
        region = self.region
        first = min((place for place in self.places if place in region.held), default=-1)
        begin, end = region.title + 1, min(first, region.title + NEAR)
        if region.title < 0:
            begin, end = max(0, first - NEAR), first
        called, declared = [], []
        for place in range(begin, end):
            block = region.blocks[place]
            text = letters(block.text)
            if block.foreign or not block.prose or text in self.everything:
                continue
            if is_aside(block, region.holder):
                if text in region.summaries:  # some outlets show it where captions are
                    declared.append(place)
            elif _is_declared(text, region.summaries):
                declared.append(place)
            elif region.title >= 0 and _is_called_summary(block):
                called.append(place)
        return declared[:STANDFIRSTS] or called[:STANDFIRSTS]

    def _is_flanked(self, place: int, kept: set[int]) -> bool:
        """A heading whose next paragraph was kept, or an item of a list beside a paragraph that was."""
        block = self.region.blocks[place]
        if block.furniture:
            return False
        if block.tag in HEADINGS:
            return place in self.region.chosen and self._is_sibling(place, 1, HEADINGS, block.element, kept)
        around = block.element.getparent()
        if block.tag not in ITEMS or around is None:
            return False
        linked = 2 * block.linked > len(block.text)
        if linked and leads_inside(block, self.region.site):
            return False
        steps = (1,) if linked else (1, -1)
        return any(self._is_sibling(place, step, ITEMS, around, kept) for step in steps)

    def _is_sibling(self, place: int, step: int, skipped: frozenset[str], element: _Element, kept: set[int]) -> bool:
        """The next block in this direction, of other tags than these, was kept and stands beside the element."""
        blocks = self.region.blocks
        place += step
        while 0 <= place < len(blocks) and blocks[place].tag in skipped:
            place += step
        return place in kept and blocks[place].element.getparent() is element.getparent()


def _kind(block: Block) -> Kind:
    parent = block.element.getparent()
    around = ("", "") if parent is None else (str(parent.tag), parent.get("class") or "")
    return (block.tag, block.element.get("class") or "", *around)


def _is_misnamed(block: Block, kin: set[Kind]) -> bool:
    """What is around the block is named like furniture, but it has the very names of the article's paragraphs."""
    if not block.furniture or block.foreign or block.prose < LONG:
        return False
    kind = _kind(block)
    return kind in kin and bool(kind[1] or kind[3])


def _is_text(block: Block) -> bool:
    size = len(block.text)
    return size >= LONG or block.tag in HEADINGS or (size >= 25 and SENTENCE_END.search(block.text) is not None)


def _is_declared(text: str, summaries: Sequence[str]) -> bool:
    """The letters are of what the page declares as its summary: a part of it, or with it within."""
    return any(summary[:LONG] in text or text[:LONG] in summary for summary in summaries)


def _is_called_summary(block: Block) -> bool:
    parent = block.element.getparent()
    around = "" if parent is None else parent.get("class") or ""
    return not block.furniture and STANDFIRST.search(f"{block.element.get('class') or ''} {around}") is not None
