"""Links within an article that announce other articles of the same outlet, told from links that are its content."""

from __future__ import annotations

import re
from itertools import islice

from crawlers.extraction.blocks import Block
from crawlers.extraction.region import SENTENCE_END, Region

# Share of links in a list item, in one beside the article, in any line, from which it may announce another article.
LISTED, TEASED, LINKED = 0.5, 0.3, 0.9
ABSOLUTE = re.compile(r"(?:https?:)?//(?:www\.)?([^/:?#]+)", re.IGNORECASE)


def is_related(region: Region, place: int) -> bool:
    """The block announces another article of the outlet: a list item, or one of several linked headlines in a row."""
    block = region.blocks[place]
    if _is_item(block) and _is_headline(block, LISTED if place in region.held else TEASED):
        return leads_inside(block, region.site)
    beside = [region.blocks[near] for near in (place - 1, place + 1) if 0 <= near < len(region.blocks)]
    return (
        _is_headline(block, LINKED)
        and any(_is_headline(near, LINKED) for near in beside)
        and leads_inside(block, region.site)
    )


def _is_item(block: Block) -> bool:
    around = islice(block.element.iterancestors(), 2) if block.tag in ("p", "div") else ()
    return block.tag == "li" or any(element.tag == "li" for element in around)


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


def leads_inside(block: Block, site: str) -> bool:
    """The first link of the block, or around it, leads to a page of this host, of a part of it, or of the whole."""
    link = next(block.element.iter("a"), None)
    link = next(block.element.iterancestors("a"), None) if link is None else link
    there = ABSOLUTE.match((link.get("href") or "").strip()) if link is not None else None
    if there is None:
        return True
    other = there[1].lower()
    return other == site or other.endswith(f".{site}") or site.endswith(f".{other}")
