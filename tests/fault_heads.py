"""Answers of the fault-injecting site whose status line or headers are what no server should send."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.fault_pages import article

if TYPE_CHECKING:
    from tests.faults import Talk

# name -> the header line as it goes over the wire
LINES = {
    "equals": "Link: <https://x.example/şəhər/>; rel=canonical".encode(),
    "latin": b"X-Town: na\xefve; town=\xc7ay",
    "name": "Başlıq: dəyər".encode(),
    "space": b"X Odd Name: value",
    "return": b"X-Split: one\rX-Injected: two",
    "nul": b"X-Nul: a\x00b; c=\x00",
    "etag": b'ETag: "a\x00b"',
    "modified": b"Last-Modified: Tue, 04 Mar 2025\x00 09:30:00 GMT",
    "type": b"Content-Type: text/html\x00; charset=utf-8",
    "long-etag": b'ETag: "' + b"x" * 12_000 + b'"',
}


def say(talk: Talk, status: bytes, lines: list[bytes], body: bytes) -> None:
    """An answer of exactly these bytes."""
    head = [b"HTTP/1.1 " + status, *lines, b"Content-Length: %d" % len(body), b"Connection: close"]
    if not any(line.lower().startswith(b"content-type") for line in lines):
        head.append(b"Content-Type: text/html; charset=utf-8")
    talk.send(b"\r\n".join(head) + b"\r\n\r\n" + body)


def _head(talk: Talk, name: str, number: str = "0") -> None:
    say(talk, b"200 OK", [LINES[name]], article(number))


def _status_line(talk: Talk, code: str) -> None:
    say(talk, code.encode() + b" Said", [], article(f"status {code}"))


def _location(talk: Talk, number: str = "0") -> None:
    say(talk, b"302 Found", [b"Location: /ok/" + number.encode() + b"?a=\x00b"], b"")


def _far_location(talk: Talk) -> None:
    say(talk, b"302 Found", [b"Location: /ok/far?" + b"a" * 5_000], b"")


HEADS: dict[str, Callable[..., None]] = {
    "head": _head,
    "status-line": _status_line,
    "location/nul": _location,
    "location/long": _far_location,
}
