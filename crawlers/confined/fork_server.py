"""Confined processes that are forks of one process, which has imported what all of them need.

Starting one takes some milliseconds then, in place of half a second, and what was imported lies in memory once. Like
`multiprocessing.forkserver`, but for its environment and its imports: a fork must hold no passwords, and must not
import the main module of whoever asks for it.

A request is the bytes of memory that the fork may take, with three descriptors: its input, its output, and a pipe for
its exit code. The answer is its process id with a descriptor of the process, or, where there is none, minus an errno.
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

CODE_WITHIN = 5.0  # seconds from the end of a fork until its exit code is told
UNKNOWN_CODE = 1  # of a fork whose parent was gone
ENDS_WITHIN = 5.0  # seconds


class ServerDiedError(Exception):
    """The process to be forked died, the second one too; `code` is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


@cache
def forks_are_possible() -> bool:
    """Whether this system has descriptors of processes: not so macOS, Linux before 5.3, and some sandboxes."""
    try:
        descriptor = os.pidfd_open(os.getpid())
    except (AttributeError, OSError):
        return False
    try:
        signal.pidfd_send_signal(descriptor, 0)
    except (AttributeError, OSError):
        return False
    finally:
        os.close(descriptor)
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
        """Return a new process of at most `memory` bytes of address space.

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

    def __init__(self, pid: int, descriptor: int, stdin: int, stdout: int, code: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdin: IO[bytes] = os.fdopen(stdin, "wb", buffering=0)
        self.stdout: IO[bytes] = os.fdopen(stdout, "rb", buffering=0)
        self._descriptor, self._code = descriptor, code
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """Return the exit code; None while the process runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def kill(self) -> None:
        """End the process at once. Another process that has its id by now is safe."""
        with self._lock:
            if self.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the process, and return its exit code: minus the signal that ended it, if one did.

        Raises subprocess.TimeoutExpired after `timeout` seconds.
        """
        late = subprocess.TimeoutExpired(f"fork {self.pid}", timeout or 0)
        if self.returncode is None and not _readable(self._descriptor, timeout):
            raise late
        with self._lock:
            if self.returncode is None:
                is_told = _readable(self._code, CODE_WITHIN if timeout is None else min(timeout, CODE_WITHIN))
                if not is_told and timeout is not None:
                    raise late
                told = os.read(self._code, EXIT_CODE.size) if is_told else b""
                self.returncode = EXIT_CODE.unpack(told)[0] if len(told) == EXIT_CODE.size else UNKNOWN_CODE
                os.close(self._descriptor)
                os.close(self._code)
        return self.returncode


def _pipe(reader: contextlib.ExitStack, writer: contextlib.ExitStack) -> tuple[int, int]:
    """Return the ends for reading and for writing; each is closed with its stack."""
    ends = os.pipe()
    reader.callback(os.close, ends[0])
    writer.callback(os.close, ends[1])
    return ends


def _readable(descriptor: int, timeout: float | None) -> bool:
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(None if timeout is None else 1000 * timeout))
