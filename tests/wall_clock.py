"""A wall clock that a test sets, for all processes that it starts with `env`: those that run, and those that come.

with WallClock() as clock:
    child = start("faulty", ..., env=clock.env)
    clock.step(timedelta(hours=-3))         # returns when every process has the new time
"""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

_FOLDER = Path(__file__).with_name("clock_steps")
IN_TIME = 30.0  # seconds for a process to take the new time


class WallClock:
    """The clock; a context manager. `ahead`: by how much it has been set so far."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self._lock = threading.Condition()
        self._processes: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="clock-")  # a socket's path may have 107 characters
        self._path = str(Path(self._folder.name) / "steps")
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(self._path)
        self._server.listen(64)
        self._thread = threading.Thread(target=self._serve, name="wall clock")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for one in (*self._processes, self._server):
            one.close()
        self._folder.cleanup()

    @property
    def env(self) -> Mapping[str, str]:
        """The variables of a process that has this clock."""
        paths = (str(_FOLDER), os.environ.get("PYTHONPATH", ""))
        return {"CLOCK_STEPS": self._path, "PYTHONPATH": os.pathsep.join(filter(None, paths))}

    def now(self) -> datetime:
        """Return what the clock shows."""
        return datetime.now(UTC) + self.ahead

    def wait_for(self, processes: int) -> None:
        """Return when so many processes have this clock, those that have ended included."""
        with self._lock:
            there = self._lock.wait_for(lambda: len(self._processes) >= processes, IN_TIME * 4)
            assert there, f"only {len(self._processes)} processes have started"

    def step(self, by: timedelta) -> int:
        """Set the clock by so much, in all processes. Return the number of those that took it."""
        with self._lock:
            self.ahead += by
            return sum(_takes(one, by.total_seconds()) for one in self._processes)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed
            while True:
                one, _ = self._server.accept()
                one.settimeout(IN_TIME)
                with self._lock:
                    one.sendall(f"{self.ahead.total_seconds()}\n".encode())
                    self._processes.append(one)
                    self._lock.notify_all()


def _takes(process: socket.socket, seconds: float) -> bool:
    try:
        process.sendall(f"{seconds}\n".encode())
        return process.recv(1) == b"."
    except ConnectionError:  # it has ended
        return False
