"""Connections to hosts, kept open between requests."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from .errors import HostPausedError
from .fetching import COUNT, PAUSED


@contextmanager
def _callers_without_source() -> Iterator[None]:
    """Shorten what `inspect.stack()` returns to the module of the caller of the function that asks.

    Scrapy names the modules of deprecated classes by it. Looking up the source of all forty frames of an import, three
    times, was a twentieth of the start of a crawl, and asking all modules for their files a fiftieth.
    """
    whole = inspect.stack
    inspect.stack = _frames_that_are_read  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.stack = whole


def _frames_that_are_read(_context: int = 1) -> list[Any]:
    return [None, (SimpleNamespace(__module__=sys._getframe(2).f_globals["__name__"]),)]


with _callers_without_source():
    from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

KEPT = 16  # for a host at most: the highest `concurrency` of an outlet file


class KeptConnections(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 download handler, with a bound on kept connections, and without requests to paused hosts.

    Requests wait for their turn behind all middlewares: here is the last moment to see that their host was paused
    meanwhile. HostPausedError if so.

    Scrapy keeps CONCURRENT_REQUESTS_PER_DOMAIN connections to a host. In a process of many outlets that is 1, whatever
    an outlet's own concurrency is, so that most requests would look up their host and connect anew. No more than the
    outlet uses at once are ever opened.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.maxPersistentPerHost = KEPT

    async def download_request(self, request: Request) -> Response:
        """Send the request and return its answer."""
        if (paused_until := request.meta.get(PAUSED)) and (until := await paused_until(request.url)):
            raise HostPausedError(until)
        if count := request.meta.get(COUNT):
            count(request.meta.get("role", "page"))
        return await super().download_request(request)
