"""The spider of all outlets. The ledger says which pages it fetches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from crawlers.environment import Settings, read_settings
from crawlers.extraction import Rejected
from crawlers.job import Job
from crawlers.messages import Message, Progress
from crawlers.outlet import Outlet
from crawlers.spider.ip_filter import permit_private
from storage.model import Article
from storage.urls import host_of

from .ports import permit_ports
from .run import CrawlRun, Report, extraction_workers
from .shared import open_shared
from .spider_base import RunSpider
from .user_agent import user_agent

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings


class OutletSpider(RunSpider):
    """One run of one outlet. `scrapy crawl ID -a since=2026-01-31 -a limit=10` takes the fields of a Job."""

    outlet: ClassVar[Outlet]

    def __init__(self, *, settings: Settings | None = None, report: Report | None = None, **order: Any) -> None:
        super().__init__()
        self.environment = settings or read_settings()
        self.job = Job.model_validate(order)
        self._report = report or self._log_report

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        fetch = cls.outlet.fetch
        for name, value in {
            "DOWNLOAD_DELAY": fetch.delay,
            "CONCURRENT_REQUESTS_PER_DOMAIN": fetch.concurrency,
            "DOWNLOAD_TIMEOUT": fetch.timeout,
            "DOWNLOAD_MAXSIZE": fetch.max_bytes,
            "REDIRECT_MAX_TIMES": fetch.max_redirects,
        }.items():
            settings.set(name, value, priority="spider")
        settings.set("USER_AGENT", user_agent(read_settings().contact), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> OutletSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        permit_ports([*cls.outlet.addresses_named, spider.environment.cdx or ""])
        if cls.outlet.allow_private:
            permit_private(cls.outlet.hosts_named)
        if spider.environment.cdx:
            permit_private([host_of(spider.environment.cdx)])  # whoever runs us may run an archive of their own
        return spider

    async def start(self) -> AsyncIterator[dict[str, Any]]:
        """Run the crawl. Yields each stored article, for Scrapy's pipelines and `-o FILE`."""
        parts = partial(open_shared, self.crawler, self.environment, extraction_workers())
        self.run = run = CrawlRun(self.outlet, self.job, parts, self._report)
        async for article in run.articles():
            yield item(article)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[dict[str, Any]]:  # noqa: ARG002 - Scrapy's signature
        """Yield the result of extracting a page; for `scrapy parse`, which stores nothing."""
        from crawlers.extraction import extract  # a crawl leaves that to its workers

        result = extract(response.body, response.url, self.outlet)
        yield (
            {"rejected": str(result.reason), "detail": result.detail} if isinstance(result, Rejected) else item(result)
        )

    def _log_report(self, message: Message) -> None:
        if not isinstance(message, Progress):
            self.logger.info("%s", message)


def item(article: Article) -> dict[str, Any]:
    """Return an article as an item for Scrapy's exporters."""
    return asdict(article)
