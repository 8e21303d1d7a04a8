"""Processes of `crawlers.fetch` in tests: forks of one that has imported Scrapy, which start at once."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

import pytest

from crawlers import fetch_client
from tests.forked_program import ForkedProgram


class ForkedFetch:
    """A process as `fetch_client.FetchProcess` starts it, but by a fork."""

    def __init__(self) -> None:
        with Path(os.devnull).open("wb") as nowhere:
            self._program = ForkedProgram("crawlers.fetch", os.environ, nowhere.fileno())
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self.input, self.output = self._program.stdin.buffer, self._program.stdout.buffer

    def close_input(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.input.close()

    def wait(self, seconds: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._program.wait(seconds)
        self._program.kill()
        self._program.wait()


@pytest.fixture
def quick_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start processes that fetch as forks: 0.2 seconds instead of 2."""
    monkeypatch.setattr(fetch_client, "launch", ForkedFetch)
