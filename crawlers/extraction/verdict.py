"""Pages that are no article though they look like pages: walls, errors, listings, stubs. By evidence on the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from lxml.etree import XPath

from crawlers.extraction.evidence import Evidence, count_words, parts_of_address
from crawlers.extraction.page.metadata import Page, find_all, texts
from crawlers.extraction.result import Reason, Rejected
from crawlers.extraction.text_norm import RUNNING, RUNNING_WORDS, SENTENCE_END
from crawlers.extraction.trace import NO_TRACE, Trace
from crawlers.extraction.vocabulary.walls import (
    CHALLENGE,
    CHALLENGE_SCRIPT,
    CONSENT,
    DENIED,
    MISSING,
    NOT_FOUND,
    PAYWALL,
    SCRIPTED,
    WALLED,
)

LEAST_WORDS = 25  # of a text, with title and date; a brief of 40 words is news
MANY_LINKS = 20  # among next to no text: a listing
SURE_WORDS = 120  # a text of this length is read whatever stands around it

BANNER = 0.4  # share of a consent banner in the text of a page that is nothing but that
BRIEF = 40  # words of a dated text that is news whatever its headline says, and of an undated one with a sentence
UNDATED = 60  # words of an undated text without a sentence
SPARSE_WORDS = 80  # a text of fewer words may be what a wall says
START, TOP = 1_500, 400  # characters of its beginning in which a wall says what it is
# Characters of the whole page up to which it may be a wall of a kind.
NEXT_TO_NOTHING, SMALL_PAGE, CONSENT_PAGE = 200, 2_500, 6_000
SEEN = 60  # characters of what was seen, in the detail of a refusal
ANNOUNCED = 4  # other articles that a page announces and is nothing else
SECTION = r"[^\W\d_]+(?:[-_][^\W\d_]+)?"  # a word or two, without a figure; articles have more to their addresses
SECTIONS = re.compile(rf"/(?:{SECTION}/)*(?:{SECTION}(?:\.\w{{3,5}})?)?")
LISTING_PATH = re.compile(
    rf"^/(?:{SECTION}/)*(?:(?:category|categories|tags?|author|authors|archives?)/[^\d/.][^/.]*/?(?:page/\d+/?)?|page/\d+/?|"
    r"(?:19|20)\d\d/(?:\d\d/)?(?:page/\d+/?)?)$",
    re.IGNORECASE,
)
DIRECTORY = re.compile(r"(?:Index of|Directory listing for) /")  # as Apache, nginx and Python's server title them
PASSWORDS = XPath("//form//input[@type='password']")
BETWEEN_TITLES = re.compile(r"\n|(?<![^\S\n])[^\S\n]++[|–—·»-]\s+")
LISTING_QUERY = re.compile(r"(?:(?:paged?|cat|tag|start|offset|pagen_1)=\d+&?)+", re.IGNORECASE)


def refuse_page(evidence: Evidence, trace: Trace = NO_TRACE) -> Rejected | None:
    """Say why a parsed page is no article, or None. The first check that decides has the last word."""
    if trace.on:
        _trace_evidence(evidence, trace)
    for name, check in CHECKS:
        outcome = check(evidence)
        if outcome is not None:
            trace.evidence("decided by", name)
            return outcome if isinstance(outcome, Rejected) else None
    return None


def _trace_evidence(evidence: Evidence, trace: Trace) -> None:
    page = evidence.page
    trace.evidence("words of text", evidence.words)
    trace.evidence("title", evidence.title)
    trace.evidence("dated", evidence.is_dated)
    trace.evidence("declares itself an article", evidence.is_declared)
    trace.evidence("declares itself a listing", page.is_listing)
    trace.evidence("the outlet's file expects an article here", evidence.is_expected)
    trace.evidence("other articles announced", evidence.announced)
    trace.evidence("links", _links(page))
    for name, pattern in PATTERNS:
        if seen := _seen(pattern, evidence.titles, evidence.page_start):
            trace.evidence(f"words of a page that is {name}", seen)


class Accepted(Enum):
    """The answer of a check that makes the page an article, whatever the checks behind it would say."""

    ARTICLE = "article"


Outcome: TypeAlias = "Rejected | Accepted | None"


def _check_home(evidence: Evidence) -> Outcome:
    return Rejected(Reason.NOT_ARTICLE, "the home page") if _is_home(evidence.page.url) else None


def _check_listing(evidence: Evidence) -> Outcome:
    if evidence.is_declared:
        return None
    listed = _listed("" if evidence.is_expected else evidence.page.url, evidence.announced)
    return Rejected(Reason.NOT_ARTICLE, listed) if listed else None


def _check_long_wall(evidence: Evidence) -> Outcome:
    """A wall may have much to say, but has no date, does not call itself an article, and its title is that of a wall.

    Legal texts about cookies go on for pages; an error page of a site is followed by what else it has.
    """
    if evidence.is_dated or evidence.is_declared or evidence.words < SURE_WORDS:
        return None
    titles, start = evidence.titles, evidence.page_start[:START]
    for reason, pattern in ((Reason.CHALLENGE, CHALLENGE), (Reason.SOFT_404, NOT_FOUND), (Reason.CONSENT, CONSENT)):
        if _fills_a_line(pattern, titles) or (pattern.search(titles) and _signs(pattern, start) > 1):
            return Rejected(reason, _seen(pattern, titles))
    if DIRECTORY.match(titles):
        return Rejected(Reason.NOT_ARTICLE, "a directory of files")
    if asked := _asks_to_log_in(evidence.page, titles):
        return Rejected(Reason.NOT_ARTICLE, f"a login: {asked[:SEEN]}")
    return None


def _check_long_text(evidence: Evidence) -> Outcome:
    """A long text with a title is read whatever stands around it."""
    is_long = evidence.words >= SURE_WORDS and bool(evidence.title)
    return Accepted.ARTICLE if is_long and not evidence.page.is_listing and not evidence.is_section else None


def _check_wall(evidence: Evidence) -> Outcome:
    page, start = evidence.page, evidence.page_start[:START]
    size, sparse = len(evidence.page_start), evidence.words < SPARSE_WORDS
    if CHALLENGE.search(evidence.titles) or (sparse and size < SMALL_PAGE and CHALLENGE.search(start)):
        return Rejected(Reason.CHALLENGE, _seen(CHALLENGE, evidence.titles, start))
    if sparse and size < NEXT_TO_NOTHING and (script := _challenging(page)):
        return Rejected(Reason.CHALLENGE, script)
    if page.node:
        return None
    if NOT_FOUND.search(evidence.titles):
        return Rejected(Reason.SOFT_404, _seen(NOT_FOUND, evidence.titles, start))
    if sparse and size < SMALL_PAGE and NOT_FOUND.search(start[:TOP]):
        return Rejected(Reason.SOFT_404, _seen(NOT_FOUND, evidence.titles, start))
    if sparse and size < CONSENT_PAGE and _asks_consent(evidence.titles, start):
        return Rejected(Reason.CONSENT, _seen(CONSENT, evidence.titles, start))
    return None


def _check_wall_like_headline(evidence: Evidence) -> Outcome:
    """Do as `_check_wall` by lines that might be the headline of a brief; a dated text of some words is news."""
    if evidence.is_dated and evidence.words >= BRIEF:
        return None
    titles = evidence.titles
    start = evidence.page_start[:TOP] if len(evidence.page_start) < SMALL_PAGE else ""
    if denied := DENIED.search(titles) or DENIED.search(start):
        return Rejected(Reason.CHALLENGE, denied.group()[:SEEN])
    missing = None if evidence.page.node else MISSING.search(titles) or MISSING.search(start)
    return Rejected(Reason.SOFT_404, missing.group()[:SEEN]) if missing else None


def _check_section(evidence: Evidence) -> Outcome:
    if not evidence.is_section:
        return None
    return Rejected(Reason.NOT_ARTICLE, "a section, by its address, and nothing says otherwise")


def _check_declared_listing(evidence: Evidence) -> Outcome:
    if evidence.page.is_listing and evidence.words < 2 * SURE_WORDS:
        return Rejected(Reason.NOT_ARTICLE, "the page calls itself a listing")
    return None


def _check_free_beginning(evidence: Evidence) -> Outcome:
    """The beginning of a text beside "for subscribers only" is no article."""
    words = evidence.words
    if LEAST_WORDS <= words < SURE_WORDS and WALLED.search(evidence.beside_text):
        return Rejected(Reason.PAYWALL, f"{words} words are free: {_seen(WALLED, evidence.beside_text)}")
    return None


def _check_short_text(evidence: Evidence) -> Outcome:
    """A short text is an article if it has a title and something that says that it is one."""
    if evidence.words < LEAST_WORDS:
        return None
    if _stands(evidence):
        return Accepted.ARTICLE
    return Rejected(Reason.NOT_ARTICLE, f"no article among {evidence.words} words")


def _check_stub(evidence: Evidence) -> Outcome:
    """Say what a page with next to no text is."""
    page, words, start = evidence.page, evidence.words, evidence.page_start
    if PAYWALL.search(start) or WALLED.search(start) or str(page.node.get("isAccessibleForFree")).lower() == "false":
        return Rejected(Reason.PAYWALL, f"{words} words are free")
    if len(start) < START and SCRIPTED.search(start):
        return Rejected(Reason.NEEDS_SCRIPT, f"{words} words without scripts")
    if not evidence.is_declared and _links(page) > MANY_LINKS:
        return Rejected(Reason.NOT_ARTICLE, f"{words} words among {_links(page)} links")
    if len(start) < START and _scripted(page):
        return Rejected(Reason.NEEDS_SCRIPT, f"{words} words without scripts")
    return Rejected(Reason.TOO_SHORT, f"{words} words")


CHECKS: tuple[tuple[str, Callable[[Evidence], Outcome]], ...] = (
    ("the address of a home page", _check_home),
    ("a listing by its address or its links", _check_listing),
    ("a long wall", _check_long_wall),
    ("a long text with a title", _check_long_text),
    ("words of a wall", _check_wall),
    ("a line of a wall that may be a headline", _check_wall_like_headline),
    ("the address of a section", _check_section),
    ("a listing by its own declaration", _check_declared_listing),
    ("a beginning beside a paywall", _check_free_beginning),
    ("a short text", _check_short_text),
    ("next to no text", _check_stub),
)
PATTERNS = (
    ("a bot wall", CHALLENGE),
    ("a bot wall", DENIED),
    ("missing", NOT_FOUND),
    ("missing", MISSING),
    ("a consent wall", CONSENT),
    ("behind a paywall", PAYWALL),
    ("behind a paywall", WALLED),
    ("empty without scripts", SCRIPTED),
)


def _is_home(url: str) -> bool:
    parts = parts_of_address(url)
    return bool(parts.netloc) and parts.path.strip("/") == "" and not parts.query


def _listed(url: str, announced: int) -> str:
    """Say what makes a page a listing that does not call itself an article; empty if nothing does."""
    if announced >= ANNOUNCED:
        return f"a list of {announced} other articles"
    parts = parts_of_address(url)
    if LISTING_PATH.search(parts.path) and not parts.query:
        return "a listing, by its address, and nothing says otherwise"
    paged = LISTING_QUERY.fullmatch(parts.query) is not None and SECTIONS.fullmatch(parts.path) is not None
    return "a page of a listing, by its address, and nothing says otherwise" if paged else ""


def _challenging(page: Page) -> str:
    """What of the page's own scripts is a bot challenge's, where the page says nothing else."""
    sources = (element.get("src") or "" for element in page.parts["script"])
    return next((match.group() for src in sources if (match := CHALLENGE_SCRIPT.search(src))), "")


def _asks_consent(said: str, start: str) -> bool:
    """The page is about consent: by its title, by several signs, or since there is little else on it."""
    if CONSENT.search(said) or _signs(CONSENT, start) > 1:
        return True
    banner = sum(len(line) for line in start.splitlines() if CONSENT.search(line))
    return banner > BANNER * len(start)


def _asks_to_log_in(page: Page, titles: str) -> str:
    """Return what the button of a form for a password says, if a title begins with it: "Sign in". Else nothing."""
    lines = [line.strip().casefold() for line in titles.splitlines()]
    for password in find_all(PASSWORDS, page.tree):
        form = next(password.iterancestors("form"), None)
        for button in () if form is None else form.iter("button", "input"):
            says = " ".join("".join(texts(button)).split()) or button.get("value", "")
            if len(says) > 2 and any(line.startswith(says.casefold()) for line in lines):
                return says
    return ""


def _signs(pattern: re.Pattern[str], text: str) -> int:
    """Count the different words by which a text shows what it is; one alone may be the article's own."""
    return len({match.group().lower() for match in pattern.finditer(text)})


