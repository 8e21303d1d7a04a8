"""Read the records of WARC and ARC files of any size, in order, and go on after damage.

    reader = WarcReader(FileSource(path), pass_over=lambda head: "" if head.kind == "response" else head.kind)
    for record in reader:
        ...
    reader.losses, reader.lost_bytes

By hand over zlib: warcio ends where a file is damaged, does not compare the checksums of gzip members that it passes
over, and cannot resume. The reader takes no longer than warcio (bench/warc_import.py).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from storage.warc.record_head import RecordHead, is_record_start, parse_head
from storage.warc.source import RawInput, Source
from storage.warc.stretch import DamagedError, GzipStretch, Stretch, next_start, open_stretch

LINE_ENDS = 4  # bytes of the two line ends after a record of a WARC file
NAMED = 20  # losses that are described; the others are only counted


class Fault(StrEnum):
    """Why a record is not whole."""

    CUT = "cut"  # the file ends within it
    SHORT = "short"  # it holds fewer bytes than it says; the file itself is whole
    DAMAGED = "damaged"  # bytes that are no record, or whose checksum is wrong


@dataclass(frozen=True, slots=True)
class Position:
    """Where a record begins: the offset of its gzip member or, without gzip, its own; and its number in the member."""

    offset: int = 0
    index: int = 0


@dataclass(frozen=True, slots=True)
class Loss:
    """Bytes of the file that could not be read, from an offset."""

    offset: int
    length: int
    why: str

    def __str__(self) -> str:
        return f"{self.length:,} bytes lost at byte {self.offset:,}: {self.why}"


@dataclass(frozen=True, slots=True)
class Record:
    """A record, or a stretch of damage (`head` is then None).

    `block`: its bytes, up to the reader's limit; empty if it was passed over, for which `passed_over` has the reason.
    """

    head: RecordHead | None
    block: bytes = b""
    passed_over: str = ""
    fault: Fault | None = None


class WarcReader:
    """The records of a source from a position on. `pass_over` returns why a record is not to be read, or "".

    `position` is where the next record begins; a reader that starts there yields the rest. Raises ArchiveError only if
    the source cannot be read: damage is a record with a fault.
    """

    def __init__(
        self,
        source: Source,
        pass_over: Callable[[RecordHead], str] = lambda _: "",
        start: Position = Position(),
        limit: int = 1 << 26,
        digests: bool = False,
    ) -> None:
        self.position = start
        self.losses: list[Loss] = []
        self.lost_bytes = 0
        self._pass_over, self._limit = pass_over, limit
        self._digests = digests  # compared in gzip too, which has a checksum of its own
        self._source, self._input = source, RawInput(source, start.offset)
        self._gzip: bool | None = None  # which of the two the file is, when that is known
        self._begin = start.offset  # of the record that is being read
        self._cut: Record | None = None

    def __iter__(self) -> Iterator[Record]:
        known = self.position.index
        while stretch := open_stretch(self._input):
            try:
                yield from self._records(stretch, known)
            except DamagedError as damage:
                yield self._resume_after(damage)
            known = 0

    def _records(self, stretch: Stretch, known: int) -> Iterator[Record]:
        member, index = stretch.offset, 0
        self._begin = member
        while not stretch.is_at_end():
            record = self._record(stretch, is_known=index < known)
            index += 1
            self.position = self._after(stretch, member, index)
            if index > known:
                yield record
            self._begin = stretch.offset
        if stretch.cut and not stretch.exact:
            raise self._cut_off(Record(None, fault=Fault.CUT))

    def _cut_off(self, record: Record) -> DamagedError:
        self._cut = record
        return DamagedError("the file is cut off here")

    def _after(self, stretch: Stretch, member: int, index: int) -> Position:
        if stretch.exact or stretch.is_at_end():
            return Position(stretch.offset, 0)
        return Position(member, index)

    def _record(self, stretch: Stretch, *, is_known: bool) -> Record:
        self._cut = None
        text = stretch.head()
        head = parse_head(text) if text else None
        if head is None:
            if stretch.cut and not (stretch.exact and text):
                raise self._cut_off(Record(None, fault=Fault.CUT))
            raise DamagedError("no record begins here")
        self._gzip = isinstance(stretch, GzipStretch)
        passed_over = "known" if is_known else self._pass_over(head)
        block = b"" if passed_over else stretch.take(min(head.length, self._limit))
        there = len(block) + stretch.drop(head.length - len(block))
        return self._checked(stretch, Record(head, block, passed_over), there)

    def _checked(self, stretch: Stretch, record: Record, there: int) -> Record:
        """Return the record with its fault. Reads on to what follows, where the checksum of a member is compared."""
        head = record.head
        assert head
        end = stretch.offset
        stretch.skip_line_ends()
        follows = stretch.ahead(1 << 12)
        short = there < head.length
        if stretch.cut and (short or not stretch.exact):
            raise self._cut_off(Record(head, record.block, record.passed_over, Fault.CUT))
        if follows and not is_record_start(follows) and not (stretch.exact and stretch.offset - end >= LINE_ENDS):
            raise DamagedError("a record is not as long as it says")
        if short:
            return Record(head, record.block, record.passed_over, Fault.SHORT)
        compared = (stretch.exact or self._digests) and not record.passed_over
        if compared and not _has_digest(head.digest, record.block, head.length):
            self._lose(self._begin, stretch.offset - self._begin, "the checksum of a record is wrong")
            return Record(head, b"", "", Fault.DAMAGED)
        return record

    def _resume_after(self, damage: DamagedError) -> Record:
        """Go to the next record after the one that is damaged; at the end of the file, tell if it was cut off."""
        at, cut = self._begin, self._cut
        found = next_start(self._input, at + 1, gzip=self._gzip)
        end = self._input.offset if found is None else found
        why = str(damage) if cut is None or found is None else "a record is torn"
        self._lose(at, end - at, why)
        self._input.jump(end)
        self.position = Position(end)
        return cut if cut and found is None else Record(None, fault=Fault.DAMAGED)

    def _lose(self, offset: int, length: int, why: str) -> None:
        self.lost_bytes += length
        if len(self.losses) < NAMED:
            self.losses.append(Loss(offset, length, why))


def _has_digest(digest: str, block: bytes, length: int) -> bool:
    """Return False if the block has another digest than it should; True where that cannot be told."""
    name, _, value = digest.partition(":")
    if name.lower() not in ("sha1", "sha256", "md5") or len(block) < length:
        return True
    made = hashlib.new(name.lower(), block, usedforsecurity=False).digest()
    return value.lower() in (made.hex(), base64.b32encode(made).decode().rstrip("=").lower()) or len(value) < 26
