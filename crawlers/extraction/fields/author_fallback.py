"""Author fallback for pages without author markup: names beside the date and at either end of the text.

Sections, topics, titles of books and buttons stand in the same places and look like names. So each rule asks for a
second sign, and prefers to miss a name over inventing one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile

from lxml.etree import XPath, _Element

from crawlers.extraction.fields.person_names import WRITERS, split_names, strip_label
from crawlers.extraction.page.element_classes import is_placed
from crawlers.extraction.page.metadata import SILENT, Page, find_all, section, squeeze, text_in, texts
from crawlers.extraction.text_norm import fold
from crawlers.extraction.vocabulary import any_of, one_of, words

# Elements after the title where the byline is: standfirst, date and the buttons of social networks come to fewer.
NEAR = 60
PARAGRAPHS = XPath("descendant::p[string-length() > 80]")
DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2}")
AUTHOR_PAGE = re.compile(rf"/(?:{any_of('html.author_paths')})/[^/?#]+", re.IGNORECASE)
WRITER = re.compile(rf"^(?:{one_of(WRITERS)})\s*(?:[:：՝]|$)", re.IGNORECASE)
FIRST_LETTERS = frozenset(label[0] for label in WRITERS)  # asked of every element of a page
# What stands before a name in the data that pages carry for their scripts: "authors":[{"id":7,"name":"
CALLED_AUTHOR = re.compile(
    r"(?:author|writer|byline)s?(?:_?name)?(?:\W{1,8}|\W*\{[^{}]{0,80}\W(?:full_?|display_?)?name\W{1,8})$",
    re.IGNORECASE,
)
BEFORE_NAME = 120  # characters of such data
MENTIONS = 20  # of a name in such data that are looked at
ALIGNED = re.compile(r"text-align\s*:\s*(?:right|end)", re.IGNORECASE)
STRONG = ("b", "strong", "em", "i")
# Articles, prepositions and joins, with or without a capital: "War And Peace", "Haus der Kulturen".
NOT_IN_NAMES = words("authors.not_in_names")
LONGEST = 70  # characters of a line that is nothing but names
ABOVE = 3  # short lines above the text that are looked at
FEW = 4  # names in such a line
AROUND = 3  # elements around a name in which the picture of the person stands


def following(page: Page, most: int) -> Iterator[_Element]:
    """Yield the first elements after the title, `most` of them, those within it left out; none without a title.

    An XPath over the axis `following` would visit the rest of the page for them.
    """
    around = (one for heading, _ in page.headings[:1] for one in (heading, *heading.iterancestors()))
    behind = (sibling for one in around for sibling in one.itersiblings("*"))
    yield from islice((element for sibling in behind for element in sibling.iter("*")), most)


def beside_date(page: Page, lines: Sequence[_Element]) -> list[str]:
    """Read the name that stands alone right before or behind the date, if the page calls it an author's elsewhere."""
    candidates = [names for element, names in _beside_date(page) if _are_authors(page, element, names)]
    words = _told(page, lines) if candidates else set()
    return next((names for names in candidates if not any(fold(name).split()[-1] in words for name in names)), [])


def _beside_date(page: Page) -> Iterator[tuple[_Element, list[str]]]:
    row = list(_lines(following(page, NEAR)))
    for place, (element, line) in enumerate(row):
        beside = [text for _, text in row[max(0, place - 1) : place] + row[place + 1 : place + 2]]
        if any(len(text) <= LONGEST and DAY.search(text) for text in beside) and (names := _only_names(line)):
            in_link = element.tag == "a" or next(element.iterancestors("a", "li"), None) is not None
            if not in_link and is_placed(element):
                yield element, names


def _are_authors(page: Page, element: _Element, names: Sequence[str]) -> bool:
    """Say whether each has a page of an author, a picture beside the name, or is an author in the page's data."""
    return all(
        _has_page(page, fold(name)) or _is_pictured(element, fold(name)) or _in_data(page, name) for name in names
    )


def _has_page(page: Page, name: str) -> bool:
    links = (link for link in page.tree.iter("a") if AUTHOR_PAGE.search(link.get("href") or ""))
    return any(fold(text_in(link)) == name for link in links)


def _is_pictured(element: _Element, name: str) -> bool:
    around = takewhile(lambda one: next(one.iter("h1"), None) is None, islice(element.iterancestors(), AROUND))
    return any(fold(picture.get("alt") or "") == name for one in around for picture in one.iter("img"))


def _in_data(page: Page, name: str) -> bool:
    spelled = {name, json.dumps(name)[1:-1]}
    data = [text for script in page.parts["script"] for text in (script.text or "", *map(str, script.attrib.values()))]
    return any(_calls_author(text, one) for text in data for one in spelled if one in text)


def _calls_author(data: str, name: str) -> bool:
    end = 0
    for _ in range(MENTIONS):
        place = data.find(name, end)
        if place < 0:
            return False
        end = place + len(name)
        if data[end : end + 1] in ('"', "'", "\\") and CALLED_AUTHOR.search(data[max(0, place - BEFORE_NAME) : place]):
            return True
    return False


