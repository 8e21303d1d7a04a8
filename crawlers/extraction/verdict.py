"""Pages that are no article though they look like pages: walls, errors, listings, stubs. By evidence on the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from crawlers.extraction.page.metadata import Page, texts
from crawlers.extraction.result import Reason, Rejected
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
WIDE = re.compile("[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")  # letters of scripts without spaces between words
MANY_LINKS = 20  # among next to no text: a listing
SURE_WORDS = 120  # a text of this length is read whatever stands around it

# A paragraph of running text: words, or characters where they are long, as in Turkic languages and Georgian.
PARAGRAPH_WORDS, PARAGRAPH = 20, 100
BANNER = 0.4  # share of a consent banner in the text of a page that is nothing but that
BRIEF = 40  # words of a dated text that is news whatever its headline says
ANNOUNCED = 4  # other articles that a page announces and is nothing else
SECTION = r"[^\W\d_]+(?:[-_][^\W\d_]+)?"  # a word or two, without a figure; articles have more to their addresses
SECTIONS = re.compile(rf"/(?:{SECTION}/)*(?:{SECTION}(?:\.\w{{3,5}})?)?")
LISTING_PATH = re.compile(
    rf"^/(?:{SECTION}/)*(?:(?:category|categories|tags?|author|authors|archives?)/[^\d/.][^/.]*/?(?:page/\d+/?)?|page/\d+/?|"
    r"(?:19|20)\d\d/(?:\d\d/)?(?:page/\d+/?)?)$",
    re.IGNORECASE,
)
LISTING_QUERY = re.compile(r"(?:(?:paged?|cat|tag|start|offset|pagen_1)=\d+&?)+", re.IGNORECASE)


def refuse_page(
    page: Page,
    title: str,
    paragraphs: Sequence[str],
    dated: bool,
    around: str,
    beside: str,
    announced: int = 0,
    expected: bool = False,
) -> Rejected | None:
    """Say why a parsed page is no article, or None.

    `around` is the first text of the page, whatever it is, and `beside` that from the title on within the element that
    holds the article and its title, each with a block on a line; `announced` is how many other articles its text
    announces; `expected`: the outlet's own file says that an article has this address.
    """
    words = sum(_words(text) for text in paragraphs)
    if _is_home(page.url):
        return Rejected(Reason.NOT_ARTICLE, "the home page")
    if not _says_article(page) and (listed := _listed("" if expected else page.url, announced)):
        return Rejected(Reason.NOT_ARTICLE, listed)
    section = _is_section(page.url) and not dated and not _says_article(page)
    if words >= SURE_WORDS and title and not page.is_listing and not section:
        return None
    said = "\n".join([page.title_tag, title, *(text for _, text in page.headings[:2])])
    wall = _wall(page, said, around, words) or (None if dated and words >= BRIEF else _told_wall(page, said, around))
    if wall is not None:
        return wall
    if section:
        return Rejected(Reason.NOT_ARTICLE, "a section, by its address, and nothing says otherwise")
    if page.is_listing and words < 2 * SURE_WORDS:
        return Rejected(Reason.NOT_ARTICLE, "the page calls itself a listing")
    if words >= LEAST_WORDS:
        if words < SURE_WORDS and WALLED.search(beside):
            return Rejected(Reason.PAYWALL, f"{words} words are free: {_seen(WALLED, beside)}")
        return (
            None
            if _stands(page, title, paragraphs, dated, words)
            else Rejected(Reason.NOT_ARTICLE, f"no article among {words} words")
        )
    return _stub(page, words, around)


def _address(url: str) -> SplitResult:
    """The parts of an address; all of them empty if it is none, which is no reason to refuse what stands there."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_home(url: str) -> bool:
    parts = _address(url)
    return bool(parts.netloc) and parts.path.strip("/") == "" and not parts.query


def _listed(url: str, announced: int) -> str:
    """Say what makes a page a listing that does not call itself an article; empty if nothing does."""
    if announced >= ANNOUNCED:
        return f"a list of {announced} other articles"
    parts = _address(url)
    if LISTING_PATH.search(parts.path) and not parts.query:
        return "a listing, by its address, and nothing says otherwise"
    paged = LISTING_QUERY.fullmatch(parts.query) is not None and SECTIONS.fullmatch(parts.path) is not None
    return "a page of a listing, by its address, and nothing says otherwise" if paged else ""


