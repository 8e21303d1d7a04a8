"""Lines beside kept paragraphs that belong to the text: headings, items, details of entries, links as content."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from functools import cached_property
from itertools import groupby, islice

from lxml.etree import _Element

from crawlers.extraction.body.asides import is_aside
from crawlers.extraction.body.cards import TEASED
from crawlers.extraction.body.date_lines import is_stamp
from crawlers.extraction.body.related_links import leads_inside, leads_off
from crawlers.extraction.context import Region
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.element_classes import HEADINGS, role_of
from crawlers.extraction.text_norm import letters
from crawlers.extraction.vocabulary import any_of

SUBHEAD = re.compile(  # what a line that is no heading by its tag is called where it is one
    any_of("asides.subheadings", "html.subheadings"), re.IGNORECASE
)
LONGEST_HEADING = 120  # characters
ITEMS = frozenset({"li"})
BOXES = 2  # elements within each other of which the inner one is a paragraph beside another line
HEADED = 4  # the same for a paragraph below a heading: page builders give each three boxes of its own
BUILT = 12  # the same for paragraphs before and after a list: builders give each row of a page up to ten
ENTRIES = 3  # entries alike by which lines between a heading and its text are part of them
DETAILS = 3  # such lines in an entry at the most
SHORTEST = 3  # letters of one at the least; fewer are its number
RUN = 30  # links in a row at the most that are content
ROW = 3  # such links at the least
WORDS = 2  # words of each at the least; share buttons have one

Kind = tuple[str, str, str, str]


def kind_of(block: Block) -> Kind:
    """Return the tag and class of the block's element, and those of the one around it."""
    parent = block.element.getparent()
    around = ("", "") if parent is None else (str(parent.tag), parent.get("class") or "")
    return (block.tag, block.element.get("class") or "", *around)


class Flanks:
    """Find blocks beside kept paragraphs: headings above one, lines with a heading's class, items of a list."""

    def __init__(self, region: Region, kept: set[int]) -> None:
        self.region = region
        self._kept = kept
        self._chosen = frozenset(region.chosen)
        self._tables: dict[frozenset[str], tuple[list[int], list[int]]] = {}  # by the tags that are passed over

    @cached_property
    def _headlines(self) -> frozenset[int]:
        return frozenset(_entry_headlines(self.region))

    def flanked(self) -> list[int]:
        """Return the places of lines beside a kept block; each that is found counts as kept for the next."""
        found = self._found()
        return found + self._found() if found else found  # headings above lists come after these

    def _found(self) -> list[int]:
        found = []
        for place in sorted((self.region.held | self._chosen) - self._kept):
            if self._is_flanked(place):
                self._kept.add(place)
                found.append(place)
        return found

    def _is_flanked(self, place: int) -> bool:
        block = self.region.blocks[place]
        if block.furniture or is_aside(block, self.region.holder):
            return False
        if block.tag == "h1" or _is_called_heading(block):
            near = self._near(place, HEADINGS)
            return place != self.region.title and all(self._is_beside(other, block.element) for other in near)
        if block.tag in HEADINGS:
            if place not in self._chosen and place not in self._headlines:
                return False
            _, under = self._near(place, HEADINGS)
            return self._is_beside(under, block.element, HEADED) or self._is_between(place, block.element)
        around = block.element.getparent()
        if block.tag not in ITEMS or around is None:
            return False
        if 2 * block.linked > len(block.text):
            _, after = self._near(place, ITEMS)
            beside = after in self._kept and self.region.blocks[after].element.getparent() is around.getparent()
            return beside and not leads_inside(block, self.region.site)
        near = self._near(place, ITEMS)
        return self._is_between(place, _row_of(around)) or any(self._is_beside(other, around) for other in near)

    def _is_between(self, place: int, element: _Element) -> bool:
        """Say whether kept paragraphs stand before and after a chosen line, each in a row of boxes of its own."""
        if place not in self._chosen:
            return False
        return all(self._is_beside(other, element, BUILT) for other in self._near(place, HEADINGS | ITEMS))

    def _near(self, place: int, skipped: frozenset[str]) -> tuple[int, int]:
        """Return the places of the nearest blocks before and after one whose tag is not in `skipped`; -1 for none."""
        if skipped not in self._tables:
            self._tables[skipped] = _neighbours(self.region.blocks, skipped)
        before, after = self._tables[skipped]
        return before[place], after[place]

    def _is_beside(self, place: int, element: _Element, boxes: int = BOXES) -> bool:
        """Say whether the block at a place was kept and stands beside the element, each perhaps in boxes of its own."""
        if place not in self._kept:
            return False
        around = _outermost(element).getparent()
        return around is not None and around in islice(self.region.blocks[place].element.iterancestors(), boxes)


