"""The text of an article: trafilatura on the part of the page that holds it, completed and trimmed by its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from functools import lru_cache

from lxml.etree import _Element, strip_elements
from lxml.html import Element

from crawlers.extraction.asides import is_aside
from crawlers.extraction.blocks import Block
from crawlers.extraction.declared import Page, squeeze
from crawlers.extraction.jsonld import text_of
from crawlers.extraction.lines import is_caption, is_closing, is_preamble, is_promotion, is_stamp
from crawlers.extraction.region import HEADINGS, LONG, SENTENCE_END, Region

DEAD = ("script", "style", "svg", "noscript", "template", "iframe", "link", "meta", "button", "select", "input", "nav")
LISTS, CELLS = frozenset({"li"}), frozenset({"td", "th"})
NESTED = frozenset({"p", "list", "item", "quote", "head"})
KEY = 24  # folded characters by which a line is found again among the blocks
STANDFIRSTS = 3  # paragraphs of a standfirst at the most
NEAR = 25  # blocks after the title within which a standfirst is looked for
PREAMBLE = 4  # lines between title and text at the most
STANDFIRST = re.compile(
    r"lead|summary|standfirst|intro|dek\b|sub-?title|sub-?head|abstract|excerpt|teaser|description|chapo|"
    r"lid\b",
    re.IGNORECASE,
)
FAILED = 0.6  # share of the prose that trafilatura left out, above which it has failed ...
ELSEWHERE = 0.2  # ... unless it found as much as this share beside the element, which then is the wrong one,
AMPLE = 2_000  # or letters enough for an article
# share of links in a list item, in one beside the article, in any line, from which it may announce another article
LISTED, TEASED, LINKED = 0.5, 0.3, 0.9
ABSOLUTE = re.compile(r"(?:https?:)?//(?:www\.)?([^/:?#]+)", re.IGNORECASE)
TOP = 8  # lines in which the title may be repeated


def read_body(region: Region, title: str, drop: Sequence[re.Pattern[str]] = ()) -> list[str]:
    """Return the paragraphs of the article, without title, promotion and the like; empty where there is none.

    `drop` are the outlet's own patterns of lines that are none of the article.
    """
    if region.scope is None:
        return []
    return _finished(_merged(region, cleaned_lines(region.scope)), title, drop)


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


def cleaned_lines(element: _Element) -> list[str]:
    """Run trafilatura, fast, on one element of a page; return its lines."""
    from trafilatura.core import trafilatura_sequence
    from trafilatura.settings import Extractor

    root, body = Element("html"), Element("body")
    root.append(body)
    part = copy(element)
    strip_elements(part, *DEAD, with_tail=False)  # trafilatura would copy them three times before it drops them
    body.append(part)  # from here on lxml.html's elements, which trafilatura needs
    options = Extractor(fast=True, comments=False, tables=True, with_metadata=False)
    found, _, _, _ = trafilatura_sequence(root, options, None)
    return [line for block in found for line in _lines(block)]


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


@lru_cache(maxsize=8_000)  # a line and its block are often the same text
def letters(text: str) -> str:
    """Return the letters and digits of a text in one case, without anything between them."""
    return re.sub(r"\W+", "", text).casefold()


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
    everything = "\n".join(letters(line) for line in cleaned)
    chosen = set(region.chosen)
    known = [blocks[place] for place in places if place in chosen and len(blocks[place].text) >= 60]
    out: list[tuple[float, str]] = []
    last = -1.0
    for place, line in zip(places, cleaned, strict=True):
        last = float(place) if place >= 0 else last
        parts = _parts(letters(line), place, folded)
        for part in parts if len(parts) > 1 else [place]:
            text = blocks[part].text if len(parts) > 1 else line
            if part >= 0 and blocks[part].tag in CELLS and part not in region.held:
                continue
            if part >= 0 and (_is_related(region, part) or is_aside(blocks[part], region.holder)):
                continue
            if part < 0 or part in chosen or not _is_stray(blocks[part], text, part in region.held):
                out.append((last if part < 0 else float(part), text))
    out.extend((place, blocks[place].text) for place in _lost(region, folded, everything, known, places))
    return [
        line for _, line in sorted(out, key=lambda item: item[0]) if not is_promotion(line) and not is_caption(line)
    ]


def _places(lines: list[str], folded: list[str]) -> list[int]:
    """Find each line's block, at or after the one of the line before; -1 for a line that no block begins."""
    begins: dict[str, list[int]] = {}
    for place, text in enumerate(folded):
        if text:
            begins.setdefault(text[:KEY], []).append(place)
    sizes = sorted({len(key) for key in begins}, reverse=True)
    places, at = [], 0
    for line in lines:
        key = letters(line)[:KEY]
        where = next((begins[key[:size]] for size in sizes if size <= len(key) and key[:size] in begins), [])
        place = next((one for one in where if one >= at), where[0] if where else -1)
        places.append(place)
        at = max(at, place)
    return places


