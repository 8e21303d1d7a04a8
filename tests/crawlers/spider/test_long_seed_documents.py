"""Long seed documents are read a batch at a time, several side by side, each by a thread of its own.

A parser of lxml that one thread begins and another goes on with frees memory that is not its own: the process aborts.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from crawlers.discovery import SeedDocument, read_in_batches
from crawlers.job import Job
from crawlers.outlet import Outlet
from crawlers.spider.answers import Answer
from crawlers.spider.context import RunContext
from crawlers.spider.seed_documents import Opened, SeedDocuments
from crawlers.spider.tally import Tally

SITE = "https://example.az"
OUTLET = Outlet.model_validate(
    {
        "id": "example", "name": "Example", "home": f"{SITE}/", "country": "az", "languages": ["en"],
        "timezone": "Asia/Baku", "urls": {"article": rf"^{SITE}/news/\d+$"},
        "seeds": [{"kind": "sitemap", "url": f"{SITE}/sitemap.xml"}],
    }
)  # fmt: skip
ENTRIES = 1_700  # more than three batches


def opened(name: str) -> Opened:
    urls = "".join(f"<url><loc>{SITE}/news/{n}</loc></url>" for n in range(ENTRIES))
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()
    url = f"{SITE}/{name}.xml"
    answer = Answer(url, (), 200, {}, None, None, body, [], body, None, False, datetime.now(UTC))
    return Opened(OUTLET.seeds[0], url, None, answer)


class Threads:
    """Notes which thread reads each batch of a document. Reading `second.xml` waits for `go_on`."""

    def __init__(self) -> None:
        self.of: dict[str, list[int]] = {}
        self.second_began, self.go_on = threading.Event(), threading.Event()

    def read(self, seed: Any, outlet: Any, url: str, body: bytes, headers: Any) -> Iterator[SeedDocument]:
        batches = read_in_batches(seed, outlet, url, body, headers)
        while True:
            self.of.setdefault(url.rpartition("/")[2], []).append(threading.get_ident())
            if url.endswith("second.xml"):
                self.second_began.set()
                assert self.go_on.wait(60)
            if (batch := next(batches, None)) is None:
                return
            yield batch


def test_each_document_is_read_by_one_thread() -> None:
    threads = Threads()
    reader = SimpleNamespace(read_in_batches=threads.read)
    context = SimpleNamespace(outlet=OUTLET, job=Job(), tally=Tally(), documents=reader)
    documents = SeedDocuments(cast(RunContext, context))
    first, second = asyncio.run(read_side_by_side(documents, threads))
    assert first == second == ENTRIES
    assert [len(set(idents)) for idents in threads.of.values()] == [1, 1]
    assert all(len(idents) > 3 for idents in threads.of.values())
    assert context.tally.problems == []


async def read_side_by_side(documents: SeedDocuments, threads: Threads) -> tuple[int, int]:
    """Read two documents: the second one begins between two batches of the first, and ends after it."""
    first, second = documents.readings(opened("first")), documents.readings(opened("second"))
    links = len((await anext(first)).links)
    reading_second = asyncio.create_task(links_of(second))
    await asyncio.to_thread(threads.second_began.wait, 60)
    links += await links_of(first)
    threads.go_on.set()
    return links, await reading_second


async def links_of(readings: AsyncIterator[SeedDocument]) -> int:
    return sum([len(reading.links) async for reading in readings])
