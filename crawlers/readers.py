"""How surveys and live checks read what strangers wrote: in processes with limits, or in their own for tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Protocol

from crawlers.discovery import DocumentReader, SeedDocument, read_seed
from crawlers.extraction import extract
from crawlers.extraction.workers import Extract, SingleWorker
from crawlers.outlet import Outlet, Seed


class ReadSeed(Protocol):
    """Whatever reads a seed document: `crawlers.discovery.read_seed`, or that of a `DocumentReader`."""

    def __call__(
        self, seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]
    ) -> SeedDocument: ...


@dataclass(frozen=True, slots=True)
class Readers:
    """The functions that read pages and seed documents. By default they run in this process, without limits."""

    extract: Extract = extract
    read_seed: ReadSeed = read_seed


UNCONFINED = Readers()


@contextmanager
def confined_readers() -> Iterator[Readers]:
    """Readers with limits on time and memory. Each kind of process starts with the first that it has to read."""
    with SingleWorker() as extract, closing(DocumentReader()) as documents:
        yield Readers(extract, documents.read)
