"""Signs of life: a beat that fails is followed by others, a hold that is lost ends the run, and nothing outlives it."""

from __future__ import annotations

import asyncio
import contextlib
import copy
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from crawlers.catalog import Catalog
from crawlers.discovery import DocumentReader
from crawlers.environment import read_settings
from crawlers.extraction.workers import ExtractionPool
from crawlers.job import Job, PollOrder
from crawlers.messages import Ended, Message, Progress
from crawlers.spider import heartbeat, run
from crawlers.spider.answers import Answer
from crawlers.spider.fetching import Fetched, Fetcher
from crawlers.spider.heartbeat import keep_alive
from crawlers.spider.held_answers import HeldAnswers
from crawlers.spider.hosts import HostWatch
from crawlers.spider.joint_writes import JointWrites
from crawlers.spider.poll_run import PollRun
from crawlers.spider.run import CrawlRun
from crawlers.spider.shared import Shared
from crawlers.spider.store import Store
from storage import frontier
from storage.database import Database
from storage.errors import DatabaseFailedError, HoldLostError
from storage.frontier import RunRequest
from storage.schema.tables import Run
from tests.crawlers.spider.scene import OUTLET, SITE

IN_TIME = 60.0  # seconds for any one event
FEED = f"<rss version='2.0'><channel><title>x</title><item><link>{SITE}/news/1</link></item></channel></rss>".encode()


class Web(Fetcher):
    """Stands for the network: a feed, and a page that is missing, once `gate` is open; `asked` is called before."""

    def __init__(self, asked: Callable[[], None] = lambda: None) -> None:
        self.gate, self._asked = asyncio.Event(), asked

    def for_run(self, *_: object) -> Fetcher:
        return copy.copy(self)

    async def get(self, url: str, role: str, **_: Any) -> Fetched:
        if role != "seed":
            self._asked()
            await self.gate.wait()
        status, body = (200, FEED) if role == "seed" else (404, b"missing")
        return Answer(url, (), status, {}, None, None, body, [], body, None, False, datetime.now(UTC))


class Crawl:
    """A run of the outlet in this process. `said`: its messages; `left`: tasks that are there when it has ended."""

    def __init__(self, db: Database, data: Path, web: Web) -> None:
        self._db, self._data, self.web = db, data, web
        self.said: list[Message] = []
        self.left: set[asyncio.Task[Any]] = set()

    async def to_its_end(self) -> Ended:
        """Return its end, also of a run that fails."""
        before, store, pool, documents = asyncio.all_tasks(), Store(), ExtractionPool(1), DocumentReader()
        settings = read_settings({}, data=self._data)
        shared = Shared(
            settings, lambda: Catalog({}), self._db, store, JointWrites(self._db, store), pool, documents,
            self.web, HostWatch(self._db, store), HeldAnswers(),
        )  # fmt: skip
        crawl = CrawlRun(OUTLET, Job(limit=1, patience=0), lambda: contextlib.nullcontext(shared), self.said.append)
        with contextlib.suppress(DatabaseFailedError, HoldLostError):
            await asyncio.wait_for(anext(crawl.articles(), None), IN_TIME)
        self.left = asyncio.all_tasks() - before
        documents.close()
        await pool.close()
        store.close()
        [end] = [message for message in self.said if isinstance(message, Ended)]
        return end


@pytest.fixture(autouse=True)
def _quick_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "HEARTBEAT", 0.01)
    monkeypatch.setattr(run, "PROGRESS", 0.01)


def fails_once(function: Callable[..., Any], then: Callable[[], object]) -> Callable[..., Any]:
    """The function with a failure of the database at its first call; `then` is called after the third."""
    calls: list[None] = []

    def failing(*values: Any) -> Any:
        calls.append(None)
        if len(calls) == 1:
            raise DatabaseFailedError("the database failed: it is locked")
        if len(calls) == 3:
            then()
        return function(*values)

    return failing


def take_over(db: Database) -> None:
    """What another machine does to a run that was silent for long."""
    db.write(lambda c: c.execute(update(Run).values(state="died")) and None)


@pytest.mark.parametrize("name", ["heartbeat", "count_pages"])
def test_a_failure_of_the_store_costs_one_beat_or_one_line_of_progress(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async def crawl() -> Crawl:
        loop, crawl = asyncio.get_running_loop(), Crawl(database, tmp_path, Web())
        opened = fails_once(getattr(frontier, name), lambda: loop.call_soon_threadsafe(crawl.web.gate.set))
        monkeypatch.setattr(frontier, name, opened)
        assert (await crawl.to_its_end()).state == "completed"
        return crawl

    done = asyncio.run(crawl())
    assert sum(isinstance(message, Progress) for message in done.said) >= 1
    assert done.left == set()


def test_a_run_that_has_lost_its_outlet_ends_though_its_pages_take_long(database: Database, tmp_path: Path) -> None:
    async def crawl() -> Ended:
        return await Crawl(database, tmp_path, Web(lambda: take_over(database))).to_its_end()

    end = asyncio.run(crawl())
    assert end.state == "failed"
    assert "no longer holds its outlet" in str(end.error)


def test_nothing_of_a_run_goes_on_when_its_pages_cannot_be_written(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise DatabaseFailedError("the database failed: the disk is full")

    monkeypatch.setattr(frontier, "finish", lost)

    async def crawl() -> tuple[Ended, Crawl]:
        crawl = Crawl(database, tmp_path, Web())
        crawl.web.gate.set()
        return await crawl.to_its_end(), crawl

    end, crawled = asyncio.run(crawl())
    assert (end.state, end.error) == ("failed", "the database failed: the disk is full")
    assert crawled.left == set()


def test_beats_are_recorded_until_the_hold_is_lost(database: Database) -> None:
    begun = frontier.start_run(database, RunRequest("town", "Town", "crawl"))
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    database.write(lambda c: c.execute(update(Run).values(beat_at=long_ago)) and None)

    def has_beaten() -> bool:
        with database.read() as c:
            return c.execute(select(Run.beat_at)).scalar_one() > long_ago

    async def beat() -> None:
        store = Store()
        beating = asyncio.create_task(keep_alive(store, database, begun.id))
        async with asyncio.timeout(IN_TIME):
            while not await store.call(has_beaten):
                assert not beating.done()
            await store.call(take_over, database)
            with pytest.raises(HoldLostError):
                await beating
        store.close()

    asyncio.run(beat())


def test_a_poll_that_was_taken_for_dead_ends() -> None:
    async def lost() -> None:
        raise HoldLostError(1)

    async def poll() -> None:
        poll_run = PollRun(None, PollOrder(read_settings({})), Catalog({}), lambda _: None)  # type: ignore[arg-type]
        polls = [asyncio.create_task(asyncio.Event().wait())]
        with pytest.raises(HoldLostError):
            await asyncio.wait_for(poll_run._until_stopped(polls, asyncio.create_task(lost())), IN_TIME)  # type: ignore[arg-type]
        assert all(task.cancelled() for task in polls)

    asyncio.run(poll())
