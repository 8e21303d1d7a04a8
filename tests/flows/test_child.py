"""A crawl as a child process: whatever it does, its end is told, and nothing of it stays behind."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pytest

from crawlers.environment import Settings
from crawlers.job import CrawlOrder, Job
from crawlers.messages import Ended, LogLine, Message, Progress, Started
from flows.child import CrawlEnd, run_crawl
from storage.errors import FolderNotWritableError

FAKE = Path(__file__).with_name("fake_crawl.py")


def fake(manner: str) -> list[str]:
    return [sys.executable, str(FAKE), manner]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(db=f"sqlite:///{tmp_path}/pressrun.db", outlets=None, data=tmp_path, contact="a@example.org")


def crawl(settings: Settings, manner: str, **job: Any) -> tuple[CrawlEnd, list[Message]]:
    messages: list[Message] = []
    order = CrawlOrder("herald", settings, Job(**job))
    end = asyncio.run(run_crawl(order, messages.append, command=fake(manner), grace=2))
    return end, messages


def started(messages: list[Message]) -> Started:
    """The first message of a crawl."""
    assert isinstance(messages[0], Started)
    return messages[0]


def test_a_crawl_that_completes_hands_over_its_messages_and_counts(settings: Settings) -> None:
    end, messages = crawl(settings, "completes")
    assert (end.state, end.run, end.exit_code) == ("completed", 7, 0)
    assert end.counts.stored == 3
    assert [type(message) for message in messages] == [Started, Progress, Ended]


def test_the_child_gets_the_whole_job(settings: Settings) -> None:
    crawl(settings, "completes", kind="backfill", first=date(2024, 3, 1), last=date(2024, 3, 31), limit=5)
    assert json.loads((settings.data / "order.json").read_text()) == {
        "outlet": "herald", "kind": "backfill", "first": "2024-03-01", "last": "2024-03-31", "limit": 5, "refetch": False,
        "patience": 90.0, "db": settings.db, "data": str(settings.data), "contact": settings.contact,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("manner", "state", "error"),
    [
        ("fails", "failed", "none of its seeds could be read"),
        ("busy", "busy", "it is held by run 3"),
        ("dies", "died", "the crawl process died (exit code 3); its log is "),
        ("is-killed", "died", "the crawl process died (signal 9); its log is "),
    ],
)
def test_a_crawl_that_does_not_complete_says_why(settings: Settings, manner: str, state: str, error: str) -> None:
    end, _ = crawl(settings, manner)
    assert end.state == state
    assert error in str(end.error)


def test_the_end_of_the_log_of_a_crawl_that_died_is_in_its_error(settings: Settings) -> None:
    end, _ = crawl(settings, "dies")
    assert "which ends: log of herald | out of memory, said the log" in str(end.error)
    assert end.log is not None
    assert end.log.parent == settings.data / "logs" / "herald"


def test_problems_of_a_crawl_that_completed_are_told(settings: Settings) -> None:
    end, _ = crawl(settings, "doubts")
    assert (end.state, end.exit_code) == ("completed", 1)
    assert end.counts.problems == ("no seed announced a single article", "another")


def test_lines_that_are_no_messages_become_warnings(settings: Settings) -> None:
    end, messages = crawl(settings, "babbles")
    warnings = [message.message for message in messages if isinstance(message, LogLine)]
    assert end.state == "completed"
    assert warnings[0].startswith("the crawl printed a line that is not a message (")
    assert warnings[0].endswith("): no JSON at all")
    assert warnings[1] == 'the crawl printed a line that is not a message (not a JSON object): ["a list"]'
    assert len(warnings) >= 3


def test_a_child_that_does_not_leave_after_its_end_is_killed(settings: Settings) -> None:
    ended: list[float] = []

    def listen(message: Message) -> None:
        if isinstance(message, Ended):
            ended.append(time.monotonic())

    end = asyncio.run(run_crawl(CrawlOrder("herald", settings), listen, command=fake("ends-but-stays"), grace=2))
    assert (end.state, end.exit_code) == ("completed", -9)
    assert time.monotonic() - ended[0] < 6


def test_a_listener_may_be_a_coroutine(settings: Settings) -> None:
    seen: list[type[Message]] = []

    async def listen(message: Message) -> None:
        await asyncio.sleep(0)
        seen.append(type(message))

    asyncio.run(run_crawl(CrawlOrder("herald", settings), listen, command=fake("completes")))
    assert seen == [Started, Progress, Ended]


def test_a_listener_that_raises_ends_the_crawl(settings: Settings) -> None:
    messages: list[Message] = []

    def listen(message: Message) -> None:
        messages.append(message)
        raise KeyError("my own fault")

    with pytest.raises(KeyError, match="my own fault"):
        asyncio.run(run_crawl(CrawlOrder("herald", settings), listen, command=fake("stops-when-asked"), grace=3))
    assert not psutil.pid_exists(started(messages).pid)


def cancelled(settings: Settings, manner: str, grace: float, after: type[Message]) -> list[Message]:
    """Cancel a crawl when a message of type `after` has come; returns all messages that came."""
    messages: list[Message] = []

    async def main() -> None:
        arrived = asyncio.Event()

        def listen(message: Message) -> None:
            messages.append(message)
            if isinstance(message, after):
                arrived.set()

        running = asyncio.create_task(
            run_crawl(CrawlOrder("herald", settings), listen, command=fake(manner), grace=grace)
        )
        await arrived.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(main())
    return messages


def test_a_cancelled_crawl_stops_gracefully_and_still_tells_its_end(settings: Settings) -> None:
    messages = cancelled(settings, "stops-when-asked", grace=5, after=Progress)
    assert isinstance(messages[-1], Ended)
    assert messages[-1].state == "stopped"
    assert not psutil.pid_exists(started(messages).pid)


def test_a_cancelled_crawl_that_is_deaf_is_killed_with_its_workers(settings: Settings) -> None:
    messages = cancelled(settings, "ignores-sigterm", grace=0.5, after=Progress)
    assert not psutil.pid_exists(started(messages).pid)
    worker = int((settings.data / "worker.pid").read_text())
    gone, _ = psutil.wait_procs([psutil.Process(worker)], timeout=3) if psutil.pid_exists(worker) else ([1], [])
    assert gone


def test_a_crawl_stops_when_whoever_started_it_is_killed(settings: Settings, tmp_path: Path) -> None:
    script = (
        "import asyncio\n"
        "from pathlib import Path\n"
        "from crawlers.environment import Settings\n"
        "from crawlers.job import CrawlOrder\n"
        "from crawlers.messages import encode\n"
        "from flows.child import run_crawl\n"
        f"settings = Settings({settings.db!r}, None, Path({str(tmp_path)!r}), 'a@example.org')\n"
        "say = lambda message: print(encode(message), flush=True)\n"
        f"asyncio.run(run_crawl(CrawlOrder('herald', settings), say, command={fake('stops-when-asked')!r}))\n"
    )

    async def main() -> int:
        parent = await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        assert parent.stdout is not None
        child = int(json.loads(await parent.stdout.readline())["pid"])
        parent.kill()
        await parent.wait()
        return child

    child = asyncio.run(main())
    deadline = time.monotonic() + 5
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.05)


def test_a_folder_without_logs_is_one_clear_line(settings: Settings) -> None:
    (settings.data / "logs").write_text("a file where the folder should be")
    with pytest.raises(FolderNotWritableError, match=f"cannot write logs to {settings.data}/logs/herald"):
        crawl(settings, "completes")