def _told(page: Page, lines: Sequence[_Element]) -> set[str]:
    """Return the words of the article, its title and its topics, folded: {"council", "votes", "pier"}."""
    topics = [section(page) or "", *page.every("keywords", "news_keywords", "article:tag"), page.first("og:title")]
    headings = [text for _, text in page.headings[:1]]
    return set(fold(" ".join([*topics, *headings, *(text_in(line) for line in lines)])).split())


def _lines(elements: Iterable[_Element]) -> Iterator[tuple[_Element, str]]:
    """Yield the elements without children, and their text."""
    for element in elements:
        if len(element) or not element.text or element.tag in SILENT:
            continue
        if line := squeeze(element.text).strip(" |·•,"):
            yield element, line


def _only_names(line: str) -> list[str]:
    """Return the names of which a line consists; empty if it says anything else, or is in letters without capitals."""
    if not 5 <= len(line) <= LONGEST or line[-1] in ".!?" or not any(char.isupper() for char in line):
        return []
    names = [name for name in split_names(line) if _is_plain(name)]
    rest = len(strip_label(line)) - sum(len(name) for name in names)
    return names if 0 < len(names) <= FEW and rest <= 5 * (len(names) - 1) + 1 else []


def _is_plain(name: str) -> bool:
    """Say whether a name has two or three words and none that names do not have."""
    words = name.split()
    return 2 <= len(words) <= 3 and NOT_IN_NAMES.isdisjoint(map(str.casefold, words))


def signed(page: Page, lines: Sequence[_Element], plainly: bool = False) -> list[str]:
    """Read the last line of the text if it is nothing but names, is bold or slanted and stands at the right edge.

    `plainly`: one of these marks is enough. A last line in bold alone leads to more of the outlet's articles as well.
    """
    return _signature(page, lines, lines[-1:], 1 if plainly else 2)


def signed_above(page: Page, lines: Sequence[_Element]) -> list[str]:
    """Read a line above the text that is nothing but names, set apart from it; it might be a heading too."""
    above = list(takewhile(lambda line: len(text_in(line)) <= LONGEST, lines[:ABOVE]))
    return _signature(page, lines, above, 1)


def _signature(page: Page, lines: Sequence[_Element], places: Sequence[_Element], marks: int) -> list[str]:
    for line in places:
        if _marks(line) >= marks and (names := _only_names(squeeze(text_in(line)).strip("()"))):
            return [] if _is_told_of(page, names, [one for one in lines if one is not line]) else names
    return []


def _is_told_of(page: Page, names: Sequence[str], lines: Sequence[_Element]) -> bool:
    """Say whether the article has words of these names: then they are a heading, a book or a person in it."""
    return not _told(page, lines).isdisjoint(fold(" ".join(names)).split())


def text_lines(page: Page) -> list[_Element]:
    """Return the paragraphs of the element that holds most of the page's running text, without empty ones."""
    holders = Counter(paragraph.getparent() for paragraph in find_all(PARAGRAPHS, page.tree))
    most = holders.most_common(1)
    if not most or most[0][0] is None:
        return []
    return [one for one in most[0][0].iterfind("p") if any(map(str.strip, texts(one)))]


def _marks(line: _Element) -> int:
    """Count what sets a line apart from the text: all of it is bold or slanted; it stands at the right edge."""
    bold = sum(len(text_in(part)) for part in line.iterchildren(*STRONG))
    right = line.get("align") == "right" or ALIGNED.search(line.get("style") or "") is not None
    return (bold > 0 and bold >= len(text_in(line)) - 2) + right


def labelled_anywhere(page: Page, lines: Sequence[_Element]) -> list[str]:
    """Read "Author: Jane Doe" between title and text, as its last line, or beside a date; others are of books."""
    first = next(iter(find_all(PARAGRAPHS, page.tree)), None)
    heading = page.headings[0][0] if page.headings else None
    above = False
    for element in page.tree.iter("h1", "p", "li", "span", "div", "dd", "td"):
        if element is heading or element is first:
            above = element is heading and first is not None
        elif _is_labelled(element) and is_placed(element):
            line = text_in(element)
            if len(line) > LONGEST or not (names := split_names(line)):
                continue
            last = _is_last(element, lines) and not _is_told_of(
                page, names, [one for one in lines if one is not element]
            )
            if above or last or _is_beside_date(element):
                return names
    return []


def _is_last(element: _Element, lines: Sequence[_Element]) -> bool:
    """Say whether the element is the last line of the text, or stands directly below it."""
    return bool(lines) and (lines[-1] is element or lines[-1].getnext() is element)


def _is_labelled(element: _Element) -> bool:
    text = element.text
    if not text or text.isspace():
        text = element[0].text if len(element) else None
    label = text.strip() if text else ""
    return label[:1].lower() in FIRST_LETTERS and len(label) <= LONGEST and WRITER.match(label) is not None


def _is_beside_date(element: _Element) -> bool:
    beside = (one for one in (element.getprevious(), element.getnext()) if one is not None)
    return any(len(text := text_in(one)) <= LONGEST and DAY.search(text) for one in beside)
