"""A page that is fetched to learn its day does not wait for the next regular look into the ledger."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from crawlers.spider.context import RunContext
from crawlers.spider.probes import Probes
from crawlers.spider.store import Store
from crawlers.spider.tally import Tally
from storage import frontier
from storage.database import Database
from storage.instants import steady_now
from storage.model import Link
from tests.storage.building import begin

PAGE = Link("https://example.ge/news/1")
LISTING = frontier.SeedFetch("listing", "https://example.ge/latest")


def test_the_page_is_due_when_who_leases_pages_is_told(database: Database) -> None:
    asyncio.run(_told(database))


async def _told(db: Database) -> None:
    run, store, over = begin(db, "example_ge"), Store(), asyncio.Event()
    context: Any = SimpleNamespace(
        db=db, run=run, store=store, tally=Tally(), stopping=asyncio.Event(), more_pages=asyncio.Event()
    )
    looking = asyncio.create_task(Probes(cast(RunContext, context), over).day([PAGE], LISTING))
    await asyncio.wait_for(context.more_pages.wait(), 60)
    [lease] = await store.call(frontier.lease, db, run, 10, now=steady_now(), lane=None)
    assert lease.url == PAGE.url
    over.set()
    assert await looking is None
    store.close()
