"""Run one extraction worker: a process that gets one page at a time and is killed if a page takes too long."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from typing import IO, Any

from crawlers.extraction.containers.model import ContainerUpdate
from crawlers.extraction.result import Reason, Rejected
from crawlers.extraction.workers.protocol import frame_parts, outcome_from_json, read_frame, update_from_json
from storage.model import Article

TIME_LIMIT = 20.0  # seconds for one page
JOBS = 1_000  # of one process; then a fresh one, since parsers keep what they once took
KILLED = "its process was killed twice, not by us"  # the detail of a refusal that says nothing of the page
PIPE = 1 << 20  # bytes: what Linux allows a user by default
MEMORY = 2 << 30  # bytes of address space for one process


class Worker:
    """One process at a time, used by one thread at a time; limited to seconds a page and bytes of memory."""

    def __init__(self, time_limit: float = TIME_LIMIT, memory: int = MEMORY) -> None:
        self._time_limit = time_limit
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = 0
        self._last_code: int | None = None  # of the process that was closed last
        self.update: ContainerUpdate | None = None  # what the last page taught

    def extract(self, html: bytes, head: dict[str, Any]) -> Article | Rejected:
        """Return the process's answer; a refusal with `hostile` if it ran out of time, or died twice.

        A process may also die for other reasons than the page: the kernel's out-of-memory killer, a person's `kill`.
        So the page is tried a second time. If that is killed, too, the detail is KILLED.
        """
        found = self._once(html, head) or self._once(html, head)
        if found is None:
            found = Rejected(Reason.HOSTILE, KILLED if self._last_code == -signal.SIGKILL else "crash")
        return found

    def _once(self, html: bytes, head: dict[str, Any]) -> Article | Rejected | None:
        self.update = None
        process = self._ready()
        assert process.stdin is not None
        assert process.stdout is not None
        until = time.monotonic() + self._time_limit
        late = False
        frame = None
        with contextlib.suppress(BrokenPipeError):
            late = not (_sent(process.stdin, head, html, until) and _waited(process.stdout, select.POLLIN, until))
            frame = None if late else read_frame(process.stdout)
        self._jobs += 1
        if frame is not None:
            self.update = update_from_json(frame[0])
            return outcome_from_json(frame[0])
        if late:
            process.kill()
        self.close()
        return Rejected(Reason.HOSTILE, f"time: more than {self._time_limit:g} s") if late else None

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (self._jobs >= JOBS or self._process.poll() is not None):
            self.close()
        if self._process is None:
            command = [sys.executable, "-P", "-m", "crawlers.extraction.workers.worker", str(self._memory)]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_without_secrets()
            )
            self._jobs = 0
            assert self._process.stdin is not None
            _widen(self._process.stdin)
        return self._process

    def close(self) -> None:
        """End the process: close its input, and kill it if it does not end."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                stream.close()  # type: ignore[union-attr]
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._last_code = process.returncode


def _sent(stream: IO[bytes], head: dict[str, Any], html: bytes, until: float) -> bool:
    """Write a frame; False if it is not read in time: a stopped process takes no more than its pipe holds."""
    rest = [memoryview(part) for part in frame_parts(head, html) if part]
    os.set_blocking(stream.fileno(), False)
    while rest:
        if not _waited(stream, select.POLLOUT, until):
            return False
        with contextlib.suppress(BlockingIOError):
            rest = _after(rest, os.writev(stream.fileno(), rest))
    return True


def _after(parts: list[memoryview], written: int) -> list[memoryview]:
    """Return what is left of the parts after the first `written` bytes."""
    while parts and written >= len(parts[0]):
        written -= len(parts[0])
        parts = parts[1:]
    return [parts[0][written:], *parts[1:]] if parts else []


def _without_secrets() -> dict[str, str]:
    """Return the environment without the settings, which hold passwords. A worker reads what strangers wrote."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PRESSRUN_", "PREFECT_", "PG"))}


def _widen(stream: IO[bytes]) -> None:
    """Let the pipe hold a whole page, which is then handed over at once and not by pieces of 64 kB."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a system may allow less
            fcntl.fcntl(stream, fcntl.F_SETPIPE_SZ, PIPE)


def _waited(stream: IO[bytes], event: int, until: float) -> bool:
    """Wait until there is something to read or room to write, or the other end is gone; False if that takes too long.

    A timer for each page would need a thread, which took 2 % of a page's time.
    """
    waiting = select.poll()  # knows no limit of file descriptors, unlike select
    waiting.register(stream, event)
    return bool(waiting.poll(1000 * max(0.0, until - time.monotonic())))
