"""What came over the wire, checked whole and decoded within bounds, beside the event loop.

In place of Scrapy's HttpCompressionMiddleware, which passes a gzip, brotli or zstd body that was cut off as a complete
answer of status 200. The body as sent stays in `request.meta["raw"]` for the archive.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import brotli
from scrapy.exceptions import IgnoreRequest

from storage.content_encoding import TooManyMembersError, coding_of, gunzip

from .answers import check_status, clean_headers

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

ACCEPTED = (
    b"gzip, deflate"  # what WARC readers decode again: warcio knows no zstd, and no brotli by the module of that name
)
# Names that servers write into Content-Encoding though the body is sent as it is: of charsets, of transfer encodings.
_NO_CODINGS = re.compile(
    r"identity|none|utf-?(?:8|16)|iso-8859-\d+|windows-\d+|cp\d+|koi8-[ru]|us-ascii|[78]bit|binary"
)
MAX_ENCODINGS = 5  # laid over each other, as curl has it; each may cost the size limit once more


class BodyError(IgnoreRequest):
    """A body that cannot be taken; `cause` is the ledger's word for it."""

    cause = "bad_body"


class TooLargeError(BodyError):
    cause = "too_large"


class TruncatedBodyError(BodyError):
    cause = "truncated"


class BadEncodingError(BodyError):
    cause = "bad_content_encoding"


class DamagedBodyError(BodyError):
    """Damaged on the way or by its server: another try may bring it whole."""

    cause = "damaged"


class BodyMiddleware:
    """Asks for encodings that we can check, decodes them within the request's size limit, keeps the raw answer.

    Every answer but a redirect passes here first, robots.txt included: what is no HTTP goes no further.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BodyMiddleware:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    async def process_response(self, request: Request, response: Response) -> Response:
        check_status(response.status)
        request.meta["raw"] = (clean_headers(_pairs(response)), response.body)
        encodings = _encodings(response)
        if not encodings or not response.body:
            return response
        limit = request.meta.get("download_maxsize", self._max_bytes)
        # In a thread: 10 MB take a tenth of a second or more, and zlib and brotli let go of the interpreter.
        body = await asyncio.to_thread(decode, response.body, encodings, limit)
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        from scrapy.responsetypes import responsetypes

        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, headers=headers, body=body)


def _pairs(response: Response) -> Iterator[tuple[bytes, bytes]]:
    """The headers one by one, in the order that Scrapy kept."""
    return ((name, value) for name, values in response.headers.items() for value in values)


def _encodings(response: Response) -> list[str]:
    listed = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
    return [name for name in (part.strip() for part in listed.split(",")) if name and not _NO_CODINGS.fullmatch(name)]


def decode(body: bytes, encodings: list[str], limit: int) -> bytes:
    """The decoded body of at most `limit` bytes; TooLargeError, TruncatedBodyError or BadEncodingError otherwise.

    Its work is bounded by the sizes of body and output, the number of encodings and that of gzip members.
    """
    if len(encodings) > MAX_ENCODINGS:
        raise BadEncodingError(f"{len(encodings)} content encodings laid over each other")
    for name in reversed(encodings):
        if _is_plain(body):  # declared, but sent plain: common behind misconfigured caches
            return body
        body = _decoded(body, name, limit)
    return body


def _decoded(body: bytes, name: str, limit: int) -> bytes:
    """Undo one encoding."""
    coding = coding_of(body, name)
    if coding == "gzip":
        return _gunzip(body, limit)
    if coding == "deflate":
        return _inflate(body, limit)
    if coding == "br":
        return _unbrotli(body, limit)
    if coding == "identity":
        return body  # declared, but sent plain
    raise BadEncodingError(f"Content-Encoding {name!r} was not asked for")


def _is_plain(body: bytes) -> bool:
    """Return True for markup. A brotli or deflate stream that begins so would be a rare chance."""
    return body[:64].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml"))


def _gunzip(body: bytes, limit: int) -> bytes:
    try:
        unzipped = gunzip(body, limit)
    except TooManyMembersError as many:
        raise BadEncodingError(str(many)) from many
    except zlib.error as broken:
        raise DamagedBodyError(f"the compressed body is damaged: {broken}") from broken
    return _whole(unzipped.body, unzipped.ended, len(body), limit)


def _inflate(body: bytes, limit: int) -> bytes:
    try:
        return _bounded(zlib.decompressobj(15), body, limit)
    except DamagedBodyError:
        return _bounded(zlib.decompressobj(-15), body, limit)  # raw deflate, as some servers mean it


def _bounded(stream: Any, body: bytes, limit: int) -> bytes:
    try:
        out: bytes = stream.decompress(body, limit + 1)
    except zlib.error as broken:
        raise DamagedBodyError(f"the compressed body is damaged: {broken}") from broken
    return _whole(out, stream.eof, len(body), limit)


def _unbrotli(body: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    try:
        out: bytes = stream.process(body, output_buffer_limit=limit + 1)
        while len(out) <= limit and not stream.can_accept_more_data():
            out += stream.process(b"", output_buffer_limit=limit + 1 - len(out))
    except brotli.error as broken:
        raise DamagedBodyError(f"the compressed body is damaged: {broken}") from broken
    return _whole(out, stream.is_finished(), len(body), limit)


def _whole(out: bytes, ended: bool, sent: int, limit: int) -> bytes:
    if len(out) > limit:
        raise TooLargeError(f"more than {limit} bytes after decompression")
    if not ended:
        raise TruncatedBodyError(f"the compressed body ends after {sent} bytes, before its end mark")
    return out
