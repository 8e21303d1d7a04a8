"""Read a page as a row of text blocks: the text, how much of it is links, and the furniture around it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from lxml.etree import _Element, iterwalk

from crawlers.extraction.page.boxes import (
    Box,
    clear_misnamed,
    dispensable,
    mark_furniture,
    may_be_misnamed,
    measure,
)
from crawlers.extraction.page.element_classes import (
    HEADINGS,
    NAMED_FURNITURE,
    NONE,
    Role,
    is_furniture,
    names_furniture,
    role_of_names,
)
from crawlers.extraction.page.metadata import squeeze, text_in
from crawlers.extraction.page.swallowed import OPENED, find_title_holders, is_only_there, may_hold_text, swallows
from crawlers.extraction.text_norm import LEAST_PROSE, agreement, letters

BLOCK_TAGS = frozenset(
    {
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "pre", "td", "th", "tr",
        "table", "tbody", "section", "article", "main", "header", "footer", "aside", "nav", "figure", "figcaption",
        "dl", "dt", "dd", "form", "fieldset", "address", "details", "summary", "center", "body", "hgroup", "caption",
    }
)  # fmt: skip
SKIPPED = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "video", "audio", "canvas",
        "nav", "footer", "map", "select", "button", "input", "textarea", "head", "link", "meta", "option", "datalist",
        "math",
    }
)  # fmt: skip

PANELS = frozenset({"region", "tabpanel"})  # roles of what folds out
NO_WORDS: frozenset[str] = frozenset()


@dataclass(slots=True)
class Block:
    """A run of text within one block element.

    `linked` counts the characters of `text` that are links, `prose` all of them if it is running text; else it is 0.
    """

    text: str
    tag: str
    element: _Element
    linked: int
    prose: int
    furniture: bool
    root: int  # the innermost piece of furniture around it, as a place in the list of boxes; -1 for none
    foreign: bool = False  # within comments, a footer, other articles


@dataclass(slots=True)
class PageBlocks:
    """The blocks of a page in its order, and the elements met on the way that name a byline, an author or a date."""

    blocks: list[Block] = field(default_factory=list)
    bylines: list[_Element] = field(default_factory=list)
    author_links: list[_Element] = field(default_factory=list)  # links that say they lead to the author
    dated: list[_Element] = field(default_factory=list)
    misnamed: list[_Element] = field(default_factory=list)  # called like furniture, but hold the article
    furniture: list[_Element] = field(default_factory=list)  # small pieces of it, those within others left out
    unseen: list[_Element] = field(default_factory=list)  # parts of lines that are only read aloud
    skipped: list[_Element] = field(default_factory=list)  # elements that were not read: scripts, menus, buttons


def read_blocks(root: _Element, title: str = "") -> PageBlocks:
    """Read the text blocks under an element, scripts and the like left out, furniture marked.

    `title` is what the page shows as its title, if that is known. Elements that turn out to hold the article though
    they are of a kind that is never read become a `div`.
    """
    walk = _walked(root)
    if _open_noscripts(walk.found):
        walk = _walked(root)
    found, boxes = walk.found, walk.boxes
    own = measure(boxes, found.blocks)
    if may_be_misnamed(boxes, own):
        clear_misnamed(boxes, found.blocks, _titles(root, title))
    mark_furniture(boxes, found.blocks)
    found.furniture = [*dispensable(boxes, found.blocks), *found.unseen]
    found.misnamed = [*(box.element for box in boxes if box.cleared), *walk.unfolded]
    return found


def _walked(root: _Element) -> _Walk:
    walk = _Walk()
    walk.run(root)
    return walk


def _open_noscripts(found: PageBlocks) -> bool:
    """Make each noscript an ordinary element that holds paragraphs which the page has nowhere else."""
    candidates = [element for element in found.skipped if element.tag == "noscript" and may_hold_text(element)]
    shown = [letters(block.text) for block in found.blocks if block.prose] if candidates else []
    opened = [element for element in candidates if is_only_there(_paragraphs(element), shown)]
    for element in opened:
        element.tag = "div"
    return bool(opened)


def _paragraphs(element: _Element) -> list[str]:
    return [block.text for block in _walked(element).found.blocks if block.prose]


def _titles(root: _Element, title: str) -> list[_Element]:
    """Return the top headings under an element, those that show the title first."""
    found = [(agreement(text_in(h1), title) if title else 0.0, h1) for h1 in root.iter("h1")]
    return [h1 for _, h1 in sorted(found, key=lambda pair: -pair[0])]


def _is_permalink(link: _Element, holder: _Element) -> bool:
    """Say whether a heading links to its own place on the page. A table of contents does so too, outside headings."""
    return holder.tag in HEADINGS and (link.get("href") or "").startswith("#")


class _Walk:
    """One walk over a tree, by lxml: pages nest deeper than Python recurses.

    Half of reading a page from a known element is spent here, so that what is asked of every element stands in `run`.
    """

    def __init__(self) -> None:
        self.found = PageBlocks()
        self.boxes: list[Box] = []
        self.unfolded: list[_Element] = []
        self._panels: set[str] = set()  # ids of what buttons in headings fold out
        self._pieces: list[str] = []  # of text, since the last block
        self._linked = 0
        self._holder: _Element  # the innermost block element
        self._title_holders: Set[_Element]
        self._mark = -1  # its furniture, as a place in the list of boxes

    def run(self, root: _Element) -> None:
        self._holder, self._title_holders = root, find_title_holders(root)
        around: list[tuple[_Element, int]] = []  # holder and furniture outside of each block that is open
        links: list[bool] = []  # whether there was a link around each <a> that is open
        in_link = False
        pieces = self._pieces
        walk = iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "end":
                if tag in BLOCK_TAGS:
                    if pieces:
                        self._flush()
                    self._holder, self._mark = around.pop()
                elif tag == "a":
                    in_link = links.pop()
                text = element.tail if element is not root else None
            elif tag in SKIPPED and element is not root and not (tag := self._opened(element)):
                self.found.skipped.append(element)
                walk.skip_subtree()
                next(walk)
                text = element.tail
            else:
                text = element.text
                name, identity = element.get("class"), element.get("id")
                role = role_of_names(name or "", identity or "") if name or identity else NONE
                if role is not NONE:
                    self._note(element, role)
                if tag in BLOCK_TAGS:
                    if pieces:
                        self._flush()
                    around.append((self._holder, self._mark))
                    self._holder = element
                    if is_furniture(element, role) and not self._unfolds(element, role):
                        self._enter(element, role)
                elif role.unseen:
                    self.found.unseen.append(element)
                    walk.skip_subtree()
                    next(walk)
                    text = element.tail
                elif tag == "br":
                    self._flush()
                elif tag == "a":
                    links.append(in_link)
                    in_link = self._is_link(element)
            if text and (pieces or not text.isspace()):
                pieces.append(text)
                if in_link:
                    self._linked += len(text)
        self._flush()

    def _opened(self, element: _Element) -> str:
        """Make an element that swallowed a part of the article an ordinary one; return its tag, empty for others."""
        if element.tag not in OPENED or not swallows(element, self._title_holders):
            return ""
        if panel := element.get("aria-controls"):
            self._panels.add(panel)
        tag = element.tag = "span" if element.tag == "button" and self._holder.tag in HEADINGS else "div"
        return tag

    def _unfolds(self, element: _Element, role: Role) -> bool:
        """Say whether an element is hidden only until its heading, which is beside it, is clicked."""
        if role.furniture or element.tag in NAMED_FURNITURE:
            return False
        if element.get("role") not in PANELS and element.get("id") not in self._panels:
            return False
        self.unfolded.append(element)
        return True

    def _note(self, element: _Element, role: Role) -> None:
        if role.byline:
            self.found.bylines.append(element)
        if role.dated:
            self.found.dated.append(element)

    def _enter(self, element: _Element, role: Role) -> None:
        """Note that a piece of furniture begins."""
        foreign = role.foreign or element.tag in ("footer", "dialog")
        words = role.words if names_furniture(element, role) else NO_WORDS
        self.boxes.append(Box(element, self._mark, role.comments, foreign, words))
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
            holder, mark, size = self._holder, self._mark, len(line)
            linked = min(self._linked, size)
            prose = size if size >= LEAST_PROSE and 2 * linked < size else 0
            self.found.blocks.append(Block(line, holder.tag, holder, linked, prose, mark >= 0, mark))
        self._pieces.clear()
        self._linked = 0
