"""Fetch single addresses for a person: the client of `crawlers.fetch`, whose process fetches as politely as a crawl."""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import IO, Protocol, Self

from storage.errors import PressrunError

from .environment import Settings
from .fetch_order import FetchOrder, FetchRequest, Role
from .messages import Ended, LogLine, MessageError, Reply, decode
from .outlet import Outlet

COMMAND = (sys.executable, "-P", "-m", "crawlers.fetch")
PATIENCE = 600.0  # seconds for one address: its host may ask for a long delay
END = 10.0  # seconds until a process that was asked to end is killed


class FetchProcessError(PressrunError):
    """The process that fetches has ended or does not answer."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """An answer of any status: its final address, headers by lower-case name, and decoded body."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the status says that this is the document."""
        return 200 <= self.status < 300

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")


@dataclass(frozen=True, slots=True)
class NotFetched:
    """No answer: robots.txt forbids it, the host does not answer, a limit was passed, and so on."""

    url: str
    cause: str
    detail: str = ""
    unreachable: bool = False  # the network's fault, or the host is down

    @property
    def why(self) -> str:
        """The cause in a line."""
        return f"{self.cause} ({self.detail})" if self.detail else self.cause


class Fetch(Protocol):
    """Whatever fetches an address. Never raises for what the address or its host does."""

    def __call__(self, url: str, role: Role = "page", *, outlet: str | None = None) -> WebPage | NotFetched: ...


class FetchClient:
    """Fetches for outlets, as a context manager. `__call__` may be used by several threads at a time.

    Raises FetchProcessError if the process that fetches dies.
    """

    def __init__(self, settings: Settings, outlets: Iterable[Outlet]) -> None:
        self._outlets = tuple(outlets)
        self._order = FetchOrder(settings, self._outlets)
        self._waiting: dict[int, Future[Reply]] = {}
        self._lock = threading.Lock()
        self._number = 0
        self._said = ""  # the last that the process said, for the error when it dies

    def __enter__(self) -> Self:
        self._process = launch()
        self._reader = threading.Thread(target=self._read, name="fetch replies", daemon=True)
        self._reader.start()
        self._send(self._order.encode())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.close_input()
        self._process.wait(END)
        self._reader.join()
        self._process.output.close()

    def __call__(self, url: str, role: Role = "page", *, outlet: str | None = None) -> WebPage | NotFetched:
        """Return the answer, or why there is none; for the first of the outlets if none is named."""
        future: Future[Reply] = Future()
        with self._lock:
            self._number += 1
            request = FetchRequest(number=self._number, outlet=outlet or self._outlets[0].id, url=url, role=role)
            self._waiting[request.number] = future
        self._send(request.encode())
        try:
            return _answer(future.result(PATIENCE))
        except TimeoutError as late:
            raise FetchProcessError(f"{url}: no answer within {PATIENCE:.0f} seconds; try again") from late

    def _send(self, line: bytes) -> None:
        try:
            with self._lock:
                self._process.input.write(line)
                self._process.input.flush()
        except (BrokenPipeError, ValueError) as gone:
            raise self._died() from gone

    def _read(self) -> None:
        for line in self._process.output:
            try:
                message = decode(line)
            except MessageError:
                continue
            if isinstance(message, Reply):
                with self._lock:
                    future = self._waiting.pop(message.number, None)
                if future:
                    future.set_result(message)
            elif isinstance(message, LogLine):
                self._said = message.message
            elif isinstance(message, Ended):
                self._said = message.error or self._said
        with self._lock:
            waiting, self._waiting = list(self._waiting.values()), {}
        for future in waiting:
            future.set_exception(self._died())

    def _died(self) -> FetchProcessError:
        return FetchProcessError(f"the process that fetches has ended: {self._said or 'it did not say why'}; try again")


def _answer(reply: Reply) -> WebPage | NotFetched:
    if not reply.status:
        return NotFetched(reply.url, reply.cause, reply.detail, reply.unreachable)
    return WebPage(reply.url, reply.status, reply.headers, base64.b64decode(reply.body))


class FetchProcess:
    """A running `crawlers.fetch` and its pipes."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self.input: IO[bytes] = self._child.stdin
        self.output: IO[bytes] = self._child.stdout

    def close_input(self) -> None:
        """Ask the process to end."""
        try:
            self.input.close()
        except BrokenPipeError:
            return

    def wait(self, seconds: float) -> None:
        """Wait until it has ended; kill it if that takes too long."""
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def launch() -> FetchProcess:
    """Start the process. Tests put a quicker start in its place."""
    return FetchProcess()
