"""Where a page lies in the archive, and how it is read there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.content_encoding import plain_body
from storage.errors import ArchiveError
from storage.warc.capture import Answer, read_answer
from storage.warc.page import RawPage
from storage.warc.reader import Record, WarcReader
from storage.warc.record_head import RecordHead
from storage.warc.source import MemorySource

OPEN = ".open"  # the end of the name of a file that is still written
MAX_BODY = 50_000_000  # bytes of one decoded answer that is read back
_MOST = 2 * MAX_BODY  # bytes of one record


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a record: file name within the archive folder, offset and length in bytes."""

    file: str
    offset: int
    length: int


def archive_file(folder: Path, name: str) -> Path | None:
    """Return a WARC file of the archive, which may still be written under another name; None if it is gone."""
    return next((path for path in (folder / name, folder / (name + OPEN)) if path.exists()), None)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """An answer as it stands in the archive: the bytes of its gzip member, its head, which has a date, and itself."""

    member: bytes
    head: RecordHead
    answer: Answer


def read_place(folder: Path, place: Place) -> RawPage:
    """Read the answer at a place. ArchiveError if it is not there, or not whole: checksums are compared."""
    raw = read_raw(folder, place)
    body = plain_body(raw.answer.body, raw.answer.headers, MAX_BODY)
    assert raw.head.date
    return RawPage(raw.head.url, raw.answer.status, raw.answer.headers, body, raw.head.date)


def verify_place(folder: Path, place: Place) -> None:
    """Check that the archive has a complete record with the right digest at this place. Raises ArchiveError if not."""
    read_raw(folder, place, digests=True)


def read_raw(folder: Path, place: Place, *, digests: bool = False) -> RawRecord:
    """Read the record at a place as it is. ArchiveError if it is no answer, not there, or not whole."""
    where = f"{place.file} at {place.offset} in {folder}"
    try:
        member = _bytes_at(folder, place)
    except OSError as failure:
        raise ArchiveError(f"cannot read {where}: {failure}") from failure
    if len(member) < place.length:
        raise ArchiveError(f"cannot read {where}: the file ends after {len(member)} of {place.length} bytes")
    for record in WarcReader(MemorySource(member), limit=_MOST, digests=digests):
        if record.fault is not None:
            raise ArchiveError(f"cannot read {where}: the record is {record.fault}")
        if (raw := _raw(member, record)) is not None:
            return raw
    raise ArchiveError(f"no answer in {where}")


def _bytes_at(folder: Path, place: Place) -> bytes:
    with (archive_file(folder, place.file) or folder / place.file).open("rb") as file:
        file.seek(place.offset)
        return file.read(place.length)


def _raw(member: bytes, record: Record) -> RawRecord | None:
    """Return the answer in a record; None for another kind of record, and for one that cannot be understood."""
    head = record.head
    if head is None or head.kind != "response" or head.date is None:
        return None
    if not head.url.startswith(("http://", "https://")) or (answer := read_answer(head, record.block)) is None:
        return None
    return RawRecord(member, head, answer)