def _is_section(url: str) -> bool:
    """One plain word after the host: "/world/". Articles have more to their addresses."""
    parts = _address(url)
    return re.fullmatch(r"/[A-Za-z]{2,20}/?", parts.path) is not None and not parts.query


def _says_article(page: Page) -> bool:
    return bool(page.node) or page.first("og:type").lower() == "article"


def _words(text: str) -> int:
    """Words; scripts without spaces count two letters a word."""
    wide = 0 if text.isascii() else len(WIDE.findall(text))
    return len(text.split()) + wide // 2


def _wall(page: Page, said: str, around: str, words: int) -> Rejected | None:
    start = around[:1500]
    sparse = words < 80
    if CHALLENGE.search(said) or (sparse and len(around) < 2500 and CHALLENGE.search(start)):
        return Rejected(Reason.CHALLENGE, _seen(CHALLENGE, said, start))
    if sparse and len(around) < 200 and (script := _challenging(page)):
        return Rejected(Reason.CHALLENGE, script)
    if NOT_FOUND.search(said) and not page.node:
        return Rejected(Reason.SOFT_404, _seen(NOT_FOUND, said, start))
    if sparse and not page.node and len(around) < 2500 and NOT_FOUND.search(start[:400]):
        return Rejected(Reason.SOFT_404, _seen(NOT_FOUND, said, start))
    if sparse and not page.node and len(around) < 6000 and _asks_consent(said, start):
        return Rejected(Reason.CONSENT, _seen(CONSENT, said, start))
    return None


def _told_wall(page: Page, said: str, around: str) -> Rejected | None:
    """Do as `_wall` by lines that might be the headline of a brief."""
    start = around[:400] if len(around) < 2500 else ""
    if denied := DENIED.search(said) or DENIED.search(start):
        return Rejected(Reason.CHALLENGE, denied.group()[:60])
    missing = None if page.node else MISSING.search(said) or MISSING.search(start)
    return Rejected(Reason.SOFT_404, missing.group()[:60]) if missing else None


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


def _signs(pattern: re.Pattern[str], text: str) -> int:
    """Count the different words by which a text shows what it is; one alone may be the article's own."""
    return len({match.group().lower() for match in pattern.finditer(text)})


def _seen(pattern: re.Pattern[str], *texts: str) -> str:
    return next((match.group()[:60] for text in texts if (match := pattern.search(text))), "")


def _stands(page: Page, title: str, paragraphs: Sequence[str], dated: bool, words: int) -> bool:
    """A short text is an article if it has a title and something that says that it is one."""
    if not title:
        return False
    declared = _says_article(page)
    sentences = sum(text.rstrip(" ”»\"')").endswith((".", "!", "?", "…", "։", "۔", "。")) for text in paragraphs)
    running = any(_words(text) >= PARAGRAPH_WORDS or len(text) >= PARAGRAPH for text in paragraphs)
    if not declared and not dated and not running:
        return False
    return declared or dated or words >= 60 or (sentences >= 1 and words >= 40)


def _stub(page: Page, words: int, around: str) -> Rejected:
    if PAYWALL.search(around) or WALLED.search(around) or str(page.node.get("isAccessibleForFree")).lower() == "false":
        return Rejected(Reason.PAYWALL, f"{words} words are free")
    if len(around) < 1500 and SCRIPTED.search(around):
        return Rejected(Reason.NEEDS_SCRIPT, f"{words} words without scripts")
    if not _says_article(page) and _links(page) > MANY_LINKS:
        return Rejected(Reason.NOT_ARTICLE, f"{words} words among {_links(page)} links")
    if len(around) < 1500 and _scripted(page):
        return Rejected(Reason.NEEDS_SCRIPT, f"{words} words without scripts")
    return Rejected(Reason.TOO_SHORT, f"{words} words")


def _scripted(page: Page) -> bool:
    noscript = " ".join("".join(texts(element)) for element in page.tree.iter("noscript"))
    return bool(SCRIPTED.search(noscript)) or len(page.parts["script"]) > 2


def _links(page: Page) -> int:
    return sum(1 for _ in page.tree.iter("a"))
