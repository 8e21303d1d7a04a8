"""The spider of a poll: one for all outlets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy import signals

from crawlers.catalog import Catalog
from crawlers.job import PollOrder

from .ip_filter import permit_private
from .poll_run import PollRun
from .poll_settings import readable, scrapy_settings
from .run import Report
from .spider import user_agent

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class PollSpider(scrapy.Spider):
    """Polls the outlets of an order; see `PollRun`."""

    name = "poll"

    def __init__(self, *, report: Report, order: PollOrder, catalog: Catalog) -> None:
        super().__init__()
        self._order, self._catalog, self._report = order, catalog, report
        self.run: PollRun | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PollSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        for outlet in readable(spider._catalog, spider._order.outlets):
            if outlet.allow_private:
                permit_private(outlet.hosts)
        crawler.signals.connect(spider._wait_until_kept, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Poll; yields nothing."""
        self.run = PollRun(self.crawler, self._order, self._catalog, self._report)
        await self.run.work()
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item

    def stop(self) -> None:
        """Stop the poll soon; what was noted is kept."""
        if self.run:
            self.run.stop()

    async def _wait_until_kept(self) -> None:
        if self.run:
            self.run.stop()
            await asyncio.wait_for(self.run.over.wait(), 20)


def poll_settings(order: PollOrder, catalog: Catalog) -> dict[str, Any]:
    """Return Scrapy's settings for the poll of an order."""
    return scrapy_settings(readable(catalog, order.outlets), user_agent(order.settings.contact))
