"""What the runs of one process share: the store and its thread, the extraction workers, and the parts that fetch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from crawlers.catalog import Catalog, load_outlets
from crawlers.discovery import DocumentReader
from crawlers.environment import Settings
from crawlers.extraction.workers import ExtractionPool
from storage.database import Database, open_database

from .fetching import Fetcher
from .held_answers import HeldAnswers
from .hosts import HostWatch
from .joint_writes import JointWrites
from .store import Store

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@dataclass(frozen=True, slots=True)
class Shared:
    """One connection to the database with its thread, the processes that read pages and seeds, the pauses of
    hosts, the answers that are held.

    `catalog` returns the outlets, whose files are read once a process, and only if a run asks for them.
    """

    settings: Settings
    catalog: Callable[[], Catalog]
    db: Database
    store: Store
    writes: JointWrites
    pool: ExtractionPool
    documents: DocumentReader
    fetcher: Fetcher
    hosts: HostWatch
    held: HeldAnswers

    @property
    def archive(self) -> Path:
        """The folder of the raw answers."""
        return Path(self.settings.data) / "archive"


@asynccontextmanager
async def open_shared(
    crawler: Crawler, settings: Settings, workers: int, catalog: Callable[[], Catalog] | None = None
) -> AsyncIterator[Shared]:
    """Open the store, and close all parts in the end. Extraction processes start with the first page for each."""
    catalog = catalog or cache(partial(load_outlets, settings.outlets))
    store = Store()
    try:
        db = await store.call(open_database, settings.db)
        pool, documents, writes = ExtractionPool(workers), DocumentReader(), JointWrites(db, store)
        try:
            hosts = HostWatch(db, store)
            fetcher = Fetcher(crawler, hosts.paused_until)
            yield Shared(settings, catalog, db, store, writes, pool, documents, fetcher, hosts, HeldAnswers())
        finally:
            documents.close()
            await pool.close()
            await store.call(db.close)
    finally:
        store.close()
