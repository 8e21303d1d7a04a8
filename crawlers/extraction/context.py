"""What is known of a page while it is read: handed from step to step instead of long lists of arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from lxml.etree import _Element

from crawlers.extraction.page.blocks import Block, PageBlocks
from crawlers.extraction.page.metadata import Page
from crawlers.extraction.page.selectors import Selected, zone_of
from crawlers.extraction.trace import NO_TRACE, Trace
from storage.model import Hints

if TYPE_CHECKING:
    from crawlers.outlet import Outlet

NO_HINTS = Hints()


def _present() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class PageSource:
    """The bytes of a page and what is known of it beforehand: address, outlet, the seed's hints, the present."""

    html: bytes
    url: str
    outlet: Outlet | None = None
    hints: Hints = NO_HINTS
    content_type: str | None = None
    now: datetime = field(default_factory=_present)
    trace: Trace = NO_TRACE


@dataclass(slots=True)
class Region:
    """Where on a page the article is. Places are numbers of blocks in the page's row of blocks."""

    blocks: list[Block]
    title: int = -1  # place of the block that shows the title
    holder: _Element | None = None  # the element that contains the article's paragraphs
    scope: _Element | None = None  # the element that contains them and the title
    chosen: list[int] = field(default_factory=list)  # places of the blocks that belong to the article
    held: set[int] = field(default_factory=set)  # places of the blocks within `holder`
    inside: set[int] = field(default_factory=set)  # places of the blocks within `scope`
    others: list[_Element] = field(default_factory=list)  # the articles that follow on an endless page
    headlines: list[int] = field(default_factory=list)  # places of the linked headings among the text
    teasers: set[int] = field(default_factory=set)  # places of the texts of cards for other articles
    end: int = -1  # place of the first linked heading below the text; -1 if it is not known
    summaries: list[str] = field(default_factory=list)  # what the page declares as its summary, letters only
    furniture: list[_Element] = field(default_factory=list)  # elements of the page that are left out before cleaning
    misnamed: list[_Element] = field(default_factory=list)  # called like furniture, but the article is within them
    site: str = ""  # the host of the page, by which links to the outlet's own pages are told


@dataclass(frozen=True, slots=True)
class PageContext:
    """A parsed page and what the steps so far have found on it. Each step returns a new one with its part filled in."""

    page: Page
    outlet: Outlet | None = None
    hints: Hints = NO_HINTS
    now: datetime = field(default_factory=_present)
    is_truncated: bool = False  # the page's own end is missing
    trace: Trace = NO_TRACE
    url_hints: Hints = NO_HINTS  # what the outlet's file reads off the address
    selected: Selected = field(default_factory=Selected)
    heading: str = ""  # the title as the page shows it, by which the article is found
    title: str = ""  # the title that the article gets
    blocks: PageBlocks = field(default_factory=PageBlocks)
    region: Region = field(default_factory=lambda: Region([]))

    @property
    def timezone(self) -> tzinfo | None:
        """The zone of dates without an offset: the outlet's, else the one of its host's country."""
        return self.outlet.tz if self.outlet else zone_of(self.page.url)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the outlet writes in; empty if it is not known."""
        return self.outlet.languages if self.outlet else ()

    @property
    def credit_names(self) -> tuple[str, ...]:
        """Further names that stand for an agency or outlet: the outlet's own, and those that its file lists."""
        return (*self.outlet.credits, self.outlet.name) if self.outlet else ()
