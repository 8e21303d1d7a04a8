"""Who wrote it: persons only, from what the page declares, then from its byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml.html import HtmlElement

from crawlers.extraction.declared import Page, text_in
from crawlers.extraction.jsonld import text_of
from crawlers.extraction.names import is_person, split_names, tidy
from crawlers.extraction.title import fold

META_NAMES = (
    "author", "article:author", "article:author_name", "og:article:author", "dc.creator", "dcterms.creator", "dc:creator", "parsely-author",
    "sailthru.author", "cxenseparse:author", "byl", "itemprop:author", "authors", "article.author", "citation_author", "dable:author",
)
BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|author|autor|auteur|writer|authors|byl|authorname|author-name|post-author|entry-author)(?:$|[\s_-])", re.IGNORECASE)
NOT_BYLINE = re.compile(r"comment|related|sidebar|footer|teaser|bio|avatar|photo|image|caption|recommend|about", re.IGNORECASE)
MAX_BYLINE = 160


def find_authors(page: Page, selected: str | None, hinted: Iterable[str]) -> tuple[str, ...]:
    """Return the persons who wrote the article, in the order of the page; empty where nobody is named.

    `selected` is the text of the outlet's own author element, `hinted` what the seed said.
    """
    ours = _organisations(page)
    for found in _sources(page, selected, hinted):
        if names := _unique(found, ours):
            return names
    return ()


def _sources(page: Page, selected: str | None, hinted: Iterable[str]) -> Iterator[list[str]]:
    yield _from_node(page.node.get("author"))
    yield [name for text in page.every(*META_NAMES) for name in split_names(text)]
    if selected:
        yield split_names(selected)
    yield [name for element in _microdata(page.tree) for name in split_names(text_in(element)[:MAX_BYLINE])]
    yield [name for element in _rel_author(page.tree) for name in split_names(text_in(element)[:MAX_BYLINE])]
    yield [name for element in _bylines(page.tree) for name in split_names(text_in(element)[:MAX_BYLINE])]
    yield [name for text in hinted for name in split_names(text)]


def _from_node(value: Any) -> list[str]:
    names: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            names.extend(_from_node(item))
            continue
        if isinstance(item, dict):
            kind = str(item.get("@type") or "")
            if "Organization" in kind or "NewsMedia" in kind:
                continue
            text = item.get("name")
            text = text_of(text) if not isinstance(text, list) else "; ".join(map(str, text))
            single = tidy(text)
            names.extend([single] if "Person" in kind and is_person(single, typed=True) and "," not in single else split_names(text))
        elif isinstance(item, str):
            names.extend(split_names(item))
    return names


def _organisations(page: Page) -> set[str]:
    publisher = page.node.get("publisher")
    texts = [text_of(publisher), page.first("og:site_name"), page.first("application-name"), page.first("article:publisher")]
    host = re.sub(r"^https?://(?:www\.)?([^/:]+).*$", r"\1", page.url)
    return {fold(text) for text in texts if text} | {fold(host), fold(host.rsplit(".", 1)[0])}


def _unique(names: Iterable[str], ours: set[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in names:
        key = fold(name)
        if key and key not in ours and key.replace(" ", "") not in {one.replace(" ", "") for one in ours}:
            kept.setdefault(key, name)
    return tuple(kept.values())[:12]


def _microdata(tree: HtmlElement) -> list[HtmlElement]:
    found = []
    for element in tree.iterfind(".//*[@itemprop]"):
        if (element.get("itemprop") or "").lower() in ("author", "creator") and element.tag != "meta":
            if "organization" in (element.get("itemtype") or "").lower():
                continue
            name = next((child for child in element.iterfind(".//*[@itemprop='name']") if child.tag != "meta"), None)
            found.append(element if name is None else name)
    return found[:6]


def _rel_author(tree: HtmlElement) -> list[HtmlElement]:
    return [link for link in tree.iter("a") if "author" in (link.get("rel") or "").lower().split() and _placed(link)][:4]


def _bylines(tree: HtmlElement) -> Iterator[HtmlElement]:
    taken = 0
    for element in tree.iterfind(".//*[@class]"):
        if element.tag in ("div", "span", "p", "a", "address", "li", "strong", "h6", "h5", "h4") and BYLINE.search(element.get("class") or ""):
            text = text_in(element)
            if 3 < len(text) <= MAX_BYLINE and _placed(element):
                yield element
                taken += 1
        if taken >= 2:
            return


def _placed(element: HtmlElement) -> bool:
    """The element belongs to the article: not to a comment, a footer or a card for another article."""
    for depth, parent in enumerate((element, *element.iterancestors())):
        if parent.tag in ("aside", "footer", "nav", "figure", "figcaption"):
            return False
        if depth < 6 and NOT_BYLINE.search(f"{parent.get('class') or ''} {parent.get('id') or ''}"):
            return False
    return True
