"""The text that a page declares in its JSON-LD, as arbiter where far less of it was found on the page."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from crawlers.extraction.context import PageContext
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.metadata import squeeze
from crawlers.extraction.text_norm import LEAST_PROSE, letters
from crawlers.extraction.trace import Line

AMPLE = 500  # characters of a declared text that is the article's; shorter ones are summaries
LITTLE = 1_500  # letters of a text found on the page up to which it may be a part of the article's
MISSED = 0.5  # share of the declared text below which it is
SHOWN = 0.8  # share of the declared text in the page's blocks from which these are taken
OTHER = 0.2  # share of the text found on the page that is another text than the declared one, where it is the same
BREAK = re.compile(r"</?(?:p|br|div|li|h\d)\b[^<>]{0,200}>|\r|\n", re.IGNORECASE)
TAG = re.compile(r"<[^<>]{1,200}>")


def arbitrated(context: PageContext, lines: list[Line]) -> list[Line]:
    """Return the lines found on the page, or those of the declared text where little of it was found, or another.

    Of the declared text the page's own blocks are taken if it shows them. A text that readers have to pay for is not
    taken from the declaration.
    """
    paragraphs = _declared_paragraphs(context)
    if not paragraphs:
        return lines
    declared = "".join(map(letters, paragraphs))
    own = [letters(line.text) for line in lines]
    size = sum(map(len, own))
    other = sum(len(line) for line in own if line not in declared)
    if size - other >= MISSED * len(declared):
        return lines
    if other > (1 - OTHER) * size:
        return _shown(context.region.blocks, declared) or lines
    if other <= OTHER * size <= OTHER * LITTLE:
        return _shown(context.region.blocks, declared) or [Line(text) for text in paragraphs]
    return lines


def _declared_paragraphs(context: PageContext) -> list[str]:
    """Return the paragraphs of the declared text; none if it is short, or not for everybody."""
    node = context.page.node
    text = node.get("articleBody")
    if not isinstance(text, str) or len(text) < AMPLE or str(node.get("isAccessibleForFree")).lower() == "false":
        return []
    plain = (squeeze(TAG.sub(" ", part)) for part in BREAK.split(html.unescape(text)))
    return [part for part in plain if part]


def _shown(blocks: Sequence[Block], declared: str) -> list[Line]:
    """Return the blocks of the page that are in the declared text, if they are most of it; else none."""
    lines: list[Line] = []
    at = found = 0
    for place, block in enumerate(blocks):
        text = letters(block.text)
        where = declared.find(text, at) if len(block.text) >= LEAST_PROSE else -1
        if where >= 0:
            lines.append(Line(block.text, place, place))
            found += len(text)
            at = where + len(text)
    return lines if found >= SHOWN * len(declared) else []
