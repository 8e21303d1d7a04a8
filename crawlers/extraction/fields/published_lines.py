"""Dates in the text of a page: in the lines around the title, and in elements whose class says that they are dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, takewhile

from lxml.etree import _Element

from crawlers.extraction.context import Region
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.metadata import squeeze, text_in, texts
from crawlers.extraction.vocabulary import any_of

# Of today, in the solar calendar too, in the digits of ASCII, Arabic and Persian.
YEAR = re.compile(r"(?<!\d)(?:1[349]|20|[۱١][۳۴٣٤۹٩]|[۲٢][۰٠])\d{2}(?!\d)")
# A day with two figures for its year: 05.06.26, 5-Jun-26.
SHORT_DAY = re.compile(
    r"(?<![\d./:-])\d{1,2}([./-])\d{1,2}\1\d{2}(?![\d./:-])|(?<!\d)\d{1,2}[-. ][^\W\d_]{3,12}[-. ]\d{2}(?![\d:.])"
)
CHANGED = re.compile(any_of("html.changed"), re.IGNORECASE)
CLOCK = re.compile(any_of("elements.clocks"), re.IGNORECASE)
OF_OTHERS = re.compile(rf"related|sidebar|comment|popular|recommend|teaser|modif|updat|{CLOCK.pattern}", re.IGNORECASE)
DEPTH = 5  # elements around a date whose names are looked at
ASIDE = {"aside", "nav", "footer", "select", "form", "script", "style", "noscript", "template"}
DATE_TAGS = frozenset({"span", "div", "p", "li", "em", "small", "td", "font", "abbr"})
PIECES = 60  # of text in an element, among which a line of its own is looked for; what comes later is the article's
ABOVE, BELOW = 6, 24  # blocks before and after the title
FIGURES = re.compile(r"\d{2}|[۰-۹٠-٩]{2}")
CLOSE = 2  # blocks above the title in which the article's date may stand outside of its element
MAX_LINE = 120  # characters of a date line with what else stands on it: section, outlet, views
MAX_CALLED = 60  # characters in an element that calls itself a date
CALLED = 12  # such elements that are looked at


def date_lines(region: Region) -> Iterator[str]:
    """Yield the date lines around the title, the most reliable places first."""
    return _read_lines(region.blocks, _around_title(region), _as_date_line)


def date_lines_close_above(region: Region) -> Iterator[str]:
    """Yield the date lines among the few blocks before the title, without those in the article or above a menu."""
    row = range(region.title - 1, max(-1, region.title - 1 - CLOSE), -1)
    # what stands above a menu is the page's
    places = takewhile(lambda place: 2 * region.blocks[place].linked < len(region.blocks[place].text), row)
    outside = [place for place in places if place not in region.inside]
    return _read_lines(region.blocks, outside, _as_date_line)


def change_lines(region: Region) -> Iterator[str]:
    """Yield the lines around the title that say when the text was changed, from their label on."""
    return _read_lines(region.blocks, _around_title(region), _change_in)


def _change_in(line: str) -> str:
    """Return what a dated line says of a change, from behind the label on; empty for other lines."""
    label = CHANGED.search(line) if len(line) <= MAX_LINE and YEAR.search(line) else None
    return line[label.end() :] if label else ""


def _around_title(region: Region) -> Iterator[int]:
    """Yield places: from the title to the text, then above the title, then behind the beginning of the text."""
    first, end = region.title, min(len(region.blocks), region.title + BELOW)
    if first < 0:
        yield from range(end)
        return
    text = next((place for place in region.chosen if place > first and region.blocks[place].prose), end)
    yield from range(first, min(text + 1, end))
    yield from (place for place in range(max(0, first - ABOVE), first) if place in region.inside)
    yield from range(min(text + 1, end), end)


def _read_lines(blocks: Sequence[Block], places: Iterable[int], read: Callable[[str], str]) -> Iterator[str]:
    """Yield what `read` returns for the lines of the blocks at these places, empty texts and the page's clock left out.

    Lines of several elements are read piece by piece too.
    """
    taken: set[_Element] = set()
    for block in (blocks[place] for place in places):
        if block.foreign or FIGURES.search(block.text) is None:
            continue
        lines = [block.text]
        if len(block.text) <= 2 * MAX_LINE and len(block.element) and block.element not in taken:
            taken.add(block.element)
            lines.extend(_dated_pieces(block.element))
        found = [said for line in lines if (said := read(line))]
        if found and not _is_in_clock(block.element):
            yield from found


def _is_in_clock(element: _Element) -> bool:
    return any(_is_clock(_names(one)) for one in (element, *islice(element.iterancestors(), DEPTH)))


def _dated_pieces(element: _Element) -> Iterator[str]:
    return (squeeze(piece) for piece in islice(texts(element), PIECES) if _has_day(piece))


def _has_day(text: str) -> bool:
    return YEAR.search(text) is not None or SHORT_DAY.search(text) is not None


def _as_date_line(line: str) -> str:
    """Return the line if it is a date and little else, without what it says of a change; else an empty text."""
    if not _has_day(line):
        return ""  # asked first, since the words for a change are many
    line = _without_change(line)
    if not 6 <= len(line) <= MAX_LINE or not _has_day(line):
        return ""
    return line if sum(map(str.isalpha, line)) <= 60 and len(line.split()) <= 12 else ""


def _without_change(line: str) -> str:
    """Return the part of a line that is about publication: before "Updated", or behind the date that follows it."""
    if len(line) > 2 * MAX_LINE or (label := CHANGED.search(line)) is None:
        return line
    if YEAR.search(line, 0, label.start()):
        return line[: label.start()]
    changed = YEAR.search(line, label.end())
    rest = line[changed.end() :] if changed else ""
    return rest if YEAR.search(rest) and re.search(r"[^\W\d_]{4}", rest) else ""


def called_dates(elements: Iterable[_Element], region: Region) -> Iterator[str]:
    """Yield the first text of an element that calls itself a date, of one within the article if there is any."""
    called = ((element, _called(element)) for element in elements if element.tag in DATE_TAGS)
    dated = islice((pair for pair in called if pair[1]), CALLED)
    first = ""
    for element, line in dated:
        if is_within(element, region.scope):
            yield line
            return
        first = first or line
    if first:
        yield first


def _called(element: _Element) -> str:
    line = element.get("title") or text_in(element) if element.tag == "abbr" else text_in(element)
    return line if 6 <= len(line) <= MAX_CALLED and _has_day(line) and is_articles(element) else ""


def is_within(element: _Element, scope: _Element | None) -> bool:
    """Say whether an element stands within the article and its title."""
    return scope is not None and any(parent is scope for parent in element.iterancestors())


def is_articles(element: _Element) -> bool:
    """Say whether an element's date can be the article's: not of a change, of other articles, of a clock."""
    names = " ".join((element.get("class") or "", element.get("itemprop") or "", element.get("id") or ""))
    return not is_change(names) and not is_of_others(element)


def is_of_others(element: _Element) -> bool:
    """Say whether an element stands in a menu, a link or a box of other articles, or is the page's clock."""
    if _is_clock(_names(element)):
        return True
    for depth, parent in enumerate(element.iterancestors()):
        if parent.tag in ASIDE or (parent.tag == "a" and parent.get("href")):
            return True
        if depth < DEPTH and _is_others(_names(parent)):
            return True
    return False


def _names(element: _Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


# Kept, since a page, and all the more an outlet, repeats its names endlessly.
@lru_cache(maxsize=20_000)
def _is_clock(names: str) -> bool:
    return CLOCK.search(names) is not None


@lru_cache(maxsize=20_000)
def _is_others(names: str) -> bool:
    return OF_OTHERS.search(names) is not None


@lru_cache(maxsize=20_000)
def is_change(names: str) -> bool:
    """Say whether names of an element speak of a change: "updated", "dateModified"."""
    return CHANGED.search(names) is not None
