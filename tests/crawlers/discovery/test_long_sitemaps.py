"""Sitemaps of any length, read a batch at a time: nothing lost, nothing invented, and no more memory than their bytes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.discovery import read_in_batches, read_seed, seed_document
from crawlers.discovery.charset import in_utf8
from crawlers.discovery.xml_stream import first_tag
from crawlers.outlet import Outlet, Sitemap

SITE = "https://www.example.az"
SITEMAP = Sitemap(kind="sitemap", url=f"{SITE}/sitemap.xml")
OUTLET = Outlet.model_validate(
    {
        "id": "example", "name": "Example", "home": f"{SITE}/", "country": "az", "languages": ["en"], "timezone": "Asia/Baku",
        "urls": {"article": rf"^{SITE}/"}, "seeds": [SITEMAP],
    }
)  # fmt: skip
HEAD = b'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def entry(number: int, more: str = "") -> bytes:
    return f"<url><loc>{SITE}/nation/{number}.html{more}</loc><lastmod>2024-05-07T12:00:00Z</lastmod></url>\n".encode()


def sitemap(count: int) -> bytes:
    return HEAD + b"".join(map(entry, range(count))) + b"</urlset>\n"


def test_links_come_five_hundred_at_a_time_and_the_last_reading_alone_is_final() -> None:
    readings = list(read_in_batches(SITEMAP, OUTLET, SITEMAP.url, sitemap(1234), {}))
    assert [len(reading.links) for reading in readings] == [500, 500, 234]
    assert [reading.final for reading in readings] == [False, False, True]
    assert [link.url for reading in readings for link in reading.links] == [
        f"{SITE}/nation/{n}.html" for n in range(1234)
    ]


def test_a_plain_one_comes_in_batches_too() -> None:
    lines = "\n".join(f"{SITE}/nation/{n}.html" for n in range(700)).encode()
    readings = list(read_in_batches(SITEMAP, OUTLET, SITEMAP.url, lines, {}))
    assert [len(reading.links) for reading in readings] == [500, 200]


def test_fifty_thousand_entries_take_little_memory_beside_their_bytes() -> None:
    body = sitemap(50_000)
    tracemalloc.start()
    count = sum(len(reading.links) for reading in read_in_batches(SITEMAP, OUTLET, SITEMAP.url, body, {}))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 50_000
    assert peak < 8_000_000, "a batch of links, and not all of them"


def test_a_document_is_found_to_be_utf_8_without_its_text_in_memory() -> None:
    body = b"<" + "ы".encode() * 4_000_000  # every step ends within a letter
    tracemalloc.start()
    assert in_utf8(body, "text/xml; charset=windows-1251", ["ru"]) is body
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000, "a million bytes at a time, and not all eight"


def test_half_a_letter_at_the_end_of_a_document_is_no_utf_8() -> None:
    half = "<ы".encode()[:-1]
    assert in_utf8(half, "text/xml; charset=windows-1251", ["ru"]) == "<С".encode()


@pytest.mark.parametrize("at", [0, 600, 1199])
def test_a_fault_in_the_middle_loses_nothing_before_or_behind_it(at: int) -> None:
    body = sitemap(1200).replace(entry(at), entry(at, "?a=1&b=2"))
    reading = read_seed(SITEMAP, OUTLET, SITEMAP.url, body, {})
    assert len(reading.links) == 1200
    assert reading.links[at].url == f"{SITE}/nation/{at}.html?a=1&b=2"
    assert len({link.url for link in reading.links}) == 1200
    assert reading.problems == ("malformed XML, read as far as it goes",)
    assert reading.complete


@settings(max_examples=150, deadline=None)
@given(cut=st.integers(len(HEAD), len(sitemap(40)) - 12))
def test_a_cut_gives_what_stands_before_it_and_invents_no_address(cut: int) -> None:
    body = sitemap(40)[:cut]
    reading = read_seed(SITEMAP, OUTLET, SITEMAP.url, body, {})
    whole = body.count(b"</url>")
    assert [link.url for link in reading.links] == [f"{SITE}/nation/{n}.html" for n in range(whole)]
    assert not reading.complete
    assert any("cut off" in problem for problem in reading.problems)


@pytest.mark.parametrize(
    ("body", "root"),
    [
        (b"\xef\xbb\xbf  <?xml version='1.0'?><!-- <html> --><sm:urlset xmlns:sm='x'/>", "urlset"),
        ("\ufeff<?xml version='1.0' encoding='utf-16'?><sitemapindex/>".encode("utf-16-le"), "sitemapindex"),
        (b"Warning: mysql()\n<RSS version='2.0'>", "rss"), (b"", ""), (b"no markup", ""), (b"<!-- never ends", ""),
    ],
)  # fmt: skip
def test_the_first_tag_says_what_a_document_is(body: bytes, root: str) -> None:
    assert first_tag(body) == root


@pytest.mark.parametrize("encoding", ["x-made-up", "windows-1251", "utf-8"])
def test_an_encoding_that_does_not_exist_or_is_not_the_bodys_loses_no_entry(encoding: str) -> None:
    body = sitemap(3).replace(b"UTF-8", encoding.encode()).replace(b"nation/1.html", "nation/д1.html".encode("cp1251"))
    assert len(read_seed(SITEMAP, OUTLET, SITEMAP.url, body, {}).links) == 3


def children(count: int) -> bytes:
    named = "".join(f"<sitemap><loc>{SITE}/{n}.xml</loc></sitemap>" for n in range(count))
    return f"<sitemapindex>{named}</sitemapindex>".encode()


@pytest.mark.parametrize(
    ("make", "what"),
    [(sitemap, "entries"), (children, "documents"), (lambda n: f"{SITE}/1\n".encode() * n, "entries")],
    ids=["sitemap", "index", "plain text"],
)
def test_a_document_of_more_entries_than_are_read_says_so(
    make: Callable[[int], bytes], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seed_document, "MAX_LINKS", 3)
    most = read_seed(SITEMAP, OUTLET, SITEMAP.url, make(3), {})
    assert (most.too_long, most.problems) == (False, ())
    more = read_seed(SITEMAP, OUTLET, SITEMAP.url, make(4), {})
    assert (more.too_long, more.problems) == (True, (f"more than 3 {what}; the rest was not read",))
    assert more.complete, "to ask for it again would bring no more"