def _fills_a_line(pattern: re.Pattern[str], titles: str) -> bool:
    """Return True if the words of a wall are most of a title, the name of the site left out."""
    parts = BETWEEN_TITLES.split(titles)
    return any(2 * len(match.group()) > len(part) for part in parts if (match := pattern.search(part)))


def _seen(pattern: re.Pattern[str], *texts: str) -> str:
    return next((match.group()[:SEEN] for text in texts if (match := pattern.search(text))), "")


def _stands(evidence: Evidence) -> bool:
    """Say whether a short text has a title and something that says that it is an article."""
    declared, dated = evidence.is_declared, evidence.is_dated
    if not evidence.title:
        return False
    texts = evidence.paragraphs
    running = any(count_words(text) >= RUNNING_WORDS or len(text) >= RUNNING for text in texts)
    if not declared and not dated and not running:
        return False
    has_sentence = any(SENTENCE_END.search(text) for text in texts)
    return declared or dated or evidence.words >= UNDATED or (has_sentence and evidence.words >= BRIEF)


def _scripted(page: Page) -> bool:
    noscript = " ".join("".join(texts(element)) for element in page.tree.iter("noscript"))
    return bool(SCRIPTED.search(noscript)) or len(page.parts["script"]) > 2


def _links(page: Page) -> int:
    return sum(1 for _ in page.tree.iter("a"))
