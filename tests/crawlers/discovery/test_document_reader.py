"""Large seed documents in a process of limited time and memory: what they say, and what becomes of hostile ones."""

from __future__ import annotations

import gzip
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice, product
from string import ascii_lowercase

import psutil
import pytest

from crawlers.discovery import DocumentReader, SeedDocument, document_reader, read_in_batches
from crawlers.discovery.document_reader import MAX_IN_THREAD
from crawlers.outlet import Outlet, Seed
from tests.processes import runs

SITE = "https://example.az"
OUTLET = Outlet.model_validate(
    {
        "id": "example", "name": "Example", "home": f"{SITE}/", "country": "az", "languages": ["en"],
        "timezone": "Asia/Baku", "urls": {"article": rf"^{SITE}/news/\d+$"},
        "seeds": [
            {"kind": "feed", "url": f"{SITE}/rss"},
            {"kind": "sitemap", "url": f"{SITE}/sitemap.xml"},
            {"kind": "listing", "url": f"{SITE}/news"},
            {"kind": "wordpress", "url": f"{SITE}/wp-json/wp/v2/posts", "full_text": True},
        ],
    }
)  # fmt: skip
FEED, SITEMAP, LISTING, POSTS = OUTLET.seeds
PADDING = "A ferry crosses the lake. " * 12_000  # more than a small document


def sitemap(entries: int, *, more: str = "") -> bytes:
    day = "<lastmod>2026-03-04T10:00:00+04:00</lastmod>"
    urls = "".join(f"<url><loc>{SITE}/news/{n}</loc>{day}</url>" for n in range(entries))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{more}{urls}</urlset>'.encode()


def index() -> bytes:
    named = "".join(f"<sitemap><loc>{SITE}/{n}.xml</loc></sitemap>" for n in range(9_000))
    return f"<sitemapindex>{named}</sitemapindex>".encode()


def feed() -> bytes:
    item = (
        "<item><title>The ferry is back</title><link>/news/{}</link><author>Ali Aliyev</author>"
        "<pubDate>Wed, 04 Mar 2026 10:00:00 +0400</pubDate></item>"
    )
    again = "<item><link>/news/1</link></item>" * 3
    items = "".join(item.format(n) for n in range(1_200))
    return f"<rss><channel><ttl>60</ttl>{items}{again}<item/><title>{PADDING}</title></channel></rss>".encode()


def listing() -> bytes:
    links = "".join(f'<a href="/news/{n}">The ferry is back {n}</a>' for n in range(30))
    return f'<html><p>{PADDING}</p>{links}<a rel="next" href="/news?page=2">Next</a></html>'.encode()


def posts() -> bytes:
    written = [
        {"link": f"{SITE}/news/{n}", "title": {"rendered": "Ferry"}, "content": {"rendered": f"<p>{PADDING}</p>"}}
        for n in range(2)
    ]
    return json.dumps(written).encode()


def here(seed: Seed, body: bytes) -> list[SeedDocument]:
    return list(read_in_batches(seed, OUTLET, seed.url, body, {}))


def apart(seed: Seed, body: bytes, *, time_limit: float = 120, memory: int = 2 << 30) -> list[SeedDocument]:
    with closing(DocumentReader(time_limit, memory)) as reader:
        return list(reader.read_in_batches(seed, OUTLET, seed.url, body, {}))


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if runs(child, "crawlers.discovery.worker")]


@pytest.mark.parametrize(
    ("seed", "body"),
    [
        (FEED, feed()),
        (SITEMAP, sitemap(4_000)),
        (SITEMAP, sitemap(4_000)[:-300]),
        (SITEMAP, index()),
        (SITEMAP, gzip.compress(sitemap(700))),
        (LISTING, listing()),
        (POSTS, posts()),
        (FEED, b"no feed at all " * 30_000),
    ],
    ids=["feed", "sitemap", "cut", "index", "gzip", "listing", "posts", "no feed"],
)
def test_a_process_reads_what_this_one_would(seed: Seed, body: bytes) -> None:
    assert len(body) > MAX_IN_THREAD or body.startswith(b"\x1f\x8b")
    assert apart(seed, body) == here(seed, body)


