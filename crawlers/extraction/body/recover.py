"""Recover blocks of the article that trafilatura dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import _Element

from crawlers.extraction.body.asides import is_aside
from crawlers.extraction.body.related_links import leads_inside
from crawlers.extraction.body.standfirst import find_standfirst
from crawlers.extraction.context import Region
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.element_classes import HEADINGS
from crawlers.extraction.page.metadata import short_text_in
from crawlers.extraction.text_norm import KEPT_PARAGRAPH, LONG, SENTENCE_END
from crawlers.extraction.vocabulary import any_of

# Trafilatura counts as failed if it dropped more than FAILED of the prose in the article's element. Two exceptions: it
# kept prose outside of the element (more than ELSEWHERE of it), so that the element is the wrong one; or it kept AMPLE
# letters, enough for an article.
FAILED = 0.6
ELSEWHERE = 0.2
AMPLE = 2_000
SUBHEAD = re.compile(  # what a line that is no heading by its tag is called where it is one
    any_of("asides.subheadings", "html.subheadings"), re.IGNORECASE
)
LONGEST_HEADING = 120  # characters
BOXES = 2  # elements within each other of which the inner one is a paragraph beside a heading
SEARCHED = 500_000_000  # characters that are searched for blocks within kept lines at the most: half a second or so
ITEMS = frozenset({"li"})
INLINE = ("span", "a", "small", "label", "em", "strong", "i", "b")  # parts of a line
PART = 2_000  # characters of one at the most; a longer one is no label

Kind = tuple[str, str, str, str]


def find_lost(region: Region, folded: Sequence[str], everything: str, places: Sequence[int]) -> list[int]:
    """Return the places of the blocks to put back.

    These are blocks with the tag and class of kept paragraphs, headings and list items beside kept paragraphs, and the
    standfirst. Where trafilatura kept next to nothing of the article's element, all of its prose is put back.
    `folded` are the letters of each block in the scope, `everything` the letters of all kept lines, `places` their
    blocks.
    """
    return _Losses(region, folded, _Kept(everything), places).lost_places()


class _Kept:
    """The letters of all kept lines. Whole lines are looked up; parts of lines are searched for, within a limit."""

    def __init__(self, everything: str) -> None:
        self.size = len(everything)
        self._everything = everything
        self._lines = frozenset(everything.split("\n"))
        self._known: dict[str, bool] = {}
        self._left = SEARCHED

    def __contains__(self, text: str) -> bool:
        if text in self._lines:
            return True
        found = self._known.get(text)
        if found is None:
            self._left -= self.size
            # beyond the limit every text counts as kept, so that nothing more is added: such a page is no article
            found = self._known[text] = self._left < 0 or text in self._everything
        return found


@dataclass(slots=True)
class _Losses:
    """What trafilatura dropped of an article, and what it kept."""

    region: Region
    folded: Sequence[str]
    everything: _Kept
    places: Sequence[int]

    def lost_places(self) -> list[int]:
        """Return the places to put back."""
        region, blocks = self.region, self.region.blocks
        chosen = [place for place in region.chosen if self.folded[place]]
        kept = {place for place in chosen if self.folded[place] in self.everything}
        missing = [place for place in chosen if place not in kept and _is_text(blocks[place])]
        if self._failed(missing, kept):
            kin = {_kind(blocks[place]) for place in missing if place in region.held}
            return self._under_standfirst(place for place in missing if _kind(blocks[place]) in kin)
        known = set(self.places).intersection(region.chosen)
        kin = {_kind(blocks[place]) for place in known if len(blocks[place].text) >= KEPT_PARAGRAPH}
        added = {place for place in missing if _kind(blocks[place]) in kin}
        added.update(self._loose(missing, known))
        added.update(place for place in region.held if _is_misnamed(blocks[place], kin))
        added.update(_Flanks(region, kept | added).flanked(sorted(region.held.difference(kept, added))))
        return self._under_standfirst(place for place in added if self.folded[place] not in self.everything)

    def _loose(self, missing: Sequence[int], known: set[int]) -> list[int]:
        """Return sentences beside kept paragraphs that have no element of their own, or one without class and id."""
        blocks = self.region.blocks
        holders = {blocks[place].element.getparent() for place in known if blocks[place].prose} - {None}
        found = []
        for place in missing:
            block = blocks[place]
            beside = block.element in holders or (_is_nameless(block.element) and block.element.getparent() in holders)
            if beside and block.prose and SENTENCE_END.search(block.text):
                found.append(place)
        named = _named_parts({blocks[place].element for place in found})
        return [place for place in found if blocks[place].text not in named]

    def _failed(self, missing: Sequence[int], kept: set[int]) -> bool:
        region, blocks = self.region, self.region.blocks
        prose = sum(blocks[place].prose for place in region.chosen if place in region.held)
        absent = sum(blocks[place].prose for place in missing if place in region.held)
        beside = sum(blocks[place].prose for place in kept if place not in region.held)
        return absent > FAILED * prose and beside < ELSEWHERE * prose and self.everything.size < AMPLE

    def _under_standfirst(self, added: Iterable[int]) -> list[int]:
        """Return the places of the standfirst and of the added blocks."""
        region, text = self.region, sorted(added)
        below = [place for place in (*self.places, *text) if place > region.title] or [
            place for place in region.chosen if place > region.title
        ]
        first = min((place for place in below if place in region.held), default=min(below, default=-1))

        def is_told(part: str) -> bool:
            return part in self.everything or any(part in self.folded[place] for place in text)

        return [place for place in find_standfirst(region, first, is_told) if place not in text] + text


class _Flanks:
    """Find blocks beside kept paragraphs: headings above one, lines with a heading's class, items of a list."""

    def __init__(self, region: Region, kept: set[int]) -> None:
        self.region = region
        self._kept = kept
        self._chosen = frozenset(region.chosen)
        self._under = _next_places(region.blocks, HEADINGS)
        self._over = _places_before(region.blocks, HEADINGS)
        self._after = _next_places(region.blocks, ITEMS)
        self._before = _places_before(region.blocks, ITEMS)

    def flanked(self, places: Sequence[int]) -> list[int]:
        """Return those of the places that stand beside a kept block; each that is found counts as kept for the next."""
        found = []
        for place in places:
            if self._is_flanked(place):
                self._kept.add(place)
                found.append(place)
        return found

    def _is_flanked(self, place: int) -> bool:
        block = self.region.blocks[place]
        if block.furniture or is_aside(block, self.region.holder):
            return False
        if block.tag == "h1" or _is_called_heading(block):
            over = self._is_beside(self._over[place], block.element)
            return over and place != self.region.title and self._is_beside(self._under[place], block.element)
        if block.tag in HEADINGS:
            return place in self._chosen and self._is_beside(self._under[place], block.element)
        around = block.element.getparent()
        if block.tag not in ITEMS or around is None:
            return False
        if 2 * block.linked > len(block.text):
            after = self._after[place]
            beside = after in self._kept and self.region.blocks[after].element.getparent() is around.getparent()
            return beside and not leads_inside(block, self.region.site)
        return any(self._is_beside(near, around) for near in (self._after[place], self._before[place]))

    def _is_beside(self, place: int, element: _Element) -> bool:
        """Say whether the block at a place was kept and stands beside the element, each perhaps in a box of its own."""
        if place not in self._kept:
            return False
        around = _outermost(element).getparent()
        return around is not None and around in islice(self.region.blocks[place].element.iterancestors(), BOXES)


