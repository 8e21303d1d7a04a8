"""Read the declarations of a parsed page: JSON-LD, meta tags, microdata, headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import cast
from urllib.parse import urljoin

from lxml.etree import XPath, _Element, iterwalk

from crawlers.extraction.page.jsonld import Node, is_listing, main_node, read_nodes, text_of
from crawlers.extraction.text_norm import fold

SILENT = frozenset({"script", "style", "noscript", "template", "svg"})
BREAKING = frozenset({"br", "p", "div", "li", "h2", "h3"})
PARTS = ("title", "meta", "link", "script", "h1", "time")
ITEMS = XPath("descendant-or-self::*/@itemprop/..")  # by the attribute: faster than by a condition on elements
HOST_ENDING = re.compile(r"(\.(?:co|com|org|net|gov|ac|edu))?\.[^.]*$")
HOST = re.compile(r"^https?://(?:www\.)?([^/:]+).*$")
SITE_WORDS = 3  # of a site's name that is also the title of a page, its home's
MAX_SECTION = 100
MAX_ADDRESS = 2_083
MAX_TITLE = 1_000  # characters; a page with a title of 10 MB exists in test suites and in the wild


@dataclass
class Page:
    """One parsed page and its declarations. `meta` maps lower-case names to their contents in order."""

    tree: _Element
    url: str
    meta: dict[str, list[str]] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    node: Node = field(default_factory=dict)  # the JSON-LD object of this article; empty where there is none
    title_tag: str = ""
    headings: list[tuple[_Element, str]] = field(default_factory=list)  # every h1 and its text
    lang: str = ""

    def first(self, *names: str) -> str:
        """Return the first content of one of these meta names, in the order of the names; else an empty string."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return ""

    def every(self, *names: str) -> Iterator[str]:
        """Yield all contents of these meta names."""
        for name in names:
            yield from (value for value in self.meta.get(name, ()) if value)

    @cached_property
    def parts(self) -> dict[str, list[_Element]]:
        """The elements that several fields need, by tag, found in one pass."""
        parts: dict[str, list[_Element]] = {tag: [] for tag in PARTS}
        for element in self.tree.iter(*PARTS):
            parts[element.tag].append(element)
        return parts

    @cached_property
    def items(self) -> list[_Element]:
        """The elements with an `itemprop`, in order."""
        return find_all(ITEMS, self.tree)

    @cached_property
    def site_names(self) -> frozenset[str]:
        """The names of the page's site, folded: publisher, site name, host."""
        declared = [text_of(self.node.get("publisher")), self.first("application-name"), *self._site_name()]
        told = [*declared, *_names_of_host(HOST.sub(r"\1", self.url).lower())]
        names = {fold(text) for text in told if text}
        return frozenset(names | {name.replace(" ", "") for name in names})

    def _site_name(self) -> Iterator[str]:
        """Yield og:site_name, unless it only repeats the title: of more words than names of sites have."""
        name = self.first("og:site_name")
        repeated = {fold(title) for title in (headline(self), self.first("og:title"))}
        if fold(name) not in repeated or len(name.split()) <= SITE_WORDS:
            yield name

    @property
    def is_listing(self) -> bool:
        """The page declares itself a listing and no article in it."""
        return not self.node and any(is_listing(node) for node in self.nodes)


@lru_cache(maxsize=1_000)
def _names_of_host(host: str) -> tuple[str, ...]:
    return (host, host.rsplit(".", 1)[0], HOST_ENDING.sub("", host).rsplit(".", 1)[-1])


def squeeze(text: str | None) -> str:
    """Return the text on one line, with single spaces."""
    if not text:
        return ""
    if not text.isascii():
        text = text.replace("\u00ad", "").replace("\u200b", "")
    return " ".join(text.split())


def text_in(element: _Element) -> str:
    """Return the text within an element on one line, scripts and styles left out, blocks and breaks as spaces."""
    if next(element.iter("script", "style", "noscript", "template", "svg", "br", "p", "div", "li"), None) is None:
        return squeeze("".join(texts(element)))
    return squeeze("".join(_pieces(element)))


def short_text_in(element: _Element, most: int) -> str:
    """Do as `text_in` if that is no longer than `most` characters; else return an empty string, without reading on."""
    size = 0
    for text in texts(element):
        size += len(text.strip())
        if size > most:
            return ""
    return text_in(element)


