"""The spider that fetches single addresses on request, through the same downloader and middlewares as a crawl."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crawlers.fetch_order import FetchRequest
from crawlers.messages import Ended, Reply
from crawlers.outlet import Outlet
from storage.frontier import Failed, Rejected

from .answers import Answer
from .download_errors import UNREACHABLE
from .fetching import Fetched, Fetcher
from .isolation import ends_the_run, fault_line
from .run import Report
from .seed_documents import MAX_SEED_BYTES
from .shared_settings import limits
from .spider_base import SharedSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class FetchRun:
    """Answers requests until it is stopped. Each outlet's requests have its limits."""

    def __init__(
        self, crawler: Crawler, outlets: Sequence[Outlet], requests: asyncio.Queue[FetchRequest], report: Report
    ) -> None:
        fetcher = Fetcher(crawler)
        self._fetchers = {outlet.id: fetcher.for_run(lambda _: None, limits(outlet)) for outlet in outlets}
        self._requests, self._report = requests, report
        self._stopping = asyncio.Event()
        self.over = asyncio.Event()
        self.exit_code = 0
        self.failure: BaseException | None = None

    def stop(self) -> None:
        """Take no more requests, and drop those under way: whoever asked is gone."""
        self._stopping.set()

    async def work(self) -> None:
        """Answer requests, side by side as far as the pace of their hosts permits.

        What would befall every request is kept in `failure` and raised.
        """
        serving, stopping = asyncio.create_task(self._serve()), asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
            self._report(Ended("completed"))
        except BaseException as fault:
            self.failure = fault
            raise
        finally:
            serving.cancel()
            stopping.cancel()
            await asyncio.gather(serving, stopping, return_exceptions=True)
            self.over.set()

    async def _serve(self) -> None:
        """Answer until cancelled. Raises what ended the first answer."""
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    request = await self._requests.get()
                    group.create_task(self._answer(request))
        except ExceptionGroup as several:
            raise several.exceptions[0] from several

    async def _answer(self, request: FetchRequest) -> None:
        fetcher = self._fetchers.get(request.outlet)
        if fetcher is None:
            return self._report(Reply(request.number, request.url, cause="unknown_outlet", detail=request.outlet))
        limit = MAX_SEED_BYTES if request.role == "seed" else None  # of pages: as the outlet file says
        try:
            fetched = await fetcher.get(request.url, request.role, max_bytes=limit)
        except Exception as fault:
            if ends_the_run(fault):
                raise
            fetched = Failed("fault", fault_line(fault))
        return self._report(_reply(request, fetched))


def _reply(request: FetchRequest, fetched: Fetched) -> Reply:
    if isinstance(fetched, Answer):
        body = base64.b64encode(fetched.body).decode("ascii")
        return Reply(request.number, fetched.url, fetched.status, fetched.headers, body)
    cause = fetched.reason if isinstance(fetched, Rejected) else fetched.cause
    return Reply(
        request.number, request.url, cause=cause, detail=fetched.detail or "", unreachable=cause in UNREACHABLE
    )


class FetchSpider(SharedSpider):
    """Fetches for `crawlers.fetch`; see `FetchRun`."""

    name = "fetch"

    def __init__(self, *, report: Report, outlets: Sequence[Outlet], requests: asyncio.Queue[FetchRequest]) -> None:
        super().__init__(outlets)
        self._report, self._requests = report, requests

    def new_run(self) -> FetchRun:
        return FetchRun(self.crawler, self._outlets, self._requests, self._report)
