"""The text of an article: trafilatura on the part of the page that holds it, completed and trimmed by its blocks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from copy import copy
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from lxml import etree
from lxml.etree import _Element, strip_elements
from lxml.html import Element

from crawlers.extraction.body.asides import is_aside
from crawlers.extraction.body.date_lines import is_preamble, is_stamp
from crawlers.extraction.body.line_filters import is_caption, is_closing
from crawlers.extraction.body.promotion import is_promotion
from crawlers.extraction.body.recover import find_lost
from crawlers.extraction.body.region import LONG, SENTENCE_END, Region
from crawlers.extraction.body.related_links import is_related
from crawlers.extraction.page.blocks import HEADINGS, Block
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.page.metadata import Page, squeeze
from crawlers.extraction.text_norm import letters

if TYPE_CHECKING:
    from trafilatura.settings import Extractor

DEAD = (
    "script", "style", "svg", "noscript", "template", "iframe", "link", "meta", "button", "select", "input", "nav",
    "img", "picture", "source", "video", "audio", "canvas", "object", "embed",
)  # fmt: skip
CELLS = frozenset({"td", "th"})
NESTED = frozenset({"p", "list", "item", "quote", "head"})
ALIKE = 40  # blocks that begin like a line, among which its own is looked for
KEY = 24  # folded characters by which a line is found again among the blocks
PREAMBLE = 4  # lines between title and text at the most
TOP = 8  # lines in which the title may be repeated


def read_body(region: Region, title: str, drop: Sequence[re.Pattern[str]] = ()) -> list[str]:
    """Return the paragraphs of the article, without title, promotion and the like; empty where there is none.

    `drop` are the outlet's own patterns of lines that are none of the article.
    """
    if region.scope is None:
        return []
    around = {region.holder, *(region.holder.iterancestors() if region.holder is not None else ())}
    left_out = [box for box in (*region.furniture, *region.others) if box not in around]
    return _finished(_merged(region, cleaned_lines(region.scope, left_out)), title, drop)


def read_plainly(region: Region, title: str, drop: Sequence[re.Pattern[str]] = ()) -> list[str]:
    """Do as `read_body`, without trafilatura: for elements whose blocks were found to be the article as they stand."""
    lines = [
        block.text
        for block in (region.blocks[place] for place in region.chosen if place in region.held)
        if not is_promotion(block.text) and not is_caption(block.text)
    ]
    return _finished(lines, title, drop)


def _finished(lines: list[str], title: str, drop: Sequence[re.Pattern[str]]) -> list[str]:
    lines = [line for line in lines if not any(pattern.search(line) for pattern in drop)]
    return _trimmed(_once(lines), title)


def cleaned_lines(element: _Element, left_out: Iterable[_Element] = ()) -> list[str]:
    """Run trafilatura's cleaning, tag conversion and main extractor on one element of a page; return its lines.

    `left_out` are pieces of the page of which no line would be kept: each costs its time, and misleads.

    Of the rest of its cascade only the baseline, and where there is next to no text: the others measure the text
    against the page and read it anew, while our own blocks tell more cheaply what is missing.
    """
    from trafilatura.baseline import baseline
    from trafilatura.htmlprocessing import convert_tags, tree_cleaning
    from trafilatura.main_extractor import extract_content

    options = _options()
    inner = [box for box in left_out if element in box.iterancestors()]
    found, text = extract_content(convert_tags(tree_cleaning(_page_of(element, inner), options), options), options)
    if len(text) < options.min_extracted_size:
        rescued, _, size = baseline(_page_of(element, inner))
        found = rescued if size > len(text) else found
    return [line for block in found for line in _lines(block)]


@lru_cache(maxsize=1)
def _options() -> Extractor:
    from trafilatura.settings import Extractor

    return Extractor(fast=True, comments=False, tables=True, with_metadata=False)


def _page_of(element: _Element, left_out: Sequence[_Element] = ()) -> _Element:
    """Return a page that holds a copy of the element and nothing else, some of its own left out.

    Its elements are those of lxml.html, which trafilatura needs: that is decided when an element is first touched, so
    none of the copy's may be in anybody's hands when this ends.
    """
    page: _Element = Element("html")
    body = Element("body")
    page.append(body)
    part = _copy_without(element, left_out)
    strip_elements(part, *DEAD, with_tail=False)  # trafilatura would copy them before it drops them
    _drop_hollow(part)
    body.append(part)
    return page


def _copy_without(element: _Element, left_out: Sequence[_Element]) -> _Element:
    """Copy an element while something empty stands for those that are left out; what follows them stays."""
    stood: list[tuple[_Element, _Element]] = []
    try:
        for box in left_out:
            empty = etree.Element("span")
            empty.tail = box.tail
            parent = box.getparent()
            assert parent is not None  # it is within the element
            parent.replace(box, empty)
            stood.append((box, empty))
        return copy(element)
    finally:
        for box, empty in stood:
            empty.getparent().replace(empty, box)  # type: ignore[union-attr]


def _drop_hollow(part: _Element) -> None:
    """Drop the boxes that hold nothing: trafilatura asks of each what its names mean, and pages are full of them."""
    for box in reversed(list(part.iter("div", "span", "section", "figure"))):
        parent, before = box.getparent(), box.getprevious()
        space = (box.text or "") + (box.tail or "")
        if parent is None or len(box) or space.strip():
            continue
        parent.remove(box)
        if space and before is not None and not (before.tail or "")[-1:].isspace():
            before.tail = (before.tail or "") + " "  # it may be all that parts two words
        elif space and before is None and not (parent.text or "")[-1:].isspace():
            parent.text = (parent.text or "") + " "


def _lines(block: _Element) -> list[str]:
    if block.tag in ("list", "table", "row") or (block.tag == "quote" and len(block) and block[0].tag in ("p", "list")):
        out = [squeeze(block.text)] if block.text and block.text.strip() else []
        for child in block:
            out.extend(_lines(child))
            if child.tail and child.tail.strip():
                out.append(squeeze(child.tail))
        return out
    pieces = [""]
    _gather(block, pieces)
    return [line for piece in pieces if (line := squeeze(piece))]


def _gather(element: _Element, pieces: list[str]) -> None:
    pieces[-1] += element.text or ""
    for child in element:
        if child.tag == "lb":
            pieces.append("")
        elif child.tag in NESTED:
            pieces.append("")
            _gather(child, pieces)
            pieces.append("")
        else:
            _gather(child, pieces)
        pieces[-1] += child.tail or ""


def summaries(page: Page) -> list[str]:
    """Return what a page declares as the summary of its article, letters only, long enough to be told apart."""
    declared = [
        text_of(page.node.get("description")),
        *page.every("og:description", "description", "twitter:description"),
    ]
    return [key for text in declared if len(key := letters(text)) >= 40]


def _merged(region: Region, cleaned: list[str]) -> list[str]:
    """Put the cleaned lines and what trafilatura lost into the order of the page; drop links and furniture."""
    blocks = region.blocks
    folded = [letters(block.text) if place in region.inside else "" for place, block in enumerate(blocks)]
    places = _places(cleaned, folded)
    chosen = set(region.chosen)
    out: list[tuple[float, str]] = []
    last = -1.0
    for place, line in zip(places, cleaned, strict=True):
        last = float(place) if place >= 0 else last
        parts = _parts(letters(line), place, folded, blocks)
        for part in parts if len(parts) > 1 else [place]:
            text = blocks[part].text if len(parts) > 1 else line
            if part < 0:
                out.append((last, text))
            elif not _is_beside(region, part, text, part in chosen):
                out.append((float(part), text))
    everything = "\n".join(letters(line) for _, line in out)
    out.extend((place, blocks[place].text) for place in find_lost(region, folded, everything, places))
    kept = [item for item in sorted(out, key=itemgetter(0)) if not is_promotion(item[1]) and not is_caption(item[1])]
    if len(kept) > 1 and kept[-1][0] >= 0 and blocks[int(kept[-1][0])].tag in HEADINGS:
        kept.pop()  # what stood under it was left out
    return [line for _, line in kept]


def _is_beside(region: Region, place: int, line: str, chosen: bool) -> bool:
    """The line is not of the running text, although trafilatura kept it."""
    block, held = region.blocks[place], place in region.held
    if (block.tag in CELLS and not held) or place in region.teasers or block.foreign:
        return True
    if is_related(region, place) or is_aside(block, region.holder):
        return True
    return not chosen and _is_stray(block, line, held)


def _places(lines: list[str], folded: list[str]) -> list[int]:
    """Find each line's block, at or after the one of the line before; -1 for a line that no block begins."""
    begins: dict[str, list[int]] = {}
    for place, text in enumerate(folded):
        if text:
            begins.setdefault(text[:KEY], []).append(place)
    sizes = sorted({len(key) for key in begins}, reverse=True)
    places, at = [], 0
    for line in lines:
        folded_line = letters(line)
        key = folded_line[:KEY]
        where = next((begins[key[:size]] for size in sizes if size <= len(key) and key[:size] in begins), [])
        if not where:
            places.append(-1)
            continue
        place = _place_of(folded_line, where[bisect_left(where, at) :][:ALIKE] or where[:1], folded)
        places.append(place)
        # a block may be several lines; one that this line ends is not the next one's
        at = max(at, place + (len(folded_line) >= len(folded[place])))
    return places


