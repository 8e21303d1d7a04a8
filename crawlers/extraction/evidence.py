"""What speaks for and against a page being an article, gathered once for all checks of the verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from crawlers.extraction.context import PageContext
from crawlers.extraction.page.metadata import Page

WIDE = re.compile("[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")  # letters of scripts without spaces between words
MOST_TEXT = 8_000  # characters of the page's own text by which walls and stubs are told


@dataclass(frozen=True, slots=True)
class Evidence:
    """What counts when a page is judged: its declarations, how much text was found, and the words around it."""

    page: Page
    title: str
    paragraphs: Sequence[str]
    is_dated: bool
    is_expected: bool  # the outlet's own file says that an article has this address
    announced: int  # other articles that the page's text announces
    titles: str  # <title>, the title and the first headings, one a line
    page_start: str  # the first text of the page, whatever it is, a block a line
    beside_text: str  # the text from the title on within the element of the article and its title, a block a line
    words: int = 0

    @property
    def is_section(self) -> bool:
        """The address is a section's, and nothing says otherwise."""
        return _is_section(self.page.url) and not self.is_dated and not self.is_declared

    @property
    def is_declared(self) -> bool:
        """The page declares itself an article."""
        return bool(self.page.node) or self.page.first("og:type").lower() == "article"


def gather_evidence(context: PageContext, paragraphs: Sequence[str], is_dated: bool, announced: int) -> Evidence:
    """Return what speaks for and against the page being an article."""
    page, region, blocks = context.page, context.region, context.blocks.blocks
    below_title = (blocks[place].text for place in sorted(region.inside) if place >= region.title)
    return Evidence(
        page=page,
        title=context.title,
        paragraphs=paragraphs,
        is_dated=is_dated,
        is_expected=context.outlet is not None and context.outlet.is_article(page.url),
        announced=announced,
        titles="\n".join([page.title_tag, context.title, *(text for _, text in page.headings[:2])]),
        page_start="\n".join(block.text for block in blocks)[:MOST_TEXT],
        beside_text="\n".join(below_title)[:MOST_TEXT],
        words=sum(map(count_words, paragraphs)),
    )


def parts_of_address(url: str) -> SplitResult:
    """The parts of an address; all of them empty if it is none, which is no reason to refuse what stands there."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_section(url: str) -> bool:
    """One plain word after the host: "/world/". Articles have more to their addresses."""
    parts = parts_of_address(url)
    return re.fullmatch(r"/[A-Za-z]{2,20}/?", parts.path) is not None and not parts.query


def count_words(text: str) -> int:
    """Words; scripts without spaces count two letters a word."""
    wide = 0 if text.isascii() else len(WIDE.findall(text))
    return len(text.split()) + wide // 2
