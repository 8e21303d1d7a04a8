"""A numbered listing in a backfill: where the window begins is found by requesting few pages, then it is walked.

Where the links of a page have dates (a <time> beside them, a day in their address), these decide. Where they have none,
an article is fetched to tell the day of its page, and at both ends of the window a few to find the very link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from crawlers.discovery import PageSearch, SeedDocument, Span, Told
from crawlers.outlet import Listing
from crawlers.spider.probes import Probes
from crawlers.spider.seed_documents import Opened, SeedDocuments, Unread
from crawlers.window import Window
from storage.frontier import SeedFetch
from storage.model import Link

from .pages import BEHIND_THE_LAST, note_empty_listing

DATED = 0.5  # share of a page's links that must have a date, so that dates are believed to stand beside them


@dataclass(frozen=True)
class _Page:
    """A page of the listing, with its links: all, or those of its list that stand on no page before it."""

    opened: Opened
    reading: SeedDocument
    links: tuple[Link, ...]

    def times(self, link: Link) -> int:
        """How often the page names the link."""
        return self.reading.times.get(link.url, 1)

    def shows_only(self, other: _Page) -> bool:
        """True if all links of the page stand on the other, too."""
        return {link.url for link in self.links} <= {link.url for link in other.links}

    @property
    def instants(self) -> list[datetime]:
        return [link.hints.published.at for link in self.links if link.hints.published]

    @property
    def is_dated(self) -> bool:
        return len(self.instants) >= DATED * len(self.links)


class ListingWalk:
    """The walk of one listing over the days of a window."""

    def __init__(self, documents: SeedDocuments, probes: Probes, seed: Listing, window: Window) -> None:
        self._documents, self._probes, self._seed, self._window = documents, probes, seed, window
        self._origin = SeedFetch(seed.kind, seed.url, final=False)
        self._opened: dict[int, tuple[Opened, SeedDocument] | None] = {}
        self._unread: set[int] = set()
        self._beside: dict[str, int] = {}  # links that stand beside the list on every page, and how often on each

    async def walk(self) -> None:
        """Put the links of the window's days into the ledger, newest first."""
        await self._learn_beside()
        number = await self._first_number()
        seen: set[str] = set()
        while (page := await self._page(number, seen)) is not None and page.links:
            if number > 1:
                self._opened[number] = None  # its links are not needed any more
            seen |= {link.url for link in page.links}
            if not await self._take(page):
                break
            number += 1

    async def _learn_beside(self) -> None:
        """What stands on the first two pages stands beside the list, unless the second page is the first again."""
        pages = [page for number in (1, 2) if (page := await self._page(number, set())) is not None]
        if first := self._opened[1]:
            note_empty_listing(self._documents, *first)
        if len(pages) == 2 and not pages[1].shows_only(pages[0]):
            one, two = ({link.url: page.times(link) for link in page.links} for page in pages)
            self._beside = {url: min(times, two[url]) for url, times in one.items() if url in two}

    async def _first_number(self) -> int:
        """The page to begin with. Of one that is younger by its dates, a few links may still be of the window."""
        search = PageSearch(self._midnight(self._window.last + timedelta(days=1)))
        while (number := search.next_number()) is not None:
            page = await self._page(number, set())
            search.tell(number, *await self._told(number, page))
        last_younger = self._opened.get(search.newer)
        if last_younger and _Page(*last_younger, last_younger[1].links).is_dated:
            return search.newer
        return search.newer + 1

    async def _told(self, number: int, page: _Page | None) -> tuple[Told, Span | None]:
        """Where the page stands to the window, and its instants."""
        if page is None or not page.links:
            return (Told.NOTHING if number in self._unread or number == 1 else Told.REACHED), None
        if page.is_dated:
            instants = page.instants
            younger = sum(self._day(at) > self._window.last for at in instants)
            return (Told.NEWER if 2 * younger > len(instants) else Told.REACHED), Span(max(instants), min(instants))
        oldest = await self._probes.day(page.links[::-1], self._origin)
        if oldest is None:
            return Told.NOTHING, None
        midnight = self._midnight(oldest)
        return (Told.NEWER if oldest > self._window.last else Told.REACHED), Span(midnight, midnight)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._documents.outlet.tz).date()

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._documents.outlet.tz)

    async def _page(self, number: int, seen: set[str]) -> _Page | None:
        """The page, requested once; None if there is none, or it cannot be read."""
        if number not in self._opened:
            self._opened[number] = await self._asked(number)
        found = self._opened[number]
        if found is None:
            return None
        page = _Page(*found, found[1].links)
        first = self._opened.get(1)
        if number > 1 and first and page.shows_only(_Page(*first, first[1].links)):
            return None  # past its end, or where it has no further pages, many a site shows the first page again
        own = (link for link in page.links if page.times(link) > self._beside.get(link.url, 0))
        return replace(page, links=tuple(link for link in own if link.url not in seen))

    async def _asked(self, number: int) -> tuple[Opened, SeedDocument] | None:
        url = self._seed.page_address(number)
        asked = await self._documents.ask(self._seed, url, missing=() if number == 1 else BEHIND_THE_LAST)
        if isinstance(asked, Unread):
            self._unread.add(number)
        if not isinstance(asked, Opened):
            return None
        return asked.without_body(), await self._documents.reading(asked)

    async def _take(self, page: _Page) -> bool:
        """Put the page's links of the window into the ledger; whether the next page may hold more."""
        if page.is_dated:
            links = self._documents.wanted(page.links, page.opened.url)
            goes_on = self._day(max(page.instants)) >= self._window.first
        else:
            links, goes_on = await self._cut(page.links)
            if self._probes.ended:  # without articles to tell the days, it is not known which links to take
                self._documents.cut = True
                return False
        await self._documents.note(page.opened, page.reading, links)
        return goes_on

    async def _cut(self, links: Sequence[Link]) -> tuple[list[Link], bool]:
        """The links of the window, of a page whose links have no dates; whether its last ones are not older yet."""
        newest, oldest = await self._probes.day(links, self._origin), await self._probes.day(links[::-1], self._origin)
        begin, end = 0, len(links)
        if newest is not None and newest > self._window.last:
            begin = await self._place(links, self._window.last, untold_is_younger=False)
        if oldest is not None and oldest < self._window.first and await self._is_old(links[:-1]):
            before = self._window.first - timedelta(days=1)
            end = await self._place(links, before, untold_is_younger=True)
        return list(links[begin:end]), end == len(links)

    async def _is_old(self, links: Sequence[Link]) -> bool:
        """True unless the link before the last is of the window: then the last alone is out of its place."""
        day = await self._probes.day(links[::-1], self._origin)
        return day is None or day < self._window.first

    async def _place(self, links: Sequence[Link], day: date, *, untold_is_younger: bool) -> int:
        """The place of the first link of that day or older, by halves. What tells no day is kept in the window."""
        low, high = 0, len(links)
        while low < high:
            middle = (low + high) // 2
            told = await self._probes.day(links[middle:high], self._origin)
            if untold_is_younger if told is None else told > day:
                low = middle + 1
            else:
                high = middle
        return low
