"""Pages from the ledger: leased, fetched, understood, ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from crawlers.captures import captured_at
from crawlers.extraction import ContainerUpdate, Event
from crawlers.extraction.workers import KILLED, ExtractionPool
from storage import frontier
from storage.frontier import (
    OTHER_LANGUAGE,
    Extracted,
    Failed,
    FinishedPage,
    Gone,
    Lease,
    NotModified,
    PutBack,
    Rejected,
    Result,
)
from storage.instants import steady_now
from storage.learned_containers import save_container_event
from storage.model import Article
from storage.urls import host_of, same_site
from storage.warc import Place

from .answers import Answer
from .api_pages import ApiPages
from .context import RunContext
from .isolation import Isolation
from .page_ends import page_end, patient, with_rights
from .retry_after import retry_after
from .writer import Finished, Writer

log = logging.getLogger(__name__)

PROGRESS = 0.2  # seconds until the ledger is asked again while pages are under way
NOTHING_DUE = (
    5.0  # seconds until it is asked again while seeds are read that announce nothing: a page may be due by then
)
HTML = "text/html; charset=utf-8"
RETRIED_STATUSES = frozenset({403, 408, 425, 429})  # 403 is more often a wall for today than a refusal for ever


class PageCrew:
    """Keeps as many pages under way as the outlet's pace can use, and no more: a lease is not a queue."""

    def __init__(
        self,
        context: RunContext,
        pool: ExtractionPool,
        writer: Writer,
        isolation: Isolation,
        api_pages: ApiPages,
        seeds_done: asyncio.Event,
    ) -> None:
        self._outlet, self._job, self._db, self._run = context.outlet, context.job, context.db, context.run
        self._store, self._fetcher, self._hosts = context.store, context.fetcher, context.hosts
        self._tally, self._stopping, self._budget = context.tally, context.stopping, context.budget
        self._pool, self._writer, self._isolation, self._api_pages = pool, writer, isolation, api_pages
        self._seeds_done = seeds_done
        self._more_pages, self._held = context.more_pages, context.held
        self._under_way: set[asyncio.Task[None]] = set()
        self._fault: BaseException | None = None
        self._alone = False
        self._taken = 0
        self._most = 2 * context.outlet.fetch.concurrency + 2 * pool.workers

    async def work(self) -> None:
        """Until nothing is due, or the limit is reached, or the run is stopping; ends with no page under way."""
        while not self._stopping.is_set() and (room := self._room()) >= 0:
            seeds_were_done = self._seeds_done.is_set()
            leases = await self._lease(room) if room else []
            for lease in leases:
                self._begin(lease)
            if leases or self._under_way:
                await self._some_progress()
            elif seeds_were_done and not await self._wait_for_due():
                break
            elif not seeds_were_done:
                await self._wait_for_more()
            self._raise_fault()
        if self._under_way:
            await asyncio.wait(self._under_way)
        self._raise_fault()

    async def abandon(self) -> None:
        """Give up the pages under way; their leases go back with the run's end."""
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    def no_more_seeds(self) -> None:
        """Note that all seeds were read."""
        self._seeds_done.set()
        self.wake()

    def wake(self) -> None:
        """Do not wait for more pages any longer: look again what is to be done."""
        self._more_pages.set()

    def _room(self) -> int:
        """How many more pages may be leased now; -1 when the job's limit or budget is used up."""
        left = self._job.limit - self._taken if self._job.limit is not None else self._most
        affordable = self._budget.left(len(self._under_way))
        left = left if affordable is None else min(left, affordable)
        if left <= 0 and not self._under_way:
            return -1
        if self._alone and self._under_way:
            return 0
        if self._held.is_full:
            return 0 if self._under_way else 1  # one page at least, so that no run waits for the others
        return max(0, min(left, self._most - len(self._under_way)))

    async def _lease(self, room: int) -> list[Lease]:
        if room < max(1, self._most // 2) and self._under_way and self._most > 2:
            return []  # lease by handfuls: one statement for several pages
        leases = await self._store.call(
            frontier.lease,
            self._db,
            self._run,
            room,
            now=steady_now(),
            only_seen_by_run=self._job.only_seen,
            lane=None if self._job.only_seen else "news",
        )
        if any(lease.alone for lease in leases) and self._under_way:
            await asyncio.wait(self._under_way)
        self._alone = any(lease.alone for lease in leases)
        self._taken += len(leases)
        return leases

    def _begin(self, lease: Lease) -> None:
        task = asyncio.create_task(self._page(lease))
        self._under_way.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not self._under_way:
            self._writer.write_soon()  # no other page is about to come
        if not task.cancelled():
            self._fault = self._fault or task.exception()

    def _raise_fault(self) -> None:
        """What is no page's fault ends the run, whenever it came."""
        if self._fault:
            raise self._fault

    async def _wait_for_more(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._more_pages.wait(), NOTHING_DUE)
        self._more_pages.clear()

    async def _some_progress(self) -> None:
        await asyncio.wait(self._under_way, timeout=PROGRESS, return_when=asyncio.FIRST_COMPLETED)

    async def _wait_for_due(self) -> bool:
        """Wait for a page that becomes due within the run's patience; False if there is none."""
        await self._writer.all_kept()  # what is not yet written may be what is due next
        due = await self._store.call(frontier.next_due, self._db, self._run, only_seen_by_run=self._job.only_seen)
        if due is None or due > steady_now() + timedelta(seconds=self._job.patience):
            return False
        seconds = max(0.05, (due - steady_now()).total_seconds())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return True

    async def _page(self, lease: Lease) -> None:
        try:
            finished = await self._done(lease)
        except Exception as fault:  # noqa: BLE001 - `blame` raises again what is not the page's
            finished = Finished(page_end(lease, self._isolation.blame(lease.url, "fault", fault)))
        self._writer.add(finished)

    async def _done(self, lease: Lease) -> Finished:
        if lease.answer and (finished := await self._from_answer(lease, lease.answer)):
            return finished
        address = lease.fetch_url or lease.url
        if until := await self._hosts.paused_until(address):
            return Finished(page_end(lease, PutBack("host_paused", until)))
        outright = self._job.refetch or lease.fetch_url is not None
        fetched = await self._fetcher.get(
            address,
            "page",
            etag=None if outright else lease.etag,
            last_modified=None if outright else lease.last_modified,
        )
        paused = await self._hosts.learn(address, fetched)
        if not isinstance(fetched, Answer):
            return Finished(page_end(lease, patient(fetched, paused)))
        self._held.hold(fetched)
        self._tally.bytes += len(fetched.raw_body)
        result = self._judged(fetched, lease) or await self._understood(fetched, lease)
        return Finished(page_end(lease, result, fetched), fetched)

    async def _from_answer(self, lease: Lease, place: Place) -> Finished | None:
        """The page's end by the text that its seed's answer holds; None if the page has to be fetched all the same."""
        page = await self._api_pages.page(place, lease.url)
        if page is None:
            return None
        found = await self._pool.extract(page.html, lease.url, self._outlet, lease.hints, HTML, learn=False)
        if not isinstance(found, Article):
            return None
        found = replace(found, rights=None)  # the answer of an interface says nothing of its pages' meta elements
        self._tally.articles.note(found, lease)
        end = FinishedPage(
            lease.page_id, Extracted(found), page.fetched_at, http_status=200, final_url=lease.url,
            addresses=(lease.url,), warc=place, look_again=False,
        )  # fmt: skip
        return Finished(end)

    def _judged(self, answer: Answer, lease: Lease) -> Result | None:
        """The outcome that the answer alone decides; None if its page is to be read."""
        if answer.status == 304:
            return NotModified()
        if self._is_elsewhere(answer, lease):
            return Rejected("offsite_redirect", answer.url)
        if answer.headers.get("cf-mitigated", "").lower() == "challenge":
            return Rejected("challenge", "cf-mitigated")
        if answer.status in (404, 410):
            return Gone("not_captured" if lease.fetch_url else f"http_{answer.status}")
        if answer.status >= 500 or answer.status in RETRIED_STATUSES:
            asked = retry_after(answer.headers.get("retry-after"), steady_now())
            cause = f"http_{answer.status}"
            return PutBack(cause, asked, answer.url) if asked else Failed(cause, answer.url)
        if not 200 <= answer.status < 300:
            return Rejected(f"http_{answer.status}", answer.headers.get("location", ""))
        if answer.hops and urlsplit(answer.url).path in ("", "/") and urlsplit(lease.url).path not in ("", "/"):
            return Rejected("soft_404", f"redirected to {answer.url}")
        if not answer.body.strip():
            return Failed("empty_body", answer.url)
        if answer.status == 206:
            return Failed("http_206", "a part of the page, which nobody asked for")
        return self._cut_off(answer, lease)

    def _cut_off(self, answer: Answer, lease: Lease) -> Failed | None:
        """Return Failed if the answer may have been cut off. One that comes in the same length again is whole."""
        if not answer.partial or b"</html>" in answer.body[-2048:].lower():
            return None
        why = f"no length was announced, and the end of the page is missing after {len(answer.body)} bytes"
        return None if lease.last_detail == why else Failed("truncated", why)

    def _is_elsewhere(self, answer: Answer, lease: Lease) -> bool:
        if lease.fetch_url:
            return host_of(answer.url) != host_of(lease.fetch_url)
        return not same_site(answer.url, lease.url) and host_of(answer.url) not in self._outlet.hosts

    async def _understood(self, answer: Answer, lease: Lease) -> Result:
        # A capture is read as what it was: the page at its own address, in a layout that may be gone since.
        captured = captured_at(lease.fetch_url or "")
        outlet = self._outlet.as_of(captured) if captured else self._outlet
        found = await self._pool.extract(
            answer.body,
            lease.url if lease.fetch_url else answer.url,
            outlet,
            lease.hints,
            answer.headers.get("content-type"),
            learn=not lease.fetch_url,
        )
        for update in self._pool.take_updates(self._outlet.id):
            await self._heed(update)
        if isinstance(found, Article):
            found = with_rights(found, lease, answer)
            self._tally.articles.note(found, lease)
            return self._unwanted(found, lease) or Extracted(found)
        if found.detail == KILLED:
            return Failed("worker_killed", found.detail)
        return Rejected(str(found.reason), found.detail)

    def _unwanted(self, article: Article, lease: Lease) -> Rejected | None:
        """Return why an article is not kept that no seed announced: its language, or an address of another kind."""
        if not lease.tried:
            return None
        published_at = article.published.at if article.published else None
        wanted = (self._outlet.counter and self._outlet.counter.languages) or self._outlet.languages
        if article.language and article.language not in wanted:
            return Rejected(OTHER_LANGUAGE, article.language, published_at)
        if not self._outlet.is_article(article.url):
            return Rejected("not_article", f"redirected to {article.url}", published_at)
        return None

    async def _heed(self, update: ContainerUpdate) -> None:
        """Keep what a page taught of the outlet's layout, and say so if it has changed."""
        container, outlet = update.container, self._outlet.id
        await self._store.call(
            save_container_event,
            self._db,
            outlet,
            container.path,
            container.plain,
            str(update.event),
            steady_now(),
        )
        if update.event is Event.LEARNED:
            log.info("%s: articles stand in %s", outlet, container.path)
        elif update.event is Event.CHANGED:
            self._tally.problem(
                f"{outlet}: layout changed: articles no longer stand in {container.path}; its pages are read in full "
                f"until another container is known (pressrun outlets show {outlet})"
            )
