"""The titles that a page declares, without the names of site and section behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set

from lxml.etree import XPath

from crawlers.extraction.page.metadata import Page, find_all, headline, section, text_in
from crawlers.extraction.text_norm import fold

# Marks between the parts of a title; some need no spaces. The Korean letter ㅣ is used as a bar.
SEPARATOR = re.compile(r"(?<!\s(?=\s))(?:\s+[|–—·•»«:/*\-]{1,2}\s+|\s*+[|»•｜ㅣ]\s*|\s*+::\s*|：)")
DAY = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)\d{2}|\d{1,2}\.\d{1,2}\.\d{2}|(?:19|20)\d{2}([./-])\d{1,2}\2\d{1,2}")
HOME_LINKS = XPath("(descendant::a[@href='/' or @href='./' or @href='/index.html' or @rel='home'])[position() <= 4]")
SITE_PARTS = 3  # "Title | Section | Site | Owner"
SITE_WORDS = 4  # "The Example Times Online"; a longer part that holds the site's name is a title that tells of it
INITIALS = 3  # letters of a host that is too short to be looked for within words
# Meta tags that name the headline and nothing else.
HEADLINES = ("headline", "hdl", "article:title", "parsely-title", "sailthru.title", "citation_title")


def declared_titles(page: Page) -> Iterator[str]:
    """Yield the declared titles, without the site's name unless a heading shows it too."""
    return (text for text, _ in sourced_titles(page))


def sourced_titles(page: Page) -> Iterator[tuple[str, bool]]:
    """Yield the declared titles, and whether they stand in the page's head."""
    shown = [text for _, text in page.headings]
    words = {fold(text) for text in shown}
    named = titles_as_declared(page)
    for place, text in enumerate((*named, page.title_tag)):
        if text:
            own = text if fold(text) in words else without_site(text, page, [named[0], *shown])
            yield own, place > 0


def titles_as_declared(page: Page) -> tuple[str, str, str]:
    """Return the headline, og:title and twitter:title as they stand, empty where the page does not declare them."""
    return declared_headline(page), page.first("og:title"), page.first("twitter:title")


def declared_headline(page: Page) -> str:
    """Return the headline that is declared apart from the page's head."""
    return headline(page) or page.first(*HEADLINES)


def without_site(text: str, page: Page, others: Iterable[str] = (), site_names: Set[str] | None = None) -> str:
    """Strip the site's or section's name off a title: last parts that the page names so, or that other titles lack.

    `site_names` are the names of the site, those that the page declares if not given.
    """
    site_names = page.site_names if site_names is None else site_names
    filed = fold(section(page) or "")
    known = {fold(other) for other in others} - {""}
    for _ in range(SITE_PARTS):
        parts = list(SEPARATOR.finditer(text))
        if not parts:
            return text
        last = parts[-1]
        rest, front = text[last.end() :].strip(), text[: last.start()].strip()
        tail = fold(rest)
        if fold(front) in site_names:
            return rest
        beside = not rest or _names_site(tail, site_names) or tail == filed != "" or DAY.fullmatch(rest)
        if not front or not (beside or fold(front) in known):
            return text
        text = front
    return text


def _names_site(tail: str, site_names: Iterable[str]) -> bool:
    """Say whether a part of a title is the site's name, a piece of it, or the name of one of its desks."""
    words = tail.split()
    return any(
        name in (tail, "".join(words))
        or _is_piece(tail, name)
        or (len(name) > INITIALS and name in tail and len(words) <= SITE_WORDS)
        or (len(name) == INITIALS and name in words and len(words) < SITE_WORDS)
        for name in site_names
    )


def _is_piece(tail: str, name: str) -> bool:
    """Say whether a part is some words of a site's name, or at least half of a name written in one word."""
    if len(tail) <= INITIALS:
        return False
    return f" {tail} " in f" {name} " or (name.endswith(tail) and 2 * len(tail) >= len(name))


def home_names(page: Page) -> set[str]:
    """Return the names of the site in the page's links to its home, folded."""
    links = find_all(HOME_LINKS, page.tree)
    pictures = (picture for link in links for picture in link.iter("img"))
    texts = [*map(text_in, links), *(picture.get("alt") or "" for picture in pictures)]
    return {key for text in texts if (key := fold(text)) and len(key.split()) <= SITE_WORDS}
