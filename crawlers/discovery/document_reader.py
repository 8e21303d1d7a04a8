"""Read seed documents within limits: large ones in a process that can be killed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from crawlers.confined import MEMORY, TIME_LIMIT, ConfinedProcess, TooSlowError
from crawlers.outlet import Outlet, Seed
from storage.content_encoding import GZIP

from .codec import PieceJoiner
from .reading import read_in_batches
from .seed_document import SeedDocument, in_one

# Bytes of a document that is read where it is asked for: what it can cost there is bounded by its size, see
# tests/crawlers/discovery/test_document_reader.py. A process for it would cost more.
MAX_IN_THREAD = 256 << 10
WHOLE_TIME = 120.0  # seconds for all batches of one document
MAX_IDLE = 1  # processes that are kept for the next document


class DocumentReader:
    """`read_in_batches` for documents of strangers. To be used from any thread, and closed.

    A small document is read by the caller's thread. A larger one, or one in gzip, is read by a process of `memory`
    bytes of address space, in `time_limit` seconds for each batch of links and WHOLE_TIME for all; what goes beyond
    that is a problem of the document. One whose process dies is read once more. There are at most as many processes as
    processors, two on a machine of one; further documents wait, which does not count as reading.
    """

    def __init__(self, time_limit: float = TIME_LIMIT, memory: int = MEMORY) -> None:
        self._time_limit, self._memory = time_limit, memory
        self._may_read = threading.Semaphore(max(2, os.cpu_count() or 1))
        self._lock = threading.Lock()
        self._idle: list[ConfinedProcess] = []
        self._busy: set[ConfinedProcess] = set()
        self._closed = False

    def read_in_batches(
        self, seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]
    ) -> Iterator[SeedDocument]:
        """Yield what the document at `url` announces, as `discovery.read_in_batches` does."""
        if len(body) <= MAX_IN_THREAD and not body.startswith(GZIP):
            return read_in_batches(seed, outlet, url, body, headers)
        head = {
            "seed": seed.model_dump_json(exclude_defaults=True),
            "outlet": outlet.model_dump_json(exclude_defaults=True),
            "url": url,
            "headers": dict(headers),
        }
        return self._read_confined(head, body)

    def read(self, seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]) -> SeedDocument:
        """Return all that the document announces as one SeedDocument."""
        return in_one(list(self.read_in_batches(seed, outlet, url, body, headers)))

    def close(self) -> None:
        """End the processes, also those that are reading: their documents end with a problem."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for process in self._busy:
                process.abort()
        for process in idle:
            process.close()

    def _read_confined(self, head: dict[str, Any], body: bytes) -> Iterator[SeedDocument]:
        """Read the document in a confined process. Retry once if the process dies: it may have been killed."""
        yielded = 0
        try:
            for reading in self._attempt(head, body):
                yield reading
                yielded += 1
        except _DiedError:
            try:
                for number, reading in enumerate(self._attempt(head, body)):
                    if number >= yielded or reading.final:
                        yield reading
            except _DiedError:
                why = "the run has ended" if self._closed else "the process that read it died twice"
                yield _unread(f"not read: {why}")

    def _attempt(self, head: dict[str, Any], body: bytes) -> Iterator[SeedDocument]:
        with self._process() as process:
            yield from _Reading(process, self._time_limit).of(head, body)

    @contextmanager
    def _process(self) -> Iterator[ConfinedProcess]:
        """A process for one document; it is kept for the next one only if it has answered to the end."""
        with self._may_read:
            process = self._take()
            usable = False
            try:
                yield process
                usable = True
            finally:
                self._give_back(process, usable=usable)

    def _take(self) -> ConfinedProcess:
        with self._lock:
            if self._closed:
                raise _DiedError
            process = self._idle.pop() if self._idle else ConfinedProcess("crawlers.discovery.worker", self._memory)
            self._busy.add(process)
            return process

    def _give_back(self, process: ConfinedProcess, *, usable: bool) -> None:
        with self._lock:
            self._busy.discard(process)
            keep = usable and process.is_ready and not self._closed and len(self._idle) < MAX_IDLE
            if keep:
                self._idle.append(process)
        if not usable:
            process.discard()
        elif not keep:
            process.close()


class _Reading:
    """One document in the hands of a process."""

    def __init__(self, process: ConfinedProcess, time_limit: float) -> None:
        self._process, self._time_limit = process, time_limit
        self._left = WHOLE_TIME
        self._pieces = PieceJoiner()

    def of(self, head: dict[str, Any], body: bytes) -> Iterator[SeedDocument]:
        """Yield the readings of the document. Raises _DiedError, and RuntimeError for a fault of ours in there."""
        answer = self._answer(head, body)
        while "exceeded" not in answer:
            if "fault" in answer:
                raise RuntimeError(answer["fault"])
            reading = self._pieces.add(answer)
            if reading is not None:
                yield reading
                if reading.final:
                    return
            answer = self._answer()
        self._process.discard()
        yield _unread(answer["exceeded"])

    def _answer(self, head: dict[str, Any] | None = None, body: bytes = b"") -> dict[str, Any]:
        """Wait for the next answer, after asking for the first. What is done with it is not the document's time."""
        started = time.monotonic()
        until = started + min(self._left, self._time_limit)
        try:
            if head is not None:
                self._process.ask(head, body, until)
            answer = self._process.answer(until)
        except TooSlowError:
            limit = self._time_limit if self._time_limit < self._left else WHOLE_TIME
            return {"exceeded": f"not read within {limit:g} s"}
        self._left -= time.monotonic() - started
        if answer is None:
            raise _DiedError
        return answer


class _DiedError(Exception):
    """The process ended before its answer."""


def _unread(problem: str) -> SeedDocument:
    return SeedDocument(problems=(problem,), complete=False)
