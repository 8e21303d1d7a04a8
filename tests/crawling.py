"""Running a real crawl in a test: the child process that flows and the command line start, and what it said."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.calling import clean_environment
from tests.forked_program import ROOT, ForkedProgram

PATIENCE = 0.0  # seconds: a test does not wait for pages that were put off
IN_TIME = 170.0  # seconds for a whole crawl
MODULE = "crawlers.crawl"


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


Started = subprocess.Popen[str] | ForkedProgram


def start(
    outlet: str, *, db: str, outlets: Path, data: Path, env: Mapping[str, str] = MappingProxyType({}), **job: Any
) -> Started:
    """A crawl process that has its job; its standard input is held open by the caller.

    `env`: variables to add, which a program sees from its first moment, and a fork would not.
    """
    child = program(MODULE, clean_environment() | dict(env)) if env else ForkedProgram(MODULE, clean_environment())
    assert child.stdin is not None
    child.stdin.write(_order(outlet, db, outlets, data, job))
    child.stdin.flush()
    return child


def program(module: str, environment: Mapping[str, str], stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start a module as the program starts it, with text pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=ROOT, env=environment,
    )  # fmt: skip


def _order(outlet: str, db: str, outlets: Path, data: Path, job: dict[str, Any]) -> str:
    order = {"outlet": outlet, "db": db, "outlets": str(outlets), "data": str(data), "patience": PATIENCE} | job
    return json.dumps(order) + "\n"


def finish(child: Started, timeout: float = IN_TIME) -> Crawled:
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
    assert child.returncode is not None
    return Crawled(child.returncode, [json.loads(line) for line in out.splitlines()], log)


def crawl(outlet: str, *, db: str, outlets: Path, data: Path, **job: Any) -> Crawled:
    """A whole crawl, from start to end."""
    return finish(start(outlet, db=db, outlets=outlets, data=data, **job))


def kill(child: Started) -> None:
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
