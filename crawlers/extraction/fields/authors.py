"""Authors: from what the page declares, then from its bylines. Persons; others only if declared as persons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TypeAlias

from lxml.etree import XPath, _Element

from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.author_fallback import (
    AUTHOR_PAGE,
    DAY,
    NEAR,
    beside_date,
    following,
    labelled_anywhere,
    signed,
    signed_above,
    text_lines,
)
from crawlers.extraction.fields.author_metadata import (
    meta_authors,
    node_authors,
    own_signature,
    posted_by_keeper,
    posted_by_outlet,
    signatures,
)
from crawlers.extraction.fields.person_names import (
    AGENCIES,
    EDITING,
    LABEL,
    LABELS,
    PICTURES,
    before_date,
    is_person,
    split_names,
    strip_label,
    tidy,
)
from crawlers.extraction.page.element_classes import is_placed
from crawlers.extraction.page.metadata import Page, squeeze, text_in, texts
from crawlers.extraction.text_norm import fold
from crawlers.extraction.vocabulary import any_of

Byline: TypeAlias = tuple[_Element, str]  # an element that is called so, and its text

BYLINE_TAGS = frozenset(
    {
        "div", "span", "p", "a", "address", "li", "strong", "h6", "h5", "h4", "h3", "section", "ul", "dl", "dt", "dd",
        "small",
    }
)  # fmt: skip
# Elements after the title where links to authors are looked for: behind the opening picture too, with its sizes.
NOT_FAR = XPath("following::*[position() <= 180]")
AUTHOR_MARK = re.compile(r"author-?name|author-?link|byline", re.IGNORECASE)
# What a byline says of others than its authors, up to the next label or the end of the line.
OTHER_PART = re.compile(
    rf"\b(?:{any_of('authors.others_did')})\s+(?:from|by|von)\b\s*:?|{EDITING.pattern}|{PICTURES.pattern}",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})\.\s")  # not behind an initial
AND = re.compile(rf"^(?:{any_of('authors.first_and')}|&|,)\s+", re.IGNORECASE)
MAX_BYLINE = 160  # characters
PROSE = 80  # characters of a paragraph, and of no line around the title but the standfirst
MOST = 12  # names, and bylines
MANY = 60  # elements that are called authors, the comments' among them
DECLARED = 2  # sources in which the page names its author by declaring it, JSON-LD and meta tags
FIRST = 4  # bylines among which the article's own begin; the first may be a section's, a column's, a box of the outlet


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a page shows of its authors: bylines with their texts, and links that say they lead to the author."""

    bylines: list[Byline]
    links: Sequence[_Element]
    site_names: frozenset[str]
    others: frozenset[str]  # who did something else for the article, folded


def find_authors(context: PageContext) -> tuple[str, ...]:
    """Return who wrote the article, in the order of the page; empty where nobody is named.

    What the account of the site's keeper posted, or nobody is declared for, may be signed in the text or beside its
    date. Organisations are left out, unless nobody but an organisation is declared as the author.
    """
    page, trace = context.page, context.trace
    bylines = list(_byline_texts(context.blocks.bylines))
    shown = _Shown(bylines, context.blocks.author_links, page.site_names, _others(bylines))
    declared, source, helpers = _first_named(context, shown)
    keeper = bool(declared) and not context.selected.author and posted_by_keeper(page)
    if declared and not keeper:
        completed = _completed(shown, declared)
        more = ", completed by a byline that names more" if completed != declared else ""
        trace.chose("authors", ", ".join(completed), source, f"the first source that names somebody{more}")
        return completed
    for source, names in _unmarked(page, keeper, shown.site_names):
        writers = _writers(names, shown)
        trace.candidate("authors", source, ", ".join(names), _note(writers, names))
        if writers:
            trace.chose("authors", ", ".join(writers), source, "nobody is declared, or only the site's keeper")
            return writers
    if declared or helpers:
        alone = declared or helpers
        trace.chose("authors", ", ".join(alone), "declared", "whom alone the page declares wrote it")
        return alone
    if pseudonym := _pseudonym(page, bylines, shown.site_names):
        trace.chose("authors", pseudonym, "meta and byline", "one word that the page both declares and shows")
        return (pseudonym,)
    signed_by = _unique(signatures(page), frozenset())[:2] or own_signature(page, shown.site_names)
    trace.chose("authors", ", ".join(signed_by), "JSON-LD" if signed_by else "", "an organisation, and nobody else")
    return signed_by


