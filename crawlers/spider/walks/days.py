"""A listing for each day or month of the past, with its further pages."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import date, timedelta

from crawlers.discovery import SeedDocument, periods
from crawlers.outlet import DatedListing
from crawlers.spider.seed_documents import Opened, SeedDocuments
from crawlers.window import Window
from storage.model import Link

from .pages import BEHIND_THE_LAST, day_of

# A link that stands in the listings of so many periods stands beside their lists: the latest news, the most read.
EVERYWHERE = 3
RECENT = timedelta(days=30)  # what stands beside the lists of so recent a window may well be of it


@dataclass
class _Period:
    """The documents of one day or month, with the links of each that stand on no document of it before."""

    documents: list[tuple[Opened, SeedDocument, list[Link], str | None]] = field(default_factory=list)
    times: Counter[str] = field(default_factory=Counter)  # how often one document of it names a link, at the most

    def add(self, opened: Opened, reading: SeedDocument, links: list[Link], following: str | None) -> None:
        self.documents.append((opened, reading, links, following))
        for link in reading.links:
            self.times[link.url] = max(self.times[link.url], reading.times.get(link.url, 1))


class DaysWalk:
    """Walks the listings of a window's periods, newest first.

    Links are noted when the listings of two more periods are read, so that those beside the lists are known. A link
    without a day of its own that stands in all of them is of the period whose listing names it more often than the
    others: beside the list, and in it.
    """

    def __init__(self, documents: SeedDocuments, seed: DatedListing, window: Window, today: date) -> None:
        self._documents, self._seed, self._window = documents, seed, window
        self._takes_all = window.last >= today - RECENT
        self._periods_with: Counter[str] = Counter()
        self._least: dict[str, int] = {}  # how often a listing names a link, at the least
        self._held: deque[_Period] = deque()

    async def walk(self) -> None:
        """Put the links of the window's days into the ledger."""
        for day in periods(self._seed, self._window):
            period = await self._read(day)
            self._learn(period)
            self._held.append(period)
            if len(self._held) >= EVERYWHERE:
                await self._note(self._held.popleft())
        while self._held:
            await self._note(self._held.popleft())

    def _learn(self, period: _Period) -> None:
        for url, times in period.times.items():
            self._periods_with[url] += 1
            self._least[url] = min(times, self._least.get(url, times))

    async def _read(self, day: date) -> _Period:
        """The day's listing, page after page, as long as a page shows something that the ones before do not."""
        period, seen = _Period(), set[str]()
        url: str | None = self._seed.address(day)
        parent = None
        while url is not None:
            asked = await self._documents.ask(self._seed, url, parent, missing=BEHIND_THE_LAST)
            if not isinstance(asked, Opened):
                break
            reading = await self._documents.reading(asked)
            links = [link for link in reading.links if link.url not in seen]
            seen |= {link.url for link in links}
            following = self._following(day, reading, len(period.documents) + 2) if links else None
            period.add(asked.without_body(), reading, links, following)
            url, parent = following, asked.url
        return period

    def _following(self, day: date, reading: SeedDocument, number: int) -> str | None:
        return self._seed.page_of(day, number) or reading.next_page

    async def _note(self, period: _Period) -> None:
        # The first page last: its validators must not be kept before the links of all the others are.
        for opened, reading, links, following in reversed(period.documents):
            own = [link for link in links if self._is_of(link, period)]
            wanted = self._documents.wanted(own, opened.url)
            await self._documents.note(opened, reading, wanted, (following,) if following else ())

    def _is_of(self, link: Link, period: _Period) -> bool:
        """False for a link beside the period's list."""
        if self._takes_all or day_of(link, self._documents.outlet.tz) or self._periods_with[link.url] < EVERYWHERE:
            return True
        return period.times[link.url] > self._least[link.url]
