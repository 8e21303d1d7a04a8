"""What is new: an outlet's seeds asked, read, and their links put into the ledger.

A seed document's validators are kept in the transaction that keeps its links, and only if it was read whole: a 304 must
never stand for links that were lost.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime
from typing import Any

from crawlers.discovery import (
    Child,
    SeedDocument,
    link_in_window,
    read_seed,
    seed_addresses,
    serving_seeds,
    wants_child,
)
from crawlers.outlet import Feed, Listing, NewsSitemap, Seed, WordPress
from crawlers.seed_choice import seeds_of
from storage import frontier
from storage.frontier import PutBack, SeedFetch, SeedState
from storage.model import Link

from .answers import Answer
from .context import RunContext
from .fetching import Fetched
from .gaps import gap_line
from .isolation import ends_the_run, fault_line
from .noting import note

log = logging.getLogger(__name__)

MAX_DEPTH = 3  # index -> index -> sitemap; deeper nesting is a loop or a trap
MAX_DOCUMENTS = 5_000  # of one seed in one run
MAX_SEED_BYTES = 50_000_000  # the sitemap protocol's own limit, uncompressed


class SeedReader:
    """Reads all seeds of an outlet for one run. What could not be read is a problem of the run, never silence."""

    def __init__(self, context: RunContext) -> None:
        self._outlet, self._job, self._db, self._run = context.outlet, context.job, context.db, context.run
        self._store, self._fetcher, self._hosts = context.store, context.fetcher, context.hosts
        self._tally, self._stopping, self._budget = context.tally, context.stopping, context.budget
        self._asked: set[str] = set()
        self._documents: dict[str, int] = {}  # of each seed
        self._linked: dict[str, set[str]] = {}  # addresses that each seed's pages have shown so far
        self.read = 0  # documents that answered, 304 included
        self.failures: list[str] = []  # causes of those that did not
        self.announced = 0  # links to articles
        self.cut = False  # whether the budget left documents unread

    async def read_all(self) -> None:
        """Ask every seed that serves this kind of run."""
        today = datetime.now(self._outlet.tz).date()
        seeds = seeds_of(self._outlet, self._job.seed_kind)
        plans = [(seed, seed_addresses(seed, self._job.window, today)) for seed in seeds]
        if not serving_seeds(seeds, self._job.window):
            self._tally.problem(f"{self._outlet.id}: no seed of the outlet file serves a {self._job.kind} run")
        await asyncio.gather(*(self._seed(seed, addresses) for seed, addresses in plans))

    async def _seed(self, seed: Seed, addresses: tuple[str, ...]) -> None:
        for address in addresses:
            await self._document(seed, address, None, 0)

    async def _document(self, seed: Seed, url: str, parent: str | None, depth: int) -> None:
        if self._stopping.is_set() or url in self._asked or not self._may_take(seed):
            return
        if self._budget.used_up:
            self.cut = True
            return
        self._asked.add(url)
        try:
            await self._take(seed, url, parent, depth)
        except Exception as fault:
            if ends_the_run(fault):
                raise
            log.warning("%s cannot be read", url, exc_info=fault)
            self.failures.append("fault")
            self._tally.problem(f"{url}: fault ({fault_line(fault)})")

    async def _take(self, seed: Seed, url: str, parent: str | None, depth: int) -> None:
        state = await self._store.call(frontier.seed_state, self._db, self._outlet.id, url)
        fetched = await self._ask(url, state)
        if not isinstance(fetched, Answer) or not (fetched.status == 304 or 200 <= fetched.status < 300):
            await self._unreadable(seed, url, parent, fetched)
        elif fetched.status == 304:
            await self._unchanged(seed, url, state, depth)
        else:
            await self._changed(seed, url, parent, fetched, depth)

    def _may_take(self, seed: Seed) -> bool:
        count = self._documents[seed.url] = self._documents.get(seed.url, 0) + 1
        if count == MAX_DOCUMENTS + 1:
            self._tally.problem(f"{seed.url}: more than {MAX_DOCUMENTS} documents in one run; the rest was not read")
        return count <= MAX_DOCUMENTS

    async def _ask(self, url: str, state: SeedState | None) -> Fetched:
        if until := await self._hosts.paused_until(url):
            return PutBack("host_paused", until, f"the host is left alone until {until:%Y-%m-%d %H:%M} UTC")
        # A backfill or refetch wants the links themselves; "nothing new since" is no answer to it.
        known = state if state and not self._job.only_seen else None
        fetched = await self._fetcher.get(
            url,
            "seed",
            etag=known.etag if known else None,
            last_modified=known.last_modified if known else None,
            max_bytes=MAX_SEED_BYTES,
        )
        await self._hosts.learn(url, fetched)
        return fetched

    async def _unreadable(self, seed: Seed, url: str, parent: str | None, fetched: Fetched) -> None:
        status = fetched.status if isinstance(fetched, Answer) else None
        cause = f"http_{status}" if isinstance(fetched, Answer) else getattr(fetched, "cause", None) or fetched.reason  # type: ignore[union-attr]
        if status in (404, 410) and _is_period(seed):
            return  # a dated sitemap of a day without news may not exist
        detail = "" if isinstance(fetched, Answer) else f" ({fetched.detail})"
        self.failures.append(str(cause))
        self._tally.problem(f"{url}: {cause}{detail}")
        await self._note(
            SeedFetch(
                kind=seed.kind, url=url, parent_url=parent, status=status, problem=str(cause), keep_validators=False
            ),
            [],
        )

    async def _unchanged(self, seed: Seed, url: str, state: SeedState | None, depth: int) -> None:
        self.read += 1
        self._tally.seeds_unchanged += 1
        if state is None:
            return
        if isinstance(seed, Listing | WordPress):  # older pages that a run announced and never read, since it died
            for unread in state.unread:
                await self._document(seed, unread, url, depth)
            return
        # An unchanged index says nothing of its children: each has validators of its own.
        await self._children(seed, url, tuple(Child(child) for child in state.children), depth)

    async def _changed(self, seed: Seed, url: str, parent: str | None, answer: Answer, depth: int) -> None:
        self.read += 1
        # Decoding and parsing megabytes of XML holds the loop up; a thread does not, lxml lets go of the interpreter.
        reading = await asyncio.to_thread(read_seed, seed, self._outlet, answer.url, answer.body, answer.headers)
        for problem in reading.problems:
            self._tally.problem(f"{url}: {problem}")
        following = await self._following(seed, url, reading)
        children = reading.children[:MAX_DOCUMENTS]
        await self._note(
            SeedFetch(
                kind=seed.kind,
                url=url,
                parent_url=parent,
                etag=answer.etag,
                last_modified=answer.last_modified,
                status=answer.status,
                entries=len(reading.links),
                problem="; ".join(reading.problems) or None,
                keep_validators=reading.complete,
                **self._span(seed, reading),
                children=tuple(child.url for child in children) + ((following,) if following else ()),
            ),
            self._wanted(reading, url),
        )
        await self._learn(seed, url, reading)
        await self._children(seed, url, children, depth)
        if following:
            await self._document(seed, following, url, depth)

    async def _learn(self, seed: Seed, url: str, reading: SeedDocument) -> None:
        """Called for each document that was read and noted, for readers that learn more from it than its links."""

    def _span(self, seed: Seed, reading: SeedDocument) -> dict[str, Any]:
        """The dates of a document's links. Of all of them: a run that takes only some cannot tell a gap."""
        dates = [link.hints.published.at for link in reading.links if link.hints.published]
        if not dates:
            return {}
        overflows = isinstance(seed, Feed | NewsSitemap) and reading.complete and not self._job.only_seen
        return {"newest_at": max(dates), "oldest_at": min(dates), "may_overflow": overflows}

    async def _following(self, seed: Seed, url: str, reading: SeedDocument) -> str | None:
        """The next, older page of a listing or of an API, if it is worth asking for."""
        if not reading.next_page:
            return None
        new = await self._store.call(frontier.count_unknown, self._db, [link.url for link in reading.links])
        if self._goes_on(seed, reading, new=new):
            return reading.next_page
        state = await self._store.call(frontier.seed_state, self._db, self._outlet.id, url)
        return reading.next_page if state and reading.next_page in state.unread else None

    def _wanted(self, reading: SeedDocument, url: str) -> list[Link]:
        window = self._job.wanted
        if window is None:
            return list(reading.links)
        return [link for link in reading.links if link_in_window(link, self._outlet, window, url) is not False]

    def _goes_on(self, seed: Seed, reading: SeedDocument, new: int) -> bool:
        """Whether an older page of a listing or of an API is worth asking for."""
        seen = self._linked.setdefault(seed.url, set())
        fresh = {link.url for link in reading.links} - seen
        seen |= fresh
        if not fresh:
            return False  # past its end, many a site shows the last page again
        window = self._job.wanted
        if window is None:  # newest first: behind a page of known links there is nothing new
            return new > 0 and self._documents[seed.url] < getattr(seed, "max_pages", MAX_DOCUMENTS)
        days = [day for link in reading.links if (day := _day(link)) is not None]
        return not days or max(days) >= window.first

    async def _children(self, seed: Seed, parent: str, children: tuple[Child, ...], depth: int) -> None:
        if children and depth >= MAX_DEPTH:
            self._tally.problem(f"{parent}: sitemap indexes nested deeper than {MAX_DEPTH}; not followed")
            return
        for child in children:
            if wants_child(child, self._job.window):
                await self._document(seed, child.url, parent, depth + 1)

    async def _note(self, seed: SeedFetch, links: list[Link]) -> None:
        noted = await self._store.call(
            note,
            self._db,
            self._run,
            seed,
            links,
            refetch=self._job.refetch,
            lane=self._job.lane,
        )
        for problem in noted.problems:
            self._tally.problem(problem)
        found = noted.found
        self.announced += found.new + found.known
        self._tally.found(found)
        for gap in found.gaps:
            self._tally.note(gap_line(gap, self._outlet))
        if found.distrusted:
            self._tally.problem(
                f"{seed.url}: {found.distrusted} known pages are all said to have changed just now; not believed, "
                "not fetched again"
            )


def _is_period(seed: Seed) -> bool:
    return seed.kind == "dated_sitemap"


def _day(link: Link) -> date | None:
    if link.hints.published:
        return link.hints.published.at.date()
    return link.hints.modified.astimezone(UTC).date() if link.hints.modified else None
