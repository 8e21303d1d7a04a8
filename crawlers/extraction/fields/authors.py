"""Who wrote it: what the page declares, then its byline. Persons; others only where the page calls them persons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import TypeAlias

from lxml.etree import XPath, _Element

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
    r"\b(?:contributions?|additional reporting|photograph(?:y|ed|s)?|photos?|pictures?|illustrat(?:ions?|ed)|fotos?|"
    r"graphics?|videos?|styl(?:ed|ing)|art direction|"
    r"edited|editing|fact[- ]checked|reviewed|translated|translation)\s+(?:from|by|von)\b\s*:?|"
    rf"{EDITING.pattern}|{PICTURES.pattern}",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})\.\s")  # not behind an initial
AND = re.compile(r"^(?:and|und|et|y|og|och|en|ve|və|и|та|&|,)\s+", re.IGNORECASE)
MAX_BYLINE = 160  # characters
PROSE = 80  # characters of a paragraph, and of no line around the title but the standfirst
MOST = 12  # names, and bylines
MANY = 60  # elements that are called authors, the comments' among them
DECLARED = 2  # sources in which the page names its author by declaring it, JSON-LD and meta tags
FIRST = 4  # bylines among which the article's own begin; the first may be a section's, a column's, a box of the outlet


def find_authors(
    page: Page,
    selected: str | None,
    hinted: Iterable[str],
    bylines: Sequence[_Element] = (),
    signed: Sequence[_Element] = (),
) -> tuple[str, ...]:
    """Return who wrote the article, in the order of the page; empty where nobody is named.

    `selected` is the text of the outlet's own author element, `hinted` what the seed said, `bylines` the elements
    that are called so, `signed` the links that say they lead to the author. What the account of the site's keeper
    posted, or nobody is declared for, may be signed in the text or beside its date. Organisations are left out, unless
    nobody but an organisation is declared as the author.
    """
    ours = page.site_names
    declared: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    lines = list(_byline_texts(bylines))
    others = _others(lines)
    for place, found in enumerate(_sources(page, selected, hinted, lines, signed)):
        names = _writers(found, ours, others)
        if names and not declared:
            declared = names
        if place < DECLARED and not helpers:
            helpers = _unique(found, ours)
        if place >= 1 and declared:
            break
    keeper = declared and not selected and posted_by_keeper(page)
    if declared and not keeper:
        return _completed(lines, signed, declared, ours, others)
    for found in _unmarked(page, bool(keeper), ours):
        if names := _writers(found, ours, others):
            return names
    if declared or helpers:
        return declared or helpers  # whom alone the page declares wrote it, whatever else it says that they did
    if pseudonym := _pseudonym(page, lines, ours):
        return (pseudonym,)
    return _unique(signatures(page), frozenset())[:2] or own_signature(page, ours)


def _sources(
    page: Page, selected: str | None, hinted: Iterable[str], bylines: Sequence[Byline], signed: Sequence[_Element]
) -> Iterator[list[str]]:
    yield node_authors(page.node.get("author"))
    yield [name for text in meta_authors(page) for name in split_names(_of_writers(text), declared=True)]
    if selected:
        yield split_names(_of_writers(selected))
    yield _named(_microdata(page.items))
    yield _named(_together(_of_article(signed)))
    yield _shown(bylines)
    yield _labelled(page)
    yield _named(_author_pages(page))
    yield [name for text in hinted for name in split_names(text)]


def _unmarked(page: Page, keeper: bool, ours: frozenset[str]) -> Iterator[list[str]]:
    lines = text_lines(page)
    if keeper or posted_by_outlet(page, ours):
        yield signed_above(page, lines)
    yield signed(page, lines, plainly=keeper)
    if not keeper:
        yield labelled_anywhere(page, lines)
        yield beside_date(page, lines)


def _pseudonym(page: Page, bylines: Iterable[Byline], ours: frozenset[str]) -> str:
    """The one word that the page both declares as its author and shows as that, unless it is the site's name."""
    shown = {fold(strip_label(text)) for _, text in bylines}
    for text in meta_authors(page):
        name = fold(text)
        if " " not in name and name in shown and is_person(text, typed=True):
            return "" if any(site.startswith(name) for site in ours) else text
    return ""


def _writers(found: Iterable[str], ours: frozenset[str], others: frozenset[str]) -> tuple[str, ...]:
    """Leave out who did something else for the article, and the site itself."""
    return _unique([name for name in found if fold(name) not in others], ours)


def _unique(names: Iterable[str], ours: frozenset[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in names:
        key = fold(name)
        if key and key not in ours and key.replace(" ", "") not in ours:
            kept.setdefault(key, name)
    return tuple(kept.values())[:MOST]


def _completed(
    bylines: Sequence[Byline],
    signed: Sequence[_Element],
    names: tuple[str, ...],
    ours: frozenset[str],
    others: frozenset[str],
) -> tuple[str, ...]:
    """Take the shown byline instead, where it names all the declared authors and more of them."""
    shown = [_named(islice(_short(bylines), 1)), _side_by_side(bylines)]
    links = _of_article(signed)
    if all(_neighbours(links[0], link) for link in links[1:]):
        shown.append(_named(links))
    for found in shown:
        more = _writers(found, ours, others)
        folded = {fold(name) for name in more}
        full = all(" " in name for name in more)
        if full and len(names) < len(more) <= 4 and all(fold(name) in folded for name in names):
            return more
    return names


def _byline_texts(elements: Iterable[_Element]) -> Iterator[Byline]:
    """The first bylines and their texts, read once."""
    for element in islice((one for one in elements if one.tag in BYLINE_TAGS), MOST):
        text = text_in(element)
        if 1 < len(text) <= 2 * MAX_BYLINE:
            yield element, text


def _others(bylines: Iterable[Byline]) -> frozenset[str]:
    """Return the names, folded, of those who took the pictures for the article, edited it or gave something to it.

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
    called = (one for one in items if (one.get("itemprop") or "").lower() in ("author", "creator"))
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
    return [one for one in elements[:MOST] if one is elements[0] or _neighbours(elements[0], one)]


def _of_article(signed: Sequence[_Element]) -> list[_Element]:
    return [link for link in signed[:MANY] if is_placed(link)][:MOST]


def _short(bylines: Iterable[Byline]) -> Iterator[_Element]:
    """The bylines that are one line, and the article's."""
    for element, text in bylines:
        if len(text) <= MAX_BYLINE and is_placed(element):
            yield element


def _shown(bylines: Sequence[Byline]) -> list[str]:
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
        lambda one: one.tag == element.tag and one.get("class") == element.get("class"), element.itersiblings()
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
