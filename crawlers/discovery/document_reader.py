"""Read seed documents within limits: large ones in a process that can be killed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from crawlers.confined import MEMORY, TIME_LIMIT, ConfinedProcess, TooSlowError
from crawlers.outlet import Outlet, Seed
from storage.content_encoding import GZIP

from .codec import Joined
from .reading import read_in_batches
from .seed_document import SeedDocument, in_one

# Bytes of a document that is read where it is asked for: what it can cost there is bounded by its size, see
# tests/crawlers/discovery/test_document_reader.py. A process for it would cost more.
SMALL = 256 << 10
WHOLE_TIME = 120.0  # seconds for all batches of one document
IDLE = 1  # processes that are kept for the next document


class DocumentReader:
    """`read_in_batches` for documents of strangers. To be used from any thread, and closed.

    A small document is read by the caller's thread. A larger one, or one in gzip, is read by a process of `memory`
    bytes of address space, in `time_limit` seconds for each batch of links; what goes beyond that is a problem of the
    document.
    """

    def __init__(self, time_limit: float = TIME_LIMIT, memory: int = MEMORY) -> None:
        self._time_limit, self._memory = time_limit, memory
        self._lock = threading.Lock()
        self._idle: list[ConfinedProcess] = []
        self._busy: set[ConfinedProcess] = set()
        self._closed = False

    def read_in_batches(
        self, seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]
    ) -> Iterator[SeedDocument]:
        """Yield what the document at `url` announces, as `discovery.read_in_batches` does."""
        if len(body) <= SMALL and not body.startswith(GZIP):
            return read_in_batches(seed, outlet, url, body, headers)
        head = {
            "seed": seed.model_dump_json(exclude_defaults=True),
            "outlet": outlet.model_dump_json(exclude_defaults=True),
            "url": url,
            "headers": dict(headers),
        }
        return self._read_apart(head, body)

    def read(self, seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]) -> SeedDocument:
        """Return what the document announces, in one SeedDocument."""
        return in_one(list(self.read_in_batches(seed, outlet, url, body, headers)))

    def close(self) -> None:
        """End the processes, also those that are reading: their documents end with a problem."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for process in self._busy:
                process.kill()
        for process in idle:
            process.close()

    def _read_apart(self, head: dict[str, Any], body: bytes) -> Iterator[SeedDocument]:
        """Read in a process, and once more if it died: that may not have been the document's doing."""
        given = 0
        try:
            for reading in self._once(head, body):
                yield reading
                given += 1
        except _DiedError:
            try:
                yield from islice(self._once(head, body), given, None)
            except _DiedError:
                yield _unread("the process that read it died twice")

    def _once(self, head: dict[str, Any], body: bytes) -> Iterator[SeedDocument]:
        process = self._take()
        whole = False
        try:
            yield from self._readings(process, head, body)
            whole = True
        except TooSlowError:
            yield _unread(f"not read within {self._time_limit:g} s")
        finally:
            self._give_back(process, usable=whole)

    def _readings(self, process: ConfinedProcess, head: dict[str, Any], body: bytes) -> Iterator[SeedDocument]:
        left = WHOLE_TIME
        pieces = Joined()
        asked = False
        while True:
            started = time.monotonic()
            until = started + min(left, self._time_limit)
            if not asked:
                process.ask(head, body, until)
                asked = True
            answer = process.answer(until)
            left -= time.monotonic() - started  # what is done with the links is not the document's time
            if answer is None:
                raise _DiedError
            if "over" in answer:
                yield _unread(f"not read: it takes more {answer['over']} than a document may")
                return
            if "fault" in answer:
                raise RuntimeError(answer["fault"])
            reading = pieces.add(answer)
            if reading is not None:
                yield reading
                if reading.final:
                    return

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
            keep = usable and not self._closed and len(self._idle) < IDLE
            if keep:
                self._idle.append(process)
        if not keep:
            if not usable:
                process.kill()
            process.close()


class _DiedError(Exception):
    """The process ended before its answer."""


def _unread(problem: str) -> SeedDocument:
    return SeedDocument(problems=(problem,), complete=False)
