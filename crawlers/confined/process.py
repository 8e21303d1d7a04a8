"""Ask a process of limited memory, and wait for its answers no longer than agreed."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import select
import signal
import subprocess
import sys
from typing import IO, Any

from crawlers.confined.environment import confined_environment
from crawlers.confined.fork_server import Fork, ForkServer, ServerDiedError
from crawlers.confined.frames import BadFrameError, Inbox, frame_parts
from crawlers.confined.waiting import ready_until

log = logging.getLogger(__name__)

TIME_LIMIT = 20.0  # seconds for one page, and for one batch of a seed document
MEMORY = 2 << 30  # bytes of address space for one process
MAX_JOBS = 1_000  # of one process; then a fresh one, since parsers keep what they once took
PIECE = 1 << 16  # bytes that are read at a time: an article is smaller
PIPE_SIZE = 1 << 20  # bytes: what Linux allows a user by default


class TooSlowError(Exception):
    """The process did not read, or did not answer, in time."""


class ConfinedProcess:
    """`python -m MODULE BYTES`, started when it is asked, again when it died; used by one thread at a time.

    It may take `memory` bytes of address space. How long it may take, whoever asks says. `close` it in the end. With a
    `server` for this module, it is a fork of that.
    """

    def __init__(self, module: str, memory: int = MEMORY, server: ForkServer | None = None) -> None:
        self._module, self._memory, self._server = module, memory, server
        self._process: subprocess.Popen[bytes] | Fork | None = None
        self._inbox = Inbox()
        self._jobs = 0
        self._aborted = False
        self._last_code: int | None = None  # of the process that was closed last

    @property
    def is_ready(self) -> bool:
        """Whether the next job meets a process that runs, and does not have to wait for the start of one."""
        return self._process is not None and self._jobs < MAX_JOBS and self._process.poll() is None

    @property
    def was_killed(self) -> bool:
        """Whether the process that was closed last had been killed: by the system, a person, or `discard`."""
        return self._last_code == -signal.SIGKILL

    def ask(self, head: dict[str, Any], body: bytes, until: float) -> None:
        """Send a job. Raises TooSlowError if the process has not read all of it by `until` (time.monotonic()).

        Nothing is raised if the process dies of it, or cannot begin: then there is no answer.
        """
        process = self._started(until)
        self._jobs += 1
        if process is None:
            return
        with contextlib.suppress(BrokenPipeError):
            _send(process.stdin, head, body, until)  # type: ignore[arg-type]

    def answer(self, until: float) -> dict[str, Any] | None:
        """Return the next answer; None if the process died, which is closed then.

        Raises TooSlowError if there is none by `until` (time.monotonic()).
        """
        if self._process is None:
            return None
        stream = self._process.stdout
        assert stream is not None
        try:
            while (answer := self._inbox.frame()) is None:
                if not ready_until(stream, select.POLLIN, until):
                    raise TooSlowError
                piece = os.read(stream.fileno(), PIECE)
                if not piece:
                    self.close()
                    return None
                self._inbox.feed(piece)
        except BadFrameError as bad:
            log.warning("%s answers what is no answer, and is ended: %s", self._module, bad)
            self.discard()
            return None
        return answer

    def abort(self) -> None:
        """From any thread: end the process at once, and start no other. Whoever waits for its answer gets None."""
        self._aborted = True
        process = self._process
        if process is not None:
            process.kill()

    def discard(self) -> None:
        """End the process at once: nobody knows in which state it is. The next job starts another one."""
        if self._process is not None:
            self._process.kill()
        self.close()

    def _started(self, until: float) -> subprocess.Popen[bytes] | Fork | None:
        if not self.is_ready:
            self.close()
        if self._process is None:
            self._process = self._start(until)
            if self._process is not None and self._aborted:
                self._process.kill()
            self._jobs = 0
        return self._process

    def _start(self, until: float) -> subprocess.Popen[bytes] | Fork | None:
        """Start the process; None if what it is forked from died."""
        if self._server is None:
            command = [sys.executable, "-P", "-m", self._module, str(self._memory)]
            process: subprocess.Popen[bytes] | Fork = subprocess.Popen(
                command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=confined_environment()
            )
        else:
            try:
                process = self._server.fork(self._memory, until)
            except TimeoutError as late:
                raise TooSlowError from late
            except ServerDiedError as death:
                log.warning("%s died before it answered (%s)", self._module, death)
                self._last_code = death.code
                return None
        for stream in (process.stdin, process.stdout):
            _widen(stream)  # type: ignore[arg-type]
        return process

    def close(self) -> None:
        """End the process: close its input, and kill it if it does not end."""
        process, self._process = self._process, None
        self._inbox = Inbox()
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


def _send(stream: IO[bytes], head: dict[str, Any], body: bytes, until: float) -> None:
    """Write a frame; TooSlowError if it is not read in time: a stopped process takes no more than its pipe holds."""
    rest = [memoryview(part) for part in frame_parts(head, body) if part]
    os.set_blocking(stream.fileno(), False)
    while rest:
        if not ready_until(stream, select.POLLOUT, until):
            raise TooSlowError
        with contextlib.suppress(BlockingIOError):
            rest = _after(rest, os.writev(stream.fileno(), rest))


def _after(parts: list[memoryview], written: int) -> list[memoryview]:
    """Return what is left of the parts after the first `written` bytes."""
    while parts and written >= len(parts[0]):
        written -= len(parts[0])
        parts = parts[1:]
    return [parts[0][written:], *parts[1:]] if parts else []


def _widen(stream: IO[bytes]) -> None:
    """Let the pipe hold a whole page, which is then handed over at once and not by pieces of 64 kB."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a system may allow less
            fcntl.fcntl(stream, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
