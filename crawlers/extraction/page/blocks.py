"""A page as the row of its text blocks: what stands where, how much of it is links, and what surrounds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from crawlers.extraction.page.element_classes import NONE, PLAIN, Role, is_furniture, is_hidden, role_of
from crawlers.extraction.page.metadata import squeeze

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
# An element that holds this share of the page's prose is no furniture, whatever it is called ...
DOMINANT = 0.3
# ... but what is foreign often does hold more than the article.
FOREIGN_DOMINANT = 0.8
# Readers write many times what a brief says; an article in a box that is misnamed for comments has no text beside it.
COMMENTS_DOMINANT = 0.97
TABLE = ("table", "tbody", "tr", "td", "th")
# Share of a page's text up to which a piece of furniture can be done without before the text is cleaned.
SMALL = 0.1


@dataclass(slots=True)
class Block:
    """A run of text within one block element. `linked` counts the characters of `text` that are links."""

    text: str
    tag: str
    element: _Element
    linked: int
    furniture: bool
    root: int  # the innermost piece of furniture around it, as a place in the reader's list; -1 for none
    foreign: bool = False  # within comments, a footer, other articles

    @property
    def prose(self) -> int:
        """Characters, if this is a piece of running text; else 0."""
        size = len(self.text)
        return size if size >= 40 and 2 * self.linked < size else 0


@dataclass(slots=True)
class Reading:
    """The blocks of a page in its order, and what was met on the way: elements that name a byline, author or date."""

    blocks: list[Block] = field(default_factory=list)
    bylines: list[_Element] = field(default_factory=list)
    signed: list[_Element] = field(default_factory=list)  # links that say they lead to the author
    dated: list[_Element] = field(default_factory=list)
    furniture: list[_Element] = field(default_factory=list)  # small pieces of it, those within others left out


def read_blocks(root: _Element) -> Reading:
    """Read the text blocks under an element, scripts and the like left out, furniture marked."""
    reader = _Reader()
    reader.read(root)
    reader.judge()
    return reader.reading


def _holds_article(element: _Element) -> bool:
    """A menu or footer that was never closed swallows the page, its title and article too."""
    return (
        element.tag in ("nav", "footer")
        and next(element.iter("h1"), None) is not None
        and next(element.iter("article", "main"), None) is not None
    )


def _is_permalink(link: _Element, holder: _Element) -> bool:
    """A heading that links to its own place on the page leads nowhere else; a table of contents has no headings."""
    return holder.tag in HEADINGS and (link.get("href") or "").startswith("#")


class _Reader:
    """Walks a tree with a stack of its own, since pages nest deeper than Python recurses."""

    def __init__(self) -> None:
        self.reading = Reading()
        self.blocks = self.reading.blocks
        self.boxes: list[_Element] = []  # the pieces of furniture
        self.around: list[int] = []  # for each of them, the one around it
        self.foreign: list[bool] = []
        self.comments: list[bool] = []
        self._text: list[str] = []
        self._linked = 0

    def read(self, root: _Element) -> None:
        # (element, its holder, its furniture, within a link, on the way out)
        stack: list[tuple[_Element, _Element, int, bool, bool]] = [(root, root, -1, False, False)]
        while stack:
            element, holder, mark, in_link, leaving = stack.pop()
            tag = element.tag
            if leaving:
                if tag in BLOCK_TAGS:
                    self._flush(holder, mark)
            elif tag == "br":
                self._flush(holder, mark)
            elif tag not in SKIPPED or _holds_article(element):
                inner_link = in_link
                if tag == "a":
                    inner_link = not _is_permalink(element, holder)
                    if "author" in (element.get("rel") or "").split():
                        self.reading.signed.append(element)
                # most elements have no attributes, and nothing but their tag to say
                role = self._met(element) if element.attrib else NONE
                if tag in BLOCK_TAGS:
                    self._flush(holder, mark)
                    holder = element
                    if tag not in PLAIN and is_furniture(element, role):
                        mark = self._enter(element, role, mark)
                self._add(element.text, inner_link)
                if len(element):
                    if element is not root:
                        stack.append((element, holder, mark, in_link, True))
                    stack.extend([(child, holder, mark, inner_link, False) for child in reversed(element)])
                    continue
                if holder is element:
                    self._flush(element, mark)
            self._add(element.tail, in_link)
        self._flush(root, -1)

    def _met(self, element: _Element) -> Role:
        role = role_of(element)
        if role.byline:
            self.reading.bylines.append(element)
        if role.dated:
            self.reading.dated.append(element)
        return role

    def _enter(self, element: _Element, role: Role, mark: int) -> int:
        self.boxes.append(element)
        self.around.append(mark)
        self.comments.append(role.comments)
        self.foreign.append(role.foreign or element.tag in ("footer", "dialog"))
        return len(self.around) - 1

    def _add(self, text: str | None, linked: bool) -> None:
        if text and (self._text or not text.isspace()):
            self._text.append(text)
            if linked:
                self._linked += len(text)

    def _flush(self, holder: _Element, mark: int) -> None:
        if not self._text:
            return
        line = squeeze("".join(self._text))
        if line:
            self.blocks.append(Block(line, holder.tag, holder, min(self._linked, len(line)), mark >= 0, mark))
        self._text.clear()
        self._linked = 0

    def judge(self) -> None:
        """Take the mark off what surrounds most of the page's prose."""
        within = [0] * len(self.around)
        sizes = [0] * len(self.around)
        total = 0
        for block in self.blocks:
            total += block.prose
            root = block.root
            while root >= 0:
                within[root] += block.prose
                sizes[root] += len(block.text)
                root = self.around[root]
        limits = [self._limit(place) for place in range(len(self.boxes))]
        cleared = [size > limit * total for size, limit in zip(within, limits, strict=True)]
        for block in self.blocks:
            root = block.root
            while root >= 0 and cleared[root]:
                root = self.around[root]
            block.furniture = root >= 0
            while root >= 0 and not block.foreign:
                block.foreign = self.foreign[root]
                root = self.around[root]
        self.reading.furniture = list(self._dispensable(sizes, cleared))

    def _limit(self, place: int) -> float:
        """Return the share of the page's prose above which a piece of furniture is misnamed."""
        if self.comments[place] and next(self.boxes[place].iter("h1"), None) is None:
            return COMMENTS_DOMINANT
        return FOREIGN_DOMINANT if self.foreign[place] else DOMINANT

    def _dispensable(self, sizes: list[int], cleared: list[bool]) -> Iterator[_Element]:
        """Yield the outermost small pieces of furniture, and comments of any size.

        What is small and hidden, or of a table, may yet be the article's.
        """
        most = SMALL * sum(len(block.text) for block in self.blocks)
        gone: set[int] = set()
        for place, (box, around, size) in enumerate(zip(self.boxes, self.around, sizes, strict=True)):
            if around in gone:
                gone.add(place)
                continue
            small = size <= most and (around < 0 or sizes[around] > most)
            small = small and not is_hidden(box) and next(box.iter(*TABLE), None) is None
            if small or (self.comments[place] and not cleared[place]):
                gone.add(place)
                yield box