def _first_named(context: PageContext, shown: _Shown) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Return the names of the first source that has any, that source, and whom the page declares in any part.

    The last are returned too where they only helped, since they wrote it where nobody else did.
    """
    declared: tuple[str, ...] = ()
    named_by = ""
    helpers: tuple[str, ...] = ()
    sources = _sources(context, shown)
    for place, (source, found) in enumerate(sources):
        names = _writers(found, shown)
        context.trace.candidate("authors", source, ", ".join(found), _note(names, found))
        if names and not declared:
            declared, named_by = names, source
        if place < DECLARED and not helpers:
            helpers = _unique(found, shown.site_names)
        if place >= 1 and declared:
            break
    if context.trace.on:
        for source, found in sources:
            context.trace.candidate("authors", source, ", ".join(found), "not needed")
    return declared, named_by, helpers


def _note(writers: Sequence[str], found: Sequence[str]) -> str:
    """Say whom of the found names was left out, for an explanation."""
    left_out = [name for name in found if name not in writers]
    return f"left out: {', '.join(left_out)}" if left_out else ""


def _sources(context: PageContext, shown: _Shown) -> Iterator[tuple[str, list[str]]]:
    """Yield the sources that say who wrote it, in the order in which they are believed, and the names in each."""
    page, selected = context.page, context.selected.author
    yield "JSON-LD", node_authors(page.node.get("author"))
    yield "meta", [name for text in meta_authors(page) for name in split_names(_of_writers(text), declared=True)]
    if selected:
        yield "the outlet's own element", split_names(_of_writers(selected))
    yield "microdata", _named(_microdata(page.items))
    yield "rel=author", _named(_together(_of_article(shown.links)))
    yield "byline", _from_bylines(shown.bylines)
    yield "labelled line", _labelled(page)
    yield "link to an author's page", _named(_author_pages(page))
    yield "seed", [name for text in context.hints.authors for name in split_names(text)]


def _unmarked(page: Page, keeper: bool, site_names: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield names that nothing on the page marks as authors, and where they stand."""
    lines = text_lines(page)
    if keeper or posted_by_outlet(page, site_names):
        yield "signature above the text", signed_above(page, lines)
    yield "signature below the text", signed(page, lines, plainly=keeper)
    if not keeper:
        yield "labelled line anywhere", labelled_anywhere(page, lines)
        yield "name beside the date", beside_date(page, lines)


def _pseudonym(page: Page, bylines: Iterable[Byline], ours: frozenset[str]) -> str:
    """Return the one-word name that the page both declares and shows as its author; empty if it is the site's."""
    shown = {fold(strip_label(text)) for _, text in bylines}
    for text in meta_authors(page):
        name = fold(text)
        if " " not in name and name in shown and is_person(text, typed=True):
            return "" if any(site.startswith(name) for site in ours) else text
    return ""


def _writers(found: Iterable[str], shown: _Shown) -> tuple[str, ...]:
    """Leave out who did something else for the article, and the site itself."""
    return _unique([name for name in found if fold(name) not in shown.others], shown.site_names)


