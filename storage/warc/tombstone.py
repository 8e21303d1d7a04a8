"""Answers that were taken down: found in a WARC file, and overwritten where they stand.

A tombstone has exactly the length of what it replaces, so that every other record keeps its place. The rest is filled
by the comment of the gzip member (RFC 1952, 2.3.1), which readers pass over.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from storage.content_encoding import plain_body
from storage.errors import ArchiveError
from storage.warc.capture import read_answer
from storage.warc.mentions import names_address
from storage.warc.place import MAX_BODY, OPEN, Place, archive_file
from storage.warc.reader import Record, WarcReader
from storage.warc.source import FileSource

_HEADER = b"\x1f\x8b\x08%c\0\0\0\0\2\xff"  # deflate, no time, best compression, unknown system
_COMMENT = 16  # the flag of a gzip member that has a comment
_TEXTS = re.compile(r"json|xml|rss|atom", re.IGNORECASE)  # media types of answers that list other pages' texts


@dataclass(frozen=True, slots=True)
class WantedAnswers:
    """Which records to find: answers of addresses for which `is_address` is true, and lists that name one of `names`.

    `names`: paths and queries of the addresses, in each form that an answer in JSON or XML may write them, in UTF-8.
    """

    is_address: Callable[[str], bool]
    names: tuple[bytes, ...] = ()


def find_answers(path: Path, wanted: WantedAnswers) -> Iterator[Place]:
    """Yield the places of a file's records that hold one of the wanted pages. ArchiveError if it cannot be read.

    A list of many pages, such as the answer of an interface, is found where it names one of them.
    """
    begin, name = 0, path.name.removesuffix(OPEN)
    with closing(FileSource(path)) as source:
        reader = WarcReader(source, limit=2 * MAX_BODY)
        for record in reader:
            end = reader.position.offset
            if _holds(record, wanted):
                yield Place(name, begin, end - begin)
            begin = end


def _holds(record: Record, wanted: WantedAnswers) -> bool:
    head = record.head
    if head is None or head.kind != "response":
        return False
    if wanted.is_address(head.url):
        return True
    answer = read_answer(head, record.block) if wanted.names else None
    if answer is None or not _TEXTS.search(answer.media_type):
        return False
    body = plain_body(answer.body, answer.headers, MAX_BODY)
    return any(names_address(body, name) for name in wanted.names)


def erase(folder: Path, place: Place, why: str) -> None:
    """Overwrite the record at a place by a tombstone that has its digest and the reason. Safe to repeat.

    Raises ArchiveError if the file is not there, ends before, or is not writable.
    """
    where = f"{place.file} at {place.offset} in {folder}"
    path = archive_file(folder, place.file)
    if path is None:
        raise ArchiveError(f"cannot erase {where}: the file is missing")
    try:
        with path.open("r+b") as file:
            file.seek(place.offset)
            member = file.read(place.length)
            if len(member) < place.length:
                raise ArchiveError(f"cannot erase {where}: the file ends after {len(member)} bytes")
            file.seek(place.offset)
            file.write(_tombstone(member, why))
            file.flush()
            os.fsync(file.fileno())
    except OSError as failure:
        raise ArchiveError(f"cannot erase {where}: {failure.strerror}") from failure


def _tombstone(member: bytes, why: str) -> bytes:
    digest = "sha256:" + base64.b32encode(hashlib.sha256(member).digest()).decode().rstrip("=")
    fields = {"removed": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "replaces": digest, "reason": " ".join(why.split())}
    for kept in (fields, {**fields, "reason": ""}, {}):
        made = _member(_record(kept), len(member))
        if made is not None:
            return made
    return _member(b"", len(member)) or bytes(len(member))


def _record(fields: dict[str, str]) -> bytes:
    block = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value).encode()
    head = {
        "WARC-Type": "metadata",
        "WARC-Record-ID": f"<urn:uuid:{uuid4()}>",
        "WARC-Date": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Content-Type": "application/warc-fields",
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def _member(record: bytes, length: int) -> bytes | None:
    """Return a gzip member of exactly this length; None if the record does not fit."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(record) + packer.flush()
    tail = packed + zlib.crc32(record).to_bytes(4, "little") + len(record).to_bytes(4, "little")
    room = length - len(_HEADER % 0) - len(tail)
    if room == 0:
        return _HEADER % 0 + tail
    return _HEADER % _COMMENT + b" " * (room - 1) + b"\0" + tail if room > 0 else None
