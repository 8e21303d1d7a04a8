"""What nobody foresaw while a page or a seed is fetched and read: it costs that page, or is a problem of that seed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawlers.discovery import DocumentReader
from crawlers.extraction.workers import ExtractionPool
from crawlers.job import Job
from crawlers.outlet import Outlet
from crawlers.spider.answers import Answer
from crawlers.spider.api_pages import ApiPages
from crawlers.spider.budget import Budget
from crawlers.spider.context import RunContext
from crawlers.spider.fetching import Fetched, Fetcher
from crawlers.spider.hosts import HostWatch
from crawlers.spider.isolation import Isolation
from crawlers.spider.joint_writes import JointWrites
from crawlers.spider.pages import PageCrew
from crawlers.spider.seeds import SeedReader
from crawlers.spider.store import Store
from crawlers.spider.tally import Tally
from crawlers.spider.writer import Writer
from storage import frontier
from storage.database import Database
from storage.errors import DatabaseFailedError
from storage.frontier import RunRequest
from storage.model import Link
from storage.schema.tables import Page
from storage.warc import ArchiveWriter

SITE = "https://example.az"
OUTLET = Outlet.model_validate(
    {
        "id": "example", "name": "Example", "home": f"{SITE}/", "country": "az", "languages": ["en"],
        "timezone": "Asia/Baku", "urls": {"article": rf"^{SITE}/news/\d+$"},
        "seeds": [{"kind": "feed", "url": f"{SITE}/{name}.xml"} for name in ("good", "bad")],
    }
)  # fmt: skip
FEED = f"<rss version='2.0'><channel><title>x</title><item><link>{SITE}/news/1</link></item></channel></rss>".encode()


class Web(Fetcher):
    """Stands for the network: a feed, missing pages, and a fault of ours wherever the address holds `bad` or ends in 3."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    async def get(self, url: str, role: str, **_: Any) -> Fetched:
        if "bad" in url or url.endswith("3"):
            raise self._fault
        status, body = (200, FEED) if role == "seed" else (404, b"missing")
        return Answer(url, (), status, {}, None, None, body, [], body, None, False, datetime.now(UTC))


class Scene:
    """A run of the outlet up to where seeds and pages are worked on."""

    def __init__(self, db: Database, folder: Path, fault: Exception) -> None:
        self.db, self.folder, self.tally = db, folder, Tally()
        self.run = frontier.start_run(db, RunRequest("example", "Example", "crawl"))
        self.store = Store()
        hosts = HostWatch(db, self.store)
        self.context = RunContext(
            OUTLET,
            Job(patience=0),
            db,
            self.run,
            self.store,
            Web(fault),
            hosts,
            self.tally,
            Budget(None, self.tally),
            DocumentReader(),
            asyncio.Event(),
        )

    async def read_seeds(self) -> SeedReader:
        reader = SeedReader(self.context)
        try:
            await reader.read_all()
        finally:
            self.store.close()  # waits for what the other seed has begun
        return reader

    async def work_on_pages(self) -> None:
        done = asyncio.Event()
        done.set()
        pool, isolation = ExtractionPool(1), Isolation(self.tally.problem)
        archive = ArchiveWriter(self.folder, self.run.id, "example")
        writer = Writer(self.run, JointWrites(self.db, self.store), archive, lambda *_: None, isolation)
        writing = asyncio.create_task(writer.write_until_closed())
        crew = PageCrew(self.context, pool, writer, isolation, ApiPages(OUTLET, self.folder), done)
        try:
            await crew.work()
        finally:
            writer.close()
            await writing
            await pool.close()
            archive.close()

    def states(self) -> dict[str, tuple[str, str | None]]:
        with self.db.read() as c:
            return {row.url: (row.state, row.reason) for row in c.execute(select(Page.url, Page.state, Page.reason))}


@pytest.fixture
def scene_with(database: Database, tmp_path: Path) -> Iterator[Callable[[Exception], Scene]]:
    """Makes a scene with a fault; at the end its thread ends, and with it its use of the database."""
    with contextlib.ExitStack() as stack:

        def make(fault: Exception) -> Scene:
            scene = Scene(database, tmp_path, fault)
            stack.callback(scene.store.close)
            return scene

        yield make


@pytest.fixture
def links() -> list[Link]:
    return [Link(f"{SITE}/news/{n}") for n in range(6)]


def test_a_page_fails_and_the_others_go_on(
    scene_with: Callable[[Exception], Scene], database: Database, links: list[Link]
) -> None:
    scene = scene_with(RuntimeError("nobody\nforesaw \x1b[31mthis"))
    frontier.discover(database, scene.run, None, links)
    asyncio.run(scene.work_on_pages())
    assert scene.states() == {
        f"{SITE}/news/{n}": ("failed", "fault") if n == 3 else ("gone", "http_404") for n in range(6)
    }
    assert scene.tally.problems == [f"{SITE}/news/3: failed: fault (RuntimeError: nobody foresaw [31mthis)"]


def test_a_seed_is_a_problem_and_the_others_are_read(scene_with: Callable[[Exception], Scene]) -> None:
    scene = scene_with(RuntimeError("nobody foresaw this"))
    reader = asyncio.run(scene.read_seeds())
    assert (reader.read, reader.failures) == (1, ["fault"])
    assert scene.tally.problems == [f"{SITE}/bad.xml: fault (RuntimeError: nobody foresaw this)"]
    assert scene.tally.pages["discovered"] == 1


def test_what_would_befall_every_page_ends_the_run(
    scene_with: Callable[[Exception], Scene], database: Database, links: list[Link]
) -> None:
    scene = scene_with(DatabaseFailedError("gone"))
    frontier.discover(database, scene.run, None, links)
    with pytest.raises(DatabaseFailedError):
        asyncio.run(scene.work_on_pages())
    with pytest.raises(DatabaseFailedError):
        asyncio.run(scene.read_seeds())
    assert scene.tally.problems == []
