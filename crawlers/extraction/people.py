"""Who wrote it: what the page declares, then its byline. Persons; others only where the page calls them persons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from lxml.etree import XPath, _Element

from crawlers.extraction.declared import Page, find_all, squeeze, text_in, texts
from crawlers.extraction.jsonld import text_of
from crawlers.extraction.names import LABEL, is_person, is_signature, split_names, tidy
from crawlers.extraction.title import fold, site_names

META_NAMES = (
    "author", "article:author", "article:author_name", "og:article:author", "dc.creator", "dcterms.creator",
    "dc:creator", "parsely-author", "sailthru.author", "cxenseparse:author", "byl", "itemprop:author", "authors",
    "article.author", "citation_author", "dable:author", "twitter:misc:written by",
)  # fmt: skip
BYLINE_TAGS = frozenset({"div", "span", "p", "a", "address", "li", "strong", "h6", "h5", "h4"})
# XPath does the looking through; only what it finds becomes a Python object.
REL_AUTHORS = XPath("//a[@rel]")
AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|writers?|reporters?|columnists?|avtor|yazar(?:lar)?|muallif|"
    r"by)/[^/?#]+",
    re.IGNORECASE,
)
AUTHOR_MARK = re.compile(r"author-?name|author-?link|byline", re.IGNORECASE)
NOT_BYLINE = re.compile(
    r"comment|related|sidebar|footer|teaser|bio|avatar|photo|image|caption|recommend|about",
    re.IGNORECASE,
)
# A headline may have a footer of its own, and there the byline stands.
OF_HEADLINE = re.compile(r"headline|header|hero|lede", re.IGNORECASE)
# What a byline says of others than its authors, up to the next label or the end of the line.
OTHER_PART = re.compile(
    r"\b(?:contributions?|additional reporting|photograph(?:y|ed|s)?|photos?|pictures?|illustrat(?:ions?|ed)|fotos?|"
    r"graphics?|videos?|styl(?:ed|ing)|art direction|"
    r"edited|editing|fact[- ]checked|reviewed|translated|translation)\s+(?:from|by|von)\b\s*:?|"
    r"\b(?:editor|editorin|redaktör|redaktor|editör)\s*:",
    re.IGNORECASE,
)
AND = re.compile(r"^(?:and|und|et|y|og|och|en|ve|və|и|та|&|,)\s+", re.IGNORECASE)
MAX_BYLINE = 160  # characters
NEAR = 60  # elements after the title in which a line with a label counts as the byline
MOST = 12  # names


def find_authors(
    page: Page, selected: str | None, hinted: Iterable[str], bylines: Sequence[_Element] = ()
) -> tuple[str, ...]:
    """Return who wrote the article, in the order of the page; empty where nobody is named.

    `selected` is the text of the outlet's own author element, `hinted` what the seed said, `bylines` the elements
    that are called so. Organisations are left out,
    unless nobody but an organisation is declared as the author.
    """
    ours = site_names(page)
    declared: tuple[str, ...] = ()
    others = _others(bylines)
    for place, found in enumerate(_sources(page, selected, hinted, bylines)):
        names = _unique([name for name in found if fold(name) not in others], ours)
        if names and not declared:
            declared = names
        if place >= 1 and declared:
            break
    if declared:
        return _completed(page, bylines, declared, ours, others)
    return _unique(_signatures(page), set())[:2] or _own_signature(page, ours)


def _sources(
    page: Page, selected: str | None, hinted: Iterable[str], bylines: Sequence[_Element]
) -> Iterator[list[str]]:
    yield _from_node(page.node.get("author"))
    yield [name for text in _meta(page) for name in split_names(text)]
    if selected:
        yield split_names(selected)
    yield _named(_microdata(page.items))
    yield _named(_rel_author(page.tree))
    yield _named(islice(_bylines(bylines), 2))
    yield _labelled(page)
    yield _named(_author_pages(page))
    yield [name for text in hinted for name in split_names(text)]


def _meta(page: Page) -> Iterator[str]:
    yield from page.every(*META_NAMES)
    for number in ("1", "2"):
        if fold(page.first(f"twitter:label{number}")) in ("written by", "verfasst von", "écrit par", "escrito por"):
            yield page.first(f"twitter:data{number}")


def _from_node(value: Any) -> list[str]:
    names: list[str] = []
    for item in _as_list(value):
        if isinstance(item, list):
            names.extend(_from_node(item))
        elif isinstance(item, dict):
            names.extend(_from_object(item))
        elif isinstance(item, str):
            names.extend(split_names(item))
    return names


def _from_object(item: dict[str, Any]) -> list[str]:
    kind = str(item.get("@type") or "")
    if "Organization" in kind:
        return []
    text = item.get("name") or " ".join(filter(None, (text_of(item.get("givenName")), text_of(item.get("familyName")))))
    if isinstance(text, list):
        return [name for one in text for name in split_names(text_of(one))]
    single = tidy(text_of(text))
    plain = not re.search(r"[,;/&]|\s(?:and|und|et|y)\s", single)
    return [single] if "Person" in kind and plain and is_person(single, typed=True) else split_names(text_of(text))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _signatures(page: Page) -> list[str]:
    """Return what the page declares as a person although its words say otherwise: an agency, a desk, the outlet."""
    items = [item for item in _as_list(page.node.get("author")) if isinstance(item, dict)]
    texts = [tidy(text_of(item.get("name"))) for item in items if "Person" in str(item.get("@type"))]
    return [name for name in texts if is_signature(name)]


def _unique(names: Iterable[str], ours: set[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in names:
        key = fold(name)
        if key and key not in ours and key.replace(" ", "") not in ours:
            kept.setdefault(key, name)
    return tuple(kept.values())[:MOST]


def _completed(
    page: Page, bylines: Sequence[_Element], names: tuple[str, ...], ours: set[str], others: frozenset[str]
) -> tuple[str, ...]:
    """Take the shown byline instead, where it names all the declared authors and more of them."""
    shown = [_names_in(element) for element in islice(_bylines(bylines), 1)]
    links = _rel_author(page.tree)
    if all(_neighbours(links[0], link) for link in links[1:]):
        shown.append(_named(links))
    for found in shown:
        more = _unique([name for name in found if fold(name) not in others], ours)
        folded = {fold(name) for name in more}
        full = all(" " in name for name in more)
        if full and len(names) < len(more) <= 4 and all(fold(name) in folded for name in names):
            return more
    return names


def _others(bylines: Sequence[_Element]) -> frozenset[str]:
    """The names, folded, that a shown byline gives another part in the article: photographs, editing, contributions."""
    found: set[str] = set()
    for element in islice((one for one in bylines if one.tag in BYLINE_TAGS), MOST):
        text = text_in(element)
        if len(text) > 2 * MAX_BYLINE:
            continue
        parts = OTHER_PART.split(text)
        authors = {fold(name) for name in split_names(parts[0])}
        found |= {fold(name) for part in parts[1:] for name in split_names(_line(part))} - authors
    return frozenset(found)


def _line(text: str) -> str:
    """Up to where dates and the like begin."""
    return re.split(r"\d|\b(?:last updated|published|updated)\b", text, maxsplit=1)[0]


def _own_signature(page: Page, ours: set[str]) -> tuple[str, ...]:
    """The outlet itself, where it declares that it signs the article and nobody is named; an agency is a credit."""
    texts = [
        squeeze(text_of(item.get("name") if isinstance(item, dict) else item))
        for item in _as_list(page.node.get("author"))
        if not isinstance(item, dict) or "Organization" in str(item.get("@type"))
    ]
    return tuple(name for name in texts if is_signature(name) and fold(name) in ours)[:1]


def _named(elements: Iterable[_Element]) -> list[str]:
    return [name for element in elements for name in _names_in(element)]


def _names_in(element: _Element) -> list[str]:
    """Read the names in an element: each piece of text for itself, else all of it as one line."""
    pieces = [squeeze(text) for text in texts(element) if text.strip()]
    whole = " ".join(pieces)
    if 1 < len(pieces) <= 3 and split_names(whole) == [tidy(whole)]:
        return [tidy(whole)]  # first and last name in elements of their own
    if len(pieces) > 1:
        found = [name for piece in pieces if len(piece) <= MAX_BYLINE for name in split_names(AND.sub("", piece))]
        if found:
            return found
    return split_names(text_in(element)[:MAX_BYLINE])


def _microdata(items: Iterable[_Element]) -> list[_Element]:
    found: list[_Element] = []
    for element in items:
        if (element.get("itemprop") or "").lower() not in ("author", "creator") or element.tag == "meta":
            continue
        if "organization" in (element.get("itemtype") or "").lower() or not _placed(element):
            continue
        if found and not _neighbours(found[0], element):
            break
        name = next((child for child in element.iterfind(".//*[@itemprop='name']") if child.tag != "meta"), None)
        found.append(element if name is None else name)
    return found[:6]


def _neighbours(one: _Element, other: _Element) -> bool:
    near = set(islice(one.iterancestors(), 4))
    return any(parent in near for parent in islice(other.iterancestors(), 3))


def _rel_author(tree: _Element) -> list[_Element]:
    return [
        link
        for link in find_all(REL_AUTHORS, tree)
        if "author" in (link.get("rel") or "").lower().split() and _placed(link)
    ][:4]


def _bylines(elements: Iterable[_Element]) -> Iterator[_Element]:
    for element in elements:
        if element.tag in BYLINE_TAGS and 3 < len(text_in(element)) <= MAX_BYLINE and _placed(element):
            yield element


def _labelled(page: Page) -> list[str]:
    """Read "By Jane Doe" near the title, whatever element it stands in."""
    for element in _following(page, NEAR):
        line = " ".join(squeeze(text) for text in texts(element)) if len(element) < 8 else squeeze(element.text)
        if 5 < len(line) <= 100 and LABEL.match(line) and (names := _names_in(element)):
            return names if _placed(element) else []
    return []


def _author_pages(page: Page) -> list[_Element]:
    """Return the links near the title that lead to authors' own pages, or are marked as theirs."""
    found = []
    for element in _following(page, 3 * NEAR):
        marked = AUTHOR_PAGE.search(element.get("href") or "") or AUTHOR_MARK.search(element.get("data-testid") or "")
        if marked and element.tag == "a" and _placed(element):
            found.append(element)
    return found[:3]


def _following(page: Page, count: int) -> list[_Element]:
    if not page.headings:
        return []
    return find_all(XPath(f"following::*[position() <= {count}]"), page.headings[0][0])


def _placed(element: _Element) -> bool:
    """The element belongs to the article: not to a comment, a footer or a card for another article."""
    for depth, parent in enumerate((element, *element.iterancestors())):
        if parent.tag in ("aside", "footer", "nav", "figure", "figcaption"):
            return False
        name = f"{parent.get('class') or ''} {parent.get('id') or ''}"
        if depth < 6 and NOT_BYLINE.search(name) and not OF_HEADLINE.search(name):
            return parent.tag in ("article", "main", "body") or (depth > 0 and _holds_title(parent))
    return True


def _holds_title(element: _Element) -> bool:
    """What holds the title is the article, whatever it is called."""
    return next(element.iter("h1"), None) is not None
