"""What a server did to a body on its way, undone within bounds.

For archived answers, so it is lenient where a crawl is not.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import brotli


def plain_body(body: bytes, headers: Mapping[str, str], most: int) -> bytes:
    """The body without transfer and content encodings, cut at `most` bytes.

    `headers` have lower-case names. A body that is not encoded as its headers say is given as it is: archives often
    keep decoded bodies under the headers of encoded ones.
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
        if name in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
            return _inflated(zlib.decompressobj(31), body, most)
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
