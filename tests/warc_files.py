"""WARC and ARC files made for tests, byte by byte: whole, cut, torn, with every kind of record."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

DATE = "2025-03-05T12:00:00Z"
HTML = "text/html; charset=utf-8"


def http(body: bytes, status: int = 200, kind: str = HTML, **more: str) -> bytes:
    """An HTTP answer with its Content-Length; `more` are headers, with _ for -."""
    headers = {"Content-Type": kind, "Content-Length": str(len(body))}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body


def record(url: str, block: bytes, kind: str = "response", *, date: str | None = DATE, **more: str) -> bytes:
    """One WARC record; `more` are headers, with _ for -, that replace or complete the usual ones."""
    digest = base64.b32encode(hashlib.sha1(block).digest()).decode()
    headers = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Block-Digest": f"sha1:{digest}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    } | ({"WARC-Date": date} if date is not None else {})
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def page(url: str, body: bytes, **more: str) -> bytes:
    return record(url, http(body), **more)


def zipped(records: Iterable[bytes]) -> list[bytes]:
    """A gzip member for each record, as WARC files have it."""
    return [gzip.compress(each, mtime=0) for each in records]


ARC_HEAD = (
    b"filedesc://old.arc 0.0.0.0 20030105120000 text/plain 76\n"
    b"1 0 Example Archive\nURL IP-address Archive-date Content-type Archive-length\n"
)


def arc(url: str, block: bytes, date: str = "20030105120000") -> bytes:
    """One record of an ARC file."""
    return f"{url} 192.0.2.1 {date} text/html {len(block)}\n".encode() + block + b"\n"


def arc_file(records: Iterable[bytes]) -> list[bytes]:
    return [ARC_HEAD + b"\n", *records]


def news(count: int, ours: int = 10) -> Iterable[bytes]:
    """As many requests and answers of small pages; one answer in `ours` is of news.example, the others of elsewhere."""
    at = datetime(2025, 3, 5, tzinfo=UTC)
    for number in range(count):
        host = "news.example" if number % ours == 0 else f"other{number % 97}.example"
        date = (at + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield page(f"https://{host}/story/{number}", b"<p>Story %d of the town.</p>" % number, date=date)
