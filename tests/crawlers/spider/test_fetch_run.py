"""Addresses that are fetched on request: every request is answered, or the process ends and says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from crawlers.fetch_order import FetchRequest
from crawlers.messages import Ended, Message, Reply
from crawlers.spider.fetch_spider import FetchRun
from crawlers.spider.fetching import Fetched, Fetcher
from storage.errors import DatabaseFailedError
from storage.frontier import Failed
from tests.crawlers.spider.scene import OUTLET, SITE

IN_TIME = 60.0  # seconds for any one event


class Web(Fetcher):
    """Stands for the network: a time-out, and a fault of ours wherever the address ends in `bad`."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    async def get(self, url: str, role: str, **_: Any) -> Fetched:
        if url.endswith("bad"):
            raise self._fault
        return Failed("timeout")


def run_with(fault: Exception) -> list[Message]:
    """Ask for a bad address and a good one; return what is said until both are answered, or the run has failed."""
    said: list[Message] = []

    async def fetch() -> None:
        requests: asyncio.Queue[FetchRequest] = asyncio.Queue()

        def report(message: Message) -> None:
            said.append(message)
            if sum(isinstance(one, Reply) for one in said) == 2:
                run.stop()

        run = FetchRun(_Crawler(), [OUTLET], requests, report)  # type: ignore[arg-type]
        run._fetchers = {OUTLET.id: Web(fault)}
        for number, name in enumerate(("bad", "good")):
            requests.put_nowait(FetchRequest(number=number, outlet=OUTLET.id, url=f"{SITE}/{name}", role="page"))
        await asyncio.wait_for(run.work(), IN_TIME)

    asyncio.run(fetch())
    return said


class _Crawler:
    class signals:  # noqa: N801 - Scrapy's name
        connect: Callable[..., None] = staticmethod(lambda *_: None)


def test_what_nobody_foresaw_is_the_answer_to_its_own_request() -> None:
    *replies, end = run_with(RuntimeError("nobody\nforesaw this"))
    assert {(one.number, one.cause, one.detail) for one in replies if isinstance(one, Reply)} == {
        (0, "fault", "RuntimeError: nobody foresaw this"), (1, "timeout", ""),
    }  # fmt: skip
    assert end == Ended("completed")


def test_what_would_befall_every_request_ends_the_run() -> None:
    with pytest.raises(DatabaseFailedError):
        run_with(DatabaseFailedError("gone"))
