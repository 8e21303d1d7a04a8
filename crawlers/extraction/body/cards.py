"""Cards for other articles within a text, and linked headings, by which they are found."""

from __future__ import annotations

from collections.abc import Container

from lxml.etree import _Element

from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.element_classes import HEADINGS
from crawlers.extraction.page.metadata import common
from crawlers.extraction.text_norm import SENTENCE_END

LINKED = 0.9  # share of a line from which it is a link as a whole
HEADLINE = 25  # characters of one at the least
TEASED = 2  # paragraphs in one at the most; more are a section, in which another article is announced
CARDS = 3  # for other articles, of which one would not be told from a linked heading


def is_linked_heading(block: Block) -> bool:
    return block.tag in HEADINGS and block.linked > LINKED * len(block.text)


def is_linked_line(block: Block) -> bool:
    """Say whether the block is a link as a whole: a heading or, as in many cards, a line of some words."""
    if block.linked <= LINKED * len(block.text):
        return False
    return block.tag in HEADINGS or (len(block.text) >= HEADLINE and not SENTENCE_END.search(block.text))


def find_cards(blocks: list[Block], chosen: list[int], headlines: list[int]) -> set[int]:
    """Return the places of cards: boxes of one class, each with a linked headline and a short text.

    Where such texts are most of the article, it is a digest of others, or the page a listing: then none are returned.
    """
    cards = {card: place for place in headlines if (card := _card(blocks[place + 1], blocks[place])) is not None}
    texts: dict[_Element, list[int]] = {card: [] for card in cards}
    for place in chosen if len(cards) >= CARDS else ():
        if (card := _around(blocks[place].element, cards)) is not None:
            texts[card].append(place)
    small = [card for card in texts if sum(blocks[place].prose > 0 for place in texts[card]) <= TEASED]
    if len(small) < CARDS:
        return set()
    within = {place for card in small for place in texts[card]}
    size = sum(blocks[place].prose for place in within)
    is_digest = 2 * size >= sum(blocks[place].prose for place in chosen)
    return set() if is_digest else within.union(cards[card] for card in small)


def _around(element: _Element, boxes: Container[_Element]) -> _Element | None:
    """Return the innermost of the boxes that contains the element or is the element."""
    return next((box for box in (element, *element.iterancestors()) if box in boxes), None)


def _card(block: Block, headline: Block) -> _Element | None:
    """Return the element around a headline and its text, if an element of the same tag and class is beside it."""
    card = common(block.element, headline.element)
    if card.tag == "p":
        return None  # a paragraph that goes on around what is announced in it
    siblings = (sibling for sibling in (card.getprevious(), card.getnext()) if sibling is not None)
    is_alike = any(sibling.tag == card.tag and sibling.get("class") == card.get("class") for sibling in siblings)
    return card if is_alike else None
