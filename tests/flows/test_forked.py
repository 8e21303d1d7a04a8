"""A child that is a fork: its streams, its end, and what becomes of it without its parent."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from crawlers.outlet_files import BUILT_IN, outlet_files
from flows.forked import can_fork
from storage import frontier
from storage.database import open_database
from storage.jobs import check_store
from tests.calling import clean_environment
from tests.faults import FaultySite

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no other system forks")

PARENT = """
import asyncio, os, signal, sys
from pathlib import Path
from flows.forked import ForkedChild

def echo():
    print(sys.stdin.readline().strip().upper(), os.getsid(0) == os.getpid(), flush=True)
    print("trouble", file=sys.stderr)
    return 7

def fail():
    raise ValueError("not this time")

def kill():
    os.kill(os.getpid(), signal.SIGKILL)

def wait():
    line = sys.stdin.readline()
    print("order:", line, file=sys.stderr)
    return 0

def show_open():
    print(sorted(int(name) for name in os.listdir("/proc/self/fd") if int(name) > 2))
    return 0

async def follow(child):
    asyncio.get_running_loop().slow_callback_duration = 60  # a warning of -X dev, of a busy machine
    process = await child.start(1000)
    process.stdin.write(b"a line\\n")
    print((await process.stdout.read()).decode(), end="")
    print(await process.wait())
    process.close()

async def cancel(child, turns):
    starting = asyncio.create_task(child.start(1000))
    for _ in range(turns):
        await asyncio.sleep(0)
    starting.cancel()
    try:
        process = await starting
    except asyncio.CancelledError:
        return
    process.stdin.close()
    await process.wait()
    process.close()

name, log = sys.argv[1], Path(sys.argv[2])
if name == "wait":
    child = ForkedChild(wait, log)
    os._exit(0)
if name == "unwanted":
    with ForkedChild(wait, log):
        raise ValueError("before the order")
if name == "cancelled":
    for turns in range(8):
        with ForkedChild(wait, log) as child:
            asyncio.run(cancel(child, turns))
    sys.exit(print(sorted(os.listdir("/proc/self/fd"), key=int)))
with ForkedChild(globals()[name], log) as child:
    asyncio.run(follow(child))
