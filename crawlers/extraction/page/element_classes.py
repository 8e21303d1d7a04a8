"""Classify elements by the words in their class and id: furniture of the page, a byline, a date."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from lxml.etree import _Element

from crawlers.extraction.vocabulary import any_of, words

# Whole words, so that an article's "shared-content" stays. Two words that belong together are joined by a hyphen.
FURNITURE = words("elements.furniture", "html.furniture", "elements.unseen")
# Pairs whose words mean something else: the grid of a layout, an area that holds the article too, what it may have.
HARMLESS = words("elements.harmless")
# What readers wrote: no text of the article, and often more than that.
COMMENTS = words("elements.comments", "html.comments")
# That, footers and consent dialogs, which may well hold more text than the article.
FOREIGN = COMMENTS | words("elements.foreign", "html.foreign")
# What is only read aloud: no text that anybody sees.
UNSEEN = words("elements.unseen")
# Names of what holds an article: they outweigh the others on the same element.
# Its parts are each looked for before the pattern, which costs far more.
CONTENT_PARTS = tuple(sorted(words("elements.content_parts")))
CONTENT = re.compile(rf"(?:{any_of('elements.content')})[-_]*(?:{any_of('elements.content_parts')})|bodytext")
BYLINE = words("elements.bylines", "html.bylines")
DATED = re.compile(any_of("elements.dates", "html.dates"))
NOT_BYLINE = re.compile(any_of("elements.not_bylines"), re.IGNORECASE)
# A headline may have a footer of its own, and there the byline stands.
OF_HEADLINE = re.compile(any_of("elements.headlines"), re.IGNORECASE)
SLUG = 4  # words of an id at the most; what has more is the heading of a section as an address, and says what it says
HIDING = frozenset({"hidden", "aria-hidden", "style"})  # attributes that may hide an element
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
# Elements that are furniture by their name, and some that never are by their own class.
NAMED_FURNITURE = frozenset({"nav", "footer", "aside", "form", "dialog", "menu", "figure", "figcaption", "caption"})
OUTSIDE = frozenset({"nav", "footer", "aside", "figure", "figcaption"})  # elements that hold no byline of the article
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PLAIN = HEADINGS | {"body", "article"}


class Role(NamedTuple):
    """What the words of a class and an id say."""

    furniture: bool = False
    foreign: bool = False
    comments: bool = False
    byline: bool = False
    dated: bool = False
    unseen: bool = False
    words: frozenset[str] = frozenset()  # those that name furniture


NONE = Role()
DATED_ONLY = Role(dated=True)
# The first words of pairs, and every word that alone or as the first of a pair says anything at all.
_FIRST = frozenset(pair.split("-")[0] for pair in FURNITURE | HARMLESS | FOREIGN if "-" in pair)
_TELLING = _FIRST | FURNITURE | FOREIGN | BYLINE


def role_of(element: _Element) -> Role:
    """Return the role that an element's class and id give it."""
    return role_of_names(element.get("class") or "", element.get("id") or "")


@lru_cache(maxsize=20_000)
def role_of_names(name: str, identity: str) -> Role:
    """Return the role of elements with this class and id, empty where they have none.

    Kept, since a page, and all the more an outlet, repeats its names endlessly.
    """
    if identity and len(_words(identity)) > SLUG:
        identity = ""
    both = f"{name} {identity}".lower()
    words = _words(both)
    known = _TELLING.intersection(words)
    dated = DATED.search(name.lower()) is not None
    if not known:
        return DATED_ONLY if dated else NONE
    byline = not known.isdisjoint(BYLINE) and not BYLINE.isdisjoint(_words(name.lower()))
    known |= {f"{one}-{other}" for one, other in pairwise(words) if one in _FIRST}
    known -= {word for pair in known & HARMLESS for word in pair.split("-")}
    return Role(
        furniture=not known.isdisjoint(FURNITURE) and not _holds_content(both),
        foreign=not known.isdisjoint(FOREIGN),
        comments=not known.isdisjoint(COMMENTS),
        byline=byline,
        dated=dated,
        unseen=not known.isdisjoint(UNSEEN),
        words=frozenset(known & FURNITURE),
    )


def _words(names: str) -> list[str]:
    return names.replace("_", " ").replace("-", " ").split()


def _holds_content(names: str) -> bool:
    return any(part in names for part in CONTENT_PARTS) and CONTENT.search(names) is not None


def is_furniture(element: _Element, role: Role) -> bool:
    """Say whether the element is furniture, unless it turns out later to hold most of the page's prose."""
    if element.tag in PLAIN:
        return False
    return role.furniture or element.tag in NAMED_FURNITURE or is_hidden(element)


def names_furniture(element: _Element, role: Role) -> bool:
    """Say whether an element is furniture by the words of its class and id alone."""
    return role.furniture and element.tag not in NAMED_FURNITURE and not is_hidden(element)


def is_hidden(element: _Element) -> bool:
    """Say whether the element is hidden, as pages also do with text behind a paywall."""
    if HIDING.isdisjoint(element.keys()):
        return False
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and HIDDEN.search(style) is not None


def is_placed(element: _Element) -> bool:
    """Say whether the element belongs to the article: not to a comment, a footer or a card for another article."""
    contact = False  # within <address>, which holds the author's name wherever it stands, a caption too
    for depth, parent in enumerate((element, *element.iterancestors())):
        contact = contact or parent.tag == "address"
        named_so = contact and parent.tag not in ("footer", "nav")
        if parent.tag in OUTSIDE and not named_so and not _is_byline_box(parent):
            return False
        if depth < 6 and (word := _other_word(parent.get("class") or "", parent.get("id") or "")):
            return parent.tag in ("article", "main", "body") or _of_title(parent, word, depth > 0)
    return True


def _is_byline_box(element: _Element) -> bool:
    """Say whether a box beside the text, or the footer of the article itself, is called a byline."""
    if element.tag == "footer":
        around = element.getparent()
        return around is not None and around.tag == "article" and _holds_title(around)
    return element.tag == "aside" and role_of(element).byline


@lru_cache(maxsize=20_000)  # one asks for every byline, and all are within the same few elements
def _other_word(name: str, identity: str) -> str:
    """Return the word in class and id by which the element holds no byline of the article; empty if none."""
    both = f"{name} {identity}"
    word = NOT_BYLINE.search(both)
    return "" if word is None or OF_HEADLINE.search(both) else word.group()


def _of_title(element: _Element, word: str, outer: bool) -> bool:
    """Say whether the element holds the title, or is within one that does and has the same word in its class."""
    if outer and _holds_title(element):
        return True
    around = list(islice(element.iterancestors(), 4))
    return any(
        (parent.tag == "header" or word in (parent.get("class") or "")) and _holds_title(parent) for parent in around
    )


def _holds_title(element: _Element) -> bool:
    return next(element.iter("h1"), None) is not None
