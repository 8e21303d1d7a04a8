"""Bodies: decoded within bounds, and never taken for whole when they are not."""

import gzip
import zlib

import brotli
import pytest

from crawlers.spider.bodies import BadEncodingError, TooLargeError, TruncatedBodyError, decode

TEXT = b"The ferry to Alat left at noon. " * 400


def _raw_deflate(data: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-15)
    return squeezer.compress(data) + squeezer.flush()


ENCODED = {
    "gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT),
}


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
        decode(b"...", ["zstd"], 1_000_000)


def test_a_damaged_body_is_named() -> None:
    damaged = bytearray(ENCODED["gzip"])
    damaged[20] ^= 0xFF
    with pytest.raises((BadEncodingError, TruncatedBodyError)):
        decode(bytes(damaged), ["gzip"], 1_000_000)
