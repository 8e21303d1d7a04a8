"""Recover blocks of the article that trafilatura dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from lxml.etree import _Element

from crawlers.extraction.body.flanks import Flanks, Kind, content_links, entry_lines, kind_of
from crawlers.extraction.body.standfirst import find_standfirst
from crawlers.extraction.context import Region
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.element_classes import HEADINGS
from crawlers.extraction.page.metadata import short_text_in
from crawlers.extraction.text_norm import KEPT_PARAGRAPH, LONG, SENTENCE_END

# Trafilatura counts as failed if it dropped more than FAILED of the prose in the article's element. Two exceptions: it
# kept prose outside of the element (more than ELSEWHERE of it), so that the element is the wrong one; or it kept AMPLE
# letters, enough for an article.
FAILED = 0.6
ELSEWHERE = 0.2
AMPLE = 2_000
# Trafilatura lost its way in an article of many parts if it dropped this share of the prose between what it kept.
BETWEEN = 0.3
PARTS, MOST = 3, 0.5  # runs of such blocks, or share of the prose, by which they are no inserted box
SEARCHED = 500_000_000  # characters that are searched for blocks within kept lines at the most: half a second or so
INLINE = ("span", "a", "small", "label", "em", "strong", "i", "b")  # parts of a line
PART = 2_000  # characters of one at the most; a longer one is no label


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
            kin = {kind_of(blocks[place]) for place in missing if place in region.held}
            return self._under_standfirst(place for place in missing if kind_of(blocks[place]) in kin)
        known = set(self.places).intersection(region.chosen)
        kin = {kind_of(blocks[place]) for place in known if len(blocks[place].text) >= KEPT_PARAGRAPH}
        added = {place for place in missing if kind_of(blocks[place]) in kin}
        added.update(self._between(chosen, kept))
        added.update(self._loose(missing, known))
        added.update(place for place in region.held if _is_misnamed(blocks[place], kin))
        added.update(content_links(region, kept | added))
        added.update(entry_lines(region, kept | added))
        added.update(Flanks(region, kept | added).flanked())
        return self._under_standfirst(place for place in added if self.folded[place] not in self.everything)

    def _between(self, chosen: Sequence[int], kept: set[int]) -> list[int]:
        """Return all blocks between the first and the last kept one where those hold much of the article's prose.

        One run of blocks may also be a box that was put between two paragraphs: it is returned if it is most of the
        article.
        """
        blocks = self.region.blocks
        first, last = min(kept, default=0), max(kept, default=0)
        runs = [[*run] for is_kept, run in groupby(chosen, kept.__contains__) if not is_kept]
        runs = [run for run in runs if first < run[0] < last and any(blocks[place].prose for place in run)]
        lost = [place for run in runs for place in run]
        share = sum(blocks[place].prose for place in lost) / max(1, sum(blocks[place].prose for place in chosen))
        if share <= BETWEEN:
            return []
        return lost if len(runs) >= PARTS or share > MOST else []

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
    kind = kind_of(block)
    return kind in kin and bool(kind[1] or kind[3])


def _is_text(block: Block) -> bool:
    size = len(block.text)
    return size >= LONG or block.tag in HEADINGS or (size >= 25 and SENTENCE_END.search(block.text) is not None)
