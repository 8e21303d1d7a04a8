"""Authors: from what the page declares, then from its bylines. Persons; others only if declared as persons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import _Element

from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.author_boxes import boxed, under_label
from crawlers.extraction.fields.author_fallback import (
    AUTHOR_PAGE,
    NEAR,
    beside_date,
    following,
    labelled_anywhere,
    signed,
    signed_above,
    text_lines,
)
from crawlers.extraction.fields.author_metadata import (
    declared_names,
    is_news,
    meta_authors,
    names_agency,
    node_authors,
    own_signature,
    posted_by_keeper,
    posted_by_outlet,
    publisher,
    signatures,
)
from crawlers.extraction.fields.bylines import (
    MAX_BYLINE,
    MOST,
    Byline,
    byline_texts,
    from_bylines,
    helper_names,
    is_review,
    named,
    names_in,
    neighbours,
    of_writers,
    short,
    side_by_side,
    together,
)
from crawlers.extraction.fields.person_names import LABEL, is_person, split_names, strip_label
from crawlers.extraction.page.element_classes import is_placed
from crawlers.extraction.page.metadata import Page, squeeze, text_in, texts
from crawlers.extraction.text_norm import fold

# Elements after the title among which links to authors are looked for: enough to reach beyond the opening picture.
NOT_FAR = 180
AUTHOR_MARK = re.compile(r"author-?name|author-?link|byline", re.IGNORECASE)
PROSE = 80  # characters; of the lines around the title only the standfirst is longer
MANY = 60  # elements that are called authors, the comments' among them
AUTHOR_ITEMS = frozenset({"author", "creator"})
DECLARED = 2  # sources in which the page names its author by declaring it, JSON-LD and meta tags


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a page shows of its authors: bylines with their texts, and links that say they lead to the author."""

    bylines: list[Byline]
    links: Sequence[_Element]
    site_names: frozenset[str]
    helpers: frozenset[str]  # folded names of those who only helped: photographers, editors, translators


def find_authors(context: PageContext) -> tuple[str, ...]:
    """Return who wrote the article, in the order of the page; empty where nobody is named.

    Where the page declares nobody, or only the account of the site's administrator, names are also read from
    signatures in the text and beside its date. Organisations are left out, unless the page declares one as a person and
    no other author, or its news are declared as the outlet's own.
    """
    page, trace = context.page, context.trace
    bylines = list(byline_texts(context.blocks.bylines))
    site_names = _site_names(page, bylines, context.blocks.author_links)
    shown = _Shown(bylines, context.blocks.author_links, site_names, helper_names(bylines))
    declared, source, helpers = _first_named(context, shown)
    keeper = bool(declared) and not context.selected.author and posted_by_keeper(page)
    if declared and not keeper:
        completed = _completed(shown, _in_full(shown, declared))
        more = ", completed by a byline that names more" if completed != declared else ""
        trace.chose("authors", ", ".join(completed), source, f"the first source that names somebody{more}")
        return completed
    for source, names in _unmarked(context, keeper, shown.site_names):
        writers = _writers(names, shown)
        trace.candidate("authors", source, ", ".join(names), _note(writers, names))
        if writers:
            trace.chose("authors", ", ".join(writers), source, "nobody is declared, or only the site's keeper")
            return writers
    if alone := declared or helpers:
        trace.chose("authors", ", ".join(alone), "declared", "only its declarations name somebody")
        return alone
    if pseudonym := _pseudonym(page, bylines, shown.site_names):
        trace.chose("authors", pseudonym, "meta and byline", "one word that the page both declares and shows")
        return (pseudonym,)
    signed_by = _signatures(page, shown.site_names) or own_signature(page, shown.site_names)
    trace.chose("authors", ", ".join(signed_by), "JSON-LD" if signed_by else "", "an organisation, and nobody else")
    return signed_by


def _signatures(page: Page, site_names: frozenset[str]) -> tuple[str, ...]:
    """Return organisations that are declared as persons; the outlet itself of its news, or together with an agency."""
    news = is_news(page)
    signed = (name for name in signatures(page) if news or names_agency(name) or not _is_sites(fold(name), site_names))
    return _unique(signed, frozenset())[:2]


def _site_names(page: Page, bylines: Sequence[Byline], links: Sequence[_Element]) -> frozenset[str]:
    """Return the names of the site, without those of an author whom the page both declares and shows.

    Some sites are named after the person who writes them. Names of one word and the publisher's stay.
    """
    site_names = page.site_names
    as_site = (name for name in declared_names(page) if " " in (key := fold(name)) and _is_sites(key, site_names))
    declared = {fold(name) for name in as_site if is_person(name)} - {publisher(page)}
    if not declared:
        return site_names
    shown = {fold(name) for _, text in bylines for name in split_names(text)} | {fold(text_in(link)) for link in links}
    persons = declared & shown
    return frozenset(name for name in site_names if not any(name in (one, one.replace(" ", "")) for one in persons))


def _first_named(context: PageContext, shown: _Shown) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Return the authors of the first source that names any, that source, and the persons whom the page declares.

    The declared persons include those who only helped: they are the authors where nobody else is named.
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
    """Name those who were found and left out, for an explanation."""
    left_out = [name for name in found if name not in writers]
    return f"left out: {', '.join(left_out)}" if left_out else ""


