"""Bodies: decoded within bounds, and never taken for whole when they are not."""

import asyncio
import gzip
import threading
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from scrapy import Request
from scrapy.http import Response
from warcio.archiveiterator import ArchiveIterator

from crawlers.spider import bodies
from crawlers.spider.bodies import (
    ACCEPTED,
    BadEncodingError,
    BodyMiddleware,
    DamagedBodyError,
    TooLargeError,
    TruncatedBodyError,
    _encodings,
    decode,
)
from crawlers.spider.fetching import _refused
from storage.frontier import Failed, Rejected
from storage.warc import ArchiveWriter

URL = "https://www.example.az/1"
TEXT = b"The ferry to Alat left at noon. " * 400


def _raw_deflate(data: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-15)
    return squeezer.compress(data) + squeezer.flush()


ENCODED = {
    "gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT),
}


@pytest.mark.parametrize("name", ACCEPTED.decode().split(", "))
def test_what_is_asked_for_is_decoded_again_by_other_readers_of_the_archive(name: str, tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, 1, "example")
    headers = [(b"Content-Type", b"text/html"), (b"Content-Encoding", name.encode())]
    when = datetime(2026, 1, 1, tzinfo=UTC)
    place = writer.write(url=URL, status=200, headers=headers, body=ENCODED[name], fetched_at=when, ip="192.0.2.1")
    writer.close()
    with (tmp_path / place.file).open("rb") as file:
        [read] = [each.content_stream().read() for each in ArchiveIterator(file) if each.rec_type == "response"]
    assert read == TEXT


@pytest.mark.parametrize("name", ENCODED)
def test_a_whole_body_is_decoded(name: str) -> None:
    assert decode(ENCODED[name], [name], 1_000_000) == TEXT


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.parametrize("missing", [1, 5, 30])
def test_a_body_cut_short_is_no_answer(name: str, missing: int) -> None:
    with pytest.raises(TruncatedBodyError):
        decode(ENCODED[name][:-missing], [name], 1_000_000)


@pytest.mark.parametrize("name", ENCODED)
def test_the_size_limit_holds_after_decompression(name: str) -> None:
    with pytest.raises(TooLargeError):
        decode(ENCODED[name], [name], len(TEXT) - 1)
    assert len(decode(ENCODED[name], [name], len(TEXT))) == len(TEXT)


def test_a_bomb_is_stopped_at_the_limit_and_costs_no_memory() -> None:
    import tracemalloc

    bomb = gzip.compress(b"\0" * 200_000_000)
    tracemalloc.start()
    with pytest.raises(TooLargeError):
        decode(bomb, ["gzip"], 1_000_000)
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


def test_encodings_laid_over_each_other_are_undone_in_reverse() -> None:
    assert decode(brotli.compress(gzip.compress(TEXT)), ["gzip", "br"], 1_000_000) == TEXT


def test_gzip_members_one_after_the_other_are_one_body() -> None:
    assert decode(gzip.compress(TEXT) + gzip.compress(b"more"), ["gzip"], 1_000_000) == TEXT + b"more"


def test_raw_deflate_is_understood_too() -> None:
    assert decode(_raw_deflate(TEXT), ["deflate"], 1_000_000) == TEXT


def test_a_body_declared_gzip_but_sent_plain_is_taken_as_it_is() -> None:
    assert decode(b"<html>plain</html>", ["gzip"], 1_000_000) == b"<html>plain</html>"


def test_an_encoding_that_was_not_asked_for_is_named() -> None:
    with pytest.raises(BadEncodingError, match="zstd"):
        decode(b"\x28\xb5\x2f\xfd...", ["zstd"], 1_000_000)


@pytest.mark.parametrize("name", ["br", "deflate", "zstd", "rot13"])
def test_markup_is_taken_as_it_is_whatever_encoding_is_declared(name: str) -> None:
    page = b"\n<!DOCTYPE html><title>The ferry</title>"
    assert decode(page, [name], 1_000_000) == page
    assert decode(gzip.compress(page), [name, "gzip"], 1_000_000) == page


def test_a_damaged_body_is_named() -> None:
    damaged = bytearray(ENCODED["gzip"])
    damaged[20] ^= 0xFF
    with pytest.raises(DamagedBodyError, match="damaged"):
        decode(bytes(damaged), ["gzip"], 1_000_000)


def test_a_damaged_body_may_come_whole_another_time() -> None:
    assert _refused(DamagedBodyError("x"), URL) == Failed("damaged", "x")
    assert _refused(BadEncodingError("x"), URL) == Rejected("bad_content_encoding", "x")


@pytest.mark.parametrize("name", ["none", "utf-8", "UTF8", "ISO-8859-1", "windows-1251", "binary", "identity, none"])
def test_a_name_that_is_no_coding_is_passed_over(name: str) -> None:
    assert _encodings(Response("http://x.example/", headers={"Content-Encoding": name})) == []
    assert _encodings(Response("http://x.example/", headers={"Content-Encoding": f"{name}, gzip"})) == ["gzip"]


EMPTY = gzip.compress(b"", mtime=0)


def test_members_that_hold_nothing_are_passed_over() -> None:
    assert decode(EMPTY * 9_000 + gzip.compress(TEXT) + EMPTY * 900, ["gzip"], 1_000_000) == TEXT


def test_a_body_of_many_empty_members_is_refused_at_once() -> None:
    began = time.process_time()  # of this process alone, so that a busy machine makes no difference
    with pytest.raises(BadEncodingError, match="members"):
        decode(EMPTY * 490_000, ["gzip"], 10_000_000)
    assert time.process_time() - began < 2, "9.8 MB took over 200 s when each member copied all that follows"


def test_encodings_are_not_undone_without_end() -> None:
    body = TEXT
    for _ in range(6):
        body = gzip.compress(body)
    with pytest.raises(BadEncodingError, match="6 content encodings"):
        decode(body, ["gzip"] * 6, 1_000_000)


def test_decoding_leaves_the_event_loop_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    at: list[threading.Thread] = []
    monkeypatch.setattr(bodies, "decode", lambda *_: at.append(threading.current_thread()) or TEXT)
    request = Request("https://example.az/1")
    response = Response(request.url, headers={"Content-Encoding": "gzip"}, body=ENCODED["gzip"])
    decoded = asyncio.run(BodyMiddleware(1_000_000).process_response(request, response))
    assert decoded.body == TEXT
    assert at
    assert at[0] is not threading.main_thread()
