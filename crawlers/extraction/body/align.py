"""Which block of the page each line comes from that trafilatura returned."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from crawlers.extraction.page.blocks import Block
from crawlers.extraction.text_norm import letters
from crawlers.extraction.trace import Line

ALIKE = 40  # blocks with the same beginning among which a line's own is looked for
KEY = 24  # characters of `letters` by which a line is found among the blocks
UNMATCHED = 0.1  # share of a line that may be in none of the blocks that it is split into


def align(cleaned: Sequence[str], folded: Sequence[str], blocks: Sequence[Block]) -> tuple[list[Line], list[int]]:
    """Return the lines with their places, and the place of each of the cleaned lines, -1 for none.

    `folded` are the letters of each block, empty for blocks in which no line is looked for. A line that runs several
    blocks together becomes a line for each of them.
    """
    places = _places(cleaned, folded)
    lines: list[Line] = []
    order = -1
    for place, text in zip(places, cleaned, strict=True):
        order = place if place >= 0 else order
        parts = _parts(letters(text), place, folded, blocks)
        if len(parts) > 1:
            lines.extend(Line(blocks[part].text, part, part) for part in parts)
        else:
            lines.append(Line(text, place, order))
    return lines, places


def _places(lines: Sequence[str], folded: Sequence[str]) -> list[int]:
    """Return the place of each line's block, at or after that of the line before; -1 where no block begins like it."""
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
    """Return the first of the places whose block agrees with the whole line; else the first of all."""
    for place in where:
        block = folded[place]
        if line == block or line.startswith(block) or block.startswith(line):
            return place
    return where[0]


def _parts(line: str, place: int, folded: Sequence[str], blocks: Sequence[Block]) -> list[int]:
    """Return the places of the blocks that make up a line; `place` alone where they make up less than nearly all of it.

    Trafilatura joins the lines of a table cell into one. Furniture between the blocks is passed over.
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
    return parts if len(rest) < UNMATCHED * len(line) else [place]
