"""Which hosts are left alone for now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from crawlers.spider import hosts
from crawlers.spider.answers import Answer
from crawlers.spider.hosts import FAILURES_IN_A_ROW, READ_AGAIN, HostWatch
from crawlers.spider.store import Store
from storage import frontier
from storage.database import Database
from storage.frontier import Failed
from storage.instants import steady_now

URL, HOST = "https://example.az/news/1", "example.az"
HOUR = {"retry-after": "3600"}


def answer(status: int, headers: dict[str, str] | None = None) -> Answer:
    return Answer(URL, (), status, headers or {}, None, None, b"", [], b"", None, False, steady_now())


def minutes_left(db: Database) -> int:
    until = frontier.host_pause(db, HOST)
    return round((until - steady_now()) / timedelta(minutes=1)) if until else 0


def in_process(db: Database, work: Callable[[Store], Coroutine[Any, Any, None]]) -> None:
    store = Store()
    try:
        asyncio.run(work(store))
    finally:
        store.close()


def test_what_was_under_way_when_a_host_asked_for_an_hour_shortens_nothing(database: Database) -> None:
    async def work(store: Store) -> None:
        watch = HostWatch(database, store)
        until = await watch.learn(URL, answer(429, HOUR))
        assert await watch.learn(URL, answer(503, {"retry-after": "5"})) == until
        for _ in range(FAILURES_IN_A_ROW):
            assert await watch.learn(URL, Failed("timeout")) == until
        await watch.learn(URL, answer(200))
        assert await watch.paused_until(URL) == until

    in_process(database, work)
    assert minutes_left(database) == 60


def test_failures_under_way_when_a_host_was_paused_do_not_lengthen_its_pause(database: Database) -> None:
    async def work(store: Store) -> None:
        watch = HostWatch(database, store)
        for _ in range(FAILURES_IN_A_ROW + 5):
            await watch.learn(URL, Failed("timeout"))

    in_process(database, work)
    assert minutes_left(database) == 1


def test_a_pause_that_another_process_set_is_neither_ended_nor_missed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(store: Store) -> None:
        ours, other = HostWatch(database, store), HostWatch(database, store)
        assert await ours.paused_until(URL) is None
        until = await other.learn(URL, answer(429, HOUR))
        await ours.learn(URL, Failed("timeout"))
        await ours.learn(URL, answer(200))
        assert minutes_left(database) == 60
        later = steady_now() + READ_AGAIN
        monkeypatch.setattr(hosts, "steady_now", lambda: later)
        assert await ours.paused_until(URL) == until

    in_process(database, work)


def test_a_host_of_a_name_that_no_column_holds_is_left_alone_too(database: Database) -> None:
    address = f"https://{'a' * 300}.example/news/1"

    async def fail() -> None:
        store = Store()
        watch = HostWatch(database, store)
        for _ in range(FAILURES_IN_A_ROW):
            assert await watch.paused_until(address) is None
            await watch.learn(address, Failed("dns"))
        assert await watch.paused_until(address)
        assert await HostWatch(database, store).paused_until(address), "and by the next run"
        store.close()

    asyncio.run(fail())
