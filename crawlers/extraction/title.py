"""The title that a reader sees: the h1 that agrees with what the page declares, site names stripped by evidence."""

from __future__ import annotations

import re
import unicodedata

from crawlers.extraction.declared import Page, headline, squeeze

SEPARATOR = re.compile(r"\s+[|–—·•»«:/\-]{1,2}\s+|\s*[|»•]\s*|\s*::\s*")


def fold(text: str) -> str:
    """Return the letters and digits of a text in one case, for comparing titles."""
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text)).casefold().strip()


def agreement(one: str, other: str) -> float:
    """Say how much of the words of two texts is shared: 1.0 is the same words, 0.0 none (Dice)."""
    left, right = fold(one).split(), fold(other).split()
    if not left or not right:
        return 0.0
    rest = list(right)
    shared = sum(1 for word in left if word in rest and (rest.remove(word) or True))
    return 2 * shared / (len(left) + len(right))


def find_title(page: Page, hint: str | None = None) -> str:
    """Return the article's title, or an empty string where the page has none."""
    declared = [text for text in (headline(page), page.first("og:title"), page.first("twitter:title"), hint or "") if text]
    tag = page.title_tag
    shown = [text for _, text in page.headings]
    evidence = [*declared, tag] if tag else declared
    best, score = "", 0.0
    for text in shown:
        agreed = max((_agreed(text, other) for other in evidence), default=0.0)
        if agreed > score:
            best, score = text, agreed
    if best and score >= 0.5:
        return squeeze(best)
    bare = [_without_site(text, page, declared) for text in declared]
    if bare:
        return bare[0]
    if len(shown) == 1 and len(fold(shown[0]).split()) > 2:
        return shown[0]
    return _without_site(tag, page, shown) if tag else (shown[0] if shown else "")


def _agreed(shown: str, declared: str) -> float:
    whole = agreement(shown, declared)
    parts = [agreement(shown, part) for part in SEPARATOR.split(declared) if part]
    return max([whole, *parts])


def _without_site(text: str, page: Page, others: list[str]) -> str:
    """Strip the site's name off a title: a last part that `og:site_name` names, or that the other titles lack."""
    parts = list(SEPARATOR.finditer(text))
    if not parts:
        return text
    last = parts[-1]
    tail, front = text[last.end() :], text[: last.start()]
    site = fold(page.first("og:site_name", "application-name"))
    host = re.sub(r"^https?://(?:www\.)?([^/:]+).*$", r"\1", page.url)
    folded = fold(tail)
    named = bool(site) and (folded in site or site in folded)
    hosted = bool(folded) and folded.replace(" ", "") in host.replace(".", "").replace("-", "")
    lacked = any(fold(other) == fold(front) for other in others if other != text)
    return front.strip() if named or hosted or lacked else text