def _place_of(line: str, where: Sequence[int], folded: Sequence[str]) -> int:
    """Of blocks that begin like a line, return the place of the one that goes on like it; else of the first."""
    for place in where:
        block = folded[place]
        if line == block or line.startswith(block) or block.startswith(line):
            return place
    return where[0]


def _parts(line: str, place: int, folded: Sequence[str], blocks: Sequence[Block]) -> list[int]:
    """Return the places of the blocks that a line runs together, as trafilatura does with the lines of a table cell.

    That is `place` alone where the blocks from there on, but for furniture, are not nearly all of the line.
    """
    if place < 0 or len(line) <= len(folded[place]):
        return [place]
    parts, rest = [], line
    for at in range(place, len(folded)):
        begins = rest.startswith(folded[at])
        if not begins and not blocks[at].furniture:
            break
        if folded[at] and begins:
            parts.append(at)
            rest = rest[len(folded[at]) :]
        if not rest:
            break
    return parts if len(rest) < 0.1 * len(line) else [place]


def _is_stray(block: Block, line: str, held: bool) -> bool:
    """A short piece of furniture, or a line that is nothing but a link to elsewhere."""
    if block.furniture and len(line) < LONG and (not held or 2 * block.linked > len(block.text)):
        return True
    linked = block.linked > 0.8 * len(block.text)
    return (
        linked
        and block.tag not in HEADINGS
        and block.tag != "li"
        and 20 <= len(line) < 160
        and (line.startswith("(") or not SENTENCE_END.search(line))
        and "://" not in line
    )


