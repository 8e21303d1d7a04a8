"""Confined processes that are forks: what they share, what they do not, and the deaths of either."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from crawlers.confined import ConfinedProcess, ForkServer, TooSlowError, forks_are_possible
from crawlers.confined.fork_server import CODE_WITHIN, UNKNOWN_CODE, ServerDiedError
from crawlers.extraction.result import Reason, Rejected
from crawlers.extraction.workers.process import Worker, fork_server
from crawlers.extraction.workers.protocol import Job
from tests.processes import runs

pytestmark = pytest.mark.skipif(not forks_are_possible(), reason="this system has no descriptors of processes")

SERVED = """
import os, resource, sys
from crawlers.confined import serve

WARM = []

def answers(head, body):
    if "exit" in head:
        os._exit(head["exit"])
    yield {
        "pid": os.getpid(), "parent": os.getppid(), "warm": WARM, "size": len(body),
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0], "open": sorted(map(int, os.listdir("/proc/self/fd"))),
        "secrets": [name for name in os.environ if name.startswith(("PRESSRUN_", "PG"))],
    }

serve(answers, lambda: WARM.append(os.getpid()))
"""
BROKEN = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
REFUSED = """
import errno, os

def fork():
    raise OSError(errno.EAGAIN, "no more processes")

os.fork = fork
"""
MEMORY = 1 << 30


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ForkServer]:
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[3]}")
    (tmp_path / "served.py").write_text(SERVED, encoding="utf-8")
    (tmp_path / "broken.py").write_text(BROKEN, encoding="utf-8")
    made = ForkServer("served")
    yield made
    made.close()
    assert served() == []


def served() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if runs(child, "served")]


def soon() -> float:
    return time.monotonic() + 120


def asked(process: ConfinedProcess, body: bytes = b"", **head: object) -> dict[str, object]:
    process.ask(head, body, soon())
    answer = process.answer(soon())
    assert answer is not None
    return answer


def idle(server: ForkServer) -> tuple[ConfinedProcess, psutil.Process]:
    """A confined process that has answered and was closed, and the server, which runs."""
    process = ConfinedProcess("served", MEMORY, server)
    asked(process)
    process.close()
    [parent] = served()
    return process, parent


def test_forks_share_what_was_warmed_up_and_nothing_else(server: ForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_DB", "postgresql://me:hunter2@host/db")
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    first, second = (ConfinedProcess("served", MEMORY + n, server) for n in range(2))
    told = [asked(process, b"x" * size) for process, size in ((first, 3_000_000), (second, 1), (first, 2))]
    [parent] = served()
    assert [answer["size"] for answer in told] == [3_000_000, 1, 2]
    assert [answer["memory"] for answer in told] == [MEMORY, MEMORY + 1, MEMORY]
    assert {answer["parent"] for answer in told} == {parent.pid}
    assert told[0]["pid"] == told[2]["pid"] != told[1]["pid"]
    for answer in told:
        assert answer["warm"] == [parent.pid]
        assert answer["secrets"] == []
        # its input and output, the log, the output for frames, and the folder that is being listed
        assert answer["open"] == [0, 1, 2, 3, 4]
    first.close()
    assert asked(second)["pid"] == told[1]["pid"], "it does not end with the other"
    second.close()


def test_nothing_stays_open_in_whoever_asked(server: ForkServer) -> None:
    process = ConfinedProcess("served", MEMORY, server)
    asked(process)
    process.close()
    before = set(Path("/proc/self/fd").iterdir())
    for _ in range(5):
        asked(process)
        process.close()
    assert set(Path("/proc/self/fd").iterdir()) == before


@pytest.mark.parametrize(("exit_code", "killed"), [(3, False), (0, False), (None, True)])
def test_how_a_fork_ended_is_told(server: ForkServer, exit_code: int | None, *, killed: bool) -> None:
    fork = server.fork(MEMORY, soon())
    assert fork.poll() is None
    fork.kill()
    assert (fork.wait(60), fork.poll()) == (-signal.SIGKILL, -signal.SIGKILL)
    fork.kill()  # no fault, and nobody else is killed
    fork.stdin.close()
    fork.stdout.close()
    process = ConfinedProcess("served", MEMORY, server)
    if exit_code is None:
        os.kill(int(str(asked(process)["pid"])), signal.SIGKILL)
        process.ask({}, b"", soon())
    else:
        process.ask({"exit": exit_code}, b"", soon())
    assert process.answer(soon()) is None
    assert process.was_killed is killed
    assert process._last_code == (-signal.SIGKILL if exit_code is None else exit_code)


def test_after_the_death_of_what_is_forked_forks_go_on_and_the_next_has_a_new_parent(server: ForkServer) -> None:
    old, new = (ConfinedProcess("served", MEMORY, server) for _ in range(2))
    before = asked(old)
    [parent] = served()
    parent.kill()
    parent.wait(60)
    assert asked(old)["pid"] == before["pid"]
    after = asked(new)
    assert after["warm"] != before["warm"]
    old.close()
    assert old._last_code == UNKNOWN_CODE
    new.close()


def test_what_cannot_begin_gives_no_answer_and_says_how_it_died(server: ForkServer) -> None:
    broken = ForkServer("broken")
    process = ConfinedProcess("broken", MEMORY, broken)
    process.ask({}, b"", soon())
    assert process.answer(soon()) is None
    assert process.was_killed
    with pytest.raises(ServerDiedError):
        broken.fork(MEMORY, soon())
    broken.close()


def test_one_that_does_not_answer_is_too_slow_and_the_next_works(server: ForkServer) -> None:
    process, parent = idle(server)
    parent.suspend()
    with pytest.raises(TooSlowError):
        process.ask({}, b"", time.monotonic() + 0.5)
    assert asked(process)["warm"] != [parent.pid]
    process.close()


def test_a_worker_that_died_while_its_parent_stands_still_holds_nobody_up(server: ForkServer) -> None:
    process = ConfinedProcess("served", MEMORY, server)
    pid = int(str(asked(process)["pid"]))
    [parent] = served()
    parent.suspend()
    os.kill(pid, signal.SIGKILL)
    while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    began = time.monotonic()
    assert process.is_ready, "nobody knows yet how it ended"
    assert time.monotonic() - began < CODE_WITHIN / 2
    parent.resume()
    process.close()
    assert process.was_killed


def test_those_that_waited_for_another_in_vain_end_nothing(server: ForkServer) -> None:
    process, parent = idle(server)
    parent.suspend()
    with ThreadPoolExecutor(4) as threads:
        late = [threads.submit(server.fork, MEMORY, time.monotonic() + 1) for _ in range(4)]
        assert [type(one.exception()) for one in late] == [TimeoutError] * 4
    assert not parent.is_running() or parent.status() == psutil.STATUS_ZOMBIE
    asked(process)
    process.close()


SHORT_OF_DESCRIPTORS = """
import os, resource, time
from crawlers.confined import ForkServer

