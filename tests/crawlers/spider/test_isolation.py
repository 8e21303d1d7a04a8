"""A page or a link that cannot be written costs itself alone, and is told of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawlers.spider.answers import Answer
from crawlers.spider.isolation import MAX_IN_A_ROW, Isolation
from crawlers.spider.joint_writes import JointWrites
from crawlers.spider.noting import note
from crawlers.spider.store import Store
from crawlers.spider.writer import Finished, Writer
from storage import frontier
from storage.database import Database
from storage.errors import DatabaseFailedError
from storage.frontier import Extracted, FinishedPage, Outcome, Run, RunRequest, SeedFetch
from storage.model import Article, Hints, Link
from storage.schema.tables import Page, Seed
from storage.warc import ArchiveWriter
from tests.warc import answers

Spoil = Callable[[Finished], Finished]


def huge_status(one: Finished) -> Finished:
    return replace(one, end=replace(one.end, http_status=10**20))


def split_header(one: Finished) -> Finished:
    assert one.answer
    return replace(one, answer=replace(one.answer, raw_headers=[(b"X", b"a\r\nY: b")]))


class Crawl:
    """The writing side of a crawl over pages that are leased already."""

    def __init__(self, db: Database, folder: Path, pages: int) -> None:
        self.db, self.folder = db, folder
        self.run = frontier.start_run(db, RunRequest("example", "Example", "crawl"))
        frontier.discover(db, self.run, None, [Link(f"https://example.az/{n}") for n in range(pages)])
        leases = frontier.lease(db, self.run, pages, now=datetime.now(UTC))
        self.finished = {lease.url: _finished(lease.page_id, lease.url) for lease in leases}
        self.ended: list[Outcome] = []
        self.problems: list[str] = []

    def spoil(self, spoil: Spoil, *numbers: int) -> None:
        for number in numbers:
            url = f"https://example.az/{number}"
            self.finished[url] = spoil(self.finished[url])

    def write(self) -> None:
        asyncio.run(self._write())

    async def _write(self) -> None:
        store = Store()
        archive = ArchiveWriter(self.folder, self.run.id, "example")
        isolation = Isolation(self.problems.append)
        writes = JointWrites(self.db, store)
        writer = Writer(self.run, writes, archive, lambda _, ended: self.ended.append(ended), isolation)
        for one in self.finished.values():
            writer.add(one)
        writer.close()
        try:
            await writer.write_until_closed()
        finally:
            archive.close()
            store.close()

    def rows(self) -> dict[str, Any]:
        with self.db.read() as c:
            return {row.url: row for row in c.execute(select(Page.__table__))}

    def states(self) -> dict[int, tuple[str, str | None, int]]:
        rows = self.rows().values()
        return {int(row.url.rpartition("/")[2]): (row.state, row.reason, row.attempts) for row in rows}


def _finished(page_id: int, url: str) -> Finished:
    now = datetime.now(UTC)
    text = " ".join(f"word{page_id}x{n}" for n in range(60))
    end = FinishedPage(page_id, Extracted(Article(url, f"Title {page_id}", text)), now, 200, url, (url,))
    return Finished(end, Answer(url, (), 200, {}, None, None, b"<p>", [(b"X", b"y")], b"<p>", None, False, now))


STORED = ("stored", None, 0)
UNWRITABLE = ("failed", "unwritable", 1)


@pytest.mark.parametrize("spoil", [huge_status, split_header])
def test_of_a_batch_only_the_page_that_cannot_be_written_fails(
    spoil: Spoil, database: Database, tmp_path: Path
) -> None:
    crawl = Crawl(database, tmp_path, 12)
    crawl.spoil(spoil, 3, 7)
    crawl.write()
    assert crawl.states() == {n: UNWRITABLE if n in (3, 7) else STORED for n in range(12)}
    assert sorted(ended.state for ended in crawl.ended) == ["failed"] * 2 + ["stored"] * 10
    assert len(crawl.problems) == 2
    for number in (3, 7):
        row = crawl.rows()[f"https://example.az/{number}"]
        assert row.lease_run_id is None
        assert row.next_at > datetime.now(UTC)
        [told] = [line for line in crawl.problems if line.startswith(f"{row.url}: failed: unwritable (")]
        assert row.detail in told
        assert ": " in row.detail
        assert "\n" not in row.detail


@pytest.mark.parametrize("spoil", [huge_status, split_header])
def test_the_archive_stays_readable_and_holds_each_answer_once(
    spoil: Spoil, database: Database, tmp_path: Path
) -> None:
    crawl = Crawl(database, tmp_path, 12)
    crawl.spoil(spoil, 3)
    crawl.write()
    [file] = tmp_path.glob("*.warc.gz")
    whole = {row.url: row for row in crawl.rows().values() if row.warc_file}
    assert {one.warc["warc-target-uri"] for one in answers(file)} == set(whole)
    assert len(answers(file)) == len(whole) == (12 if spoil is huge_status else 11)


def test_nul_that_slipped_through_is_told_and_not_written(database: Database, tmp_path: Path) -> None:
    crawl = Crawl(database, tmp_path, 2)
    crawl.spoil(lambda one: replace(one, end=replace(one.end, etag="a\0b")), 1)
    crawl.write()
    # SQLite holds NUL; PostgreSQL does not.
    assert crawl.states() == {0: STORED, 1: STORED if database.dialect == "sqlite" else UNWRITABLE}


def test_pages_without_end_that_cannot_be_written_end_the_run_and_are_counted(
    database: Database, tmp_path: Path
) -> None:
    crawl = Crawl(database, tmp_path, MAX_IN_A_ROW + 10)
    crawl.spoil(huge_status, *range(MAX_IN_A_ROW + 10))
    with pytest.raises(Exception, match=r"too large|out of range"):
        crawl.write()
    assert set(crawl.states().values()) == {UNWRITABLE}, "so that the next run does not stop at the same pages"


def test_a_store_that_fails_ends_the_run_and_blames_no_page(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl = Crawl(database, tmp_path, 3)

    def down(*_: Any) -> Sequence[Outcome]:
        raise DatabaseFailedError("the database is gone")

    monkeypatch.setattr(frontier, "finish", down)
    with pytest.raises(DatabaseFailedError):
        crawl.write()
    assert crawl.problems == []
    assert {state for state, _, _ in crawl.states().values()} == {"waiting"}


class TestSeeds:
    @pytest.fixture
    def run(self, database: Database) -> Run:
        return frontier.start_run(database, RunRequest("example", "Example", "crawl"))

    def links(self, *bad: int) -> list[Link]:
        """Thirty links; the titles of the bad ones are no text, which no cleaning expects."""
        title: Any = {1}
        return [Link(f"https://example.az/{n}", Hints(title=title if n in bad else "T")) for n in range(30)]

    def seeds(self, database: Database) -> list[tuple[str, str | None, str | None]]:
        with database.read() as c:
            return [tuple(row) for row in c.execute(select(Seed.url, Seed.etag, Seed.problem))]

    def test_a_link_that_cannot_be_written_is_left_out_and_told(self, database: Database, run: Run) -> None:
        seed = SeedFetch("feed", "https://example.az/rss", etag='"a"', entries=30)
        noted = note(database, run, seed, self.links(4, 21))
        assert noted.found.new == 28
        assert [line.partition(":")[2][:30].partition(":")[0] for line in noted.problems] == [
            "//example.az/rss",
            "//example.az/4",
            "//example.az/21",
        ]
        assert self.seeds(database) == [("https://example.az/rss", None, "unwritable")]
        with database.read() as c:
            assert set(c.execute(select(Page.seed_url)).scalars()) == {"https://example.az/rss"}

    def test_a_document_that_cannot_be_written_keeps_its_links(self, database: Database, run: Run) -> None:
        seed = SeedFetch("feed", "https://example.az/rss", etag='"a"', status=10**20)
        noted = note(database, run, seed, self.links())
        assert noted.found.new == 30
        assert len(noted.problems) == 1
        assert self.seeds(database) == [("https://example.az/rss", None, "unwritable")]

    def test_bad_links_without_end_are_left_out_together(self, database: Database, run: Run) -> None:
        seed = SeedFetch("feed", "https://example.az/rss")
        noted = note(database, run, seed, self.links(*range(30)))
        assert noted.found.new == 0
        assert "the rest of the document was left out" in noted.problems[-1]

    def test_a_store_that_fails_is_no_problem_of_the_document(
        self, database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def down(*_: Any, **__: Any) -> None:
            raise DatabaseFailedError("the database is gone")

        monkeypatch.setattr(frontier, "discover", down)
        with pytest.raises(DatabaseFailedError):
            note(database, run, SeedFetch("feed", "https://example.az/rss"), self.links())
