"""The pace of hosts that no outlet file names, where one process serves many outlets: that of the outlet that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.urls import host_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

PACE = "host_pace"  # request meta: `concurrency` and `delay` of the outlet


class HostPaceMiddleware:
    """Gives a host without a pace that of its first request, a redirected one too."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostPaceMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if (pace := request.meta.get(PACE)) and self._crawler.engine is not None:
            self._crawler.engine.downloader.per_slot_settings.setdefault(host_of(request.url), dict(pace))
