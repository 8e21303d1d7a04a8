"""What all spiders have in common: each drives one run, which can be stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Protocol, Self

import scrapy
from scrapy import signals

from crawlers.catalog import Catalog

from .ip_filter import permit_private
from .ports import permit_ports

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Stoppable(Protocol):
    """A run. `over` is set when all that it did is kept."""

    over: asyncio.Event

    def stop(self) -> None: ...


class Work(Stoppable, Protocol):
    """A run that is driven by one call."""

    async def work(self) -> None: ...


class RunSpider(scrapy.Spider):
    """A spider with a run, which is None before `start`."""

    run: Stoppable | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._wait_until_kept, signals.spider_closed)
        return spider

    def stop(self) -> None:
        """Stop the run soon; what it stored is kept."""
        if self.run:
            self.run.stop()

    async def _wait_until_kept(self) -> None:
        # Ctrl-C cancels start(); the process must not exit before the run has written its pages.
        if self.run:
            self.run.stop()
            await asyncio.wait_for(self.run.over.wait(), 20)


class SharedSpider(RunSpider):
    """The spider of a run that serves several outlets, `named` ones or all (none named)."""

    def __init__(self, catalog: Catalog, named: tuple[str, ...]) -> None:
        super().__init__()
        self._catalog, self._named = catalog, named

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        for outlet in spider._catalog.readable(spider._named):
            permit_ports(outlet.addresses_named)
            if outlet.allow_private:
                permit_private(outlet.hosts)
        return spider

    def new_run(self) -> Work:
        """Return the run; called once, when the crawler is ready."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Any]:
        """Do the run's work; yields nothing."""
        self.run = run = self.new_run()
        await run.work()
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item