def _row_of(items: _Element) -> _Element:
    """Return the element around a list and its heading, if there is nothing else in it; else the list."""
    heading, around = items.getprevious(), items.getparent()
    if heading is None or around is None or heading.tag not in HEADINGS:
        return items
    return around if heading.getprevious() is None and items.getnext() is None else items


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


def _neighbours(blocks: Sequence[Block], skipped: frozenset[str]) -> tuple[list[int], list[int]]:
    """Return for each block the place of the nearest one before it whose tag is not in `skipped`, and of the one after.

    -1 stands where there is none.
    """
    before: list[int] = []
    after: list[int] = []
    last = -1
    for place, block in enumerate(blocks):
        before.append(last)
        if block.tag not in skipped:
            after += [place] * (place - len(after))  # of all blocks since the last one
            last = place
    return before, after + [-1] * (len(blocks) - len(after))


def _entry_headlines(region: Region) -> list[int]:
    """Return the linked headings that name entries of the text.

    These are several alike, of which each leads off the site, or has more text below it than a card.
    """
    ends = [*region.headlines[1:], max(region.chosen, default=0) + 1]
    alike: dict[Kind, list[tuple[int, bool]]] = {}
    for place, end in zip(region.headlines, ends, strict=False):
        names_entry = leads_off(region.blocks[place], region.site) or _is_long(region, place, end)
        alike.setdefault(kind_of(region.blocks[place]), []).append((place, names_entry))
    groups = (group for group in alike.values() if len(group) > 1 and all(names_entry for _, names_entry in group))
    return [place for group in groups for place, _ in group]


def _is_long(region: Region, headline: int, end: int) -> bool:
    own = region.chosen[bisect_left(region.chosen, headline) : bisect_left(region.chosen, end)]
    return sum(region.blocks[place].prose > 0 for place in own) > TEASED


def entry_lines(region: Region, kept: set[int]) -> list[int]:
    """Return headings and the lines between them and their text, where at least three entries are made alike."""
    entries: dict[Kind, list[list[int]]] = {}
    chosen = frozenset(region.chosen)
    for place in region.chosen:
        block = region.blocks[place]
        if block.tag in HEADINGS and (details := _details(region.blocks, chosen, kept, place)):
            entries.setdefault(kind_of(block), []).append([place, *details])
    alike = [entry for group in entries.values() if len(group) >= ENTRIES for entry in group]
    texts = Counter(region.blocks[place].text for entry in alike for place in entry[1:])
    alike = [entry for entry in alike if all(texts[region.blocks[place].text] == 1 for place in entry[1:])]
    return [place for entry in alike for place in entry if place not in kept]


def _details(blocks: Sequence[Block], chosen: Set[int], kept: Set[int], heading: int) -> list[int]:
    """Return the places of the lines between a heading and its kept text; empty if there are none, or too many."""
    found: list[int] = []
    for place in range(heading + 1, min(heading + DETAILS + 2, len(blocks))):
        block = blocks[place]
        if block.tag in HEADINGS:
            return []
        if place in kept and block.prose:
            return found
        if place in chosen and _is_detail(block):
            found.append(place)
    return []


def _is_detail(block: Block) -> bool:
    role = role_of(block.element)
    if _is_pictured(block.element):
        return False
    return len(letters(block.text)) >= SHORTEST and not role.byline and not role.dated and not is_stamp(block.text)


def _is_pictured(element: _Element) -> bool:
    """Say whether there is a picture in or before the element's box."""
    box = _outermost(element)
    near = (box, box.getprevious())
    return any(part is not None and next(part.iter("img", "picture"), None) is not None for part in near)


def content_links(region: Region, kept: set[int]) -> list[int]:
    """Return runs of lines that are mostly link, between kept paragraphs, where most lead off the site."""
    blocks, first, last = region.blocks, min(kept, default=0), max(kept, default=0)
    found: list[int] = []
    for run in _runs([place for place in range(first + 1, last) if place in region.held and _is_link(blocks[place])]):
        off = [place for place in run if leads_off(blocks[place], region.site)]
        if 2 * len(off) > len(run) and all(_is_content(region, place) for place in run):
            found += [place for place in run if place not in kept]
    return found


def _is_content(region: Region, place: int) -> bool:
    """Say whether a linked line may be content: an item of a list or a paragraph, and no button."""
    block = region.blocks[place]
    listed = block.tag == "li" or any(around.tag == "li" for around in islice(block.element.iterancestors(), BOXES))
    return (listed or block.tag == "p") and len(block.text.split()) >= WORDS and not is_aside(block, region.holder)


def _runs(places: Sequence[int]) -> Iterator[list[int]]:
    """Yield the runs of neighbouring places that are as long as a row of links may be."""
    for _, numbered in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        run = [place for _, place in numbered]
        if ROW <= len(run) <= RUN:
            yield run


def _is_link(block: Block) -> bool:
    """Say whether a line is mostly link, and in no furniture."""
    return not block.furniture and 2 * block.linked > len(block.text)
