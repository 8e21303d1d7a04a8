"""The fast seeds of one outlet, asked by a poll: what is new goes into the ledger, how much of it into the rhythm."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crawlers.discovery import Look, Rhythm, SeedDocument, failed, fresh_for, looked, overflowed
from crawlers.outlet import Listing, Seed
from storage import frontier
from storage.frontier import PutBack, SeedState
from storage.model import Precision

from .answers import Answer
from .context import RunContext
from .fetching import Fetched
from .seeds import SeedReader

MAX_CHILDREN = 5  # sitemaps of a news sitemap that is an index; the crawl reads the others
HALF = 0.5  # of a listing's links: if as many are new, the next page is read too


@dataclass
class _Seen:
    """What a seed has answered in this poll, with the pages and sitemaps that belong to it."""

    at: datetime | None = None  # None: no answer that can be used
    depth: int = 0
    new: int = 0
    published: list[datetime] = field(default_factory=list)
    floor: timedelta | None = None
    paused_until: datetime | None = None


class PollReader(SeedReader):
    """Reads the first document of fast seeds. It goes further only where links would be lost to the next crawl."""

    def __init__(self, context: RunContext, rhythms: dict[str, Rhythm]) -> None:
        super().__init__(context)
        self._rhythms = rhythms
        self._polled: Sequence[Seed] = ()
        self._seen: dict[str, _Seen] = {}
        self._first_looks: set[str] = set()  # documents that nobody has asked for before
        self._answers: dict[str, Answer] = {}
        self._noted: set[str] = set()  # documents whose links are in the ledger
        self.overflows = 0

    async def poll(self, seeds: Sequence[Seed]) -> None:
        """Ask the seeds."""
        self._polled = seeds
        await asyncio.gather(*(self._seed(seed, (seed.url,)) for seed in seeds))

    def rhythms(self) -> dict[str, tuple[Rhythm, datetime | None]]:
        """Return the new rhythm of each seed that was asked, and the end of its host's pause if that kept it away."""
        return {seed.url: self._rhythm(seed) for seed in self._polled if seed.url in self._seen}

    def _rhythm(self, seed: Seed) -> tuple[Rhythm, datetime | None]:
        before, seen = self._rhythms.get(seed.url, Rhythm()), self._seen[seed.url]
        if seen.paused_until:
            return before, seen.paused_until
        if seen.at is None:
            return failed(before, datetime.now(UTC)), None
        look = Look(seen.at, seen.depth, seen.new, seen.published, seen.floor)
        if overflowed(before, look) and not isinstance(seed, Listing):
            self.overflows += 1
            self._tally.problem(
                f"{seed.url}: all its {look.depth} links are new since {before.looked_at:%Y-%m-%d %H:%M} UTC; "
                "others may have come and gone; it is polled more often now"
            )
        return looked(before, look), None

    async def _document(self, seed: Seed, url: str, parent: str | None, depth: int) -> None:
        if parent and seed.url in self._first_looks and isinstance(seed, Listing):
            return  # how far back an outlet goes is for its first crawl, which finds the page unread
        await super()._document(seed, url, parent, depth)

    async def _take(self, seed: Seed, url: str, parent: str | None, depth: int) -> None:
        self._seen.setdefault(seed.url, _Seen())
        await super()._take(seed, url, parent, depth)

    def _may_take(self, seed: Seed) -> bool:
        limit = seed.max_pages if isinstance(seed, Listing) else 1 + MAX_CHILDREN
        count = self._documents[seed.url] = self._documents.get(seed.url, 0) + 1
        return count <= limit

    async def _ask(self, url: str, state: SeedState | None) -> Fetched:
        if state is None or state.fetched_at is None:
            self._first_looks.add(url)
        fetched = await super()._ask(url, state)
        if isinstance(fetched, Answer):
            self._answers[url] = fetched
        return fetched

    async def _unreadable(self, seed: Seed, url: str, parent: str | None, fetched: Fetched) -> None:
        if isinstance(fetched, PutBack):  # not asked: nothing of the document has changed
            self.failures.append(fetched.cause)
            self._tally.problem(f"{url}: {fetched.cause} ({fetched.detail})")
            if fetched.cause == "host_paused":  # otherwise its robots.txt was asked for in vain
                self._seen[seed.url].paused_until = fetched.next_at
            return
        await super()._unreadable(seed, url, parent, fetched)

    async def _unchanged(self, seed: Seed, url: str, state: SeedState | None, depth: int) -> None:
        seen = self._answered(seed, url)
        if seen.floor is not None:  # what the document itself asked for still holds
            seen.floor = max(seen.floor, self._rhythms.get(seed.url, Rhythm()).floor)
        if isinstance(seed, Listing):  # its unread pages are for the crawl
            self.read += 1
            self._tally.seeds_unchanged += 1
            return
        await super()._unchanged(seed, url, state, depth)

    async def _learn(self, seed: Seed, url: str, reading: SeedDocument) -> None:
        seen = self._answered(seed, url)
        if isinstance(seed, Listing) and url != seed.url:
            return
        seen.floor = max(seen.floor or timedelta(), reading.refresh or timedelta())
        seen.depth += len(reading.links)
        seen.new += await self._came(seed, reading)
        seen.published += [
            link.hints.published.at
            for link in reading.links
            if link.hints.published and link.hints.published.precision != Precision.DAY
        ]

    def _answered(self, seed: Seed, url: str) -> _Seen:
        self._noted.add(url)
        seen = self._seen[seed.url]
        if url == seed.url:
            seen.at = datetime.now(UTC)
            seen.floor = fresh_for(self._answers[url].headers)
        return seen

    async def _came(self, seed: Seed, reading: SeedDocument) -> int:
        """The links that have come since the seed's last look; all at the first one."""
        since = self._rhythms.get(seed.url, Rhythm()).looked_at
        if since is None:
            return len(reading.links)
        urls = [link.url for link in reading.links]
        return await self._store.call(frontier.count_discovered_since, self._db, urls, since)

    async def _following(self, seed: Seed, url: str, reading: SeedDocument) -> str | None:
        """The next page of a listing, if the crawl is to read it.

        Where at least half of the links are new, others may have moved to the next page since the last look. It is read
        and noted first: if the poll is killed, the first page is still unknown, and the next look comes this way again.
        """
        older = reading.next_page
        if not older or not reading.links or seed.url in self._first_looks:
            return older
        new = await self._store.call(frontier.count_unknown, self._db, [link.url for link in reading.links])
        if new < HALF * len(reading.links):
            return None
        await self._document(seed, older, url, 0)
        return None if older in self._noted else older