def test_a_small_document_starts_no_process_and_large_ones_share_one() -> None:
    with closing(DocumentReader()) as reader:
        assert reader.read(SITEMAP, OUTLET, SITEMAP.url, sitemap(3), {}).links
        assert children() == []
        processes = set()
        for _ in range(3):
            assert len(reader.read(SITEMAP, OUTLET, SITEMAP.url, sitemap(4_000), {}).links) == 4_000
            processes |= {child.pid for child in children()}
        assert len(processes) == 1
    assert children() == []


def test_documents_side_by_side_do_not_wait_for_each_other() -> None:
    with closing(DocumentReader()) as reader:
        first = reader.read_in_batches(SITEMAP, OUTLET, SITEMAP.url, sitemap(4_000), {})
        assert len(next(first).links) == 500
        assert len(reader.read(SITEMAP, OUTLET, SITEMAP.url, sitemap(5_000), {}).links) == 5_000
        assert sum(len(reading.links) for reading in first) == 3_500
        assert len(children()) == 1, "one is kept for what comes"


def test_a_document_over_its_time_is_a_problem_and_the_next_one_is_read() -> None:
    with closing(DocumentReader()) as reader:
        assert reader.read(SITEMAP, OUTLET, SITEMAP.url, sitemap(4_000), {}).complete
        [process] = children()
        process.suspend()  # as good as a document that never ends
        reader._time_limit = 1
        late = reader.read(SITEMAP, OUTLET, SITEMAP.url, sitemap(4_000), {})
        assert (late.links, late.complete, late.problems) == ((), False, ("not read within 1 s",))
        reader._time_limit = 120
        assert reader.read(SITEMAP, OUTLET, SITEMAP.url, sitemap(4_000), {}).complete


def test_a_document_over_its_memory_is_a_problem() -> None:
    body = b"<rss><channel>" + b"<item/>" * 3_000_000 + b"</channel></rss>"
    [reading] = apart(FEED, body, memory=500 << 20)
    assert reading.problems == ("not read: it takes more memory than a document may",)
    assert not reading.complete


def killed_while_it_reads(times: int) -> list[SeedDocument]:
    """Read a document whose process is killed behind its first batch, and `times` in all.

    What the killed one had written is still read: a batch may come while no process is there.
    """
    readings: list[SeedDocument] = []
    killed = 0
    with closing(DocumentReader()) as reader:
        for reading in reader.read_in_batches(SITEMAP, OUTLET, SITEMAP.url, sitemap(20_000), {}):
            readings.append(reading)
            for process in children() if killed < times else []:
                process.kill()
                process.wait()
                killed += 1
    assert killed == times
    return readings


def test_a_process_that_is_killed_costs_no_link_and_gives_none_twice() -> None:
    assert killed_while_it_reads(1) == here(SITEMAP, sitemap(20_000))


def test_a_document_whose_process_dies_twice_is_a_problem() -> None:
    *readings, last = killed_while_it_reads(2)
    assert last.problems == ("not read: the process that read it died twice",)
    assert not last.complete
    assert readings == here(SITEMAP, sitemap(20_000))[: len(readings)]


def test_a_second_process_that_is_too_slow_ends_what_the_first_began() -> None:
    with closing(DocumentReader()) as reader:
        readings = reader.read_in_batches(SITEMAP, OUTLET, SITEMAP.url, sitemap(20_000), {})
        first = [next(readings) for _ in range(3)]
        [process] = children()
        process.kill()
        process.wait()
        reader._time_limit = 0  # of the second one, which is behind what was given when its time is up
        *_, last = readings
    assert not any(reading.final for reading in first)
    assert (last.final, last.complete, last.problems) == (True, False, ("not read within 0 s",))


def test_a_document_has_a_limit_for_all_of_its_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_reader, "WHOLE_TIME", 0.001)
    *_, last = apart(SITEMAP, sitemap(4_000))
    assert last.problems == ("not read within 0.001 s",)


