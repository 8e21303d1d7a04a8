"""The fast seeds of one outlet, asked by a poll: what is new goes into the ledger, how much of it into the rhythm."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawlers.discovery import Look, Rhythm, SeedDocument, failed, fresh_for, looked, overflowed
from crawlers.outlet import Listing, Seed
from storage import frontier
from storage.frontier import PutBack, SeedState
from storage.instants import steady_now
from storage.model import Precision

from .answers import Answer
from .context import RunContext
from .fetching import Fetched
from .seed_documents import Opened, SeedDocuments, Unchanged
from .walks.pages import BEHIND_THE_LAST
from .walks.single import SingleWalk

MAX_CHILDREN = 5  # sitemaps of a news sitemap that is an index; the crawl reads the others
HALF = 0.5  # of a listing's links: if as many are new, the next page is read too


@dataclass
class _Seen:
    """What a seed has answered in this poll, with the pages and sitemaps that belong to it."""

    rhythm: Rhythm  # before the poll
    at: datetime | None = None  # None: no answer that can be used
    depth: int = 0
    new: int = 0
    published: list[datetime] = field(default_factory=list)
    floor: timedelta | None = None
    paused_until: datetime | None = None

    def answered(self, answer: Answer) -> None:
        """Take note that the seed's own document answered."""
        self.at, self.floor = steady_now(), fresh_for(answer.headers)

    def unchanged(self) -> None:
        """Take note that it is as it was: what the document itself asked for still holds."""
        if self.floor is not None:
            self.floor = max(self.floor, self.rhythm.floor)

    def read(self, reading: SeedDocument, new: int) -> None:
        """Take note of what it lists, `new` of it since the last look."""
        self.floor = max(self.floor or timedelta(), reading.refresh or timedelta())
        self.depth += len(reading.links)
        self.new += new
        self.published += [
            link.hints.published.at
            for link in reading.links
            if link.hints.published and link.hints.published.precision != Precision.DAY
        ]


class PolledDocuments(SeedDocuments):
    """The seed documents of a poll."""

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.first_looks: set[str] = set()  # documents that nobody has asked for before
        self.answers: dict[str, Answer] = {}
        self.paused_until: dict[str, datetime] = {}

    def _may_take(self, seed: Seed) -> bool:
        limit = seed.max_pages if isinstance(seed, Listing) else 1 + MAX_CHILDREN
        return self._counted(seed) <= limit

    async def _fetch(self, url: str, state: SeedState | None) -> Fetched:
        if state is None or state.fetched_at is None:
            self.first_looks.add(url)
        fetched = await super()._fetch(url, state)
        if isinstance(fetched, Answer):
            self.answers[url] = fetched
        return fetched

    async def _failed(self, seed: Seed, url: str, parent: str | None, fetched: Fetched) -> None:
        if isinstance(fetched, PutBack):  # not asked: nothing of the document has changed
            self.failures.append(fetched.cause)
            self.problem(f"{url}: {fetched.cause} ({fetched.detail})")
            if fetched.cause == "host_paused":  # otherwise its robots.txt was asked for in vain
                self.paused_until[seed.url] = fetched.next_at
            return
        await super()._failed(seed, url, parent, fetched)

    async def came(self, reading: SeedDocument, since: datetime | None) -> int:
        """How many of the links have come since the last look; all at the first one."""
        if since is None:
            return len(reading.links)
        urls = [link.url for link in reading.links]
        context = self._context
        return await context.store.call(frontier.count_discovered_since, context.db, urls, since)


