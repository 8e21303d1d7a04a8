"""Which hosts are left alone for now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from crawlers.discovery import Clock
from crawlers.job import Job
from crawlers.outlet import IdRange, Outlet
from crawlers.spider import hosts
from crawlers.spider.answers import Answer
from crawlers.spider.context import RunContext
from crawlers.spider.counter import CounterWalk
from crawlers.spider.fetching import Fetched, Fetcher
from crawlers.spider.hosts import FAILURES_IN_A_ROW, READ_AGAIN, HostWatch
from crawlers.spider.store import Store
from storage import frontier
from storage.database import Database
from storage.frontier import Failed, PutBack
from storage.instants import steady_now
from tests.crawlers.spider.scene import OUTLET

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


def test_a_paused_host_is_not_asked_and_an_answer_pauses_it(database: Database) -> None:
    async def work(store: Store) -> None:
        web = Web(answer(429, HOUR))
        watch = HostWatch(database, store)
        first = await watch.get(cast("Fetcher", web), URL, "seed", max_bytes=9)
        second = await watch.get(cast("Fetcher", web), f"{URL}0", "seed")
        assert isinstance(first, Answer)
        assert isinstance(second, PutBack)
        assert second.cause == "host_paused"
        assert web.asked == [(URL, "seed", {"max_bytes": 9})]

    in_process(database, work)


def test_the_counter_asks_no_seed_of_a_paused_host(database: Database) -> None:
    seeds = [{"kind": "feed", "url": f"https://{HOST}/{name}.xml"} for name in "ab"]
    seeds.append({"kind": "id_range", "url": f"https://{HOST}/news/{{id}}"})
    article = r"^https://example\.az/news/(?P<id>\d+)$"
    fields = OUTLET.model_dump(exclude={"urls", "seeds"}) | {"urls": {"article": article}, "seeds": seeds}
    outlet = Outlet.model_validate(fields)
    assert outlet.counter

    async def work(store: Store) -> None:
        web = Web(answer(429, HOUR))
        context = SimpleNamespace(
            outlet=outlet, db=database, store=store, tally=None, job=Job(), fetcher=web,
            hosts=HostWatch(database, store), budget=None, stopping=None,
        )  # fmt: skip
        walk = CounterWalk(cast("RunContext", context), cast("IdRange", outlet.counter))
        assert await walk._announced_now(Clock()) is None
        assert [url for url, _, _ in web.asked] == [f"https://{HOST}/a.xml"]

    in_process(database, work)


class Web:
    """A fetcher that gives one answer to all."""

    def __init__(self, fetched: Fetched) -> None:
        self._fetched = fetched
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    async def get(self, url: str, role: str, **conditions: Any) -> Fetched:
        self.asked.append((url, role, conditions))
        return self._fetched
