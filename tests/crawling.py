"""Running a real crawl in a test: the child process that flows and the command line start, and what it said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 0.0  # seconds: a test does not wait for pages that were put off


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


def start(outlet: str, *, db: str, outlets: Path, data: Path, **job: Any) -> subprocess.Popen[str]:
    """A crawl process that has its job; its standard input is held open by the caller."""
    order = {"outlet": outlet, "db": db, "outlets": str(outlets), "data": str(data), "patience": PATIENCE} | job
    env = {name: value for name, value in os.environ.items() if not name.startswith("PRESSRUN_")}
    child = subprocess.Popen(
        [sys.executable, "-m", "crawlers.crawl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=env,
    )
    assert child.stdin is not None
    child.stdin.write(json.dumps(order) + "\n")
    child.stdin.flush()
    return child


def finish(child: subprocess.Popen[str], timeout: float = 170) -> Crawled:
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


def crawl(outlet: str, **job: Any) -> Crawled:
    """A whole crawl, from start to end."""
    return finish(start(outlet, **job))


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