"""


def parent(main: str, log: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-X", "dev", "-c", PARENT, main, str(log)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, **more)


def forked(main: str, log: Path, **more: Any) -> list[str]:
    done = parent(main, log, **more)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "the child's standard error is its log"
    return done.stdout.splitlines()


def places(folder: Path) -> list[str]:
    return ["--db", f"sqlite:///{folder}/p.db", "--outlets", f"{folder}/outlets", "--data", f"{folder}/data"]


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """A command of `pressrun` as a program of its own."""
    command = [sys.executable, "-m", "flows.cli", *words, *places(folder)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=clean_environment(), stdout=pipe, stderr=pipe, text=True)


def ended(folder: Path, *words: str) -> tuple[int, str, str]:
    """Its exit code, output and errors."""
    with start(folder, *words) as process:
        out, errors = process.communicate(timeout=120)
    return process.returncode, out, errors


def test_a_child_has_streams_a_session_and_an_exit_code_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("before\n")
    assert forked("echo", tmp_path / "log") == ["A LINE True", "7"]
    assert (tmp_path / "log").read_text() == "before\ntrouble\n"


def test_a_fault_is_in_the_log_and_a_signal_in_the_exit_code(tmp_path: Path) -> None:
    assert forked("fail", tmp_path / "log") == ["1"]
    assert (tmp_path / "log").read_text().splitlines()[-1] == "ValueError: not this time"
    assert forked("kill", tmp_path / "log") == ["-9"]


def test_a_child_whose_parent_dies_before_the_order_sees_the_end_of_its_input(tmp_path: Path) -> None:
    assert forked("wait", tmp_path / "log") == []
    wait_until(lambda: (tmp_path / "log").read_text() == "order: \n")


def test_a_child_that_gets_no_order_ends_with_whoever_forked_it(tmp_path: Path) -> None:
    done = parent("unwanted", tmp_path / "log")
    assert done.stderr.splitlines()[-1] == "ValueError: before the order"
    assert (tmp_path / "log").read_text() == "order: \n"


def test_a_start_that_is_cancelled_leaves_neither_child_nor_streams(tmp_path: Path) -> None:
    assert forked("cancelled", tmp_path / "log") == [str(["0", "1", "2", "3"])]  # 3 is the folder that is listed


def test_a_child_does_not_keep_what_its_command_was_given(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        os.set_inheritable(lock.fileno(), True)
        [its_own, _] = forked("show_open", tmp_path / "log", pass_fds=[lock.fileno()])
        assert lock.fileno() not in json.loads(its_own)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&-"])
def test_a_parent_without_standard_streams(tmp_path: Path, closed: str) -> None:
    command = shlex.join([sys.executable, "-c", PARENT, "echo", str(tmp_path / "log")])
    done = subprocess.run(f"{command} {closed}", shell=True, cwd=ROOT, timeout=120, stderr=subprocess.PIPE, check=False)
    assert (tmp_path / "log").read_text() == "trouble\n", done.stderr


def test_a_process_with_threads_does_not_fork() -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    assert not can_fork()
    over.set()
    thread.join()


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("words", [["crawl", "faulty"], ["nightly", "faulty"]])
def test_the_crawl_of_a_command_is_its_fork_and_a_kill_of_either_loses_nothing(
    tmp_path: Path, words: list[str]
) -> None:
    with FaultySite(["/ok/1", "/ok/2", "/silent"]) as site:
        site.write_outlet(tmp_path / "outlets", timeout=60)
        with start(tmp_path, *words) as process:
            site.wait_until_asked(3)
            [crawl] = psutil.Process(process.pid).children()
            assert crawl.cmdline() == psutil.Process(process.pid).cmdline()
            store = open_database(f"sqlite:///{tmp_path}/p.db")
            wait_until(lambda: frontier.count_pages(store)["stored"] == 2)
            process.send_signal(signal.SIGKILL)
        wait_until(lambda: not crawl.is_running() or crawl.status() == psutil.STATUS_ZOMBIE)
    counts = frontier.count_pages(store)
    assert (counts["stored"], counts["waiting"]) == (2, 1)
    assert frontier.last_runs(store)[0].state == "stopped"
    assert check_store(store) == []
    store.close()


def test_a_crawl_that_is_killed_is_told_by_its_command(tmp_path: Path) -> None:
    with FaultySite(["/silent"]) as site:
        site.write_outlet(tmp_path / "outlets", timeout=60)
        with start(tmp_path, "crawl", "faulty") as process:
            site.wait_until_asked(1)
            [crawl] = psutil.Process(process.pid).children()
            crawl.kill()
            _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "the crawl process died (signal 9)" in told


def test_a_night_without_outlets_ends(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    for file in outlet_files(BUILT_IN).values():
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("enabled")]
        (tmp_path / "outlets" / file.name).write_text("\n".join(["enabled = false", *lines]), encoding="utf-8")
    code, out, errors = ended(tmp_path, "nightly")
    assert (code, out.splitlines()[-1]) == (0, "0 outlets, 0 new articles"), errors


def test_a_crawl_that_cannot_write_the_log_of_one_outlet_ends(tmp_path: Path) -> None:
    with FaultySite(["/ok/1"]) as site:
        site.write_outlet(tmp_path / "outlets")
        (tmp_path / "data" / "logs").mkdir(parents=True)
        (tmp_path / "data" / "logs" / "azernews").write_text("no folder")
        code, _, errors = ended(tmp_path, "crawl", "faulty", "azernews")
    assert code == 2
    assert errors.startswith("pressrun: cannot write logs to ")
