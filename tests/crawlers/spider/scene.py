"""A run of an outlet up to where its seeds and pages are worked on, with something in place of the network."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import select

from crawlers.discovery import DocumentReader
from crawlers.extraction.workers import ExtractionPool
from crawlers.job import Job
from crawlers.outlet import Outlet
from crawlers.spider.api_pages import ApiPages
from crawlers.spider.budget import Budget
from crawlers.spider.context import RunContext
from crawlers.spider.fetching import Fetcher
from crawlers.spider.held_answers import HeldAnswers
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
from storage.frontier import RunRequest
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
NEWS = Job(patience=0)


class Scene:
    """A run of the outlet up to where seeds and pages are worked on."""

    def __init__(
        self,
        db: Database,
        folder: Path,
        web: Fetcher,
        held: HeldAnswers | None = None,
        outlet: Outlet = OUTLET,
        job: Job = NEWS,
    ) -> None:
        self.db, self.folder, self.tally = db, folder, Tally()
        self.run = frontier.start_run(db, RunRequest("example", "Example", "crawl"))
        self.store = Store()
        hosts = HostWatch(db, self.store)
        self.context = RunContext(
            outlet,
            job,
            db,
            self.run,
            self.store,
            web,
            hosts,
            self.tally,
            Budget(None, self.tally),
            DocumentReader(),
            asyncio.Event(),
            held or HeldAnswers(),
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