def _parts(line: str, place: int, folded: Sequence[str]) -> list[int]:
    """Return the places of the blocks that a line runs together, as trafilatura does with the lines of a table cell."""
    if place < 0 or len(line) <= len(folded[place]):
        return [place]
    parts, rest = [], line
    for at in range(place, len(folded)):
        if folded[at] and rest.startswith(folded[at]):
            parts.append(at)
            rest = rest[len(folded[at]) :]
        if not rest:
            break
    return parts if len(rest) < 0.1 * len(line) else [place]


def _is_related(region: Region, place: int) -> bool:
    """The block announces another article of the outlet: a list item, or one of several linked headlines in a row."""
    block = region.blocks[place]
    if _is_item(block) and _is_headline(block, LISTED if place in region.held else TEASED):
        return _leads_inside(block, region.site)
    beside = [region.blocks[near] for near in (place - 1, place + 1) if 0 <= near < len(region.blocks)]
    return (
        _is_headline(block, LINKED)
        and any(_is_headline(near, LINKED) for near in beside)
        and _leads_inside(block, region.site)
    )


def _is_item(block: Block) -> bool:
    return block.tag == "li" or (block.tag in ("p", "div") and next(block.element.iterancestors("li"), None) is not None)


def _is_headline(block: Block, share: float) -> bool:
    """The block is a line of words without a full stop, of which this share is links."""
    text = block.text
    return (
        block.linked > share * len(text)
        and 25 <= len(text) < 160
        and len(text.split()) >= 4
        and not SENTENCE_END.search(text)
        and "://" not in text
    )


def _leads_inside(block: Block, site: str) -> bool:
    """The first link of the block, or around it, leads to a page of this host, of a part of it, or of what it is part of."""
    link = next(block.element.iter("a"), None)
    link = next(block.element.iterancestors("a"), None) if link is None else link
    there = ABSOLUTE.match((link.get("href") or "").strip()) if link is not None else None
    if there is None:
        return True
    other = there[1].lower()
    return other == site or other.endswith(f".{site}") or site.endswith(f".{other}")


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
        and not SENTENCE_END.search(line)
        and "://" not in line
    )


def _kind(block: Block) -> tuple[str, str, str, str]:
    parent = block.element.getparent()
    around = ("", "") if parent is None else (str(parent.tag), parent.get("class") or "")
    return (block.tag, block.element.get("class") or "", *around)


