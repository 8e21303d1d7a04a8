"""Read a page as a row of text blocks: the text, how much of it is links, and the furniture around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element, iterwalk

from crawlers.extraction.page.element_classes import NONE, Role, is_furniture, is_hidden, role_of
from crawlers.extraction.page.metadata import squeeze
from crawlers.extraction.text_norm import LEAST_PROSE

BLOCK_TAGS = frozenset(
    {
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "pre", "td", "th", "tr",
        "table", "tbody", "section", "article", "main", "header", "footer", "aside", "nav", "figure", "figcaption",
        "dl", "dt", "dd", "form", "fieldset", "address", "details", "summary", "center", "body", "hgroup", "caption",
    }
)  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
SKIPPED = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "video", "audio", "canvas",
        "nav", "footer", "map", "select", "button", "input", "textarea", "head", "link", "meta", "option", "datalist",
        "math",
    }
)  # fmt: skip
# An element that holds this share of the page's prose is no furniture, whatever its class ...
DOMINANT = 0.3
# ... but foreign elements often hold more text than the article.
FOREIGN_DOMINANT = 0.8
# Comments may be many times longer than a brief. A box of that class holds the article only if it is all of the text.
COMMENTS_DOMINANT = 0.97
TABLE = ("table", "tbody", "tr", "td", "th")
# Share of a page's text up to which a piece of furniture is left out before trafilatura reads the page.
SMALL = 0.1


@dataclass(slots=True)
class Block:
    """A run of text within one block element. `linked` counts the characters of `text` that are links."""

    text: str
    tag: str
    element: _Element
    linked: int
    furniture: bool
    root: int  # the innermost piece of furniture around it, as a place in the list of boxes; -1 for none
    foreign: bool = False  # within comments, a footer, other articles

    @property
    def prose(self) -> int:
        """The number of characters, if the block is running text; else 0."""
        size = len(self.text)
        return size if size >= LEAST_PROSE and 2 * self.linked < size else 0


@dataclass(slots=True)
class PageBlocks:
    """The blocks of a page in its order, and the elements met on the way that name a byline, an author or a date."""

    blocks: list[Block] = field(default_factory=list)
    bylines: list[_Element] = field(default_factory=list)
    author_links: list[_Element] = field(default_factory=list)  # links that say they lead to the author
    dated: list[_Element] = field(default_factory=list)
    furniture: list[_Element] = field(default_factory=list)  # small pieces of it, those within others left out
    skipped: list[_Element] = field(default_factory=list)  # elements that were not read: scripts, menus, buttons


@dataclass(slots=True)
class _Box:
    """A piece of furniture. `around` is the one around it, as a place in the list of boxes; -1 for none."""

    element: _Element
    around: int
    comments: bool
    foreign: bool
    prose: int = 0  # characters of running text within it
    size: int = 0  # characters of any text within it
    cleared: bool = False  # it holds so much of the page's prose that it is no furniture after all


def read_blocks(root: _Element) -> PageBlocks:
    """Read the text blocks under an element, scripts and the like left out, furniture marked."""
    walk = _Walk()
    walk.run(root)
    _measure(walk.boxes, walk.found.blocks)
    _mark_furniture(walk.boxes, walk.found.blocks)
    walk.found.furniture = list(_dispensable(walk.boxes, walk.found.blocks))
    return walk.found


def _holds_article(element: _Element) -> bool:
    """Say whether a menu or footer that was never closed holds the rest of the page, its title and article too."""
    return (
        element.tag in ("nav", "footer")
        and next(element.iter("h1"), None) is not None
        and next(element.iter("article", "main"), None) is not None
    )


def _is_permalink(link: _Element, holder: _Element) -> bool:
    """Say whether a heading links to its own place on the page. A table of contents does so too, outside headings."""
    return holder.tag in HEADINGS and (link.get("href") or "").startswith("#")


class _Walk:
    """One walk over a tree, by lxml: pages nest deeper than Python recurses.

    Half of reading a page from a known element is spent here, so that what is asked of every element stands in `run`.
    """

    def __init__(self) -> None:
        self.found = PageBlocks()
        self.boxes: list[_Box] = []
        self._pieces: list[str] = []  # of text, since the last block
        self._linked = 0
        self._holder: _Element  # the innermost block element
        self._mark = -1  # its furniture, as a place in the list of boxes

    def run(self, root: _Element) -> None:
        self._holder = root
        around: list[tuple[_Element, int]] = []  # holder and furniture outside of each block that is open
        links: list[bool] = []  # whether there was a link around each <a> that is open
        in_link = False
        pieces = self._pieces
        walk = iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "start" and (tag not in SKIPPED or _holds_article(element)):
                # most elements have no attributes, so that only their tag counts
                role = role_of(element) if element.attrib else NONE
                if role is not NONE:
                    self._note(element, role)
                if tag in BLOCK_TAGS:
                    if pieces:
                        self._flush()
                    around.append((self._holder, self._mark))
                    self._holder = element
                    if is_furniture(element, role):
                        self._enter(element, role)
                elif tag == "br":
                    self._flush()
                elif tag == "a":
                    links.append(in_link)
                    in_link = self._is_link(element)
                text = element.text
            else:
                if event == "start":
                    self.found.skipped.append(element)
                    walk.skip_subtree()
                    next(walk)
                elif tag in BLOCK_TAGS:
                    if pieces:
                        self._flush()
                    self._holder, self._mark = around.pop()
                elif tag == "a":
                    in_link = links.pop()
                text = element.tail if element is not root else None
            if text and (pieces or not text.isspace()):
                pieces.append(text)
                if in_link:
                    self._linked += len(text)
        self._flush()

    def _note(self, element: _Element, role: Role) -> None:
        if role.byline:
            self.found.bylines.append(element)
        if role.dated:
            self.found.dated.append(element)

    def _enter(self, element: _Element, role: Role) -> None:
        """Note that a piece of furniture begins."""
        foreign = role.foreign or element.tag in ("footer", "dialog")
        self.boxes.append(_Box(element, self._mark, role.comments, foreign))
        self._mark = len(self.boxes) - 1

    def _is_link(self, element: _Element) -> bool:
        if "author" in (element.get("rel") or "").split():
            self.found.author_links.append(element)
        return not _is_permalink(element, self._holder)

    def _flush(self) -> None:
        if not self._pieces:
            return
        line = squeeze("".join(self._pieces))
        if line:
            holder, mark = self._holder, self._mark
            self.found.blocks.append(Block(line, holder.tag, holder, min(self._linked, len(line)), mark >= 0, mark))
        self._pieces.clear()
        self._linked = 0


def _measure(boxes: list[_Box], blocks: list[Block]) -> None:
    """Sum up the text within each piece of furniture, and clear those that hold most of the page's prose."""
    total = 0
    for block in blocks:
        prose = block.prose
        total += prose
        place = block.root
        while place >= 0:
            box = boxes[place]
            box.prose += prose
            box.size += len(block.text)
            place = box.around
    for box in boxes:
        box.cleared = box.prose > _limit(box) * total


def _limit(box: _Box) -> float:
    """Return the share of the page's prose above which a piece of furniture is misnamed."""
    if box.comments and next(box.element.iter("h1"), None) is None:
        return COMMENTS_DOMINANT
    return FOREIGN_DOMINANT if box.foreign else DOMINANT


def _mark_furniture(boxes: list[_Box], blocks: list[Block]) -> None:
    """Set `furniture` and `foreign` of each block, by the boxes around it that were not cleared."""
    for block in blocks:
        place = block.root
        while place >= 0 and boxes[place].cleared:
            place = boxes[place].around
        block.furniture = place >= 0
        while place >= 0 and not block.foreign:
            block.foreign = boxes[place].foreign
            place = boxes[place].around


def _dispensable(boxes: list[_Box], blocks: list[Block]) -> Iterator[_Element]:
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
        if small or (box.comments and not box.cleared):
            gone.add(place)
            yield box.element
