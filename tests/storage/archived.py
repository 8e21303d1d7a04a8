"""A store with an archive of raw answers, from which tests take articles, addresses and outlets down."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import frontier
from storage.database import Database
from storage.frontier import Extracted, FinishedPage, Outcome, Run
from storage.jobs import (
    RemovalFiles,
    check_store,
)
from storage.schema.tables import Page
from storage.warc import ArchiveWriter, Place
from tests.storage.building import article, begin, lease_page, words

PAGE = "https://example.ge/one"


class Archived:
    """A store with an archive. `fetch` stores a page with its raw answer, which holds the words of the article."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db, self.places = db, RemovalFiles(folder / "archive", folder / "takedowns.jsonl")

    def fetch(self, url: str, seed: object, outlet: str = "example", text: str | None = None) -> Outcome:
        run = begin(self.db, outlet)
        page = lease_page(self.db, run, url)
        found = article(url, seed, text=text or words(seed))
        place = self.write(run, outlet, url, found.text.encode())
        now = datetime.now(UTC)
        (ended,) = frontier.finish(
            self.db, run, [FinishedPage(page, Extracted(found), now, 200, url, (url,), warc=place)], now
        )
        frontier.end_run(self.db, run.id, "completed", {})
        return ended

    def redirect(self, url: str, to: str, seed: object, outlet: str) -> None:
        """Fetch a page of an outlet whose address leads to another one; the answer is archived under the latter."""
        run = begin(self.db, outlet)
        page, found, now = lease_page(self.db, run, url), article(to, seed), datetime.now(UTC)
        place = self.write(run, outlet, to, found.text.encode())
        ended = FinishedPage(page, Extracted(found), now, 200, to, (url, to), warc=place)
        frontier.finish(self.db, run, [ended], now)
        frontier.end_run(self.db, run.id, "completed", {})

    def write(self, run: Run, outlet: str, url: str, body: bytes, kind: bytes = b"text/html") -> Place:
        writer = ArchiveWriter(self.places.archive, run.id, outlet)
        place = writer.write(
            url=url, status=200, headers=[(b"Content-Type", kind)], body=body, fetched_at=datetime.now(UTC)
        )
        writer.close()
        return place

    def raw(self) -> bytes:
        return b"".join(gzip.decompress(path.read_bytes()) for path in self.places.archive.glob("*.warc.gz*"))

    def sound(self) -> bool:
        assert check_store(self.db, self.places.archive) == []
        return True


@pytest.fixture
def archived(database: Database, tmp_path: Path) -> Archived:
    return Archived(database, tmp_path)


def pages(db: Database, *columns: str) -> list[tuple[object, ...]]:
    with db.read() as c:
        return [tuple(row) for row in c.execute(select(*(getattr(Page, name) for name in columns)).order_by(Page.id))]
