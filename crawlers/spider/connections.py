"""Connections to hosts, kept open between requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