def test_more_documents_than_processors_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    most = 0
    with closing(DocumentReader(time_limit=120)) as reader, ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(reader.read, SITEMAP, OUTLET, SITEMAP.url, sitemap(4_000 + n), {}) for n in range(8)]
        while not all(one.done() for one in asked):
            most = max(most, len(reader._busy))
            time.sleep(0.005)
    assert [len(one.result().links) for one in asked] == [4_000 + n for n in range(8)]
    assert most <= 2


@pytest.mark.parametrize("wait", [0, 0.001, 0.01, 0.1])
def test_a_process_that_is_about_to_start_is_ended_too(wait: float) -> None:
    reader = DocumentReader()
    body = sitemap(20_000)
    found: list[SeedDocument] = []
    reading = threading.Thread(
        target=lambda: found.extend(reader.read_in_batches(SITEMAP, OUTLET, SITEMAP.url, body, {}))
    )
    reading.start()
    time.sleep(wait)
    reader.close()
    reading.join(60)
    assert not reading.is_alive()
    assert found[-1].problems in (("not read: the run has ended",), ())
    assert len(found) < 90, "it was read to its end"
    assert children() == []


def test_the_end_of_a_crawl_does_not_wait_for_a_document() -> None:
    reader = DocumentReader()
    readings = reader.read_in_batches(SITEMAP, OUTLET, SITEMAP.url, sitemap(20_000), {})
    next(readings)
    [process] = children()
    process.suspend()
    rest: list[SeedDocument] = []
    waiting = threading.Thread(target=lambda: rest.extend(readings))
    waiting.start()
    reader.close()
    waiting.join(60)
    assert not waiting.is_alive()
    assert not rest[-1].complete
    assert children() == []


def test_a_document_that_is_given_up_ends_its_process() -> None:
    with closing(DocumentReader()) as reader:
        readings = reader.read_in_batches(SITEMAP, OUTLET, SITEMAP.url, sitemap(20_000), {})
        next(readings)
        assert children() != []
        assert isinstance(readings, Iterator)
        readings.close()  # type: ignore[attr-defined]  # a generator; a cancelled run drops it
        assert children() == []


def test_the_process_knows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_DB", "postgresql://me:hunter2@host/db")
    with closing(DocumentReader()) as reader:
        reader.read(SITEMAP, OUTLET, SITEMAP.url, sitemap(4_000), {})
        [process] = children()
        assert "hunter2" not in str(process.environ())


def test_a_fault_of_ours_in_the_process_is_raised() -> None:
    wrong = OUTLET.model_copy(update={"timezone": "Nowhere/At_all"})
    with closing(DocumentReader()) as reader, pytest.raises(RuntimeError, match="Nowhere"):
        reader.read(SITEMAP, wrong, SITEMAP.url, sitemap(4_000), {})


def hostile_post() -> bytes:
    """A post whose body is one tag with as many attributes as a small document holds."""
    attributes = " ".join(map("".join, islice(product(ascii_lowercase, repeat=4), MAX_IN_THREAD // 5 - 30)))
    return json.dumps([{"link": f"{SITE}/news/1", "content": {"rendered": f"<a {attributes}>x</a>"}}]).encode()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "items": lambda: b"<rss><channel>" + b"<item>" * 43_000,
    "links": lambda: b"<a href=/news/1>x</a>" * 12_000,
    "urls": lambda: b"<urlset>" + b"<url>" * 50_000,
    "depth": lambda: b"<div>" * 50_000,
    "attributes": lambda: b"<rss><a " + b" ".join(b"a%d=''" % n for n in range(20_000)) + b"/></rss>",
    "json": lambda: b"[" * MAX_IN_THREAD,
    "post": lambda: hostile_post(),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("seed", OUTLET.seeds, ids=lambda seed: seed.kind)
def test_a_small_hostile_document_is_read_within_the_time_of_a_large_one(seed: Seed, name: str) -> None:
    body = HOSTILE[name]()[:MAX_IN_THREAD]
    found: list[SeedDocument] = []
    reading = threading.Thread(target=lambda: found.extend(here(seed, body)), daemon=True)
    reading.start()
    reading.join(60)
    assert found, "1.4 s on an idle machine, at most"