def _once(lines: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    kept = []
    for line in lines:
        key = letters(line)
        if not key or (len(key) > 40 and key in seen):
            continue
        seen.add(key)
        kept.append(line)
    return kept


def _repeats(line: str, title: str, topmost: bool) -> bool:
    """The letters are the title's, or the title's with what stands above it; at the very top a part of it will do."""
    if not title or line == title:
        return bool(title)
    if len(line) <= 20:
        return False
    return (topmost and title.startswith(line)) or (line.endswith(title) and len(line) < 2 * len(title))


def _trimmed(lines: list[str], title: str) -> list[str]:
    """Cut title, date and reading time off the top, and what closes a page off the end."""
    head = letters(title)
    for place, line in enumerate(lines[:TOP]):
        topmost = all(len(before) < 60 for before in lines[:place])
        if _repeats(letters(line), head, topmost):
            lines = lines[place + 1 :] if topmost else [*lines[:place], *lines[place + 1 :]]
            break
    while len(lines) > 1 and (
        is_preamble(lines[0]) or len(letters(lines[0])) < 3 or _repeats(letters(lines[0]), head, True)
    ):
        lines = lines[1:]
    lines = [line for place, line in enumerate(lines) if not 0 < place < PREAMBLE or not is_stamp(line)]
    while len(lines) > 1 and (is_closing(lines[-1]) or is_stamp(lines[-1]) or not letters(lines[-1])):
        lines = lines[:-1]
    return lines
