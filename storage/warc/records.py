"""The bytes of a WARC record, made by warcio. Imported at use: warcio brings a tenth of a second of other imports."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAKS = re.compile(rb"[\r\n\0]")  # a head that held one would end early, or hold headers that nobody sent


class _Head(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """An answer's head with its bytes as they came; warcio would make them ASCII, and fails on some.

    HTTP knows no other encoding than bytes: RFC 9110 5.5 lets values hold any from 0x80 on.
    """

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return bytes(self.to_bytes(filter_func, encoding="latin-1"))


def information(file: str, about: dict[str, str]) -> bytes:
    """Return the record at the beginning of a file, which says what it is."""
    writer = WARCWriter(io.BytesIO(), gzip=False)
    return _bytes(writer, writer.create_warcinfo_record(file, about))


def response(
    url: str, status: int, headers: list[tuple[bytes, bytes]], body: bytes, fetched_at: datetime, ip: str | None
) -> bytes:
    """Return the record of an answer. ValueError if no message could hold its headers."""
    pairs = [(_kept_name(name), _kept_value(value)) for name, value in headers]
    head = _Head(f"{status} {_phrase(status)}", pairs, protocol="HTTP/1.1")
    more = {"WARC-Date": fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    if ip:
        more["WARC-IP-Address"] = ip
    writer = WARCWriter(io.BytesIO(), gzip=False)
    record = writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), length=len(body), http_headers=head, warc_headers_dict=more
    )
    return _bytes(writer, record)


def _bytes(writer: WARCWriter, record: Any) -> bytes:
    writer.write_record(record)
    made: bytes = writer.out.getvalue()
    return made


def _kept_name(name: bytes) -> str:
    # The body comes without its chunks; under the old name, readers would look for them.
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"no header can be called {name[:80]!r}")
    word = name.decode("ascii")
    return f"X-Archive-Orig-{word}" if word.lower() == "transfer-encoding" else word


def _kept_value(value: bytes) -> str:
    if _BREAKS.search(value):
        raise ValueError(f"no header can hold {value[:80]!r}")
    return value.decode("latin-1")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