class PollReader:
    """Reads the first document of fast seeds. It goes further only where links would be lost to the next crawl."""

    def __init__(self, context: RunContext, rhythms: dict[str, Rhythm]) -> None:
        self._documents = PolledDocuments(context)
        self._rhythms = rhythms
        self._seen: dict[str, _Seen] = {}
        self.overflows = 0

    @property
    def read(self) -> int:
        """Documents that answered, 304 included."""
        return self._documents.read

    @property
    def failures(self) -> list[str]:
        """The causes of those that did not."""
        return self._documents.failures

    async def poll(self, seeds: Sequence[Seed]) -> None:
        """Ask the seeds."""
        await asyncio.gather(*(self._poll(seed) for seed in seeds))

    async def _poll(self, seed: Seed) -> None:
        seen = self._seen[seed.url] = _Seen(self._rhythms.get(seed.url, Rhythm()))
        try:
            if isinstance(seed, Listing):
                await _PolledListing(self._documents, seed, seen).read(seed.url, None)
            else:
                await _PolledWalk(self._documents, seed, seen).walk((seed.url,))
        except Exception as fault:  # noqa: BLE001 - `fault` raises again what is not the seed's
            self._documents.fault(seed.url, fault)
        seen.paused_until = self._documents.paused_until.get(seed.url)

    def rhythms(self) -> dict[str, tuple[Rhythm, datetime | None]]:
        """Return the new rhythm of each seed that was asked, and the end of its host's pause if that kept it away."""
        asked = {url: seen for url, seen in self._seen.items() if self._documents.was_asked(url)}
        return {url: self._rhythm(url, seen) for url, seen in asked.items()}

    def _rhythm(self, url: str, seen: _Seen) -> tuple[Rhythm, datetime | None]:
        before = seen.rhythm
        if seen.paused_until:
            return before, seen.paused_until
        if seen.at is None:
            return failed(before, steady_now()), None
        look = Look(seen.at, seen.depth, seen.new, seen.published, seen.floor)
        if overflowed(before, look) and not self._is_listing(url):
            self.overflows += 1
            if self._documents.outlet.counter is None:  # a counter closes it by itself
                self._documents.problem(
                    f"{url}: all its {look.depth} links are new since {before.looked_at:%Y-%m-%d %H:%M} UTC; "
                    "others may have come and gone; it is polled more often now"
                )
        return looked(before, look), None

    def _is_listing(self, url: str) -> bool:
        return any(isinstance(seed, Listing) and seed.url == url for seed in self._documents.outlet.seeds)


class _PolledWalk(SingleWalk):
    """A feed or a news sitemap, with a few of its parts."""

    def __init__(self, documents: PolledDocuments, seed: Seed, seen: _Seen) -> None:
        super().__init__(documents, seed)
        self._polled, self._seen = documents, seen

    def unchanged(self, url: str) -> None:
        self._note_answer(url)
        self._seen.unchanged()

    async def learn(self, url: str, reading: SeedDocument) -> None:
        self._note_answer(url)
        self._seen.read(reading, await self._polled.came(reading, self._seen.rhythm.looked_at))

    def _note_answer(self, url: str) -> None:
        if url == self._seed.url and self._seen.at is None:
            self._seen.answered(self._polled.answers[url])


class _PolledListing:
    """The first page of a listing, and further ones as long as half of their links are new."""

    def __init__(self, documents: PolledDocuments, seed: Listing, seen: _Seen) -> None:
        self._documents, self._seed, self._seen = documents, seed, seen

    async def read(self, url: str, parent: str | None) -> bool:
        """Read the page and put its links into the ledger; whether the ledger has them."""
        asked = await self._documents.ask(self._seed, url, parent, missing=BEHIND_THE_LAST if parent else ())
        if isinstance(asked, Unchanged):  # its unread pages are for the crawl
            if url == self._seed.url:
                self._seen.answered(self._documents.answers[url])
                self._seen.unchanged()
            return True
        return await self._noted(asked) if isinstance(asked, Opened) else False

    async def _noted(self, opened: Opened) -> bool:
        reading = await self._documents.reading(opened)
        following = await self._following(opened.url, reading)
        links = self._documents.wanted(reading.links, opened.url)
        await self._documents.note(opened, reading, links, (following,) if following else ())
        if opened.url == self._seed.url:
            self._seen.answered(opened.answer)
            self._seen.read(reading, await self._documents.came(reading, self._seen.rhythm.looked_at))
        return True

    async def _following(self, url: str, reading: SeedDocument) -> str | None:
        """The next page, if the crawl is to read it.

        Where at least half of the links are new, others may have moved to the next page since the last look. It is read
        and noted first: if the poll is killed, the first page is still unknown, and the next look comes this way again.
        How far back an outlet goes is for its first crawl, which finds the next page unread.
        """
        older = reading.next_page
        if not older or not reading.links or self._seed.url in self._documents.first_looks:
            return older
        new = await self._documents.count_unknown(reading.links)
        if new < HALF * len(reading.links):
            return None
        return None if await self.read(older, url) else older