server = ForkServer("served")
first = server.fork(1 << 30, time.monotonic() + 60)
kept = len(os.listdir("/proc/self/fd"))
highest = max(map(int, os.listdir("/proc/self/fd")))
for free in range(1, 9):
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + free, 4096))
    try:
        fork = server.fork(1 << 30, time.monotonic() + 60)
    except OSError as fault:
        assert fault.errno == 24, fault
    else:
        for stream in (fork.stdin, fork.stdout):
            stream.close()
        fork.wait()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    assert len(os.listdir("/proc/self/fd")) == kept, free
first.stdin.close()
first.stdout.close()
first.wait()
server.close()
"""


@pytest.mark.usefixtures("server")
def test_a_shortage_of_descriptors_leaves_none_behind() -> None:
    command = [sys.executable, "-W", "error", "-c", SHORT_OF_DESCRIPTORS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_a_system_without_descriptors_of_processes_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise OSError(errno.ENOSYS, "no such call")

    forks_are_possible.cache_clear()
    monkeypatch.setattr(os, "pidfd_open", refused)
    assert not forks_are_possible()
    assert fork_server() is None
    worker = Worker(server=fork_server())
    found = worker.extract(b"<html><title>x</title>", Job("https://example.com/1", None).head())
    assert isinstance(found, Rejected)
    assert found.reason is not Reason.HOSTILE
    worker.close()
    forks_are_possible.cache_clear()


def test_a_fork_that_the_system_refuses_is_an_error(server: ForkServer, tmp_path: Path) -> None:
    (tmp_path / "refused.py").write_text(REFUSED + SERVED, encoding="utf-8")
    refused = ForkServer("refused")
    for _ in range(2):
        with pytest.raises(BlockingIOError, match="Resource temporarily unavailable"):
            refused.fork(MEMORY, soon())
    refused.close()


def test_forks_and_their_parent_end_with_whoever_asked(server: ForkServer) -> None:
    process = ConfinedProcess("served", MEMORY, server)
    asked(process)
    everyone = [parent := served()[0], *parent.children()]
    assert len(everyone) == 2
    process.close()
    server.close()
    _, left = psutil.wait_procs(everyone, 60)
    assert left == []