def _pieces(element: _Element) -> Iterator[str]:
    skipped: _Element | None = None
    for event, part in iterwalk(element, events=("start", "end")):
        if skipped is not None:
            if event == "end" and part is skipped:
                skipped = None
                yield part.tail or ""
            continue
        if event == "start" and part.tag in SILENT:
            skipped = part
            continue
        if part.tag in BREAKING:
            yield " "
        if event == "start":
            yield part.text or ""
        elif part is not element:
            yield part.tail or ""


def selector_of(element: _Element) -> str:
    """Return an element as people write a selector: "div.story.text#main"."""
    classes = "".join(f".{name}" for name in (element.get("class") or "").split())
    identity = f"#{element.get('id')}" if element.get("id") else ""
    return f"{element.tag}{classes}{identity}"


def common(one: _Element, other: _Element) -> _Element:
    """Return the innermost element that contains both, at most the body."""
    around = {other, *other.iterancestors()}
    element = one
    while element not in around:
        parent = element.getparent()
        if parent is None or parent.tag == "html":
            return element
        element = parent
    return element


def texts(element: _Element) -> Iterator[str]:
    """Yield the pieces of text in an element, in order."""
    return cast("Iterator[str]", element.itertext())


def find_all(xpath: XPath, tree: _Element) -> list[_Element]:
    """Return the elements that a compiled expression selects."""
    return cast("list[_Element]", xpath(tree))


def read_page(tree: _Element, url: str) -> Page:
    """Read all declarations of a parsed page."""
    page = Page(tree, url, lang=_language(tree))
    page.meta = _meta(page.parts["meta"])
    page.title_tag = next(
        (squeeze("".join(texts(found)))[:MAX_TITLE] for found in page.parts["title"] if _in_head(found)), ""
    )
    page.headings = [(h1, text) for h1 in page.parts["h1"] if (text := text_in(h1)[:MAX_TITLE])]
    page.nodes = read_nodes(page.parts["script"])
    titles = [page.first("og:title", "twitter:title"), page.title_tag, *(text for _, text in page.headings[:3])]
    page.node = main_node(page.nodes, url, titles) or {}
    return page


def _in_head(element: _Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag not in ("svg", "symbol", "g", "a", "defs")


def _language(tree: _Element) -> str:
    return (
        (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang") or "")
        .strip()
        .lower()
    )


def _meta(tags: Iterable[_Element]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in tags:
        content = squeeze(tag.get("content"))
        if not content:
            continue
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = tag.get(key)
            if name:
                spelled = name.strip().lower()
                content = content[:MAX_TITLE] if spelled.endswith("title") else content
                found.setdefault(f"itemprop:{spelled}" if key == "itemprop" else spelled, []).append(content)
    return found


def canonical(page: Page) -> str | None:
    """Return the address that the page declares as its own, absolute; the caller decides whether to trust it."""
    declared = next(
        (
            link.get("href") or ""
            for link in page.parts["link"]
            if "canonical" in (link.get("rel") or "").lower().split()
        ),
        "",
    )
    return _absolute(page, declared.strip() or page.first("og:url"))


def image(page: Page) -> str | None:
    """Return the address of the picture that the page shows of itself, absolute."""
    value = page.node.get("image") or page.node.get("thumbnailUrl")
    value = value[0] if isinstance(value, list) and value else value
    value = value.get("url") or value.get("contentUrl") if isinstance(value, dict) else value
    value = value[0] if isinstance(value, list) and value else value
    return _absolute(
        page, page.first("og:image", "og:image:url", "twitter:image") or (value if isinstance(value, str) else "")
    )


def section(page: Page) -> str | None:
    """Return the section under which the outlet files the article."""
    declared = text_of(page.node.get("articleSection")) or page.first(
        "article:section", "section", "itemprop:articlesection"
    )
    return declared[:MAX_SECTION] or None


def _absolute(page: Page, address: str) -> str | None:
    if not address or len(address) > MAX_ADDRESS:
        return None
    joined = urljoin(page.url, address)
    return joined if joined.startswith(("http://", "https://")) else None


def headline(page: Page) -> str:
    """Return the JSON-LD headline of the article, else an empty string."""
    return text_of(page.node.get("headline") or page.node.get("name"))[:MAX_TITLE]
