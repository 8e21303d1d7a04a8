"""Upkeep of the store, on SQLite and PostgreSQL."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from storage.database import Database
from storage.frontier import discover, last_runs, lease, live_flow_runs, mark_dead_runs
from storage.jobs import check_store, forget_archive, overdue_outlets, vacuum, verify_archive
from storage.model import Link
from storage.schema.tables import Page, Run
from storage.warc import ArchiveWriter, Place
from tests.storage.building import begin, lease_page, put

OLD = "20250101-000000-example-abcdef-1.warc.gz"


def change(db: Database, table: type, **values: object) -> None:
    db.write(lambda c: c.execute(update(table).values(values)) and None)


@pytest.fixture
def archived(database: Database, tmp_path: Path) -> Callable[[str], Path]:
    """Make an article whose raw answer is in the archive; gives its file, under the name that is asked for."""
    run = begin(database)
    put(database, run, "https://example.ge/1", "one")

    def make(name: str) -> Path:
        writer = ArchiveWriter(tmp_path, run.id, "example")
        place: Place = writer.write(
            url="https://example.ge/1", status=200, headers=[(b"Content-Type", b"text/html")],
            body=b"<p>News</p>" * 40, fetched_at=datetime.now(UTC),
        )  # fmt: skip
        writer.close()
        file = tmp_path / place.file
        file = file.rename(tmp_path / name)
        change(database, Page, warc_file=name, warc_offset=place.offset, warc_length=place.length)
        return file

    return make


def test_an_archive_that_is_whole_has_nothing_to_tell(
    database: Database, archived: Callable[[str], Path], tmp_path: Path
) -> None:
    archived("a.warc.gz")
    assert verify_archive(database, tmp_path) == []


def test_missing_short_and_overwritten_files_are_told(
    database: Database, archived: Callable[[str], Path], tmp_path: Path
) -> None:
    file = archived("a.warc.gz")
    whole = file.read_bytes()
    file.write_bytes(whole[:-10])
    assert any("the ledger knows answers up to" in line for line in verify_archive(database, tmp_path))
    file.write_bytes(b"\0" * len(whole))
    assert any(
        line.startswith(("cannot read a.warc.gz", "no answer in a.warc.gz"))
        for line in verify_archive(database, tmp_path)
    )
    file.unlink()
    assert verify_archive(database, tmp_path) == [f"a.warc.gz is missing in {tmp_path}"]


def test_an_answer_with_another_digest_is_told(
    database: Database, archived: Callable[[str], Path], tmp_path: Path
) -> None:
    file = archived("a.warc.gz")
    with database.read() as c:
        offset = c.execute(select(Page.warc_offset)).scalar_one()
    before, record = file.read_bytes()[:offset], gzip.decompress(file.read_bytes()[offset:])
    changed = gzip.compress(record.replace(b"<p>", b"<b>"), mtime=0)
    file.write_bytes(before + changed)
    change(database, Page, warc_length=len(changed))
    (told,) = verify_archive(database, tmp_path, samples=None)
    assert told.startswith(f"cannot read a.warc.gz at {offset}")


def test_all_answers_are_read_where_that_is_asked_for(
    database: Database, archived: Callable[[str], Path], tmp_path: Path
) -> None:
    """A thousand and more pages, so that they are read in several goes; the last of them leads nowhere."""
    place = archived("a.warc.gz").stat().st_size
    run = begin(database, "other")
    discover(database, run, None, [Link(f"https://other.example/{number}") for number in range(1200)])
    change(database, Page, warc_file="a.warc.gz", warc_offset=0, warc_length=place)
    database.write(
        lambda c: (
            c.exec_driver_sql(
                "UPDATE pages SET warc_offset = 3, warc_length = warc_length - 3 WHERE id = (SELECT max(id) - 1 FROM pages)"
            )
            and None
        )
    )
    read: list[tuple[int, int]] = []
    (told,) = verify_archive(database, tmp_path, samples=None, report=lambda done, of: read.append((done, of)))
    assert told.startswith(("cannot read a.warc.gz at 3", "no answer in a.warc.gz at 3"))
    assert read[-1] == (1200, 1201)


def test_old_files_are_deleted_and_forgotten(
    database: Database, archived: Callable[[str], Path], tmp_path: Path
) -> None:
    file = archived(OLD)
    assert forget_archive(database, tmp_path, days=30) == [OLD]
    assert not file.exists()
    assert verify_archive(database, tmp_path) == []
    assert check_store(database, tmp_path) == []


def test_a_file_that_a_waiting_page_needs_is_kept(
    database: Database, archived: Callable[[str], Path], tmp_path: Path
) -> None:
    file = archived(OLD)
    change(database, Page, full_text=True)
    assert forget_archive(database, tmp_path, days=30) == []
    assert file.exists()


def test_a_young_file_is_kept(database: Database, archived: Callable[[str], Path], tmp_path: Path) -> None:
    file = archived(f"{datetime.now(UTC):%Y%m%d-%H%M%S}-example-abcdef-1.warc.gz")
    assert forget_archive(database, tmp_path, days=30) == []
    assert file.exists()


def test_space_is_given_back(database: Database) -> None:
    run = begin(database)
    for number in range(30):
        put(database, run, f"https://example.ge/{number}", number, text="word " * 4000 + str(number))
    database.write(lambda c: c.exec_driver_sql("UPDATE articles SET text = 'short'") and None)
    freed = vacuum(database)
    assert freed > 0 if database.dialect == "sqlite" else freed >= 0
    assert vacuum(database) == 0


def test_outlets_whose_pages_no_night_has_reached(database: Database) -> None:
    run = begin(database)
    page = lease_page(database, run, "https://example.ge/1")
    change(database, Page, next_at=datetime.now(UTC) - timedelta(hours=30), lease_run_id=None)
    assert overdue_outlets(database) == {"example": 1}
    change(database, Page, next_at=datetime.now(UTC) - timedelta(hours=3))
    assert overdue_outlets(database) == {}
    assert page


def test_dead_runs_are_marked_and_their_pages_put_back(database: Database) -> None:
    dead, live = begin(database), begin(database, "other")
    lease_page(database, dead, "https://example.ge/1")
    died = update(Run).where(Run.id == dead.id).values(pid=2**22 + 1, flow_run_id="of the dead")
    database.write(lambda c: c.execute(died) and None)
    database.write(lambda c: c.execute(update(Run).where(Run.id == live.id).values(flow_run_id="of the live")) and None)
    assert live_flow_runs(database) == {"of the live"}
    assert [run.id for run in mark_dead_runs(database)] == [dead.id]
    assert mark_dead_runs(database) == []
    assert {run.id: run.state for run in last_runs(database)} == {dead.id: "died", live.id: "running"}
    assert [leased.url for leased in lease(database, begin(database), 10, now=datetime.now(UTC))] == [
        "https://example.ge/1"
    ]
