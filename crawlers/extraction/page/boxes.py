"""Pieces of furniture on a page: how much of its text each holds, and which of them are misnamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from lxml.etree import _Element

from crawlers.extraction.page.element_classes import is_hidden

# An element that holds this share of the page's prose is no furniture, whatever its class ...
DOMINANT = 0.3
# ... but foreign elements often hold more text than the article.
FOREIGN_DOMINANT = 0.8
# Comments may be many times longer than a brief. A box of that class holds the article only if it is all of the text.
COMMENTS_DOMINANT = 0.97
# A word that names boxes with this share of the prose around the title names no furniture on this page.
MEANINGLESS = 0.5
TABLE = ("table", "tbody", "tr", "td", "th")
# Share of a page's text up to which a piece of furniture is left out before trafilatura reads the page.
SMALL = 0.1


class Measured(Protocol):
    """What is asked of a block of text.

    `root` is the innermost box around it, as a place in the list; -1 for none. `prose` counts its characters if it is
    running text; else it is 0.
    """

    text: str
    element: _Element
    furniture: bool
    foreign: bool
    root: int
    prose: int


@dataclass(slots=True)
class Box:
    """A piece of furniture. `around` is the one around it, as a place in the list of boxes; -1 for none."""

    element: _Element
    around: int
    comments: bool
    foreign: bool
    words: frozenset[str] = frozenset()  # by which its class and id name it furniture; empty if something else does
    prose: int = 0  # characters of running text within it
    size: int = 0  # characters of any text within it
    commented: bool = False  # it holds comments, or is within such a box
    cleared: bool = False  # it holds so much of the page's prose that it is no furniture after all


def measure(boxes: list[Box], blocks: Sequence[Measured]) -> int:
    """Sum up the text within each piece of furniture, and clear those that hold most of the page's prose.

    Returns the characters of prose that are in no comments.
    """
    total = commented = 0
    for block in blocks:
        prose, in_comments = block.prose, False
        total += prose
        place = block.root
        while place >= 0:
            box = boxes[place]
            box.prose += prose
            box.size += len(block.text)
            in_comments = in_comments or box.comments
            place = box.around
        commented += prose if in_comments else 0
    own = total if commented > COMMENTS_DOMINANT * total else total - commented
    for box in boxes:
        box.commented = box.comments or (box.around >= 0 and boxes[box.around].commented)
        box.cleared = box.prose > _limit(box) * (total if box.foreign or box.commented else own)
    return total - commented


def may_be_misnamed(boxes: Iterable[Box], prose: int) -> bool:
    """Say whether boxes that are named by words hold enough of that prose, so that it is worth a closer look."""
    return sum(box.prose for box in boxes if box.words and not box.comments) > DOMINANT * prose


def _limit(box: Box) -> float:
    """Return the share of the page's prose above which a piece of furniture is misnamed."""
    if box.comments and next(box.element.iter("h1"), None) is None:
        return COMMENTS_DOMINANT
    return FOREIGN_DOMINANT if box.foreign else DOMINANT


def clear_misnamed(boxes: list[Box], blocks: Sequence[Measured], titles: Sequence[_Element]) -> None:
    """Clear the boxes whose words say nothing on this page: boxes of these words hold most of the article's prose.

    Page builders wrap each paragraph in a "widget", and content systems name an article by its sections and tags. What
    is the article's is told by the first of `titles`: it is the innermost element around that title with a fair share
    of the page's prose, so that a sidebar full of such boxes changes nothing.
    """
    if not titles:
        return
    own = [block for block in blocks if not _is_comment(boxes, block)]
    total = sum(block.prose for block in own)
    around = {titles[0], *titles[0].iterancestors()}
    for box in boxes:
        if box.words and not box.comments and box.element in around and box.prose > MEANINGLESS * total:
            box.cleared = True
    if any(DOMINANT * total < size for size in _sizes(boxes, own).values()):
        _clear_by_word(boxes, own, _around_title(titles[0], own, DOMINANT * total), around)


def _clear_by_word(boxes: list[Box], blocks: Sequence[Measured], article: _Element, around: set[_Element]) -> None:
    """Clear the boxes within an article whose words name most of its prose; foreign ones only `around` the title."""
    inside = set(article.iter())
    held = [block for block in blocks if block.element in inside]
    limit = MEANINGLESS * sum(block.prose for block in held)
    meaningless = {word for word, size in _sizes(boxes, held).items() if size > limit}
    for box in boxes:
        if box.words and box.words <= meaningless and box.element in inside:
            box.cleared = box.cleared or box.element in around or not box.foreign


def _is_comment(boxes: Sequence[Box], block: Measured) -> bool:
    return any(box.comments and not box.cleared for box in _boxes_around(boxes, block))


def _boxes_around(boxes: Sequence[Box], block: Measured) -> Iterator[Box]:
    place = block.root
    while place >= 0:
        yield boxes[place]
        place = boxes[place].around


def _sizes(boxes: Sequence[Box], blocks: Sequence[Measured]) -> dict[str, int]:
    """Return for each word the characters of prose within boxes that it names.

    A box with most of the prose is left out: it is no furniture anyway, and says nothing of others with its name.
    """
    most = MEANINGLESS * sum(block.prose for block in blocks)
    sizes: dict[str, int] = {}
    for block in blocks:
        prose = block.prose
        innermost: dict[str, Box] = {}
        for box in _boxes_around(boxes, block) if prose else ():
            for word in box.words:
                innermost.setdefault(word, box)
        for word, box in innermost.items():
            if box.prose <= most:
                sizes[word] = sizes.get(word, 0) + prose
    return sizes


def _around_title(title: _Element, blocks: Sequence[Measured], least: float) -> _Element:
    """Return the innermost element around the title that holds at least that much prose."""
    prose = {block.element: 0 for block in blocks}
    for block in blocks:
        prose[block.element] += block.prose
    outermost = title
    for element in title.iterancestors():
        outermost = element
        if sum(size for part in element.iter() if (size := prose.get(part, 0))) >= least:
            break
    return outermost


def mark_furniture(boxes: Sequence[Box], blocks: Iterable[Measured]) -> None:
    """Set `furniture` and `foreign` of each block, by the boxes around it that were not cleared."""
    for block in blocks:
        place = block.root
        while place >= 0 and boxes[place].cleared:
            place = boxes[place].around
        block.furniture = place >= 0
        while place >= 0 and not block.foreign:
            block.foreign = boxes[place].foreign
            place = boxes[place].around


def dispensable(boxes: Sequence[Box], blocks: Iterable[Measured]) -> Iterator[_Element]:
    """Yield the outermost small pieces of furniture, and comments of any size.

    Small elements that are hidden, or hold a table, may yet be the article's and are not among them.
    """
    most = SMALL * sum(len(block.text) for block in blocks)
    gone: set[int] = set()
    for place, box in enumerate(boxes):
        if box.around in gone:
            gone.add(place)
            continue
        small = box.size <= most and (box.around < 0 or boxes[box.around].size > most)
        small = small and not is_hidden(box.element) and next(box.element.iter(*TABLE), None) is None
        if (small or box.comments) and not box.cleared:
            gone.add(place)
            yield box.element
