"""A crawl as a child process: started, listened to, stopped. Knows nothing of Prefect.

The child gets its job as one JSON line on standard input, which stays open as its life line; JSON lines come back on
standard output; its log goes to a file. See docs/decisions/0001-how-scrapy-runs-under-prefect.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import anyio

from crawlers.environment import Settings

from .logs import new_log, tail

COMMAND = (sys.executable, "-m", "crawlers.crawl")
GRACE = 8.0  # seconds from SIGTERM to SIGKILL; a crawl needs five for the pages under way
MAX_LINE = 4 * 2**20  # bytes

Kind = Literal["crawl", "nightly", "backfill"]
Listener = Callable[[dict[str, Any]], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One crawl of one outlet. `first` and `last`: the days of a backfill's window, both included."""

    outlet: str
    settings: Settings
    kind: Kind = "crawl"
    since: date | None = None
    first: date | None = None
    last: date | None = None
    limit: int | None = None
    refetch: bool = False
    patience: float | None = None  # seconds to wait for pages that were put off; None = the crawl's own default
    flow_run_id: str | None = None

    def order(self) -> bytes:
        """The line that the child reads."""
        where = {"db": self.settings.db, "data": self.settings.data, "contact": self.settings.contact}
        names = ("outlet", "kind", "since", "first", "last", "limit", "refetch", "patience", "flow_run_id")
        line = {name: getattr(self, name) for name in names} | where | {"outlets": self.settings.outlets}
        said = {name: value for name, value in line.items() if value is not None}
        return json.dumps(said, default=str).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class CrawlEnd:
    """How a crawl ended. `busy`: another run holds the outlet. `died`: the process ended without saying how."""

    state: Literal["completed", "stopped", "failed", "busy", "died"]
    run: int | None
    counts: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    seconds: float = 0.0
    exit_code: int = 0  # negative: minus the signal that ended the process
    log: Path | None = None

    @property
    def problems(self) -> list[str]:
        """What a person should look at, although the crawl completed."""
        return list(self.counts.get("problems", ()))


async def run_crawl(
    job: CrawlJob, on_line: Listener, *, command: Sequence[str] = COMMAND, grace: float = GRACE
) -> CrawlEnd:
    """Run a crawl to its end; every line of the child goes to `on_line` (plain or async), the last one (`end`) too.

    Cancelled, it stops the child (SIGTERM, `grace` seconds, SIGKILL to all its processes), still hands over the lines
    that come meanwhile, and raises CancelledError again. Raises FolderNotWritableError if no log can be written.
    """
    log = new_log(job.settings.data, job.outlet)
    with log.open("ab") as stderr:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,  # Ctrl-C in a terminal is for us, who pass it on as SIGTERM
            limit=MAX_LINE,
        )
    child = _Child(process, on_line, grace)
    try:
        await child.give(job.order())
        await child.listen()
    finally:
        await child.stop()
    return child.verdict(log)


class _Child:
    def __init__(self, process: asyncio.subprocess.Process, on_line: Listener, grace: float) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("the child needs pipes for its input and output")
        self._process, self._stdin, self._stdout = process, process.stdin, process.stdout
        self._on_line, self._grace = on_line, grace
        self._started = time.monotonic()
        self._end: dict[str, Any] | None = None
        self._listener_failed = False

    async def give(self, order: bytes) -> None:
        self._stdin.write(order)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died at once: the verdict will tell
            await self._stdin.drain()

    async def listen(self) -> None:
        """Hand over lines until the child has closed its output or said `end`."""
        while self._end is None:
            line = await self._read()
            if line is None:
                return
            if line["type"] == "end":
                self._end = line
            if not self._listener_failed:
                await self._tell(line)

    async def _tell(self, line: dict[str, Any]) -> None:
        try:
            told = self._on_line(line)
            if inspect.isawaitable(told):
                await told
        except Exception:
            self._listener_failed = True
            raise

    async def _read(self) -> dict[str, Any] | None:
        try:
            raw = await self._stdout.readline()
        except ValueError:
            return _log(f"a line of more than {MAX_LINE} bytes from the crawl was left out")
        if not raw:
            return None
        try:
            line = json.loads(raw)
        except ValueError:
            line = None
        if not isinstance(line, dict) or not isinstance(line.get("type"), str):
            return _log(f"the crawl said what is no line of ours: {raw[:200].decode('utf-8', 'replace').strip()}")
        return line

    async def stop(self) -> None:
        """See the child to its end: as it comes by itself after `end`, by SIGTERM before, by SIGKILL at last."""
        graceful = False
        try:
            with anyio.move_on_after(self._grace, shield=True):
                if self._end is None:
                    self._send(signal.SIGTERM)
                    await self.listen()
                await self._process.wait()
                graceful = True
        finally:
            if not graceful or self._end is None:
                self._kill_all()
        with anyio.CancelScope(shield=True):
            await self._process.wait()
            self._stdin.close()

    def _send(self, number: signal.Signals) -> None:
        # Not by the process's own send_signal: that polls first, takes the exit status away from asyncio's watcher, and
        # leaves it with 255 (https://github.com/python/cpython/issues/87744).
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def _kill_all(self) -> None:
        """The child leads a process group of its own, in which its extraction workers are."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def verdict(self, log: Path) -> CrawlEnd:
        code = self._process.returncode or 0
        seconds = round(time.monotonic() - self._started, 2)
        if self._end is None:
            said = tail(log)
            died = f"the crawl process died ({_how(code)}); its log is {log}{f', which ends: {said}' if said else ''}"
            return CrawlEnd("died", None, error=died, seconds=seconds, exit_code=code, log=log)
        return CrawlEnd(
            state=self._end["state"],
            run=self._end.get("run"),
            counts=self._end.get("counts") or {},
            error=self._end.get("error"),
            seconds=self._end.get("seconds") or seconds,
            exit_code=code,
            log=log,
        )


def _log(message: str) -> dict[str, Any]:
    return {"type": "log", "level": "warning", "message": message}


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
