"""Running a real crawl in a test: the child process that flows and the command line start, and what it said."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from tests.calling import clean_environment
from tests.forked_extraction import fork_extraction_server

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 0.0  # seconds: a test does not wait for pages that were put off
IN_TIME = 170.0  # seconds for a whole crawl

# Two thirds of the CPU of a crawl of a few pages go into importing Scrapy and its like: 2 of 3 seconds. Whole crawls are
# forks of a process that has imported it, and what their extraction workers are forked from is another one. Those that
# a test stops or kills start as the program starts them.
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.preloaded"])


@dataclass
class Crawled:
    """What a crawl process left: its exit code and its lines."""

    code: int
    lines: list[dict[str, Any]]
    log: str

    @property
    def end(self) -> dict[str, Any]:
        ends = [line for line in self.lines if line["type"] == "end"]
        assert len(ends) == 1, f"one end line expected, got {ends}; log:\n{self.log[-3000:]}"
        return ends[0]

    @property
    def counts(self) -> dict[str, Any]:
        return self.end["counts"]

    @property
    def ledger(self) -> dict[str, int]:
        return self.counts["ledger"]


def start(
    outlet: str, *, db: str, outlets: Path, data: Path, env: Mapping[str, str] = MappingProxyType({}), **job: Any
) -> subprocess.Popen[str]:
    """A crawl process that has its job; its standard input is held open by the caller. `env`: variables to add."""
    child = subprocess.Popen(
        [sys.executable, "-m", "crawlers.crawl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=clean_environment() | dict(env),
    )
    assert child.stdin is not None
    child.stdin.write(_order(outlet, db, outlets, data, job))
    child.stdin.flush()
    return child


def _order(outlet: str, db: str, outlets: Path, data: Path, job: dict[str, Any]) -> str:
    order = {"outlet": outlet, "db": db, "outlets": str(outlets), "data": str(data), "patience": PATIENCE} | job
    return json.dumps(order) + "\n"


def finish(child: subprocess.Popen[str], timeout: float = IN_TIME) -> Crawled:
    """Wait for the process; its life line stays open until it ends."""
    assert child.stdin is not None
    stdin, child.stdin = child.stdin, None  # communicate() would close it, which means "stop"
    try:
        out, log = child.communicate(timeout=timeout)
    finally:
        stdin.close()
        if child.poll() is None:
            child.kill()
            child.wait()
    return Crawled(child.returncode, [json.loads(line) for line in out.splitlines()], log)


def crawl(outlet: str, *, db: str, outlets: Path, data: Path, **job: Any) -> Crawled:
    """A whole crawl, from start to end."""
    reader, writer = _forks.Pipe(duplex=False)
    with TemporaryDirectory(prefix="pressrun-crawl-") as folder, reader, writer:  # the life line stays open until then
        os.write(writer.fileno(), _order(outlet, db, outlets, data, job).encode())
        child = _forks.Process(target=_crawl_in_fork, args=(reader, folder, clean_environment()))
        child.start()
        child.join(IN_TIME)
        child.kill()
        child.join()
        out, log = ((Path(folder) / name).read_text(encoding="utf-8") for name in ("out", "log"))
        assert child.exitcode is not None
        return Crawled(child.exitcode, [json.loads(line) for line in out.splitlines()], log)


def _crawl_in_fork(order: Connection, folder: str, environment: dict[str, str]) -> None:
    """Do as `python -m crawlers.crawl` does in a process of its own."""
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    fork_extraction_server()
    os.dup2(order.fileno(), 0)
    for number, name in ((1, "out"), (2, "log")):
        with (Path(folder) / name).open("wb") as file:
            os.dup2(file.fileno(), number)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode, closefd=False) for number, mode in enumerate("rww"))
    from crawlers.crawl import main

    sys.exit(main())


def kill(child: subprocess.Popen[str]) -> None:
    """Send SIGKILL to the crawl and wait until it is gone."""
    child.send_signal(signal.SIGKILL)
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    child.wait()
    for stream in (child.stdin, child.stdout, child.stderr):
        stream.close()


def balanced(ledger: dict[str, int]) -> bool:
    """discovered = stored + unchanged + duplicate + rejected + gone + failed + waiting."""
    ends = ("stored", "unchanged", "duplicate", "rejected", "gone", "failed", "waiting")
    return ledger["discovered"] == sum(ledger.get(state, 0) for state in ends)
