"""How long what robots.txt and tdmrep.json say is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import TextResponse

from crawlers.spider import origin_cache
from crawlers.spider.answers import RIGHTS
from crawlers.spider.errors import HostPausedError, RobotsForbiddenError, RobotsUnreadableError
from crawlers.spider.robots import ROBOTS_KEPT, ROBOTS_RETRY, RobotsMiddleware
from storage.errors import DatabaseFailedError
from storage.instants import steady_now

SITE = "https://example.az"
UNREAD = ("tdm=unknown (tdmrep.json could not be read)",)


class Web:
    """Stands for Scrapy's engine: answers by path, a status, a body, or an exception that is raised."""

    def __init__(self, robots: bytes | int | Exception, tdmrep: int = 404) -> None:
        self.robots, self.tdmrep = robots, tdmrep
        self.asked: list[str] = []
        self.downloader = SimpleNamespace(
            per_slot_settings={}, slots={}, settings=SimpleNamespace(getfloat=lambda _: 1.0)
        )

    async def download_async(self, request: Request) -> TextResponse:
        self.asked.append(request.url.removeprefix(SITE))
        await asyncio.sleep(0)
        said = self.robots if request.url.endswith("/robots.txt") else self.tdmrep
        if isinstance(said, Exception):
            raise said
        status, body = (said, b"") if isinstance(said, int) else (200, said)
        return TextResponse(request.url, status=status, body=body, request=request)


def robots_of(web: Web) -> RobotsMiddleware:
    crawler = SimpleNamespace(signals=SimpleNamespace(connect=lambda *_: None), engine=web)
    return RobotsMiddleware(cast(Crawler, crawler))


def page(number: int = 1, role: str = "seed") -> Request:
    return Request(f"{SITE}/news/{number}", meta={"role": role})


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    def set_ahead(by: timedelta) -> None:
        monkeypatch.setattr(origin_cache, "steady_now", lambda: steady_now() + by)

    return set_ahead


async def refused(middleware: RobotsMiddleware, reason: type[Exception]) -> None:
    with pytest.raises(reason):
        await middleware.process_request(page())


def test_an_unreadable_robots_txt_is_asked_for_again_after_an_hour(later: Callable[[timedelta], None]) -> None:
    async def work() -> None:
        web = Web(503)
        middleware = robots_of(web)
        await refused(middleware, RobotsUnreadableError)
        web.robots = b"User-agent: *\nDisallow: /admin\n"
        later(ROBOTS_RETRY - timedelta(minutes=1))
        await refused(middleware, RobotsUnreadableError)
        assert web.asked == ["/robots.txt"]
        later(ROBOTS_RETRY + timedelta(minutes=1))
        await middleware.process_request(page())
        assert web.asked == ["/robots.txt"] * 2

    asyncio.run(work())


def test_one_that_was_read_is_read_again_after_a_day(later: Callable[[timedelta], None]) -> None:
    async def work() -> None:
        web = Web(b"")
        middleware = robots_of(web)
        await asyncio.gather(*(middleware.process_request(page(number)) for number in range(5)))
        web.robots = b"User-agent: *\nDisallow: /\n"
        later(ROBOTS_KEPT - timedelta(minutes=1))
        await middleware.process_request(page())
        assert web.asked == ["/robots.txt"], "once, by whomever it was asked for meanwhile"
        later(ROBOTS_KEPT + timedelta(minutes=1))
        await refused(middleware, RobotsForbiddenError)

    asyncio.run(work())


@pytest.mark.parametrize("fault", [HostPausedError(steady_now()), DatabaseFailedError("locked")])
def test_a_reading_that_failed_is_told_and_not_kept(fault: Exception) -> None:
    async def work() -> None:
        web = Web(fault)
        middleware = robots_of(web)
        await refused(middleware, type(fault))
        web.robots = b""
        await middleware.process_request(page())

    asyncio.run(work())


def test_a_reservation_that_could_not_be_read_is_asked_for_again_after_an_hour(
    later: Callable[[timedelta], None],
) -> None:
    async def rights(middleware: RobotsMiddleware) -> Any:
        request = page(role="page")
        await middleware.process_request(request)
        return request.meta[RIGHTS].of(request.url)

    async def work() -> None:
        web = Web(b"", tdmrep=503)
        middleware = robots_of(web)
        assert await rights(middleware) == UNREAD
        web.tdmrep = 404
        assert await rights(middleware) == UNREAD
        later(ROBOTS_RETRY + timedelta(minutes=1))
        assert await rights(middleware) == ()

    asyncio.run(work())
