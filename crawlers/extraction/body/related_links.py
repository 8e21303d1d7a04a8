"""Tell links that announce other articles of the same outlet from links that are the article's content."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, takewhile

from lxml.etree import _Element

from crawlers.extraction.body.cards import HEADLINE, LINKED
from crawlers.extraction.context import Region
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.metadata import HOST_ENDING, squeeze, texts
from crawlers.extraction.text_norm import SENTENCE_END

# Share of links from which a line may announce another article: an item of a list has words beside its link ("Also
# read:", a date); among the items beside the article there is nothing else, so that less will do; any other line has
# to be a link as a whole.
LISTED, TEASED = 0.5, 0.3
ROW = 3  # such lines in a row that announce; two may be a quotation or two sources
PORTAL = 0.9  # share of links in the text of a whole page
OWN = 0.1  # share of the text that is the page's own, above which it is no mere list of others
LOOKED_AT = 20  # links of an element at the most, of which one is looked for that stands in the block
ABSOLUTE = re.compile(r"(?:https?:)?//(?:www\.)?([^/:?#]+)", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # mail, telephones, scripts
# What is known of somebody or something, and no article: a name of a few words; sections are called the same.
TOPIC = re.compile(
    r"/(?:topics?|tags?|themen?|themes?|temas?|people|persons?|personen|authors?|profiles?|personas?)/"
    r"[^/?#-]+(?:-[^/?#-]+){0,3}/?(?:[?#]|$)",
    re.IGNORECASE,
)


def is_related(region: Region, place: int) -> bool:
    """Say whether the block announces another article of the outlet: a list item, or linked headlines in a row."""
    block = region.blocks[place]
    if _is_item(block) and _is_headline(block, LISTED if place in region.held else TEASED):
        return leads_inside(block, region.site)
    return _is_in_row(region.blocks, place) and leads_inside(block, region.site)


def count_announced(region: Region) -> int:
    """Count the linked headings among the text that announce other articles, where they are what the page is about.

    0 where a text of some length stands before the first of them: an article that ends in announcements. On a portal,
    which shows no title and hardly a word that is no link, it is the lines that are links.
    """
    blocks = region.blocks
    if region.title < 0 and sum(block.linked for block in blocks) > PORTAL * sum(len(block.text) for block in blocks):
        return sum(_is_headline(block, LINKED) for block in blocks)
    if not region.headlines:
        return 0
    own = sum(blocks[place].prose for place in region.chosen if place < region.headlines[0])
    if own > OWN * sum(blocks[place].prose for place in region.chosen):
        return 0
    return sum(leads_inside(blocks[place], region.site) for place in region.headlines)


def _is_in_row(blocks: Sequence[Block], place: int) -> bool:
    """Say whether the block is one of several lines in a row that are links as a whole."""
    if not _is_headline(blocks[place], LINKED):
        return False
    after = takewhile(lambda near: _is_headline(near, LINKED), blocks[place + 1 : place + ROW])
    before = takewhile(lambda near: _is_headline(near, LINKED), reversed(blocks[max(0, place - ROW + 1) : place]))
    return 1 + len(list(after)) + len(list(before)) >= ROW


def _is_item(block: Block) -> bool:
    around = islice(block.element.iterancestors(), 2) if block.tag in ("p", "div") else ()
    return block.tag == "li" or any(element.tag == "li" for element in around)


def _is_headline(block: Block, share: float) -> bool:
    """Say whether the block is a line of words without a full stop, of which more than this share is links."""
    text = block.text
    return (
        block.linked > share * len(text)
        and HEADLINE <= len(text) < 160
        and len(text.split()) >= 4
        and not SENTENCE_END.search(text)
        and "://" not in text
    )


def leads_inside(block: Block, site: str) -> bool:
    """Say whether the first link in or around the block leads to an article on this host, or a host above or below."""
    link = _link_of(block)
    if link is None:
        return True
    address = (link.get("href") or "").strip()
    if ELSEWHERE.match(address) is not None or TOPIC.search(address) is not None:
        return False
    there = ABSOLUTE.match(address)
    if there is None:
        return True
    other = there[1].lower()
    return other == site or other.endswith(f".{site}") or site.endswith(f".{other}")


def leads_off(block: Block, site: str) -> bool:
    """Say whether the first link in or around the block leads to another site, by an address in full."""
    link = _link_of(block)
    there = None if link is None else ABSOLUTE.match((link.get("href") or "").strip())
    return there is not None and _label(there[1].lower()) != _label(site) and not leads_inside(block, site)


def _label(host: str) -> str:
    """Return a host's own name, without what it has in common with others: "bbc" for www.bbc.co.uk."""
    return HOST_ENDING.sub("", host).rsplit(".", 1)[-1]


def _link_of(block: Block) -> _Element | None:
    """Return the first link whose words are in the block, since several lines may share one element."""
    within = list(islice(block.element.iter("a"), LOOKED_AT))
    if not within:
        return next(block.element.iterancestors("a"), None)
    if len(within) == 1:
        return within[0]
    named = ((link, squeeze("".join(texts(link)))) for link in within)
    return next((link for link, words in named if words and words in block.text), within[0])
