"""Programs of Pressrun in tests, as forks of a process that has imported what they need.

A program imports Scrapy and its like, and what its extraction workers are forked from imports trafilatura: five times
the CPU of crawling a few pages. Under Prefect, by the command line and with variables of their own, tests start them as
programs.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from tests.forked_extraction import fork_extraction_server

ROOT = Path(__file__).resolve().parent.parent

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.preloaded"])


class ForkedProgram:
    """What `subprocess.Popen` with text pipes is for `python -m MODULE`."""

    def __init__(self, module: str, environment: Mapping[str, str], stderr: int | None = None) -> None:
        """`stderr`: the descriptor of a file; None for a pipe."""
        its_input, our_input = _forks.Pipe(duplex=False)
        our_output, its_output = _forks.Pipe(duplex=False)
        our_errors, its_errors = (None, Connection(os.dup(stderr))) if stderr else _forks.Pipe(duplex=False)
        streams = (its_input, its_output, its_errors)
        self._process = _forks.Process(target=_run, args=(module, streams, dict(environment)))
        self._process.start()
        for end in streams:
            end.close()
        self.pid = self._process.pid or 0
        self.stdin: io.TextIOWrapper | None = _as_file(our_input, "w")
        self.stdout: io.TextIOWrapper | None = _as_file(our_output, "r")
        self.stderr = None if our_errors is None else _as_file(our_errors, "r")

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if (code := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired(["a fork"], timeout or 0.0)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Close standard input if it is still there, read both outputs to their ends, and wait."""
        if self.stdin is not None:
            self.stdin.close()
        read = ["", ""]

        def drain(place: int, stream: io.TextIOWrapper) -> None:
            with stream:
                read[place] = stream.read()

        streams = [(place, stream) for place, stream in enumerate((self.stdout, self.stderr)) if stream is not None]
        threads = [threading.Thread(target=drain, args=each) for each in streams]
        for thread in threads:
            thread.start()
        try:
            self.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            for thread in threads:
                thread.join()
        return read[0], read[1]


def _as_file(end: Connection, mode: str) -> io.TextIOWrapper:
    file = os.fdopen(os.dup(end.fileno()), mode, encoding="utf-8")
    end.close()
    assert isinstance(file, io.TextIOWrapper)
    return file


def _run(module: str, streams: tuple[Connection, ...], environment: dict[str, str]) -> None:
    """Do as `python -m MODULE` does in a process of its own."""
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    fork_extraction_server()
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8", closefd=False) for number, mode in enumerate("rww")
    )
    sys.exit(import_module(module).main())
