"""The steps of upkeep: one that fails is told in a line, and the others are done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from crawlers.environment import Settings, read_settings
from flows import maintenance
from flows.maintenance import Done, Place, maintain, prune, run_step
from storage.database import Database
from storage.errors import ArchiveError, BackupError


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return read_settings(db=database_url, data=str(tmp_path / "data"))


def refuse(_: Place) -> Done:
    raise BackupError("no room")


def read_a_folder(place: Place) -> Done:
    place.settings.data.mkdir(exist_ok=True)
    return Done("never", place.settings.data.read_text())


def ask_for_a_table_that_is_missing(place: Place) -> Done:
    with place.db.read() as c:
        return Done("never", str(c.execute(text("SELECT 1 FROM nowhere")).scalar_one()))


def crawl_several(_: Place) -> Done:
    raise ExceptionGroup("crawls", [BackupError("one"), ExceptionGroup("inner", [ArchiveError("two")])])


def succeed(_: Place) -> Done:
    return Done("succeed", "well")


def test_a_step_that_fails_does_not_stop_the_others(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (refuse, read_a_folder, ask_for_a_table_that_is_missing, crawl_several, succeed)
    monkeypatch.setattr(maintenance, "STEPS", steps)
    told: list[Done] = []
    done = maintain(settings, on_step=told.append)
    assert told == done
    assert [(each.step, each.problem) for each in done] == [
        ("refuse", True), ("read a folder", True), ("ask for a table that is missing", True), ("crawl several", True),
        ("succeed", False),
    ]  # fmt: skip
    said = [each.did for each in done]
    assert said[0] == "no room"
    assert said[1] == f"{settings.data}: Is a directory"
    assert "nowhere" in said[2]
    assert "\n" not in said[2]
    assert said[3] == "one; two"


def test_a_fault_of_the_program_is_none_of_the_step(database: Database, settings: Settings) -> None:
    def fail(_: Place) -> Done:
        raise KeyError("x")

    with pytest.raises(KeyError):
        run_step(fail, Place(settings, database))


def test_what_is_named_like_a_log_and_is_none_stays(database: Database, settings: Settings) -> None:
    folder = settings.data / "logs" / "example"
    (folder / "folder.log").mkdir(parents=True)
    (folder / "old.log").touch()
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    assert prune(Place(settings, database)).did == "1 logs, 0 WARC files deleted"
    assert [path.name for path in folder.iterdir()] == ["folder.log"]
