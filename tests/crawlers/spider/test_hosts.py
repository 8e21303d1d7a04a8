"""Which hosts are left alone for now."""

from __future__ import annotations

import asyncio

from crawlers.spider.hosts import FAILURES_IN_A_ROW, HostWatch
from crawlers.spider.store import Store
from storage.database import Database
from storage.frontier import Failed


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
