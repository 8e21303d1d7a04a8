"""A process that exits is started again, and no other process notices."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import supervisor
from flows.errors import AlreadyUpError
from flows.supervisor import Supervised, supervising
from flows.up_lock import only_one

SLEEP = "import sys; print('up', flush=True); sys.stdin.read()"


class Lines:
    """What a supervisor says, and how to wait for it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._news = threading.Condition()

    def say(self, line: str) -> None:
        with self._news:
            self.said.append(line)
            self._news.notify_all()

    def wait_for(self, count: int) -> list[str]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.said) >= count, 60), self.said
            return list(self.said)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Lines:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(supervisor, "LOOK", 0.01)
    return Lines()


def supervised(name: str, script: str, lines: Lines) -> Supervised:
    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    return Supervised(name, start, 10, lines.say)


@pytest.fixture
def pair(lines: Lines) -> Iterator[tuple[Supervised, Supervised]]:
    server, worker = supervised("server", SLEEP, lines), supervised("worker", SLEEP, lines)
    with supervising([server, worker]):
        yield server, worker
    server.stop()
    worker.stop()


def test_a_killed_process_is_started_again_and_the_other_goes_on(
    pair: tuple[Supervised, Supervised], lines: Lines
) -> None:
    server, worker = pair
    first, other = worker.pid, server.pid
    worker.process.send_signal(signal.SIGKILL)
    assert lines.wait_for(2) == [
        "the Prefect worker exited (signal 9); starting it again in 0 s",
        "the Prefect worker was started again",
    ]
    assert worker.pid != first
    assert worker.process.poll() is None
    assert (server.pid, server.restarts, server.process.poll()) == (other, 0, None)


def test_the_pause_grows_while_a_process_keeps_exiting(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.04)
    pauses = []
    failing = supervised("worker", "raise SystemExit(3)", lines)
    original = failing._next_pause
    monkeypatch.setattr(failing, "_next_pause", lambda now: pauses.append(original(now)) or pauses[-1])
    with supervising([failing]):
        assert "exit code 3" in lines.wait_for(9)[0]
    failing.stop()
    assert pauses[:4] == [0.01, 0.02, 0.04, 0.04]


def test_the_folder_of_a_server_serves_one_up_at_a_time(tmp_path: Path) -> None:
    with only_one(tmp_path) as lock:
        lock.write("http://127.0.0.1:4200/v2")
        with (
            pytest.raises(AlreadyUpError, match=r"runs already \(process \d+, http://127.0.0.1:4200/v2\)"),
            only_one(tmp_path),
        ):
            pass
    with only_one(tmp_path):
        pass
