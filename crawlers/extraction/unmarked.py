"""Who signed the text where nothing on the page is marked as its author: beside the date, at either end of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from lxml.etree import XPath, _Element

from crawlers.extraction.declared import SILENT, Page, find_all, section, squeeze, text_in, texts
from crawlers.extraction.names import WRITERS, one_of, split_names, strip_label
from crawlers.extraction.roles import is_placed
from crawlers.extraction.title import fold

FOLLOWING = XPath("following::*[position() <= 60]")
PARAGRAPHS = XPath("descendant::p[string-length() > 80]")
DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2}")
WRITER = re.compile(rf"^(?:{one_of(WRITERS)})\s*(?:[:：՝]|$)", re.IGNORECASE)
RIGHT = re.compile(r"(?<![a-z])right\b")
STRONG = ("b", "strong", "em", "i")
LONGEST = 70  # characters of a line that is nothing but names
ABOVE = 3  # short lines above the text that are looked at
FEW = 4  # names in such a line


def beside_date(page: Page) -> list[str]:
    """Read the name that stands alone right before or behind the date, near the title."""
    candidates = list(_beside_date(page))
    words = _told(page, _text_lines(page)) if candidates else set()
    return next((names for names in candidates if not _is_subject(names, words)), [])


def _beside_date(page: Page) -> Iterator[list[str]]:
    row = list(_lines(find_all(FOLLOWING, page.headings[0][0]))) if page.headings else []
    for place, (element, line) in enumerate(row):
        beside = [text for _, text in row[max(0, place - 1) : place] + row[place + 1 : place + 2]]
        if any(len(text) <= LONGEST and DAY.search(text) for text in beside) and (names := _only_names(line)):
            in_link = element.tag == "a" or next(element.iterancestors("a", "li"), None) is not None
            if not in_link and is_placed(element):
                yield names


def _told(page: Page, lines: Sequence[_Element]) -> set[str]:
    """The words of the article, its title and its topics."""
    topics = [section(page) or "", *page.every("keywords", "news_keywords", "article:tag"), page.first("og:title")]
    headings = [text for _, text in page.headings[:1]]
    return set(fold(" ".join([*topics, *headings, *(text_in(line) for line in lines)])).split())


def _is_subject(names: list[str], words: set[str]) -> bool:
    """Whom the article tells of did not write it; and a topic is no person."""
    return any(fold(name).split()[-1] in words for name in names)


def _lines(elements: Sequence[_Element]) -> Iterator[tuple[_Element, str]]:
    """Elements of text alone, and their text."""
    for element in elements:
        if len(element) or not element.text or element.tag in SILENT:
            continue
        if line := squeeze(element.text).strip(" |·•,"):
            yield element, line


def _only_names(line: str) -> list[str]:
    """Return the names of which a line consists; empty if it says anything else, or is in letters without capitals."""
    if not 5 <= len(line) <= LONGEST or line[-1] in ".!?" or not any(char.isupper() for char in line):
        return []
    names = split_names(line)
    rest = len(strip_label(line)) - sum(len(name) for name in names)
    return names if 0 < len(names) <= FEW and rest <= 5 * (len(names) - 1) + 1 else []


def signed(page: Page) -> list[str]:
    """Read the line at the top or the bottom of the text that is nothing but names, set apart from the text."""
    lines = _text_lines(page)
    above = takewhile(lambda line: len(text_in(line)) <= LONGEST, lines[:ABOVE])
    for line in dict.fromkeys([*above, *lines[-1:]]):
        if _is_apart(line) and (names := _only_names(squeeze(text_in(line)).strip("()"))):
            return [] if _is_subject(names, _told(page, [one for one in lines if one is not line])) else names
    return []


def _text_lines(page: Page) -> list[_Element]:
    """The paragraphs of the element that holds most of the page's running text, empty ones left out."""
    holders = Counter(paragraph.getparent() for paragraph in find_all(PARAGRAPHS, page.tree))
    most = holders.most_common(1)
    if not most or most[0][0] is None:
        return []
    return [one for one in most[0][0].iterfind("p") if any(map(str.strip, texts(one)))]


def _is_apart(line: _Element) -> bool:
    """All of it is bold or slanted, or it stands at the right edge."""
    if any(RIGHT.search(line.get(key) or "") for key in ("style", "align", "class")):
        return True
    bold = sum(len(text_in(part)) for part in line.iterchildren(*STRONG))
    return bold > 0 and bold >= len(text_in(line)) - 2


def labelled_anywhere(page: Page) -> list[str]:
    """Read "Author: Jane Doe" wherever the page says so of its article, the label in an element of its own or not."""
    for element in page.tree.iter("p", "li", "span", "div", "dd", "td"):
        label = (element.text or "").strip() or (len(element) and (element[0].text or "").strip())
        if label and len(label) <= LONGEST and WRITER.match(label) and is_placed(element):
            line = text_in(element)
            if len(line) <= LONGEST and (names := split_names(line)):
                return names
    return []
