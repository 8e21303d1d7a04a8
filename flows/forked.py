"""A child that is a fork of this process: what both need is imported once, and lies in memory once.

Only a process with one thread and no event loop may fork: a lock that another thread held would stay locked in the
child for ever. So a command forks before it begins anything, and the child waits for its order.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

_MULTIPROCESSING = get_context("fork") if sys.platform == "linux" else None
ENDS_WITHIN = 5.0  # seconds for a child that gets no order


def can_fork() -> bool:
    """Return True where a fork of this process is a sound process. macOS aborts in forks of its own libraries."""
    return _MULTIPROCESSING is not None and threading.active_count() == 1


class ForkedChild:
    """A fork that runs `main()`, leads a session of its own, and exits with what `main` returns.

    Its standard input and output are pipes, its standard error is appended to `log`. `start` it at most once. As a
    context manager: a child that was not started sees the end of its input, and is gone in the end.
    """

    def __init__(self, main: Callable[[], int], log: Path) -> None:
        if _MULTIPROCESSING is None:
            raise ValueError("this system does not fork; see can_fork")
        self.log = log
        _open_standard_streams()
        its_input, self._input = os.pipe()
        self._output, its_output = os.pipe()
        ours = (self._input, self._output)
        self._process = _MULTIPROCESSING.Process(target=_run_child, args=(main, its_input, its_output, ours, log))
        self._process.start()
        self._is_ours = True  # nobody was given the pipes yet
        os.close(its_input)
        os.close(its_output)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_ours:
            self._is_ours = False
            os.close(self._input)
            os.close(self._output)
        self._process.join(ENDS_WITHIN)
        self._process.kill()
        self._process.join()
        self._process.close()

    async def start(self, limit: int) -> ForkedProcess:
        """Return the process with streams of the running event loop. Lines of its output have at most `limit` bytes.

        When cancelled, end the process at once: it has no order yet.
        """
        self._is_ours = False
        loop, stdout = asyncio.get_running_loop(), asyncio.StreamReader(limit)
        with contextlib.ExitStack() as undo:
            undo.callback(self._process.kill)
            output = os.fdopen(self._output, "rb", buffering=0)
            order = os.fdopen(self._input, "wb", buffering=0)
            undo.callback(output.close)
            undo.callback(order.close)
            reading, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdout), output)
            undo.callback(reading.close)
            writing, protocol = await loop.connect_write_pipe(
                lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), order
            )
            undo.pop_all()
        return ForkedProcess(self._process, asyncio.StreamWriter(writing, protocol, None, loop), stdout, reading)


class ForkedProcess:
    """What `asyncio.subprocess.Process` is for a program: `returncode` is minus the signal that ended the process."""

    def __init__(
        self,
        process: BaseProcess,
        stdin: asyncio.StreamWriter,
        stdout: asyncio.StreamReader,
        reading: asyncio.ReadTransport,
    ) -> None:
        self._process, self.stdin, self.stdout, self._reading = process, stdin, stdout, reading
        self.pid = process.pid or 0
        self.returncode: int | None = None
        self._exited = asyncio.Event()
        asyncio.get_running_loop().add_reader(process.sentinel, self._exit)

    def _exit(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self.returncode = self._process.exitcode
        self._exited.set()

    async def wait(self) -> int:
        """Wait for the process to exit, and return its exit code."""
        await self._exited.wait()
        return self.returncode or 0

    def close(self) -> None:
        """Read no further."""
        self._reading.close()


def _open_standard_streams() -> None:
    """Let no pipe get the number of a standard stream that whoever started this process has closed."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


def _run_child(main: Callable[[], int], its_input: int, its_output: int, others: tuple[int, ...], log: Path) -> None:
    """Set up session and standard streams as a program has them that was started with these pipes; run `main`."""
    os.setsid()
    _close_inherited()
    for descriptor in others:
        os.close(descriptor)
    with log.open("ab") as errors:
        for descriptor, standard in ((its_input, 0), (its_output, 1), (errors.fileno(), 2)):
            os.dup2(descriptor, standard)
    os.close(its_input)
    os.close(its_output)
    # For the rest of the process; those that it was born with may hold what is not written yet, or be another's.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.exit(main())


def _close_inherited() -> None:
    """Close what the command itself was given, such as the lock of a script: Python's own are not inheritable."""
    for descriptor in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        with contextlib.suppress(OSError):
            if descriptor > 2 and os.get_inheritable(descriptor):
                os.close(descriptor)
