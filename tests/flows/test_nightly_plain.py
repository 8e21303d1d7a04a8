"""The night without Prefect."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crawlers.catalog import Catalog, load_outlets
from crawlers.environment import Settings
from crawlers.errors import UnknownOutletError
from crawlers.messages import Ended, Message, Started
from flows.live_check import check_live
from flows.nightly_plain import NightOutlets, choose_night, choose_outlets, run_nightly
from flows.removed import known_removed_outlets
from flows.summary import OutletLine, summarise
from storage.errors import FolderNotWritableError
from tests.storage.building import take_outlet_down

FAKE = [sys.executable, str(Path(__file__).with_name("fake_group.py"))]
OUTLET = """
name = "An outlet"
home = "http://127.0.0.1:9/"
country = "az"
languages = ["en"]
timezone = "Asia/Baku"
enabled = {enabled}
[urls]
article = '^http://127.0.0.1:9/\\d+$'
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "outlets"
    folder.mkdir()
    for name, enabled in (("good", "true"), ("bad", "true"), ("asleep", "false")):
        (folder / f"{name}.toml").write_text(OUTLET.format(enabled=enabled))
    return Settings(f"sqlite:///{tmp_path}/pressrun.db", folder, tmp_path / "data", "a@example.org")


def own(settings: Settings) -> Catalog:
    built_in = set(load_outlets().ids)
    return Catalog({name: path for name, path in load_outlets(settings.outlets).files.items() if name not in built_in})


def test_all_enabled_outlets_are_chosen(settings: Settings) -> None:
    assert choose_outlets(own(settings), None) == ["bad", "good"]


def test_named_outlets_are_chosen_once_and_though_they_sleep(settings: Settings) -> None:
    assert choose_outlets(own(settings), ["asleep", "good", "asleep"]) == ["asleep", "good"]


def test_an_unknown_outlet_is_refused_with_its_neighbour(settings: Settings) -> None:
    with pytest.raises(UnknownOutletError, match="did you mean good"):
        choose_outlets(own(settings), ["goood"])


def test_an_outlet_whose_file_is_wrong_stays_among_them_and_fails_by_itself(settings: Settings) -> None:
    assert settings.outlets is not None
    (settings.outlets / "broken.toml").write_text("name = ")
    assert choose_outlets(own(settings), None) == ["bad", "broken", "good"]


def test_a_night_leaves_out_what_was_taken_down_and_says_so(
    settings: Settings, database_url: str, tmp_path: Path
) -> None:
    settings = replace(settings, db=database_url)
    assert {"bad", "good"} <= set(choose_night(settings, None).crawled)
    assert choose_night(settings, None).left_out == ()
    take_outlet_down(database_url, tmp_path, "good")
    night = choose_night(settings, None)
    assert "bad" in night.crawled
    assert "good" not in night.crawled
    assert night.left_out == ("good",)
    assert choose_night(settings, ["good", "bad"]) == NightOutlets(("good", "bad")), "whoever named it is told"
    by_schedule = choose_night(settings, ["good", "bad"], scheduled=True)
    assert by_schedule == NightOutlets(("bad",), ("good",))
    summary = summarise([OutletLine("bad", "completed", new=2)], 1, night.left_out)
    assert summary.message == "1 outlet, 2 new articles; left out, since removed from this archive: good"
    assert summary.exit_code == 0
    assert summary.as_dict()["left_out"] == ["good"]


def test_the_check_of_outlets_does_not_ask_what_was_taken_down(
    settings: Settings, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("flows.live_check.check_outlet", lambda _fetch, outlet, *_: asked.append(outlet.id) or [])
    monkeypatch.setattr("flows.live_check.load_outlets", lambda _: own(settings))
    take_outlet_down(database_url, tmp_path, "good")
    check_live(replace(settings, db=database_url))
    assert asked == ["bad"]


@pytest.mark.parametrize("what", ["missing", "older", "away"])
def test_the_check_of_outlets_needs_no_store_and_changes_none(settings: Settings, tmp_path: Path, what: str) -> None:
    file = tmp_path / "other" / "pressrun.db"
    file.parent.mkdir()
    if what == "older":
        with contextlib.closing(sqlite3.connect(file)) as older:
            older.execute("PRAGMA journal_mode = WAL")
            older.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
            older.execute("INSERT INTO alembic_version VALUES ('0001')")
            older.commit()
    before = file.read_bytes() if file.exists() else None
    url = "postgresql://nobody@127.0.0.1:1/none" if what == "away" else f"sqlite:///{file}"
    assert known_removed_outlets(url, ["good"]) == frozenset()
    assert (file.read_bytes() if file.exists() else None) == before


def test_one_failing_outlet_stops_no_other(settings: Settings) -> None:
    ended: list[str] = []

    def saw(outlet: str, message: Message) -> None:
        if isinstance(message, Ended):
            ended.append(outlet)

    night = asyncio.run(run_nightly(settings, ["good", "bad"], 2, saw, command=FAKE))
    assert night.message == "1 of 2 outlets failed: bad"
    assert [(line.outlet, line.state, line.new) for line in night.lines] == [
        ("bad", "failed", 3),
        ("good", "completed", 3),
    ]
    assert sorted(ended) == ["bad", "good"]


def test_no_more_run_at_a_time_than_were_allowed(settings: Settings) -> None:
    running = most = 0

    def saw(_: str, message: Message) -> None:
        nonlocal running, most
        running += isinstance(message, Started) - isinstance(message, Ended)
        most = max(most, running)

    asyncio.run(run_nightly(settings, ["good", "bad", "asleep"], 1, saw, command=FAKE))
    assert most == 1


def test_a_folder_that_cannot_be_written_is_one_clear_error(settings: Settings) -> None:
    settings.data.write_text("a file")
    with pytest.raises(FolderNotWritableError, match="cannot write logs"):
        asyncio.run(run_nightly(settings, ["good", "bad"], command=FAKE))
