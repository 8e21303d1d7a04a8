"""A page of a harbour's paper around a story that a test gives, and the parts of its stories."""

from __future__ import annotations

from lxml import html

from crawlers.extraction import extract
from crawlers.extraction.body.recover import find_lost
from crawlers.extraction.body.region import find_region
from crawlers.extraction.context import Region
from crawlers.extraction.page.blocks import read_blocks
from crawlers.extraction.text_norm import letters
from storage.model import Article

FIRST = "The council of the harbour town voted on Tuesday to build a second pier for the ferries to the outer islands."
SECOND = (
    "The first stone is to be laid in spring, and the pier is to be finished before the summer of next year begins."
)
THIRD = "Fishermen had asked for it for a decade, since the old pier is too short for boats of the size in use today."
FOURTH = (
    "The harbour master expects nine ferries a day from then on, three more than in the best of the last ten years."
)
TITLE = "Council votes for a second pier"
SUMMARY = "After ten years of talk the harbour gets what its fishermen have always asked for, and the islands gain too."


def text_of(story: str, *, head: str = "", header: str = "", after: str = "", holder: str = "story") -> list[str]:
    page = (
        f'<!doctype html><html lang="en"><head><title>{TITLE}</title>{head}</head><body><article><header><h1>{TITLE}</h1>'
        f'{header}</header><div class="{holder}">{story}</div>{after}</article></body></html>'
    )
    found = extract(page.encode(), "https://www.pier.example/news/pier-1")
    assert isinstance(found, Article), found
    return found.text.split("\n\n")


def lost(story: str, kept: list[str], header: str = "", summary: str = "", title: str = TITLE) -> list[str]:
    """The blocks that are added to what trafilatura is said to have kept."""
    root = html.fromstring(f"<div><h1>{TITLE}</h1>{header}<div class=story>{story}</div></div>")
    blocks = read_blocks(root).blocks
    region: Region = find_region(blocks, title)
    region.summaries = [letters(summary)] if summary else []
    folded = [letters(block.text) for block in blocks]
    places = [folded.index(letters(line)) for line in kept]
    return [blocks[place].text for place in find_lost(region, folded, "\n".join(map(letters, kept)), places)]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


BASE = paragraphs(FIRST, SECOND, THIRD)


def items(*texts: str, href: str) -> str:
    return "<ul>" + "".join(f'<li>Islands and harbours: <a href="{href}">{text}</a></li>' for text in texts) + "</ul>"


HEADLINES = (
    "What the islanders of the outer ring think of the second pier today",
    "How the old pier of the town came to be too short for its own boats",
    "Who pays for the stones that the harbour needs, and who for the rest",
)
LONG_LINE = (
    "Seen from the lighthouse: the old pier of the harbour town on a day in March, with two boats of the islanders"
)