def _sources(context: PageContext, shown: _Shown) -> Iterator[tuple[str, list[str]]]:
    """Yield the sources that say who wrote it, in the order in which they are believed, and the names in each."""
    page, selected = context.page, context.selected.author
    yield "JSON-LD", node_authors(page.node.get("author") or page.node.get("creator"))
    yield "meta", [name for text in meta_authors(page) for name in split_names(of_writers(text), declared=True)]
    if selected:
        yield "the outlet's own element", split_names(of_writers(selected))
    yield "microdata", named(_microdata(page.items))
    yield "rel=author", named(together(_of_article(shown.links)))
    yield "byline", from_bylines(shown.bylines)
    yield "labelled line", _labelled(page)
    yield "link to an author's page", named(_author_pages(page))
    yield "seed", [name for text in context.hints.authors for name in split_names(text)]


def _unmarked(context: PageContext, keeper: bool, site_names: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield names that are not marked up as authors, and where on the page they stand."""
    page = context.page
    lines = text_lines(page)
    if keeper or posted_by_outlet(page, site_names):
        yield "signature above the text", signed_above(page, lines)
    yield "signature below the text", signed(page, lines, plainly=keeper)
    if not keeper:
        yield "labelled line anywhere", labelled_anywhere(page, lines)
        yield "line under a label", under_label(context.region.blocks, context.region.title)
        yield "name beside the date", beside_date(page, lines)
        yield "box about the author", boxed(context.blocks.bylines)


def _pseudonym(page: Page, bylines: Iterable[Byline], site_names: frozenset[str]) -> str:
    """Return the one-word name that the page both declares and shows as its author; empty if it is the site's."""
    shown = {fold(strip_label(text)) for _, text in bylines}
    for text in meta_authors(page):
        name = fold(text)
        if " " not in name and name in shown and is_person(text, typed=True):
            return "" if any(site.startswith(name) for site in site_names) else text
    return ""


def _writers(found: Iterable[str], shown: _Shown) -> tuple[str, ...]:
    """Return the names without those of helpers and of the site itself."""
    return _unique([name for name in found if fold(name) not in shown.helpers], shown.site_names)


def _unique(names: Iterable[str], site_names: frozenset[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in names:
        key = fold(name)
        if key and not _is_sites(key, site_names):
            kept.setdefault(key, name)
    return tuple(kept.values())[:MOST]


def _is_sites(name: str, site_names: Iterable[str]) -> bool:
    """Say whether a folded name is a name of the site, several words of one, or a longer text that has one in it.

    A site's name of one word counts as the whole text alone: "Pier" does not make "Jane Pier" the site's.
    """
    if name in site_names or name.replace(" ", "") in site_names:
        return True
    words = f" {name} "
    several = [f" {site} " for site in site_names if " " in site]
    return any(site in words or (" " in name and words in site) for site in several)


def _in_full(shown: _Shown, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the full name that the byline shows, where the only declared name is one word of it: a user name."""
    if len(names) > 1 or " " in names[0] or not names[0].isascii():
        return names
    row = _writers(named(islice(short(shown.bylines), 1)), shown)
    account = fold(names[0])
    alike = len(row) == 1 and any(word.startswith(account) or account.endswith(word) for word in fold(row[0]).split())
    return row if alike else names


def _completed(shown: _Shown, names: tuple[str, ...]) -> tuple[str, ...]:
    """Take the shown byline instead, where it names all the declared authors and more of them."""
    rows = [named(islice(short(shown.bylines), 1)), side_by_side(shown.bylines)]
    links = _of_article(shown.links)
    if all(neighbours(links[0], link) for link in links[1:]):
        rows.append(named(links))
    for row in rows:
        more = _writers(row, shown)
        full = len(names) < len(more) <= 4 and all(" " in name for name in more)
        if full and {fold(name) for name in names} <= {fold(name) for name in more}:
            return more
    return names


def _microdata(items: Iterable[_Element]) -> list[_Element]:
    found: list[_Element] = []
    called = (item for item in items if not AUTHOR_ITEMS.isdisjoint((item.get("itemprop") or "").lower().split()))
    for element in islice(called, MANY):
        if element.tag == "meta":
            continue
        if "organization" in (element.get("itemtype") or "").lower() or not is_placed(element) or is_review(element):
            continue
        if found and not neighbours(found[0], element):
            break
        name = next((child for child in element.iterfind(".//*[@itemprop='name']") if child.tag != "meta"), None)
        found.append(element if name is None else name)
    return found[:6]


def _of_article(signed: Sequence[_Element]) -> list[_Element]:
    return [link for link in signed[:MANY] if is_placed(link)][:MOST]


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
        if 5 < len(line) <= 100 and LABEL.match(line) and (names := names_in(element)):
            return names if is_placed(element) else []
    return []


def _author_pages(page: Page) -> list[_Element]:
    """Return the links near the title that lead to authors' own pages, or are marked as theirs."""
    found = []
    for element in following(page, NOT_FAR):
        marked = AUTHOR_PAGE.search(element.get("href") or "") or AUTHOR_MARK.search(element.get("data-testid") or "")
        if marked and element.tag == "a" and _is_alone(element) and is_placed(element):
            found.append(element)
    return together(found)


def _is_alone(link: _Element) -> bool:
    """Say whether a link stands on a line of its own, not within a sentence."""
    parent = link.getparent()
    return parent is None or parent.tag != "p" or sum(len(piece.strip()) for piece in texts(parent)) <= MAX_BYLINE
