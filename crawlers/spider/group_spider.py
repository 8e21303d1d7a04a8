"""The spider of a group: one for all of its outlets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy import signals

from crawlers.catalog import Catalog
from crawlers.group_order import GroupOrder, Instruction

from .group_run import GroupRun
from .ip_filter import permit_private
from .poll_settings import readable, scrapy_settings
from .run import Report
from .spider import user_agent

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class GroupSpider(scrapy.Spider):
    """Crawls the outlets of an order as it is instructed; see `GroupRun`."""

    name = "group"

    def __init__(
        self, *, report: Report, order: GroupOrder, catalog: Catalog, instructions: asyncio.Queue[Instruction]
    ) -> None:
        super().__init__()
        self._order, self._catalog, self._report, self._instructions = order, catalog, report, instructions
        self.run: GroupRun | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> GroupSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        for outlet in readable(spider._catalog, spider._order.outlets):
            if outlet.allow_private:
                permit_private(outlet.hosts)
        crawler.signals.connect(spider._wait_until_kept, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Crawl; yields nothing."""
        self.run = GroupRun(self.crawler, self._order, self._catalog, self._report, self._instructions)
        await self.run.work()
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item

    def stop(self) -> None:
        """Stop all runs soon; what they stored is kept."""
        if self.run:
            self.run.stop()

    async def _wait_until_kept(self) -> None:
        if self.run:
            self.run.stop()
            await asyncio.wait_for(self.run.over.wait(), 20)


def group_settings(order: GroupOrder, catalog: Catalog) -> dict[str, Any]:
    """Return Scrapy's settings for the outlets of an order."""
    return scrapy_settings(readable(catalog, order.outlets), user_agent(order.settings.contact))
