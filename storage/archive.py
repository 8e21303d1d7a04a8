"""The archive of raw answers: one WARC file (gzip, a member for each record) for each run.

A file is `.open` while it is written and gets its final name when its run ends; it is never appended to again, since a
torn last record would make everything after it unreadable. `recover` cuts such a tail off.
"""

from __future__ import annotations

import io
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from .errors import ArchiveError, FolderNotWritableError

OPEN = ".open"
MAX_BODY = 50_000_000  # bytes of one decoded answer that is read back


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record is: file name within the archive folder, and its bytes in it."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class RawPage:
    """An answer as it is read back: `body` without transfer and content encoding."""

    url: str
    status: int
    headers: dict[str, str]  # lower-case names
    body: bytes
    fetched_at: datetime


class ArchiveWriter:
    """Writes the answers of one run. Raises FolderNotWritableError if it cannot."""

    def __init__(self, folder: Path, run_id: int, outlet_id: str) -> None:
        slug = re.sub(r"[^a-z0-9-]+", "-", outlet_id.lower())[:60]
        self._name = f"{datetime.now(UTC):%Y%m%d}-{slug}-{run_id}.warc.gz"
        self._path = folder / self._name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = (folder / (self._name + OPEN)).open("xb")
        except OSError as failure:
            raise FolderNotWritableError(f"cannot write the archive in {folder}: {failure.strerror}") from failure
        self._writer = WARCWriter(self._file, gzip=True)
        self._file.write(b"")
        self._empty = True
        self._info(run_id, outlet_id)

    def _info(self, run_id: int, outlet_id: str) -> None:
        about = {"software": "Pressrun", "format": "WARC File Format 1.0", "isPartOf": f"run {run_id} of {outlet_id}"}
        self._writer.write_record(self._writer.create_warcinfo_record(self._name, about))

    def write(
        self,
        *,
        url: str,
        status: int,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        fetched_at: datetime,
        ip: str | None = None,
    ) -> Place:
        """Append one answer, as sent, and say where it is."""
        self._empty = False
        start = self._file.tell()
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        line = StatusAndHeaders(f"{status} {_phrase(status)}", pairs, protocol="HTTP/1.1")
        extra = {"WARC-Date": fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} | (
            {"WARC-IP-Address": ip} if ip else {}
        )
        record = self._writer.create_warc_record(
            url, "response", payload=io.BytesIO(body), length=len(body), http_headers=line, warc_headers_dict=extra
        )
        self._writer.write_record(record)
        return Place(self._name, start, self._file.tell() - start)

    def flush(self) -> None:
        """Everything written so far is on the disk when this returns."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Give the file its final name; a run that archived nothing leaves none."""
        self._file.close()
        here = self._path.with_name(self._name + OPEN)
        if self._empty:
            here.unlink(missing_ok=True)
        else:
            here.rename(self._path)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def read_place(folder: Path, place: Place) -> RawPage:
    """The answer at a place; ArchiveError if it is not there."""
    path = folder / place.file
    if not path.exists():
        path = folder / (place.file + OPEN)
    try:
        with path.open("rb") as file:
            file.seek(place.offset)
            for _, page in _pages(io.BytesIO(file.read(place.length)), place.file):
                return page
    except (OSError, ArchiveLoadFailed, zlib.error) as failure:
        raise ArchiveError(f"cannot read {place.file} at {place.offset} in {folder}: {failure}") from failure
    raise ArchiveError(f"no answer in {place.file} at {place.offset} in {folder}")


def iter_pages(path: Path) -> Iterator[tuple[Place, RawPage]]:
    """All HTTP answers of a WARC file, ours or another's (CC-NEWS), in order; ArchiveError if it is no WARC file."""
    try:
        with path.open("rb") as file:
            yield from _pages(file, path.name)
    except (OSError, ArchiveLoadFailed, zlib.error) as failure:
        raise ArchiveError(f"cannot read the WARC file {path}: {failure}") from failure


def _pages(file: Any, name: str) -> Iterator[tuple[Place, RawPage]]:
    records = ArchiveIterator(file)
    for record in records:
        if record.rec_type != "response" or record.http_headers is None:
            continue
        if not (record.rec_headers.get_header("WARC-Target-URI") or "").startswith(("http://", "https://")):
            continue
        page = RawPage(
            url=record.rec_headers.get_header("WARC-Target-URI"),
            status=int(record.http_headers.get_statuscode() or 0),
            headers={key.lower(): value for key, value in record.http_headers.headers},
            body=record.content_stream().read(MAX_BODY),
            fetched_at=_when(record.rec_headers.get_header("WARC-Date")),
        )
        yield Place(name, records.get_record_offset(), 0), page


def _when(text: str) -> datetime:
    when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def recover(folder: Path, living: frozenset[int] = frozenset()) -> list[str]:
    """Close the files of runs that died: cut to the last complete record, and give the final name.

    `living`: run ids whose files are still being written. Returns the names of the files that were recovered.
    """
    recovered = []
    for path in sorted(folder.glob(f"*.warc.gz{OPEN}")):
        if int(path.name.removesuffix(f".warc.gz{OPEN}").rsplit("-", 1)[1]) in living:
            continue
        whole = _whole_members(path)
        if whole:
            os.truncate(path, whole)
            path.rename(path.with_name(path.name.removesuffix(OPEN)))
            recovered.append(path.name.removesuffix(OPEN))
        else:
            path.unlink()
    return recovered


def _whole_members(path: Path) -> int:
    """How many bytes of the file are complete gzip members."""
    end = 0
    with path.open("rb") as file:
        member = zlib.decompressobj(31)
        at = 0
        while chunk := file.read(1 << 16):
            while chunk:
                try:
                    member.decompress(chunk)
                except zlib.error:
                    return end
                rest = member.unused_data if member.eof else b""
                at += len(chunk) - len(rest)
                if member.eof:
                    end, member = at, zlib.decompressobj(31)
                chunk = rest
    return end
