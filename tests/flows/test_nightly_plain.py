"""The night without Prefect."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from crawlers.catalog import Catalog, load_outlets
from crawlers.environment import Settings
from crawlers.errors import UnknownOutletError
from crawlers.messages import Ended, Message, Started
from flows.nightly_plain import choose_outlets, run_nightly
from storage.errors import FolderNotWritableError

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
