"""Processes of `crawlers.fetch` in tests: forks of one that has imported Scrapy, which start at once."""

from __future__ import annotations

import contextlib
import os
from typing import IO

import pytest

from crawlers import fetch_client
from tests.crawling import ROOT, _forks


class ForkedFetch:
    """A process as `fetch_client.FetchProcess` starts it, but by a fork."""

    def __init__(self) -> None:
        orders, self._orders = _forks.Pipe(duplex=False)
        self._replies, replies = _forks.Pipe(duplex=False)
        self._child = _forks.Process(target=_fetch_in_fork, args=(orders, replies, dict(os.environ)))
        self._child.start()
        orders.close()
        replies.close()
        self.input: IO[bytes] = os.fdopen(os.dup(self._orders.fileno()), "wb")
        self.output: IO[bytes] = os.fdopen(os.dup(self._replies.fileno()), "rb")
        self._orders.close()
        self._replies.close()

    def close_input(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.input.close()

    def wait(self, seconds: float) -> None:
        self._child.join(seconds)
        self._child.kill()
        self._child.join()
        self._child.close()


def _fetch_in_fork(orders, replies, environment: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    import sys

    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number, descriptor in enumerate((orders.fileno(), replies.fileno(), nowhere)):
        os.dup2(descriptor, number)
    for connection in (orders, replies):
        connection.close()
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode, closefd=False) for number, mode in enumerate("rww"))
    from crawlers.fetch import main

    sys.exit(main())


@pytest.fixture
def quick_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start processes that fetch as forks: 0.2 seconds instead of 2."""
    monkeypatch.setattr(fetch_client, "launch", ForkedFetch)
