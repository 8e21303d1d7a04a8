"""The page in a record: an HTTP answer, or a resource or conversion that was archived without one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from storage.content_encoding import decode_body
from storage.instants import in_range
from storage.warc.page import RawPage
from storage.warc.reader import Fault, Record
from storage.warc.record_head import RecordHead

PAGE_KINDS = ("response", "resource", "conversion")
_STATUS = re.compile(rb"HTTP/\d+(?:\.\d+)? +(\d{3})(?!\d)")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and headers (lower-case names) of a record, and its body as archived."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def date(self) -> datetime | None:
        """The instant in the Date header, or None."""
        try:
            return in_range(parsedate_to_datetime(self.headers.get("date", "")).astimezone())
        except (ValueError, TypeError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Capture:
    """A page of a WARC file. `cut_off`: why its text may not be whole; empty if it is."""

    page: RawPage
    cut_off: str = ""


def read_answer(head: RecordHead, block: bytes) -> Answer | None:
    """Return the answer in a record of one of PAGE_KINDS; None for a response that is not HTTP."""
    if block.startswith(b"HTTP/"):
        return _http_answer(block)
    if head.kind == "response":
        return None
    return Answer(200, {"content-type": head.content_type}, block)


def _http_answer(block: bytes) -> Answer | None:
    status = _STATUS.match(block)
    if not status:
        return None
    end = _END_OF_HEAD.search(block)
    # Not by splitlines: it also splits at NEL, FS and the like, which values may hold.
    lines = block[: end.start() if end else len(block)].decode("latin-1").split("\n")[1:]
    return Answer(int(status[1]), _headers(lines), block[end.end() :] if end else b"")


def _headers(lines: list[str]) -> dict[str, str]:
    """Return the headers; of repeated ones the first."""
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and not line[:1].isspace():
            headers.setdefault(name.strip().lower(), value.strip())
    return headers


def read_capture(record: Record, answer: Answer, fetched_at: datetime, most: int) -> Capture:
    """Decode the body of an answer, to `most` bytes and at least one more if it is longer."""
    head = record.head
    assert head
    decoded = decode_body(answer.body, answer.headers, most + 1)
    page = RawPage(head.url, answer.status, answer.headers, decoded.body, fetched_at)
    missing = (
        f"the writer cut it off ({head.truncated})" if head.truncated
        else "the file is cut off here" if record.fault is Fault.CUT
        else "the record is shorter than it says" if record.fault is Fault.SHORT
        else "the encoded body is cut off or damaged" if not decoded.whole
        else "the body is shorter than its Content-Length" if decoded.as_sent and _is_short(answer)
        else ""
    )  # fmt: skip
    return Capture(page, missing)


def _is_short(answer: Answer) -> bool:
    length = answer.headers.get("content-length", "")
    chunked = "transfer-encoding" in answer.headers
    return not chunked and length.isdecimal() and len(length) < 16 and len(answer.body) < int(length)
