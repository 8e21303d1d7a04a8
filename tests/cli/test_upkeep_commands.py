"""`pressrun maintain`, `db backup`, `db restore`, and what needs a Prefect server."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from storage.database import Database, open_database
from storage.frontier import end_run
from storage.schema.tables import Page
from tests.calling import Pressrun
from tests.storage.building import begin, put
from tests.storage.damage import cut_off, overwrite_root

URL = "sqlite:///data/pressrun.db"


@pytest.fixture
def store(pressrun: Pressrun) -> Iterator[Database]:
    """An article in the default place."""
    db = open_database(URL)
    run = begin(db)
    put(db, run, "https://example.ge/1", "one")
    end_run(db, run.id, "completed", {})
    yield db
    db.close()


def articles(pressrun: Pressrun) -> int:
    return len(pressrun("articles", "list", "--json").json)


def test_upkeep_tells_each_step_and_leaves_a_backup(pressrun: Pressrun, store: Database, tmp_path: Path) -> None:
    said = pressrun("maintain", "--no-crawl")
    assert said.code == 0, said.err
    assert [line.partition(":")[0] for line in said.out.splitlines()] == [
        "dead runs", "archive", "prune", "search", "check", "vacuum", "backup", "statistics",
    ]  # fmt: skip
    (backup,) = (tmp_path / "data" / "backups").glob("pressrun-*.db")
    assert sqlite3.connect(backup).execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_an_upgrade_moves_pages_to_the_keys_of_todays_addresses(pressrun: Pressrun, store: Database) -> None:
    with store.begin() as c:
        c.execute(update(Page).values(url="https://example.ge/o%27neill", canonical_url="https://example.ge/o%27neill"))
    assert pressrun("db", "upgrade", "--json").json["readdressed"] == 1
    assert pressrun("db", "upgrade", "--json").json["readdressed"] == 0
    with store.read() as c:
        assert c.execute(select(Page.canonical_url)).scalar_one() == "https://example.ge/o'neill"


def test_old_backups_and_logs_are_deleted(
    pressrun: Pressrun, store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    log = tmp_path / "data" / "logs" / "example" / "old.log"
    log.parent.mkdir(parents=True)
    log.touch()
    os.utime(log, (1, 1))
    backups = tmp_path / "data" / "backups"
    backups.mkdir()
    for day in (1, 2, 3):
        (backups / f"pressrun-2025010{day}-000000.db").touch()
    killed, under_way = (backups / f"pressrun-2025010{day}-000000.db.part" for day in (4, 5))
    killed.touch()
    os.utime(killed, (1, 1))
    under_way.touch()
    monkeypatch.setenv("PRESSRUN_KEEP_BACKUPS", "2")
    said = pressrun("maintain", "--no-crawl", "--json")
    assert {each["step"]: each["problem"] for each in said.json}["prune"] is False
    assert not log.exists()
    kept = sorted(path.name for path in backups.iterdir())
    assert kept[:2] == ["pressrun-20250103-000000.db", "pressrun-20250105-000000.db.part"]
    assert len(kept) == 3


def test_upkeep_of_a_store_that_is_not_there_makes_no_backup_of_an_empty_one(
    pressrun: Pressrun, tmp_path: Path
) -> None:
    said = pressrun("maintain", "--no-crawl", "--db", f"sqlite:///{tmp_path}/typo.db")
    assert (said.code, "there is no database at" in said.line) == (2, True)
    assert list(tmp_path.rglob("*.db")) == []


def test_a_problem_is_told_and_the_other_steps_are_done(pressrun: Pressrun, store: Database) -> None:
    store.write(lambda c: c.exec_driver_sql("UPDATE articles SET text = ''") and None)
    said = pressrun("maintain", "--no-crawl")
    assert said.code == 1
    assert said.err == "check: 1 articles are empty\n"
    assert "statistics: " in said.out


@pytest.mark.parametrize(("name", "value"), [("PRESSRUN_KEEP_LOGS", "soon"), ("PRESSRUN_KEEP_ARCHIVE", "0")])
def test_a_wrong_retention_is_named(pressrun: Pressrun, name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert pressrun("maintain").line == f"{name} must be a number from 1, not '{value}'"


def test_a_store_is_backed_up_and_restored(pressrun: Pressrun, store: Database, tmp_path: Path) -> None:
    assert pressrun("db", "backup", "copy.db").out.startswith("copy.db: ")
    run = begin(store, "other")
    put(store, run, "https://example.ge/2", "two")
    assert "is in use by run" in pressrun("db", "restore", "copy.db").line
    end_run(store, run.id, "completed", {})
    store.close()
    assert articles(pressrun) == 2
    assert "the earlier store is" in pressrun("db", "restore", "copy.db").out
    assert articles(pressrun) == 1
    assert pressrun("db", "check").code == 0


def test_a_backup_into_a_folder_that_is_not_there_is_refused(
    pressrun: Pressrun, store: Database, tmp_path: Path
) -> None:
    said = pressrun("db", "backup", str(tmp_path / "mnt" / "copy.db"))
    assert (said.code, said.line) == (2, f"{tmp_path / 'mnt'} is no folder; make it, or mount its disk")
    assert not (tmp_path / "mnt").exists()


def test_a_damaged_store_is_told_by_every_command_and_restored(
    pressrun: Pressrun, store: Database, tmp_path: Path
) -> None:
    assert pressrun("db", "backup", "copy.db").code == 0
    store.close()
    overwrite_root(tmp_path / "data" / "pressrun.db", "pages")
    checked = pressrun("db", "check")
    assert (checked.code, checked.out.count("\n")) == (1, 1)
    assert checked.out.startswith("the store is damaged (stop all crawls, then pressrun db restore FILE): ")
    assert len(pressrun("db", "check", "--json").json["broken"]) == 1
    assert (
        "is damaged: database disk image is malformed; stop all crawls and restore a" in pressrun("db", "upgrade").line
    )
    upkeep = pressrun("maintain", "--no-crawl")
    assert upkeep.code == 1
    assert "check: the store is damaged" in upkeep.err
    assert "statistics: " in upkeep.out + upkeep.err
    assert "pressrun.db.before-" in pressrun("db", "restore", "copy.db").out
    assert pressrun("db", "check").code == 0


def test_a_store_that_was_cut_off_is_restored(pressrun: Pressrun, store: Database, tmp_path: Path) -> None:
    pressrun("db", "backup", "copy.db")
    store.close()
    cut_off(tmp_path / "data" / "pressrun.db")
    assert "; the damaged store is " in pressrun("db", "restore", "copy.db").out
    assert pressrun("db", "check").code == 0


def test_a_backup_that_is_not_there_is_named(pressrun: Pressrun) -> None:
    assert pressrun("db", "restore", "nowhere.db").line == "there is no backup nowhere.db"


@pytest.mark.parametrize("command", ["worker", "deploy"])
def test_without_a_server_the_remedy_is_told(pressrun: Pressrun, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert "set PREFECT_API_URL" in pressrun(command).line


def test_a_notification_goes_to_a_web_address_only(pressrun: Pressrun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert "make a notification block named `pressrun`" in pressrun("deploy", "--notify", "mailto://a@b").line


@pytest.mark.parametrize("words", [("upgrade",), ("check",), ("backup",), ("stats",), ("reindex",)])
def test_the_store_is_kept_without_the_folder_of_outlets(
    pressrun: Pressrun, store: Database, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PRESSRUN_OUTLETS", "/nowhere/at/all")
    assert pressrun("db", *words).code == 0
    assert "the outlet folder /nowhere/at/all does not exist" in pressrun("outlets", "list").line
