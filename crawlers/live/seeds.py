"""One seed of an outlet, asked now: what it lists, or why it lists nothing. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crawlers.discovery import SeedDocument, read_seed, seed_addresses
from crawlers.fetch_client import Fetch, NotFetched, WebPage
from crawlers.outlet import Ghost, Outlet, Seed, WordPress
from crawlers.readers import ReadSeed
from storage.model import Link

MAX_CHILDREN = 3  # of an index that are read


@dataclass(frozen=True, slots=True)
class SeedLook:
    """What a seed gave. `answers` are the documents whose links these are; `fault` says why there are no links."""

    seed: Seed
    url: str
    links: tuple[Link, ...] = ()
    skipped: int = 0  # links that are no articles by `urls.article`
    answers: tuple[WebPage, ...] = ()
    fault: str = ""
    unreachable: bool = False

    @property
    def newest(self) -> datetime | None:
        """When its newest link was published, if it says so."""
        dates = [link.hints.published.at for link in self.links if link.hints.published]
        return max(dates, default=None)


def look_at_seed(fetch: Fetch, outlet: Outlet, seed: Seed, now: datetime, read_seed: ReadSeed = read_seed) -> SeedLook:
    """Ask a seed for its newest links. One that shows nothing new (`shows_news`) is not asked."""
    asking = _Asking(fetch, outlet, seed, read_seed)
    last = SeedLook(seed, seed.url)
    for address in _addresses(seed, outlet, now):
        last = asking.look(address)
        if last.links or last.unreachable:
            return last
    return last


def shows_news(seed: Seed, outlet: Outlet, now: datetime) -> bool:
    """Return True if a night asks the seed what is new. An id range is asked in another way, an archive never."""
    return bool(_addresses(seed, outlet, now))


def _addresses(seed: Seed, outlet: Outlet, now: datetime) -> tuple[str, ...]:
    return seed_addresses(seed, None, now.astimezone(outlet.tz).date())


@dataclass(frozen=True, slots=True)
class _Asking:
    """What the documents of one seed are asked and read with."""

    fetch: Fetch
    outlet: Outlet
    seed: Seed
    read_seed: ReadSeed

    def look(self, address: str) -> SeedLook:
        found = self._document(address)
        if isinstance(found, str):
            return SeedLook(self.seed, address, fault=found)
        if isinstance(found, NotFetched):
            return SeedLook(self.seed, address, fault=found.why, unreachable=found.unreachable)
        reading = self._reading(found)
        if reading.links or not reading.children:
            return SeedLook(self.seed, address, reading.links, reading.skipped, (found,), _fault(reading))
        return self._children(address, reading)

    def _document(self, address: str) -> WebPage | NotFetched | str:
        found = self.fetch(address, "seed", outlet=self.outlet.id)
        return f"HTTP {found.status}" if isinstance(found, WebPage) and not found.ok else found

    def _reading(self, found: WebPage) -> SeedDocument:
        return self.read_seed(self.seed, self.outlet, found.url, found.body, found.headers)

    def _children(self, address: str, index: SeedDocument) -> SeedLook:
        """Read the newest documents of an index until one lists articles."""
        skipped, fault = 0, ""
        for child in index.newest_children[:MAX_CHILDREN]:
            found = self._document(child.url)
            if not isinstance(found, WebPage):
                fault = f"{child.url}: {found if isinstance(found, str) else found.why}"
                continue
            reading = self._reading(found)
            if reading.links:
                return SeedLook(self.seed, address, reading.links, reading.skipped, (found,))
            skipped, fault = skipped + reading.skipped, _fault(reading)
        return SeedLook(self.seed, address, skipped=skipped, fault=fault or "its documents list no articles")


def _fault(reading: SeedDocument) -> str:
    if reading.links:
        return ""
    if reading.problems:
        return "; ".join(reading.problems)
    return f"none of its {reading.skipped} links matches urls.article" if reading.skipped else "it lists no links"


def newest_looks(fetch: Fetch, outlet: Outlet, now: datetime) -> Iterator[SeedLook]:
    """Yield a look at each seed that lists pages, in the order of the file."""
    for seed in outlet.seeds:
        if shows_news(seed, outlet, now):
            yield look_at_seed(fetch, outlet, seed, now)


def holds_texts(seed: Seed) -> bool:
    """Return True if the seed's answer holds the text of the pages that it lists."""
    return isinstance(seed, WordPress | Ghost) and seed.full_text
