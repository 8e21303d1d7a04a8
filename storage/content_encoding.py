"""Transfer and content encodings of archived answers, decoded within a limit.

Damaged bodies are accepted, unlike in a crawl. `gunzip` serves both, and seed documents that are files.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import brotli

GZIP = b"\x1f\x8b"
MAX_MEMBERS = 10_000  # of one gzip body; block gzip of 50 MB has 800
_PIECE = 1 << 14  # bytes given to one member at a time: what it leaves over is copied, so it must not be the whole rest


@dataclass(frozen=True, slots=True)
class Gunzipped:
    """What came out of a gzip body. `ended` is False if its last member is cut off, or output stopped at the limit."""

    body: bytes
    ended: bool


def gunzip(body: bytes, most: int) -> Gunzipped:
    """The members of a gzip body, one after the other, to `most` bytes and one more that tells of the excess.

    Takes time in proportion to the body and its output, whatever its members are. What follows the last member is
    passed over. Raises zlib.error if a member is damaged, or if there are more than MAX_MEMBERS.
    """
    out: list[bytes] = []
    room, at, view = most + 1, 0, memoryview(body)
    for _ in range(MAX_MEMBERS):
        member = zlib.decompressobj(31)
        while room and at < len(view) and not member.eof:
            piece = view[at : at + _PIECE]
            out.append(member.decompress(piece, room))
            room -= len(out[-1])
            at += len(piece) - len(member.unused_data) - len(member.unconsumed_tail)
        if not member.eof or view[at : at + 2] != GZIP:
            return Gunzipped(b"".join(out), member.eof)
    raise zlib.error(f"more than {MAX_MEMBERS} gzip members")


def plain_body(body: bytes, headers: Mapping[str, str], most: int) -> bytes:
    """Return the body without transfer and content encodings, cut at `most` bytes.

    `headers` have lower-case names. A body that is not encoded as its headers say is returned as it is: archives often
    hold decoded bodies under the headers of encoded ones.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    names = [name.strip() for name in headers.get("content-encoding", "").lower().split(",")]
    for name in reversed(names):
        body = _decoded(body, name, most)
    return body[:most]


def _unchunked(body: bytes) -> bytes:
    out: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at)) >= 0:
        try:
            size = int(body[at:end].split(b";")[0], 16)
        except ValueError:
            return b"".join(out) if out else body  # not chunked after all, or damaged further on
        if size <= 0:
            break
        out.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(out)


def _decoded(body: bytes, name: str, most: int) -> bytes:
    try:
        if name in ("gzip", "x-gzip") and body.startswith(GZIP):
            return gunzip(body, most).body
        if name == "deflate":
            return _deflated(body, most)
        if name == "br":
            return _unbrotli(body, most)
    except (zlib.error, brotli.error):
        return body
    return body


def _deflated(body: bytes, most: int) -> bytes:
    try:
        return _inflated(zlib.decompressobj(15), body, most)
    except zlib.error:
        return _inflated(zlib.decompressobj(-15), body, most)  # raw deflate, as some servers mean it


def _inflated(stream: Any, body: bytes, most: int) -> bytes:
    out: bytes = stream.decompress(body, most)
    return out


def _unbrotli(body: bytes, most: int) -> bytes:
    stream = brotli.Decompressor()
    out: bytes = stream.process(body, output_buffer_limit=most)
    while len(out) < most and not stream.can_accept_more_data() and not stream.is_finished():
        out += stream.process(b"", output_buffer_limit=most - len(out))
    return out
