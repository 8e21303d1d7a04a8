"""Seed documents: asked for conditionally, read, and put into the ledger with what they announce.

A document's validators are kept in the transaction that keeps its last links, and only if it was read whole: a 304 must
never stand for links that were lost.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from crawlers.discovery import SeedDocument, in_one, link_in_window
from crawlers.outlet import Feed, NewsSitemap, Seed
from storage import frontier
from storage.frontier import SeedFetch, SeedState
from storage.model import Link
from storage.warc import ArchiveWriter, Place

from .answers import Answer
from .context import RunContext
from .fetching import Fetched
from .gaps import gap_line
from .isolation import ends_the_run, fault_line
from .noting import Noted, note
from .one_thread import OneThread

log = logging.getLogger(__name__)

MAX_DOCUMENTS = 5_000  # of one seed in one run
MAX_SEED_BYTES = 50_000_000  # the sitemap protocol's own limit, uncompressed


@dataclass(frozen=True)
class Opened:
    """A document that answered."""

    seed: Seed
    url: str
    parent: str | None
    answer: Answer

    def without_body(self) -> Opened:
        """The document as it can be noted later: of one that was read, the bytes are not kept."""
        return replace(self, answer=replace(self.answer, body=b"", raw_body=b"", raw_headers=[]))


@dataclass(frozen=True)
class Unchanged:
    """The document is as it was when it was last read."""

    state: SeedState | None


@dataclass(frozen=True)
class Missing:
    """There is no document at the address, and that is no fault: a day without news, a page behind the last one."""


@dataclass(frozen=True)
class Unread:
    """The document was not read: it was before, there are too many, the run is stopping, or it failed (then noted)."""


Asked = Opened | Unchanged | Missing | Unread


class SeedDocuments:
    """Asks for the seed documents of one run. What could not be read is a problem of the run, never silence.

    `archive`: where answers go that hold the text of pages; without it, such pages are fetched.
    """

    def __init__(self, context: RunContext, archive: ArchiveWriter | None = None) -> None:
        self.outlet, self.job = context.outlet, context.job
        self._context, self._archive = context, archive
        self._asked: set[str] = set()
        self._count: dict[str, int] = {}  # documents of each seed
        self._in_part: set[str] = set()  # documents of which some links could not be written
        self._dates: dict[str, list[datetime]] = {}  # of the links of long documents, while they are read
        self.read = 0  # documents that answered, 304 included
        self.failures: list[str] = []  # causes of those that did not
        self.announced = 0  # links to articles
        self.cut = False  # whether documents were not read, or in part: by the budget, a limit, or their own fault

    def problem(self, line: str) -> None:
        """Note something that a person should look at."""
        self._context.tally.problem(line)

    def leave_unread(self, line: str) -> None:
        """Note documents that the run does not read, and why: its window is not finished."""
        self.cut = True
        self.problem(line)

    def fault(self, address: str, fault: Exception) -> None:
        """Note a fault of ours that cost a document; raise it if it is the run's."""
        if ends_the_run(fault):
            raise fault
        log.warning("%s cannot be read", address, exc_info=fault)
        self.failures.append("fault")
        self.problem(f"{address}: fault ({fault_line(fault)})")

    def was_asked(self, url: str) -> bool:
        """Whether the document was requested in this run."""
        return url in self._asked

    def count(self, seed: Seed) -> int:
        """How many documents of the seed were asked for."""
        return self._count.get(seed_name(seed), 0)

    async def ask(self, seed: Seed, url: str, parent: str | None = None, *, missing: Collection[int] = ()) -> Asked:
        """Ask for a document, once a run. A status of `missing` is no failure of it."""
        if self._context.stopping.is_set() or url in self._asked or not self._may_take(seed):
            return Unread()
        if self._context.budget.used_up:
            self.cut = True
            return Unread()
        self._asked.add(url)
        try:
            return await self._answered(seed, url, parent, missing)
        except Exception as fault:  # noqa: BLE001 - `fault` raises again what is not the document's
            self.fault(url, fault)
            return Unread()

    def _may_take(self, seed: Seed) -> bool:
        count = self._counted(seed)
        if count == MAX_DOCUMENTS + 1:
            self.leave_unread(
                f"{seed_name(seed)}: more than {MAX_DOCUMENTS} documents in one run; the rest was not read"
            )
        return count <= MAX_DOCUMENTS

    def _counted(self, seed: Seed) -> int:
        self._count[seed_name(seed)] = self.count(seed) + 1
        return self.count(seed)

    async def _answered(self, seed: Seed, url: str, parent: str | None, missing: Collection[int]) -> Asked:
        state = await self.state(url)
        fetched = await self._fetch(url, state)
        if isinstance(fetched, Answer) and fetched.status in missing:
            return Missing()
        if not isinstance(fetched, Answer) or not self._is_read(fetched.status):
            await self._failed(seed, url, parent, fetched)
            return Unread()
        self.read += 1
        if fetched.status == 304:
            self._context.tally.seeds_unchanged += 1
            return Unchanged(state)
        return Opened(seed, url, parent, fetched)

    def _is_read(self, status: int) -> bool:
        """True if the document answered. A 304 that nobody asked for brings none of the links of a window."""
        return 200 <= status < 300 or (status == 304 and not self.job.only_seen)

    async def _fetch(self, url: str, state: SeedState | None) -> Fetched:
        # A backfill or refetch wants the links themselves; "nothing new since" is no answer to it.
        known = state if state and not self.job.only_seen else None
        return await self._context.hosts.get(
            self._context.fetcher,
            url,
            "seed",
            etag=known.etag if known else None,
            last_modified=known.last_modified if known else None,
            max_bytes=MAX_SEED_BYTES,
        )

    async def _failed(self, seed: Seed, url: str, parent: str | None, fetched: Fetched) -> None:
        status = fetched.status if isinstance(fetched, Answer) else None
        cause = f"http_{status}" if isinstance(fetched, Answer) else getattr(fetched, "cause", None) or fetched.reason  # type: ignore[union-attr]
        detail = "" if isinstance(fetched, Answer) else f" ({fetched.detail})"
        self.failures.append(str(cause))
        self.problem(f"{url}: {cause}{detail}")
        fetch = SeedFetch(seed.kind, url, parent, status=status, problem=str(cause), keep_validators=False)
        await self._keep(fetch, [])

    async def readings(self, opened: Opened) -> AsyncIterator[SeedDocument]:
        """What the document announces, of a long one a batch at a time; what is wrong with it is noted."""
        answer = opened.answer
        batches = self._context.documents.read_in_batches(
            opened.seed, self.outlet, answer.url, answer.body, answer.headers
        )
        # Beside the loop: a long document is waited for, a short one parsed, for which lxml lets go of the interpreter.
        # One for the whole document: a parser of lxml that another thread goes on with corrupts the heap.
        thread = OneThread("seed")
        try:
            while (reading := await self._next(opened.url, thread, batches)) is not None:
                for problem in reading.problems:
                    self.problem(f"{opened.url}: {problem}")
                self.cut = self.cut or not reading.complete or reading.too_long
                yield reading
        finally:
            thread.close(wait=False)

    async def _next(self, url: str, thread: OneThread, batches: Iterator[SeedDocument]) -> SeedDocument | None:
        try:
            return await thread.call(next, batches, None)
        except Exception as fault:  # noqa: BLE001 - `fault` raises again what is not the document's
            self.fault(url, fault)
            return SeedDocument(complete=False)

    async def reading(self, opened: Opened) -> SeedDocument:
        """All that a document of few links announces."""
        return in_one([reading async for reading in self.readings(opened)])

    def wanted(self, links: Iterable[Link], document: str) -> list[Link]:
        """Those of a document's links that the run may want, by their days."""
        window = self.job.wanted
        if window is None:
            return list(links)
        return [link for link in links if link_in_window(link, self.outlet, window, document) is not False]

    async def note(
        self,
        opened: Opened,
        reading: SeedDocument,
        links: list[Link],
        leads_to: tuple[str, ...] = (),
        *,
        entries: int | None = None,
    ) -> None:
        """Put `links` of a reading into the ledger, and with its last links the document, and what it `leads_to`."""
        answer = opened.answer
        fetch = SeedFetch(
            kind=opened.seed.kind,
            url=opened.url,
            parent_url=opened.parent,
            etag=answer.etag,
            last_modified=answer.last_modified,
            status=answer.status,
            entries=len(reading.links) if entries is None else entries,
            problem="; ".join(reading.problems) or None,
            keep_validators=reading.complete and opened.url not in self._in_part,
            children=leads_to,
            final=reading.final,
        )
        await self._keep(self._with_span(fetch, opened.seed, reading), links, answer)

    def _with_span(self, fetch: SeedFetch, seed: Seed, reading: SeedDocument) -> SeedFetch:
        """The dates of a document's links. Of all of them: a run that takes only some cannot tell a gap."""
        dates = self._dates.pop(fetch.url, [])
        dates += [link.hints.published.at for link in reading.links if link.hints.published]
        if not dates:
            return fetch
        if not reading.final:
            self._dates[fetch.url] = [min(dates), max(dates)]
        overflows = isinstance(seed, Feed | NewsSitemap) and reading.complete and not self.job.only_seen
        return replace(fetch, newest_at=max(dates), oldest_at=min(dates), may_overflow=overflows)

    async def _keep(self, fetch: SeedFetch, links: list[Link], answer: Answer | None = None) -> None:
        noted = await self._context.store.call(self._noted, fetch, links, answer)
        for problem in noted.problems:
            self._in_part.add(fetch.url)
            self.leave_unread(problem)
        found, tally = noted.found, self._context.tally
        self.announced += found.new + found.known
        if links:
            self._context.more_pages.set()
        tally.found(found)
        for gap in found.gaps:
            if gap.first_number is None:  # else the counter closes it, or tells what is left of it
                tally.note(gap_line(gap, self.outlet))
        if found.distrusted:
            self.problem(
                f"{fetch.url}: {found.distrusted} known pages are all said to have changed just now; not believed, "
                "not fetched again"
            )

    def _noted(self, fetch: SeedFetch, links: list[Link], answer: Answer | None) -> Noted:
        """On the store's thread: an answer that holds texts to the archive first, then what it announces."""
        db, refetch = self._context.db, self.job.refetch
        has_text = any(link.full_text for link in links) and not frontier.holds_removed(db, links)
        if answer and self._archive and has_text and (refetch or frontier.brings_text(db, links)):
            fetch = replace(fetch, answer=_archived(answer, self._archive))
        return note(db, self._context.run, fetch, links, refetch=refetch, lane=self.job.lane)

    async def state(self, url: str) -> SeedState | None:
        """What is kept of a document."""
        context = self._context
        return await context.store.call(frontier.seed_state, context.db, self.outlet.id, url)

    async def count_unknown(self, links: Iterable[Link]) -> int:
        """How many of the links the ledger does not know."""
        context = self._context
        return await context.store.call(frontier.count_unknown, context.db, [link.url for link in links])


def seed_name(seed: Seed) -> str:
    """What a seed is called in a report."""
    return seed.url or seed.kind


def _archived(answer: Answer, archive: ArchiveWriter) -> Place:
    place = archive.write(
        url=answer.url, status=answer.status, headers=answer.raw_headers, body=answer.raw_body,
        fetched_at=answer.fetched_at, ip=answer.ip,
    )  # fmt: skip
    archive.flush()
    return place
