"""Two readers of WARC files that share nothing with ours: of the standard library, strict where that is, and warcio."""

from __future__ import annotations

import gzip
import http.client
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from storage.warc import Place


@dataclass(frozen=True)
class Record:
    """One answer: its WARC headers, its HTTP head as bytes and as http.client reads it, and its body."""

    warc: dict[str, str]
    head: bytes
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class _Socket:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def answers(path: Path) -> list[Record]:
    """Every response record of the file; an exception if anything in it is not as the format says."""
    return [_answer(head, block) for head, block in _records(gzip.decompress(path.read_bytes())) if _answers(head)]


def by_warcio(path: Path) -> list[tuple[Place, str, int, bytes]]:
    """The place, address, status and body (as archived) of every answer in the file, as warcio reads it."""
    found = []
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            if record.rec_type == "response":
                body = record.raw_stream.read()
                place = Place(path.name, records.get_record_offset(), records.get_record_length())
                url, status = record.rec_headers.get_header("WARC-Target-URI"), record.http_headers.get_statuscode()
                found.append((place, url, int(status), body))
    return found


def _answers(head: dict[str, str]) -> bool:
    return head["warc-type"] == "response"


def _records(data: bytes) -> Iterator[tuple[dict[str, str], bytes]]:
    at = 0
    while at < len(data):
        end = data.index(b"\r\n\r\n", at)
        version, *lines = data[at:end].decode("utf-8").split("\r\n")
        assert version == "WARC/1.0"
        head = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        start, length = end + 4, int(head["content-length"])
        assert data[start + length : start + length + 4] == b"\r\n\r\n", "the record is as long as it says"
        yield head, data[start : start + length]
        at = start + length + 4


def _answer(head: dict[str, str], block: bytes) -> Record:
    response = http.client.HTTPResponse(_Socket(block))  # type: ignore[arg-type]
    response.begin()
    assert not response.msg.defects, response.msg.defects
    bare, _, body = block.partition(b"\r\n\r\n")
    return Record(head, bare, response.status, response.msg, body)
