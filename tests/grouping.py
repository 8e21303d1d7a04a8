"""Running a real process of several outlets in a test: what it is told, and what it says of each outlet."""

from __future__ import annotations

import contextlib
import json
import queue
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any, Self

from tests.calling import clean_environment
from tests.crawling import PATIENCE, program
from tests.forked_program import ForkedProgram

IN_TIME = 120.0  # seconds for any one event


class Group:
    """The process, of `module`. `places`: db, outlets, data, and fields of the job. It is killed if it still runs.

    A module that is none of Pressrun's own starts as a program: it measures the process that it is.
    """

    def __init__(self, *outlets: str, module: str = "crawlers.group", **places: Any) -> None:
        self._module = module
        order = {"group": outlets, "patience": PATIENCE} | {
            name: str(place) if isinstance(place, Path) else place for name, place in places.items()
        }
        self._order = order
        self._lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.said: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        self._log: IO[bytes] = tempfile.TemporaryFile()
        start = ForkedProgram if self._module.startswith("crawlers.") else program
        self.process = start(self._module, clean_environment(), self._log.fileno())
        self.tell(**self._order)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._thread.join()
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def tell(self, **line: Any) -> None:
        """Write a line to the process."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def hang_up(self) -> None:
        """Close the life line."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def wait_for(self, kind: str, outlet: str | None = None, seconds: float = IN_TIME) -> dict[str, Any]:
        """Return the next message of this type that is of this outlet; None is the process itself."""
        until = time.monotonic() + seconds
        while (line := self._next(until)) is not None:
            if line["type"] == kind and line.get("of") == outlet:
                return line
        raise AssertionError(f"the process ended without {kind} of {outlet}; log:\n{self.log()[-3000:]}")

    def _next(self, until: float) -> dict[str, Any] | None:
        line = self._lines.get(timeout=max(0.0, until - time.monotonic()))
        if line is not None:
            self.said.append(line)
        return line

    def ends(self) -> dict[str, dict[str, Any]]:
        """Wait for the end of the process; return the end of each outlet."""
        while self._next(time.monotonic() + IN_TIME) is not None:
            pass
        self.process.wait(IN_TIME)
        return {line["of"]: line for line in self.said if line["type"] == "end" and "of" in line}

    def log(self) -> str:
        """Return the log of the process."""
        self._log.seek(0)
        return self._log.read().decode()


def crawl_group(*outlets: str, **places: Any) -> dict[str, dict[str, Any]]:
    """Crawl outlets side by side to their ends."""
    with Group(*outlets, **places) as group:
        for outlet in outlets:
            group.tell(start=outlet)
        group.tell(finish=True)
        return group.ends()
