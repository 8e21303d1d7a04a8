"""Confined processes that are forks of one process, which has imported what all of them need.

Starting one takes some milliseconds then, in place of half a second, and what was imported lies in memory once. Like
`multiprocessing.forkserver`, but for its environment and its imports: a fork must hold no passwords, and must not
import the main module of whoever asks for it.

A request is the bytes of memory that the fork may take, with three descriptors: its input, its output, and a pipe for
its exit code. The answer is its process id with its pidfd, or minus an errno if it could not be forked.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import cache
from typing import IO

from crawlers.confined.environment import confined_environment
from crawlers.confined.forking import EXIT_CODE, LARGEST
from crawlers.confined.serving import FORKS
from crawlers.confined.waiting import ready_within

CODE_WITHIN = 5.0  # seconds from the end of a fork until its exit code is told
UNKNOWN_CODE = 1  # of a fork whose parent was gone
ENDS_WITHIN = 5.0  # seconds


class ServerDiedError(Exception):
    """The fork server died, and so did the one started after it; `code` is the exit code of that."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


@cache
def forks_are_possible() -> bool:
    """Return True if this system has pidfds: macOS, Linux before 5.3 and some sandboxes have none."""
    try:
        pidfd = os.pidfd_open(os.getpid())
        try:
            signal.pidfd_send_signal(pidfd, 0)
        finally:
            os.close(pidfd)
    except (AttributeError, OSError):
        return False
    return True


class ForkServer:
    """`python -m MODULE forks`, started when it is asked, again when it died. To be used from any thread, and closed.

    Only where `forks_are_possible`.
    """

    def __init__(self, module: str) -> None:
        self._command = [sys.executable, "-P", "-m", module, FORKS]
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def fork(self, memory: int, until: float) -> Fork:
        """Fork a process whose address space is limited to `memory` bytes.

        Raises TimeoutError if there is none by `until` (time.monotonic()), ServerDiedError, and OSError.
        """
        if not self._lock.acquire(timeout=max(0.0, until - time.monotonic())):
            raise TimeoutError
        try:
            return self._asked_twice(memory, until)
        finally:
            self._lock.release()

    def _asked_twice(self, memory: int, until: float) -> Fork:
        code = 0
        for _ in range(2):
            if time.monotonic() >= until:  # others took the time: what they have begun may be sound
                raise TimeoutError
            try:
                return self._asked(memory, until)
            except (ConnectionError, EOFError):
                code = self._end()
            except TimeoutError:
                self._end(0)  # nobody knows in which state it is
                raise
        raise ServerDiedError(code)

    def _asked(self, memory: int, until: float) -> Fork:
        server = self._started()
        with contextlib.ExitStack() as theirs, contextlib.ExitStack() as ours:
            its_input, our_input = _pipe(theirs, ours)
            our_output, its_output = _pipe(ours, theirs)
            our_code, its_code = _pipe(ours, theirs)
            server.settimeout(max(0.001, until - time.monotonic()))
            socket.send_fds(server, [b"%d" % memory], [its_input, its_output, its_code])
            answer, descriptors, _, _ = socket.recv_fds(server, LARGEST, 1)
            if not answer:
                raise EOFError
            if int(answer) < 0:
                raise OSError(-int(answer), os.strerror(-int(answer)))
            if not descriptors:  # the fork sees the end of its input, and ends
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            ours.pop_all()
        return Fork(int(answer), descriptors[0], our_input, our_output, our_code)

    def _started(self) -> socket.socket:
        if self._socket is None:
            self._socket, its_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with its_end:
                self._process = subprocess.Popen(
                    self._command, stdin=its_end.fileno(), stdout=subprocess.DEVNULL, env=confined_environment()
                )
        return self._socket

    def _end(self, patience: float = ENDS_WITHIN) -> int:
        """End the process, by force after `patience` seconds, and return its exit code; 0 if there is none."""
        process, self._process = self._process, None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if process is None:
            return 0
        try:
            return process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def close(self) -> None:
        """End the process. To be called when its forks have ended."""
        with self._lock:
            self._end()


class Fork:
    """A process that the server forked, as `subprocess.Popen` has it."""

    def __init__(self, pid: int, pidfd: int, stdin: int, stdout: int, code: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdin: IO[bytes] = os.fdopen(stdin, "wb", buffering=0)
        self.stdout: IO[bytes] = os.fdopen(stdout, "rb", buffering=0)
        self._pidfd, self._code = pidfd, code
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """Return the exit code; None while the process runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def kill(self) -> None:
        """Send SIGKILL, by the pidfd: a process that was given the same id since is not hit."""
        with self._lock:
            if self.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the process, and return its exit code: minus the signal that ended it, if one did.

        Raises subprocess.TimeoutExpired after `timeout` seconds.
        """
        late = subprocess.TimeoutExpired(f"fork {self.pid}", timeout or 0)
        if self.returncode is None and not ready_within(self._pidfd, select.POLLIN, timeout):
            raise late
        with self._lock:
            if self.returncode is None:
                patience = CODE_WITHIN if timeout is None else min(timeout, CODE_WITHIN)
                is_told = ready_within(self._code, select.POLLIN, patience)
                if not is_told and timeout is not None:
                    raise late
                told = os.read(self._code, EXIT_CODE.size) if is_told else b""
                self.returncode = EXIT_CODE.unpack(told)[0] if len(told) == EXIT_CODE.size else UNKNOWN_CODE
                os.close(self._pidfd)
                os.close(self._code)
        return self.returncode


def _pipe(reader: contextlib.ExitStack, writer: contextlib.ExitStack) -> tuple[int, int]:
    """Return the ends for reading and for writing; each is closed with its stack."""
    ends = os.pipe()
    reader.callback(os.close, ends[0])
    writer.callback(os.close, ends[1])
    return ends
