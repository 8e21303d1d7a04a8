"""The archive of raw answers: one WARC file (gzip, a member for each record) for each run.

While a file is written, its name ends in `.open` and it is locked. It gets its final name when its run ends. A file is
never appended to later: an incomplete last record would make everything after it unreadable. `recover` cuts such a
record off.
"""

from __future__ import annotations

import fcntl
import io
import os
import re
import secrets
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.content_encoding import plain_body
from storage.errors import ArchiveError, FolderNotWritableError
from storage.warc.page import RawPage
from storage.warc.record_head import parse_date

OPEN = ".open"
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAKS = re.compile(rb"[\r\n\0]")  # a head that held one would end early, or hold headers that nobody sent
MAX_BODY = 50_000_000  # bytes of one decoded answer that is read back


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a record: file name within the archive folder, offset and length in bytes."""

    file: str
    offset: int
    length: int


class _Head(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """An answer's head with its bytes as they came; warcio would make them ASCII, and fails on some.

    HTTP knows no other encoding than bytes: RFC 9110 5.5 lets values hold any from 0x80 on.
    """

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return bytes(self.to_bytes(filter_func, encoding="latin-1"))


class ArchiveWriter:
    """Writes the answers of one run, each whole or not at all. Raises FolderNotWritableError if it cannot."""

    def __init__(self, folder: Path, run_id: int, outlet_id: str) -> None:
        # A random part: another database may share the folder and use the same run numbers.
        self._name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{_slug(outlet_id)}-{secrets.token_hex(3)}-{run_id}.warc.gz"
        self._path = folder / self._name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = (folder / (self._name + OPEN)).open("xb", buffering=0)
            fcntl.flock(self._file, fcntl.LOCK_EX)  # the kernel lets go of it when the process ends, however it ends
        except OSError as failure:
            raise FolderNotWritableError(f"cannot write the archive in {folder}: {failure.strerror}") from failure
        self._folder, self._end, self._empty = folder, 0, True
        self._info(run_id, outlet_id)

    def _info(self, run_id: int, outlet_id: str) -> None:
        about = {"software": "Pressrun", "format": "WARC File Format 1.0", "isPartOf": f"run {run_id} of {outlet_id}"}
        self._append(lambda writer: writer.create_warcinfo_record(self._name, about))

    def _append(self, record: Callable[[WARCWriter], Any]) -> Place:
        """A record, made ready in memory: what cannot be made into one leaves the file as it was."""
        member = io.BytesIO()
        writer = WARCWriter(member, gzip=True)
        writer.write_record(record(writer))
        place = Place(self._name, self._end, member.tell())
        try:
            self._write(member.getbuffer())
        except OSError as failure:
            self._file.seek(self._end)
            self._file.truncate()
            raise FolderNotWritableError(f"cannot write the archive in {self._folder}: {failure.strerror}") from failure
        self._end += place.length
        return place

    def _write(self, data: memoryview) -> None:
        while data:  # a full disk takes a part, and says so at the next call
            data = data[self._file.write(data) :]

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
        """Append one answer, as sent, and say where it is. ValueError if no message could hold its headers."""
        pairs = [(_kept_name(name), _kept_value(value)) for name, value in headers]
        line = _Head(f"{status} {_phrase(status)}", pairs, protocol="HTTP/1.1")
        extra = {"WARC-Date": fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} | (
            {"WARC-IP-Address": ip} if ip else {}
        )
        place = self._append(
            lambda writer: writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), length=len(body), http_headers=line, warc_headers_dict=extra
            )
        )
        self._empty = False
        return place

    def flush(self) -> None:
        """Everything written so far is on the disk when this returns."""
        os.fsync(self._file.fileno())

    def close(self) -> str:
        """Give the file its final name, and return it; a run that archived nothing leaves no file: an empty name."""
        here = self._path.with_name(self._name + OPEN)
        if self._empty:
            here.unlink(missing_ok=True)
        else:
            self.flush()
            here.rename(self._path)
        self._file.close()  # last: it lets go of the lock
        return "" if self._empty else self._name


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


def read_place(folder: Path, place: Place) -> RawPage:
    """Read the answer at a place; ArchiveError if it is not there."""
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
    """Yield all HTTP answers of a WARC file, ours or from elsewhere (CC-NEWS), in order. Raises ArchiveError."""
    try:
        with path.open("rb") as file:
            if not file.read(5).startswith((b"WARC/", b"\x1f\x8b")):
                raise ArchiveError(f"{path} is no WARC file")
            file.seek(0)
            yield from _pages(file, path.name)
    except (OSError, ArchiveLoadFailed, zlib.error) as failure:
        raise ArchiveError(f"cannot read the WARC file {path}: {failure}") from failure


def _pages(file: Any, name: str) -> Iterator[tuple[Place, RawPage]]:
    records = ArchiveIterator(file)
    for record in records:
        page = _page(record)
        if page is not None:
            yield Place(name, records.get_record_offset(), records.get_record_length()), page


def _page(record: Any) -> RawPage | None:
    """Return the answer in a record; None for another kind of record, and for one that cannot be understood."""
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    url = url.strip("<>")  # some writers of WARC 1.0 put it in angle brackets
    if record.rec_type != "response" or record.http_headers is None or not url.startswith(("http://", "https://")):
        return None
    status = record.http_headers.get_statuscode() or ""
    when = parse_date(record.rec_headers.get_header("WARC-Date") or "")
    if not re.fullmatch("[0-9]{3}", status) or when is None:
        return None
    # Reversed, so that the first of repeated headers stays.
    headers = {key.lower(): value for key, value in reversed(record.http_headers.headers)}
    body = plain_body(record.raw_stream.read(MAX_BODY), headers, MAX_BODY)
    return RawPage(url=url, status=int(status), headers=headers, body=body, fetched_at=when)


def _slug(outlet_id: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", outlet_id.lower())[:60]


def recover(folder: Path, outlet_id: str, living: frozenset[int] = frozenset()) -> list[str]:
    """Recover the files of an outlet's dead runs: cut each to its last complete record, and give it its final name.

    The caller holds the outlet, so that no live run is beginning a file. Files that a process of this machine still
    writes are locked and left alone. `living`: ids of runs that may write from another machine. Return the names of the
    recovered files.
    """
    recovered = []
    for path in sorted(folder.glob(f"*-*-*-*-*.warc.gz{OPEN}")):
        _, _, rest = path.name.removesuffix(f".warc.gz{OPEN}").split("-", 2)
        slug, _, run = rest.rsplit("-", 2)
        if slug == _slug(outlet_id) and int(run) not in living and (name := _closed(path)):
            recovered.append(name)
    return recovered


def _closed(path: Path) -> str | None:
    """Return the file's final name; None if it is still written, is gone, or holds no complete record."""
    try:
        with path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            whole = _whole_members(path)
            file.truncate(whole)
            os.fsync(file.fileno())
            if not whole:
                path.unlink()
                return None
            final = path.with_name(path.name.removesuffix(OPEN))
            path.rename(final)
            return final.name
    except (BlockingIOError, FileNotFoundError):  # another process writes it, or has recovered it
        return None


def _whole_members(path: Path) -> int:
    """Return how many bytes of the file are complete gzip members."""
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