def _lost(region: Region, folded: list[str], everything: str, known: list[Block], places: list[int]) -> list[int]:
    """Return the chosen blocks that trafilatura left out and should not have: of the kind it kept, or the standfirst.

    Where it kept next to nothing of the prose in the article's own element, all of that is taken.
    """
    blocks = region.blocks
    kin = {_kind(block) for block in known}
    missing = [place for place in region.chosen if folded[place] and folded[place] not in everything]
    missing = [place for place in missing if _is_text(blocks[place])]
    misnamed = [place for place in region.held if _is_misnamed(blocks[place], kin) and folded[place] not in everything]
    prose = sum(blocks[place].prose for place in region.chosen if place in region.held)
    absent = sum(blocks[place].prose for place in missing if place in region.held)
    beside = sum(
        blocks[place].prose
        for place in region.chosen
        if place not in region.held and folded[place] and folded[place] in everything
    )
    standfirst = _standfirst(region, everything, places)
    if absent > FAILED * prose and beside < ELSEWHERE * prose and len(everything) < AMPLE:
        kin = {_kind(blocks[place]) for place in missing if place in region.held}
        return sorted({*standfirst, *(place for place in missing if _kind(blocks[place]) in kin)})
    kept = {place for place in region.chosen if folded[place] and folded[place] in everything}
    kept.update(misnamed, (place for place in missing if _kind(blocks[place]) in kin))
    kept.update(place for place in sorted(region.held) if _is_flanked(region, place, kept))
    return sorted({*standfirst, *(place for place in kept if folded[place] not in everything)})


def _standfirst(region: Region, everything: str, places: list[int]) -> list[int]:
    """Return what stands above the article as its summary and was left out, the declared before what is called so."""
    first = min((place for place in places if place in region.held), default=-1)
    begin, end = region.title + 1, min(first, region.title + NEAR)
    if region.title < 0:
        begin, end = max(0, first - NEAR), first
    called, declared = [], []
    for place in range(begin, end):
        block = region.blocks[place]
        text = letters(block.text)
        if block.foreign or not block.prose or text in everything:
            continue
        if is_aside(block, region.holder):
            declared.extend([place] * (text in region.summaries))  # some outlets show it where captions are
        elif _is_declared(text, region.summaries):
            declared.append(place)
        elif region.title >= 0 and _is_called_summary(block):
            called.append(place)
    return declared[:STANDFIRSTS] or called[:STANDFIRSTS]


def _is_flanked(region: Region, place: int, kept: set[int]) -> bool:
    """A heading whose next paragraph was kept, or an item of a list beside one that was."""
    block = region.blocks[place]
    if block.furniture or place in kept:
        return False
    if block.tag in HEADINGS:
        return place in region.chosen and _is_sibling(region, _next(region, place, 1, HEADINGS), block.element, kept)
    linked = 2 * block.linked > len(block.text)
    around = block.element.getparent()
    if block.tag != "li" or around is None or (linked and _leads_inside(block, region.site)):
        return False
    steps = (1,) if linked else (1, -1)
    return any(_is_sibling(region, _next(region, place, step, LISTS), around, kept) for step in steps)


def _next(region: Region, place: int, step: int, skipped: frozenset[str]) -> int:
    place += step
    while 0 <= place < len(region.blocks) and region.blocks[place].tag in skipped:
        place += step
    return place


def _is_sibling(region: Region, place: int, element: _Element, kept: set[int]) -> bool:
    return place in kept and region.blocks[place].element.getparent() is element.getparent()


def _is_misnamed(block: Block, kin: set[tuple[str, str, str, str]]) -> bool:
    """What is around the block is named like furniture, but it has the very names of the article's paragraphs."""
    if not block.furniture or block.foreign or block.prose < LONG:
        return False
    kind = _kind(block)
    return kind in kin and bool(kind[1] or kind[3])


def _is_text(block: Block) -> bool:
    size = len(block.text)
    return size >= LONG or block.tag in HEADINGS or (size >= 25 and SENTENCE_END.search(block.text) is not None)


def _is_declared(text: str, summaries: Sequence[str]) -> bool:
    """The letters are of what the page declares as its summary, a part of it, or have it within."""
    return any(summary[:LONG] in text or text[:LONG] in summary for summary in summaries)


def _is_called_summary(block: Block) -> bool:
    parent = block.element.getparent()
    around = "" if parent is None else parent.get("class") or ""
    return not block.furniture and STANDFIRST.search(f"{block.element.get('class') or ''} {around}") is not None


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
    while len(lines) > 1 and (is_closing(lines[-1]) or not letters(lines[-1])):
        lines = lines[:-1]
    return lines
