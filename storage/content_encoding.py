"""Transfer and content encodings of archived answers, decoded within a limit.

Damaged bodies are accepted, unlike in a crawl. `gunzip` serves both, and documents that are files.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

GZIP = b"\x1f\x8b"
ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")  # first bytes by level of compression, RFC 1950
GZIPPED = ("gzip", "x-gzip")  # names of the encoding
MAX_MEMBERS = 10_000  # of one gzip body; block gzip of 50 MB has 800
_PIECE = 1 << 14  # bytes given to one member at a time: what it leaves over is copied, so it must not be the whole rest


class TooManyMembersError(zlib.error):
    """A gzip body of more members than MAX_MEMBERS."""


@dataclass(frozen=True, slots=True)
class Gunzipped:
    """What came out of a gzip body. `ended` is False if its last member is cut off, or output stopped at the limit."""

    body: bytes
    ended: bool


def gunzip(body: bytes, most: int) -> Gunzipped:
    """The members of a gzip body, one after the other, to `most` bytes and one more that tells of the excess.

    Takes time in proportion to the body and its output, whatever its members are. What follows the last member is
    passed over. Raises zlib.error if a member is damaged, TooManyMembersError if there are more than MAX_MEMBERS.
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
        if member.eof and at < len(view) and view[at] == 0:
            at = _behind_padding(view, at)
        if not member.eof or view[at : at + 2] != GZIP:
            return Gunzipped(b"".join(out), member.eof)
    raise TooManyMembersError(f"more than {MAX_MEMBERS} gzip members")


def decompress_if_gzip(data: bytes, most: int) -> bytes:
    """Return the content of a file, decompressed if it is gzip.

    Decompression stops at `most` + 1 bytes: a longer result than `most` means that there is more. Raises ValueError,
    which says why, for gzip data that are damaged or cut off.
    """
    if not data.startswith(GZIP):
        return data
    try:
        unzipped = gunzip(data, most)
    except zlib.error as damaged:
        raise ValueError(f"its gzip is damaged: {damaged}") from damaged
    if not unzipped.ended and len(unzipped.body) <= most:
        raise ValueError("its gzip is cut off")
    return unzipped.body


def _behind_padding(view: memoryview, at: int) -> int:
    """Return where the zeros end that tapes and block writers put between members."""
    while at < len(view) and view[at] == 0:
        piece = bytes(view[at : at + _PIECE])
        at += len(piece) - len(piece.lstrip(b"\0"))
    return at


def coding_of(body: bytes, declared: str) -> str:
    """Return the encoding that a body has: gzip and zlib are known by their first bytes, whatever the header says.

    `declared` is a name from Content-Encoding in small letters. Without them, what is declared as gzip is `identity`,
    and of any other name it is believed.
    """
    if body.startswith(GZIP):
        return "gzip"
    if declared not in GZIPPED:
        return declared
    return "deflate" if body.startswith(ZLIB) else "identity"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body without its encodings. `whole` is False if it was cut off or damaged on the way.

    `as_sent` is False for a body that had been decoded before it was archived: its Content-Length is that of another.
    """

    body: bytes
    whole: bool = True
    as_sent: bool = True


def plain_body(body: bytes, headers: Mapping[str, str], most: int) -> bytes:
    """Return the body without transfer and content encodings, cut at `most` bytes: that of `decode_body`."""
    return decode_body(body, headers, most).body[:most]


def decode_body(body: bytes, headers: Mapping[str, str], most: int) -> Decoded:
    """Decode transfer and content encodings, to `most` bytes or a few more.

    `headers` have lower-case names. A body that is not encoded as its headers say is returned as it is: archives often
    hold decoded bodies under the headers of encoded ones.
    """
    decoded = Decoded(body)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        decoded = _unchunked(body)
    names = [name.strip() for name in headers.get("content-encoding", "").lower().split(",")]
    for name in reversed(names):
        outer, decoded = decoded, _decoded(decoded.body, name, most)
        decoded = replace(decoded, whole=outer.whole and decoded.whole, as_sent=outer.as_sent and decoded.as_sent)
    return decoded


def _unchunked(body: bytes) -> Decoded:
    out: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at)) >= 0:
        try:
            size = int(body[at:end].split(b";")[0], 16)
        except ValueError:  # not chunked after all, or damaged further on
            return Decoded(b"".join(out), whole=False) if out else Decoded(body, as_sent=False)
        if size <= 0:
            return Decoded(b"".join(out))
        out.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return Decoded(b"".join(out), whole=False)


def _decoded(body: bytes, name: str, most: int) -> Decoded:
    if name in ("", "identity"):
        return Decoded(body)
    coding = coding_of(body, name)
    try:
        if coding == "gzip":
            return _gunzipped(body, most)
        if coding == "deflate":
            return _deflated(body, most)
        if coding == "br":
            return _unbrotli(body, most)
    except zlib.error:
        return Decoded(body, whole=not body.startswith(GZIP), as_sent=False)
    return Decoded(body, as_sent=False)


def _gunzipped(body: bytes, most: int) -> Decoded:
    out = gunzip(body, most)
    return Decoded(out.body, out.ended or len(out.body) > most)


def _deflated(body: bytes, most: int) -> Decoded:
    try:
        return _inflated(zlib.decompressobj(15), body, most)
    except zlib.error:
        return _inflated(zlib.decompressobj(-15), body, most)  # raw deflate, as some servers mean it


def _inflated(stream: Any, body: bytes, most: int) -> Decoded:
    out: bytes = stream.decompress(body, most)
    return Decoded(out, stream.eof or len(out) >= most)


def _unbrotli(body: bytes, most: int) -> Decoded:
    import brotli  # late: whoever only needs to know gzip does not wait for it

    stream = brotli.Decompressor()
    try:
        out: bytes = stream.process(body, output_buffer_limit=most)
        while len(out) < most and not stream.can_accept_more_data() and not stream.is_finished():
            out += stream.process(b"", output_buffer_limit=most - len(out))
    except brotli.error:
        return Decoded(body, as_sent=False)
    return Decoded(out, stream.is_finished() or len(out) >= most)
