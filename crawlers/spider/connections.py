"""Connections to hosts, kept open between requests."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any


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
    from scrapy.crawler import Crawler

KEPT = 16  # for a host at most: the highest `concurrency` of an outlet file


class KeptConnections(HTTP11DownloadHandler):
    """Scrapy's handler, which closes what it does not keep.

    Scrapy keeps CONCURRENT_REQUESTS_PER_DOMAIN connections to a host. In a process of many outlets that is 1, whatever
    an outlet's own concurrency is, so that most requests would look up their host and connect anew. No more than the
    outlet uses at once are ever opened.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.maxPersistentPerHost = KEPT
