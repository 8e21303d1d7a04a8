"""A page as the row of its text blocks: what stands where, how much of it is links, and what surrounds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml.etree import _Element

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
        "map", "select", "button", "input", "textarea", "head", "link", "meta", "option", "datalist", "math",
    }
)  # fmt: skip
# Words in a class or id that say what an element is for: whole words, so that an article's "shared-content" stays.
FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navigation|navbar|menu|footer|sidebar(?!-grid|-layout)|breadcrumbs?|related|"
    r"recommend(?:ed|ations?)?|recirc(?:ulation)?|read-?more|more-?(?:stories|news|articles|from|on)|"
    r"newsletters?|subscribe|subscription|promo(?:tion|s)?|sponsor(?:ed)?|advert(?:isement|ising|s)?|taboola|"
    r"outbrain|share|sharing|social|follow|comments?|respond|disqus|"
    r"cookies?|consent|gdpr|modal(?!-enabled)|popup|overlay|tags?|tag-?list|author-?(?:bio|box|info)|bio|"
    r"about-?author|most-?(?:read|popular)|popular|trending|teasers?|widgets?(?!-area|-content)|pagination|pager|"
    r"copyright|print-?only|screen-?reader|sr-only|visually-?hidden|toolbar|login|signup|sign-?up|banner|caption|"
    r"credit|gallery-?caption|byline|dateline|timestamp|meta|"
    r"inline-?related|most-?read|author-?info|see-?also|next-?(?:up|article)|up-?next|latest|infobox|"
    r"factbox-?hidden|rating|poll|quiz|player)(?:$|[\s_-])",
    re.IGNORECASE,
)
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)


# Elements that are furniture by their name.
NAMED_FURNITURE = frozenset({"nav", "footer", "aside", "form", "dialog", "menu", "figure", "figcaption", "caption"})
# Names of what holds an article: they outweigh the others on the same element.
CONTENT = re.compile(
    r"(?:article|story|entry|post|news|main)[-_]*(?:body|content|text|detail)|articlebody|bodytext",
    re.IGNORECASE,
)
# An element that holds this share of the page's prose is no furniture, whatever it is called ...
DOMINANT = 0.3
# ... but reader comments, footers and consent dialogs often do hold more than the article.
FOREIGN = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|respond|footer|cookies?|consent|gdpr|related|recommended|"
    r"modal(?!-enabled)|popup)(?:$|[\s_-])",
    re.IGNORECASE,
)
FOREIGN_DOMINANT = 0.8
PLAIN = frozenset({"body", "article", "h1", "h2", "h3", "h4", "h5", "h6"})  # never furniture by their own names


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


def read_blocks(root: _Element) -> list[Block]:
    """Return the text blocks under an element in document order, scripts and the like left out, furniture marked."""
    reader = _Reader()
    reader.read(root)
    reader.judge()
    return reader.blocks


class _Reader:
    """Walks a tree with a stack of its own, since pages nest deeper than Python recurses."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.around: list[int] = []  # for each piece of furniture, the one around it
        self.foreign: list[bool] = []
        self._marks: dict[_Element, int] = {}
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
                    self._flush(element, self._mark_of(element, mark))
                self._add(element.tail, in_link)
                continue
            if not isinstance(tag, str) or tag in SKIPPED:
                self._add(element.tail, in_link)
                continue
            if tag == "br":
                self._flush(holder, mark)
                self._add(element.tail, in_link)
                continue
            inner, inner_mark = holder, mark
            if tag in BLOCK_TAGS:
                self._flush(holder, mark)
                inner, inner_mark = element, self._enter(element, mark)
            inner_link = in_link or tag == "a"
            if element is not root:
                stack.append((element, holder, mark, in_link, True))
            self._add(element.text, inner_link)
            for child in reversed(element):
                stack.append((child, inner, inner_mark, inner_link, False))
        self._flush(root, -1)

    def _enter(self, element: _Element, mark: int) -> int:
        if element.tag in NAMED_FURNITURE or _is_furniture(element):
            self.around.append(mark)
            self.foreign.append(element.tag in ("footer", "dialog") or _judged(_names(element))[1])
            self._marks[element] = len(self.around) - 1
            return len(self.around) - 1
        return mark

    def _mark_of(self, element: _Element, mark: int) -> int:
        return self._marks.get(element, mark)

    def _add(self, text: str | None, linked: bool) -> None:
        if text:
            self._text.append(text)
            if linked:
                self._linked += len(text)

    def _flush(self, holder: _Element, mark: int) -> None:
        line = " ".join("".join(self._text).split())
        if line:
            self.blocks.append(Block(line, holder.tag, holder, min(self._linked, len(line)), mark >= 0, mark))
        self._text.clear()
        self._linked = 0

    def judge(self) -> None:
        """Take the mark off what surrounds most of the page's prose."""
        within = [0] * len(self.around)
        total = 0
        for block in self.blocks:
            total += block.prose
            root = block.root
            while root >= 0:
                within[root] += block.prose
                root = self.around[root]
        limits = [FOREIGN_DOMINANT if foreign else DOMINANT for foreign in self.foreign]
        cleared = [size > limit * total for size, limit in zip(within, limits, strict=True)]
        for block in self.blocks:
            root = block.root
            while root >= 0 and cleared[root]:
                root = self.around[root]
            block.furniture = root >= 0
            while root >= 0 and not block.foreign:
                block.foreign = self.foreign[root]
                root = self.around[root]


def _names(element: _Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


@lru_cache(maxsize=20_000)
def _judged(names: str) -> tuple[bool, bool]:
    """Return (furniture, foreign) for a class and an id; kept, since pages and outlets repeat them endlessly."""
    furniture = FURNITURE.search(names) is not None and CONTENT.search(names) is None
    return furniture, FOREIGN.search(names) is not None


def _is_furniture(element: _Element) -> bool:
    if element.tag in PLAIN:
        return False
    names = _names(element)
    return (len(names) > 1 and _judged(names)[0]) or _hidden(element)


def _hidden(element: _Element) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and HIDDEN.search(style) is not None
