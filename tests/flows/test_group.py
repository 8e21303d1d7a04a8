"""Many outlets by one process, from the side that started it: deaths, stops, and what the observer hears."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawlers.environment import Settings
from crawlers.job import Job
from crawlers.messages import Ended, LogLine, Message, Progress, Started
from flows import group as group_module
from flows.child import CrawlEnd
from flows.group import GroupCrawl, GroupSettings
from storage.errors import FolderNotWritableError

FAKE = (sys.executable, str(Path(__file__).with_name("fake_group.py")))


class Heard:
    """An observer that notes what it hears; `react` is called with each message."""

    def __init__(self, react: Callable[[str, Message], None] = lambda *_: None) -> None:
        self.begun: list[str] = []
        self.messages: list[tuple[str, Message]] = []
        self.ends: dict[str, CrawlEnd] = {}
        self.running = self.most = 0
        self.was_interrupted = False
        self._react = react

    async def begin(self, outlet: str) -> str | None:
        assert outlet not in self.begun
        self.begun.append(outlet)
        return f"flow of {outlet}"

    async def message(self, outlet: str, message: Message) -> None:
        self.messages.append((outlet, message))
        self.running += isinstance(message, Started) - isinstance(message, Ended)
        self.most = max(self.most, self.running)
        self._react(outlet, message)

    async def interrupted(self) -> None:
        self.was_interrupted = True

    async def end(self, outlet: str, end: CrawlEnd) -> None:
        assert outlet not in self.ends
        self.ends[outlet] = end


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir()
    return Settings(f"sqlite:///{tmp_path}/pressrun.db", None, tmp_path / "data", "a@example.org")


def make(settings: Settings, heard: Heard, *manner: str, parallel: int = 4, **options: Any) -> GroupCrawl:
    return GroupCrawl(
        settings, Job(kind="nightly"), GroupSettings(parallel, command=(*FAKE, *manner), **options), heard
    )


def told(settings: Settings) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (settings.data / "told.jsonl").read_text().splitlines()]


def states(ends: dict[str, CrawlEnd]) -> dict[str, str]:
    return {outlet: end.state for outlet, end in ends.items()}


def test_each_outlet_has_its_own_end_and_its_own_log(settings: Settings) -> None:
    heard = Heard()
    ends = asyncio.run(make(settings, heard).crawl(["good", "bad", "good", "fine"]))
    assert states(ends) == {"good": "completed", "bad": "failed", "fine": "completed"} == states(heard.ends)
    assert ends["bad"].error == "none of its seeds could be read"
    starts = {line["start"]: line for line in told(settings) if "start" in line}
    assert starts["good"]["flow_run_id"] == "flow of good"
    assert Path(starts["good"]["log"]).parent == settings.data / "logs" / "good"
    assert ends["good"].log == Path(starts["good"]["log"])
    assert len({line["pid"] for line in told(settings)}) == 1


def test_no_more_run_at_a_time_than_were_allowed(settings: Settings) -> None:
    heard = Heard()
    asyncio.run(make(settings, heard, parallel=2).crawl([f"good_{n}" for n in range(9)]))
    assert heard.most <= 2
    assert len(heard.ends) == 9


def test_an_outlet_that_kills_the_process_takes_no_other_along(settings: Settings) -> None:
    heard = Heard()
    outlets = ["waits_1", "kills", *(f"good_{n}" for n in range(6))]

    def stop_when_alone(outlet: str, message: Message) -> None:
        if outlet == "waits_1" and isinstance(message, Progress):
            crawl.stop("waits_1")

    heard._react = stop_when_alone
    crawl = make(settings, heard, parallel=2)
    ends = asyncio.run(crawl.crawl(outlets))
    assert states({name: end for name, end in ends.items() if name.startswith("good")}) == {
        f"good_{n}": "completed" for n in range(6)
    }
    assert ends["kills"].state == "died"
    assert "signal 9" in str(ends["kills"].error)
    assert ends["waits_1"].state == "stopped"
    assert set(heard.ends) == set(outlets)
    assert Counter(line["start"] for line in told(settings) if "start" in line)["kills"] == 2
    warned = [line.message for outlet, line in heard.messages if outlet == "kills" and isinstance(line, LogLine)]
    assert len(warned) == 1
    assert "crawled again, in a process of its own" in warned[0]


def test_an_outlet_that_was_only_unlucky_is_done_the_second_time(settings: Settings) -> None:
    heard = Heard()
    ends = asyncio.run(make(settings, heard).crawl(["unlucky", "good"]))
    assert states(ends) == {"unlucky": "completed", "good": "completed"}


def test_a_process_that_dies_before_any_outlet_began_is_started_twice(settings: Settings) -> None:
    heard = Heard()
    ends = asyncio.run(make(settings, heard, "dies").crawl(["good", "fine"]))
    assert states(ends) == {"good": "died", "fine": "died"} == states(heard.ends)
    assert "exit code 3" in str(ends["good"].error)
    alone = len({line["pid"] for line in told(settings)})
    assert 2 <= alone <= 3, "twice, or once for all and once for each that was told to start"


def test_what_the_process_refuses_is_the_error_of_each(settings: Settings) -> None:
    ends = asyncio.run(make(settings, Heard(), "refuses").crawl(["good", "fine"]))
    assert states(ends) == {"good": "failed", "fine": "failed"}
    assert ends["good"].error == "the database is away"
    assert len({line["pid"] for line in told(settings)}) == 1


def test_an_outlet_that_another_run_holds_is_waited_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_module, "BUSY_PAUSE", 0.01)
    assert states(asyncio.run(make(settings, Heard(), patience=60.0).crawl(["busy"]))) == {"busy": "completed"}
    (settings.data / "told.jsonl").unlink()
    assert states(asyncio.run(make(settings, Heard()).crawl(["busy"]))) == {"busy": "busy"}


def test_one_outlet_is_stopped_and_the_others_go_on(settings: Settings) -> None:
    heard = Heard(lambda outlet, message: crawl.stop("waits") if isinstance(message, Progress) else None)
    crawl = make(settings, heard, parallel=1)
    ends = asyncio.run(crawl.crawl(["waits", "good"]))
    assert states(ends) == {"waits": "stopped", "good": "completed"}


@pytest.mark.parametrize("way", ["one task", "all tasks, as asyncio.run does"])
def test_a_cancelled_night_stops_its_process_and_tells_the_end_of_each_that_began(way: str, settings: Settings) -> None:
    heard = Heard()

    async def night() -> None:
        outlets = ["waits_1", "waits_2", "good", "waits_3", "fine"]
        crawling = asyncio.create_task(make(settings, heard, parallel=3).crawl(outlets))
        under_way: set[str] = set()
        reached = asyncio.Event()

        def saw(outlet: str, message: Message) -> None:
            under_way.update([outlet] * isinstance(message, Progress))
            if {"waits_1", "waits_2", "waits_3"} <= under_way and "good" in heard.ends:
                reached.set()

        heard._react = saw
        await reached.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in [crawling] if way == "one task" else others:
            task.cancel()
        await crawling

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(night())
    assert states(heard.ends) == {"waits_1": "stopped", "waits_2": "stopped", "waits_3": "stopped", "good": "completed"}
    assert all(heard.ends[f"waits_{n}"].run == 7 for n in range(1, 4)), "the process had the time to report"
    assert "fine" not in heard.begun
    assert heard.was_interrupted


def test_a_process_that_is_stopped_from_outside_stops_all(settings: Settings) -> None:
    def kill(outlet: str, message: Message) -> None:
        if isinstance(message, Progress):
            os.kill(told(settings)[0]["pid"], signal.SIGTERM)

    ends = asyncio.run(make(settings, Heard(kill), parallel=1).crawl(["waits", "good"]))
    assert states(ends) == {"waits": "stopped", "good": "stopped"}
    assert "was stopped" in str(ends["good"].error)


def test_a_folder_that_cannot_be_written_is_one_clear_error(settings: Settings) -> None:
    (settings.data / "logs").mkdir()
    (settings.data / "logs" / "good").write_text("a file")
    with pytest.raises(FolderNotWritableError, match="cannot write logs"):
        asyncio.run(make(settings, Heard()).crawl(["good", "fine"]))
