"""A stretch of plain text in a WARC file: one gzip member, or the whole of an uncompressed file."""

from __future__ import annotations

import re
import zlib

from storage.content_encoding import GZIP
from storage.warc.record_head import MAX_HEAD, is_record_start, is_warc
from storage.warc.source import RawInput

_PIECE = 1 << 14  # compressed bytes at a time: zlib copies what it leaves over
_OUTPUT = 1 << 18  # decompressed bytes at a time, so that a bomb takes no memory
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_START = re.compile(rb"\x1f\x8b\x08|(?:\A|(?<=\n))(?=WARC/|[a-z]{3,9}:[^\r\n]* \d{8,14} )")
_WINDOW = 1 << 20  # bytes searched at a time
_PROBE = 1 << 12  # bytes that tell if a record begins


class DamagedError(Exception):
    """The bytes from here on are not what the format says."""


class Stretch:
    """Text with lookahead. `cut`: the source ended within it."""

    exact = False  # `offset` is exact for every record, and not only for the first

    def __init__(self, source: RawInput) -> None:
        self._input = source
        self._data = b""
        self._at = 0
        self.cut = False

    def _fill(self) -> bytes:
        raise NotImplementedError

    @property
    def offset(self) -> int:
        """The place in the source of the next byte; in a gzip member, roughly."""
        return self._input.offset

    def ahead(self, count: int) -> bytes:
        """Return the next `count` bytes without consuming them; fewer only at the end."""
        pieces, length = [self._data[self._at :]], len(self._data) - self._at
        while length < count and (piece := self._fill()):
            pieces.append(piece)
            length += len(piece)
        if len(pieces) > 1:
            self._data, self._at = b"".join(pieces), 0
        return self._data[self._at : self._at + count]

    def take(self, count: int) -> bytes:
        """Consume and return the next `count` bytes; fewer only at the end."""
        taken = self.ahead(count)
        self._at += len(taken)
        return taken

    def drop(self, count: int) -> int:
        """Consume the next `count` bytes, and return how many there were."""
        left = count
        while left:
            there = len(self._data) - self._at
            if not there:
                self._data, self._at = self._fill(), 0
                if not self._data:
                    break
                continue
            step = min(left, there)
            self._at += step
            left -= step
        return count - left

    def head(self) -> bytes | None:
        """Consume and return the head of the record that begins here; None if there is none."""
        start = self.ahead(_PROBE)
        if not is_record_start(start):
            return None
        if not is_warc(start):
            return self.take(start.index(b"\n") + 1)
        end, size = _END_OF_HEAD.search(start), _PROBE
        while not end and size < MAX_HEAD:
            size *= 4
            start = self.ahead(size)
            end = _END_OF_HEAD.search(start)
        return self.take(end.end()) if end else None

    def skip_line_ends(self) -> None:
        """Consume the line ends that follow a record."""
        while (ahead := self.ahead(4)) and (ends := len(ahead) - len(ahead.lstrip(b"\r\n"))):
            self.drop(ends)

    def is_at_end(self) -> bool:
        return not self.ahead(1)


class PlainStretch(Stretch):
    """The rest of an uncompressed file."""

    exact = True

    @property
    def offset(self) -> int:
        return self._input.offset - (len(self._data) - self._at)

    def _fill(self) -> bytes:
        piece = bytes(self._input.piece(_OUTPUT))
        self._input.consume(len(piece))
        self.cut = not piece
        return piece

    def drop(self, count: int) -> int:
        there = min(count, len(self._data) - self._at)
        self._at += there
        return there + self._input.skip(count - there)


class GzipStretch(Stretch):
    """One gzip member. Reading on raises DamagedError where it is damaged; at its end the checksum was right."""

    def __init__(self, source: RawInput) -> None:
        super().__init__(source)
        self._member = zlib.decompressobj(31)

    def _fill(self) -> bytes:
        while not self._member.eof:
            piece = self._input.piece(_PIECE)
            try:
                out = self._member.decompress(piece, _OUTPUT)
            except zlib.error as damage:
                raise DamagedError("the gzip data is damaged") from damage
            # At the end of a member zlib may leave the rest in both places.
            left = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            self._input.consume(len(piece) - len(left))
            if out:
                return out
            if not piece:
                self.cut = not self._member.eof
                break
        return b""


def open_stretch(source: RawInput) -> Stretch | None:
    """Return the stretch that begins here; None at the end of the file."""
    start = bytes(source.piece(2))
    if not start:
        return None
    if len(start) == 1:  # the chunk ends here
        offset = source.offset
        start = source.window(offset, 2)
        source.jump(offset)
    return GzipStretch(source) if start == GZIP else PlainStretch(source)


def next_start(source: RawInput, at: int, *, gzip: bool | None) -> int | None:
    """Return where the next record begins, at `at` or later, in a gzip member of its own or not; None if none does.

    `gzip`: look only for members, or only for records outside of them; None: for both.
    """
    while window := source.window(at, _WINDOW):
        whole = len(window) < _WINDOW
        for match in _START.finditer(window):
            if not whole and match.start() > _WINDOW - _PROBE:
                break
            if _begins(window[match.start() : match.start() + _PROBE], gzip):
                return at + match.start()
        if whole:
            return None
        at += _WINDOW - _PROBE
    return None


def _begins(data: bytes, gzip: bool | None) -> bool:
    if not data.startswith(GZIP):
        return not gzip and is_record_start(data)
    if gzip is False:
        return False
    try:
        return is_record_start(zlib.decompressobj(31).decompress(data, _PROBE))
    except zlib.error:
        return False
