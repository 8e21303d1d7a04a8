"""Authors that a page declares in JSON-LD and meta tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawlers.extraction.fields.person_names import (
    AGENCIES,
    JOINED,
    WRITERS,
    is_person,
    is_signature,
    split_names,
    tidy,
)
from crawlers.extraction.page.jsonld import Node, text_of, types
from crawlers.extraction.page.metadata import Page, squeeze
from crawlers.extraction.text_norm import fold

META_NAMES = (
    "author", "article:author", "article:author_name", "og:article:author", "dc.creator", "dcterms.creator",
    "dc:creator", "parsely-author", "sailthru.author", "cxenseparse:author", "byl", "itemprop:author", "authors",
    "article.author", "citation_author", "dable:author", "twitter:misc:written by", "article_author", "author_name",
    "author.name", "rnews:author", "vr:author", "creator", "dc.creator.personalname", "bt:author", "post_author",
)  # fmt: skip
# Addresses of the administrator's account, under which articles of others are posted.
KEEPER = re.compile(r"/author/(?:[\w-]*admin|editor|web-?master)\b", re.IGNORECASE)
MANY = 60  # declared authors that are looked at


def meta_authors(page: Page) -> Iterator[str]:
    """Yield what meta tags call the author: "By Jane Doe and John Roe"."""
    yield from page.every(*META_NAMES)
    for number in ("1", "2"):
        if fold(page.first(f"twitter:label{number}")) in WRITERS:
            yield page.first(f"twitter:data{number}")


def node_authors(value: Any) -> list[str]:
    """Return the persons of a JSON-LD author: a name, an object, or a list of them, nested too."""
    names: list[str] = []
    for item in _as_list(value):
        if isinstance(item, list):
            names.extend(node_authors(item))
        elif isinstance(item, dict):
            names.extend(_from_object(item))
        elif isinstance(item, str):
            names.extend(split_names(item, declared=True))
    return names


def _from_object(item: dict[str, Any]) -> list[str]:
    kind = str(item.get("@type") or "")
    if "Organization" in kind:
        return []
    text = item.get("name") or " ".join(filter(None, (text_of(item.get("givenName")), text_of(item.get("familyName")))))
    if isinstance(text, list):
        return [name for one in text for name in split_names(text_of(one), declared=True)]
    single = tidy(text_of(text), declared=True)
    plain = not re.search(r"[,;/&]|\s(?:and|und|et|y)\s", single)
    if "Person" in kind and plain and is_person(single, typed=True):
        return [single]
    return split_names(text_of(text), declared=True)


def _as_list(value: Any) -> list[Any]:
    return value[:MANY] if isinstance(value, list) else [value]


def _objects(page: Page) -> list[Node]:
    """Return the author objects of JSON-LD; authors given as plain text are left out."""
    return [item for item in _as_list(page.node.get("author")) if isinstance(item, dict)]


def _author_texts(page: Page) -> list[str]:
    """Return the names of the authors of JSON-LD as they stand, of objects and of plain text."""
    items = _as_list(page.node.get("author"))
    return [text_of(item.get("name") if isinstance(item, dict) else item) for item in items]


def signatures(page: Page) -> list[str]:
    """Return declared persons whose names are those of an agency, a desk or the outlet."""
    texts = [tidy(text_of(item.get("name"))) for item in _objects(page) if "Person" in str(item.get("@type"))]
    return [name for name in texts if is_signature(name)]


def names_agency(signature: str) -> bool:
    """Say whether a signature names an agency beside others: "Pier Post and AFP"."""
    pieces = JOINED.split(signature)
    return len(pieces) > 1 and any(AGENCIES.match(piece.strip()) for piece in pieces)


def is_news(page: Page) -> bool:
    """Say whether JSON-LD calls the page a news article, or a live blog."""
    return any("NewsArticle" in kind or "LiveBlog" in kind for kind in types(page.node))


def own_signature(page: Page, site_names: frozenset[str]) -> tuple[str, ...]:
    """Return the outlet's own name, if a news article declares it as its author; an agency is a credit instead.

    Other pages of a site declare it as their author by default, and so do meta tags.
    """
    if not is_news(page):
        return ()
    texts = map(squeeze, _author_texts(page))
    return tuple(name for name in texts if is_signature(name) and fold(name) in site_names)[:1]


def declared_names(page: Page) -> Iterator[str]:
    """Yield what JSON-LD and meta tags call the author, as it stands, the outlet's own name among them."""
    yield from _author_texts(page)
    yield from meta_authors(page)


def publisher(page: Page) -> str:
    """Return the name of the organisation that JSON-LD calls the publisher, folded; empty where it is a person."""
    declared = page.node.get("publisher")
    first = next((item for item in _as_list(declared) if item), None)
    is_person = isinstance(first, dict) and "Person" in str(first.get("@type"))
    return "" if is_person else fold(text_of(declared))


def posted_by_keeper(page: Page) -> bool:
    """Say whether the declared author is the site's administrator, who posts what others wrote and signed."""
    return any(KEEPER.search(str(item.get(key) or "")) for item in _objects(page) for key in ("url", "@id"))


def posted_by_outlet(page: Page, site_names: frozenset[str]) -> bool:
    """Say whether the outlet's account is declared as the author, which posts what others wrote and signed."""
    names = [text_of(item.get("name")) for item in _objects(page)]
    return any(fold(name) in site_names for name in (*names, *meta_authors(page)))
