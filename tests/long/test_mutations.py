"""Readers of what comes from outside, given damaged documents for a minute each: every one answers, or says why not.

`PRESSRUN_TEST_SECONDS` says how long each reader is tried (60), `PRESSRUN_TEST_SEED` with which documents. A failure
shows the document; it then becomes a case of the reader's own tests.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawlers.discovery import read_seed
from crawlers.extraction import Rejected, extract
from crawlers.outlet import Outlet
from crawlers.rights import of_headers, of_robots_txt, of_tdmrep
from storage.content_encoding import decode_body
from storage.urls import canonical_url
from tests.fault_pages import CHALLENGE, LISTING, article, encode, page, sitemap

pytestmark = [pytest.mark.hours, pytest.mark.timeout(7200)]

SECONDS = float(os.environ.get("PRESSRUN_TEST_SECONDS", "60"))
SEED = os.environ.get("PRESSRUN_TEST_SEED", str(time.time_ns() % 1_000_000))
SLOW = 20.0  # seconds of CPU for one small document: as long as a worker gets for a page
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "https://www.example.az"
KINDS = ("feed", "news_sitemap", "sitemap", "listing", "wordpress")
OUTLET = Outlet.model_validate(
    {
        "id": "example", "name": "Example", "home": f"{SITE}/", "country": "az", "languages": ["az", "en"],
        "timezone": "Asia/Baku", "urls": {"article": rf"^{SITE}/(?P<section>[a-z]+)/(?P<id>\\d+)$"},
        "seeds": [{"kind": kind, "url": f"{SITE}/{kind}"} for kind in KINDS],
    }
)  # fmt: skip
FEED = (
    f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><ttl>10</ttl><item><title>A &amp; b'
    f"</title><link>{SITE}/world/1</link><pubDate>Tue, 04 Mar 2025 09:30:00 +0400</pubDate><dc:creator>Ali</dc:creator>"
    "<category>World</category></item></channel></rss>"
).encode()
POSTS = (
    f'[{{"id": 1, "date_gmt": "2025-03-04T05:30:00", "link": "{SITE}/world/1", "title": {{"rendered": "A"}},'
    ' "content": {"rendered": "<p>Text</p>", "protected": false}}]'
).encode()
ROBOTS = (
    b"User-agent: *\nDisallow: /private/\nCrawl-delay: 5\nContent-Signal: ai-train=no\nSitemap: https://x.example/s.xml"
)
TDMREP = b'[{"location": "/news/*", "tdm-reservation": 1, "tdm-policy": "https://x.example/policy.json"}]'
TOKENS = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"&#x110000;", b"&#xD800;", b"&a;",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"9" * 400, b"-1", b"NaN", b"+99:99", b"0000-00-00T00:00:00", b"\xe2\x80\xae", b"\x1b[31m",
    b"{", b"[" * 50, b'"', b"\\u0000", b"http://[", b"%00", b"\r\n\r\n", b"<div>" * 30, b"</p>" * 30, "ı̇".encode(), b"\x1f\x8b\x08",
)  # fmt: skip


def read_as(kind: str) -> Callable[[bytes], object]:
    seed = OUTLET.seeds[KINDS.index(kind)]
    return lambda body: read_seed(seed, OUTLET, seed.url, body, {})


def read_page(body: bytes) -> None:
    found = extract(body, f"{SITE}/world/1", OUTLET, now=NOW)
    if not isinstance(found, Rejected):
        (found.title + found.text).encode()  # no lone surrogate, which no database takes
        assert "\x00" not in found.title + found.text


def read_text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda body: read(body.decode("utf-8", "surrogateescape"))


def header_lines(body: bytes) -> list[tuple[str, str]]:
    lines = (line.partition(":") for line in body.decode("latin-1").splitlines())
    return [(name, value) for name, _, value in lines]


READERS: dict[str, tuple[Callable[[bytes], object], tuple[bytes, ...]]] = {
    "page": (read_page, (article("a"), page(*CHALLENGE), page("List", f"<ul>{LISTING}</ul>"))),
    "feed": (read_as("feed"), (FEED,)),
    "sitemap": (read_as("sitemap"), (sitemap([f"{SITE}/world/1"], "2025-03-04"), encode(sitemap([SITE]), "gzip"))),
    "news sitemap": (read_as("news_sitemap"), (sitemap([f"{SITE}/world/1"]),)),
    "listing": (read_as("listing"), (page("List", f"<ul>{LISTING}</ul>"),)),
    "wordpress": (read_as("wordpress"), (POSTS,)),
    "robots.txt": (read_text(of_robots_txt), (ROBOTS,)),
    "tdmrep.json": (of_tdmrep, (TDMREP,)),
    "headers": (
        lambda body: of_headers(header_lines(body)),
        (b"X-Robots-Tag: noindex, noarchive\ntdm-reservation: 1\nContent-Usage: train-ai=n",),
    ),
    "coding": (
        lambda body: [decode_body(body, {"content-encoding": name}, 1_000_000) for name in ("gzip", "br", "deflate")],
        tuple(encode(article("a"), name) for name in ("gzip", "br", "deflate", "members")),
    ),
    "address": (read_text(canonical_url), (f"{SITE}/world/1?utm_source=a&b=%D0%BC#x".encode(),)),
}


MAY_REFUSE = {"address": ValueError, "tdmrep.json": ValueError}  # as they promise


def mutated(document: bytes, chance: random.Random) -> bytes:
    """The document after up to six changes: bytes and stretches turned, dropped, doubled, moved, or put in."""
    out = bytearray(document)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(out) + 1)
        to = min(len(out), at + chance.randrange(1, 80))
        way = chance.randrange(6)
        if way == 0 and at < len(out):
            out[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            del out[at:to]
        elif way == 2:
            out[at:at] = out[at:to] * chance.randrange(1, 20)
        elif way == 3:
            out[at:at] = chance.choice(TOKENS)
        elif way == 4:
            del out[at:]
        else:
            piece = bytes(out[at:to])
            del out[at:to]
            place = chance.randrange(len(out) + 1)
            out[place:place] = piece
    return bytes(out)


@pytest.mark.parametrize("name", READERS)
def test_a_damaged_document_is_read_or_refused(name: str, record_property: Callable[[str, object], None]) -> None:
    read, documents = READERS[name]
    chance, tried, ends_at = random.Random(f"{SEED} {name}"), 0, time.monotonic() + SECONDS
    while time.monotonic() < ends_at:
        document = mutated(chance.choice(documents), chance)
        began = time.process_time()
        try:
            read(document)
        except MAY_REFUSE.get(name, ()):
            pass
        except Exception as broken:  # noqa: BLE001 - that is the question
            pytest.fail(f"seed {SEED}, document {tried}: {type(broken).__name__}: {broken}\n{document!r}")
        assert time.process_time() - began < SLOW, document
        tried += 1
    record_property("documents", tried)
    print(f"{name}: {tried:,} documents")
    assert tried > 100