def _unique(names: Iterable[str], ours: frozenset[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in names:
        key = fold(name)
        if key and key not in ours and key.replace(" ", "") not in ours:
            kept.setdefault(key, name)
    return tuple(kept.values())[:MOST]


def _completed(shown: _Shown, names: tuple[str, ...]) -> tuple[str, ...]:
    """Take the shown byline instead, where it names all the declared authors and more of them."""
    rows = [_named(islice(_short(shown.bylines), 1)), _side_by_side(shown.bylines)]
    links = _of_article(shown.links)
    if all(_neighbours(links[0], link) for link in links[1:]):
        rows.append(_named(links))
    for row in rows:
        more = _writers(row, shown)
        folded = {fold(name) for name in more}
        full = all(" " in name for name in more)
        if full and len(names) < len(more) <= 4 and all(fold(name) in folded for name in names):
            return more
    return names


def _byline_texts(elements: Iterable[_Element]) -> Iterator[Byline]:
    """Yield the first bylines and their texts."""
    for element in islice((element for element in elements if element.tag in BYLINE_TAGS), MOST):
        text = text_in(element)
        if 1 < len(text) <= 2 * MAX_BYLINE:
            yield element, text


def _others(bylines: Iterable[Byline]) -> frozenset[str]:
    """Return the names, folded, of those who took the pictures, edited or contributed.

    "By Jane Doe, photos by John Roe" is {"john roe"}; whom any byline names as the author is not among them.
    """
    helpers: set[str] = set()
    authors: set[str] = set()
    divided: set[_Element] = set()  # a name in an element of its own within these may be a helper's
    for element, text in bylines:
        if not is_placed(element):
            continue
        writers, *parts = OTHER_PART.split(text)
        helpers |= {fold(name) for part in parts for name in _helpers(part)}
        if parts:
            divided.add(element)
        if divided.isdisjoint(element.iterancestors()):
            authors |= {fold(name) for name in split_names(writers)}
    return frozenset(helpers - authors)


def _helpers(part: str) -> list[str]:
    line = _line(part)
    return split_names(line) or ([name] if is_person(name := tidy(line), typed=True) else [])


def _line(text: str) -> str:
    """Up to where dates and the like begin."""
    return re.split(r"\d|\b(?:last updated|published|updated)\b", text, maxsplit=1)[0]


def _named(elements: Iterable[_Element]) -> list[str]:
    return [name for element in elements for name in _names_in(element)]


def _names_in(element: _Element) -> list[str]:
    """Read the names in an element: each piece of text for itself, else all of it as one line."""
    pieces = [squeeze(text) for text in texts(element) if text.strip()]
    whole = " ".join(pieces)
    if 1 < len(pieces) <= 3 and not any(map(_is_label, pieces)) and split_names(whole) == [tidy(whole)]:
        return [tidy(whole)]  # first and last name in elements of their own
    if len(pieces) > 1 and (found := _in_pieces(pieces)):
        return found
    line = _of_writers(text_in(element)[:MAX_BYLINE])
    return split_names(line) or split_names(before_date(line)) or split_names(SENTENCE_END.split(line, maxsplit=1)[0])


def _of_writers(line: str) -> str:
    """Return "By Jane Doe" of "By Jane Doe. Photographs by John Roe"."""
    writers, *others = OTHER_PART.split(line, maxsplit=1)
    return writers.rstrip(" .,;|(") if others and writers.strip() else line


def _is_label(piece: str) -> bool:
    return piece.lower().strip(" :：՝") in LABELS


def _in_pieces(pieces: list[str]) -> list[str]:
    """Names in the pieces of a byline, up to its date: what follows is where it was filed, and what it is about."""
    found: list[str] = []
    for piece in pieces:
        if _is_label(piece):
            found = []  # what stands before "by" is the column's name
        elif len(piece) <= MAX_BYLINE:
            writers, *others = OTHER_PART.split(piece, maxsplit=1)
            found.extend(split_names(AND.sub("", writers)))
            if others or (found and DAY.search(piece)):
                break
    return found


def _microdata(items: Iterable[_Element]) -> list[_Element]:
    found: list[_Element] = []
    called = (item for item in items if (item.get("itemprop") or "").lower() in ("author", "creator"))
    for element in islice(called, MANY):
        if element.tag == "meta":
            continue
        if "organization" in (element.get("itemtype") or "").lower() or not is_placed(element):
            continue
        if found and not _neighbours(found[0], element):
            break
        name = next((child for child in element.iterfind(".//*[@itemprop='name']") if child.tag != "meta"), None)
        found.append(element if name is None else name)
    return found[:6]


def _neighbours(one: _Element, other: _Element) -> bool:
    near = set(islice(one.iterancestors(), 4))
    return any(parent in near for parent in islice(other.iterancestors(), 3))


def _together(elements: list[_Element]) -> list[_Element]:
    """The first of them, and those that stand with it: further ones belong to other articles."""
    return [link for link in elements[:MOST] if link is elements[0] or _neighbours(elements[0], link)]


def _of_article(signed: Sequence[_Element]) -> list[_Element]:
    return [link for link in signed[:MANY] if is_placed(link)][:MOST]


def _short(bylines: Iterable[Byline]) -> Iterator[_Element]:
    """The bylines that are one line, and the article's."""
    for element, text in bylines:
        if len(text) <= MAX_BYLINE and is_placed(element):
            yield element


def _from_bylines(bylines: Sequence[Byline]) -> list[str]:
    first = next((text for element, text in bylines if is_placed(element)), "")
    if AGENCIES.match(strip_label(first)):
        return []  # further bylines are of other articles
    return _side_by_side(bylines) or _named(islice(_short(bylines), 2))


def _side_by_side(bylines: Sequence[Byline]) -> list[str]:
    """Read bylines of one kind that follow each other, one for each author; empty where there is but one."""
    for element, text in bylines[:FIRST]:
        row = [element, *_followers(element)]
        if len(row) > 1 and len(text) <= MAX_BYLINE and is_placed(element):
            return _named(row[:MOST])
    return []


def _followers(element: _Element) -> Iterator[_Element]:
    """The elements of the same kind right behind it."""
    return takewhile(
        lambda other: other.tag == element.tag and other.get("class") == element.get("class"), element.itersiblings()
    )


def _labelled(page: Page) -> list[str]:
    """Read "By Jane Doe" near the title and above the text, whatever element it stands in."""
    prose = 0
    for element in following(page, NEAR):
        prose += element.tag in ("p", "div") and len(squeeze(element.text)) > PROSE
        if prose > 1:
            return []  # the first may be the standfirst
        if not LABEL.match(next(filter(str.strip, texts(element)), "").strip() + " "):
            continue
        line = " ".join(squeeze(text) for text in texts(element)) if len(element) < 8 else squeeze(element.text)
        if 5 < len(line) <= 100 and LABEL.match(line) and (names := _names_in(element)):
            return names if is_placed(element) else []
    return []


def _author_pages(page: Page) -> list[_Element]:
    """Return the links near the title that lead to authors' own pages, or are marked as theirs."""
    found = []
    for element in following(page, NOT_FAR):
        marked = AUTHOR_PAGE.search(element.get("href") or "") or AUTHOR_MARK.search(element.get("data-testid") or "")
        if marked and element.tag == "a" and _is_alone(element) and is_placed(element):
            found.append(element)
    return _together(found)


def _is_alone(link: _Element) -> bool:
    """The link is no word of a sentence."""
    parent = link.getparent()
    return parent is None or parent.tag != "p" or sum(len(piece.strip()) for piece in texts(parent)) <= MAX_BYLINE