def _outermost(element: _Element) -> _Element:
    """Return the outermost element around this one that contains nothing else."""
    # asked of the element's neighbours: the length of a list is counted anew each time, which takes long for long lists
    while element.getprevious() is None and element.getnext() is None:
        around = element.getparent()
        if around is None or (around.text or "").strip():
            break
        element = around
    return element


def _is_called_heading(block: Block) -> bool:
    return (
        block.tag in ("div", "p")
        and len(block.text) <= LONGEST_HEADING
        and not block.linked
        and SUBHEAD.search(block.element.get("class") or "") is not None
    )


def _next_places(blocks: Sequence[Block], skipped: frozenset[str]) -> list[int]:
    """Return for each block the place of the next block whose tag is not among `skipped`; -1 for none."""
    places, following = [-1] * len(blocks), -1
    for place in range(len(blocks) - 1, -1, -1):
        places[place] = following
        following = following if blocks[place].tag in skipped else place
    return places


def _places_before(blocks: Sequence[Block], skipped: frozenset[str]) -> list[int]:
    """Return for each block the place of the block before it whose tag is not among `skipped`; -1 for none."""
    last = len(blocks) - 1
    return [last - place if place >= 0 else -1 for place in reversed(_next_places(blocks[::-1], skipped))]


def _kind(block: Block) -> Kind:
    """Return the tag and class of the block's element, and those of the one around it."""
    parent = block.element.getparent()
    around = ("", "") if parent is None else (str(parent.tag), parent.get("class") or "")
    return (block.tag, block.element.get("class") or "", *around)


def _is_nameless(element: _Element) -> bool:
    return not element.get("class") and not element.get("id")


def _named_parts(elements: Iterable[_Element]) -> set[str]:
    """Return the texts of all inline elements with a class or id: captions, notes, labels."""
    parts = (part for element in elements for part in element.iter(*INLINE))
    return {short_text_in(part, PART) for part in parts if not _is_nameless(part)}


def _is_misnamed(block: Block, kin: set[Kind]) -> bool:
    """Say whether a block in furniture has the same tag and classes as the article's paragraphs."""
    if not block.furniture or block.foreign or block.prose < LONG:
        return False
    kind = _kind(block)
    return kind in kin and bool(kind[1] or kind[3])


def _is_text(block: Block) -> bool:
    size = len(block.text)
    return size >= LONG or block.tag in HEADINGS or (size >= 25 and SENTENCE_END.search(block.text) is not None)
