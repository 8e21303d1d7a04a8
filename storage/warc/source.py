"""The bytes of a WARC file, from wherever they come, with an offset that is always known."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Protocol

from storage.errors import ArchiveError

CHUNK = 1 << 18  # bytes that are read at a time


class Source(Protocol):
    """A file of bytes. `version` changes when its content does; `size` is None if it is not known."""

    name: str
    size: int | None
    version: str

    def read(self, count: int) -> bytes:
        """Return 1 to `count` bytes; none only at the end of the file. Raises ArchiveError."""

    def seek(self, offset: int) -> None:
        """Continue at this byte of the file. Raises ArchiveError."""

    def close(self) -> None: ...


class FileSource:
    """A file on a disk. Raises ArchiveError if it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        try:
            self._file = path.open("rb", buffering=0)
            state = path.stat()
        except OSError as failure:
            raise self._unreadable(failure) from failure
        self.size: int | None = state.st_size
        self.version = str(state.st_mtime_ns)

    def read(self, count: int) -> bytes:
        try:
            return self._file.read(count)
        except OSError as failure:
            raise self._unreadable(failure) from failure

    def seek(self, offset: int) -> None:
        self._file.seek(offset)

    def close(self) -> None:
        self._file.close()

    def _unreadable(self, failure: OSError) -> ArchiveError:
        return ArchiveError(f"cannot read {self.name}: {failure.strerror}")


class MemorySource:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self.name, self.version = "memory", ""
        self.size: int | None = len(data)
        self._file = io.BytesIO(data)

    def read(self, count: int) -> bytes:
        return self._file.read(count)

    def seek(self, offset: int) -> None:
        self._file.seek(offset)

    def close(self) -> None:
        self._file.close()


class RawInput:
    """A source read ahead, and consumed byte by byte."""

    def __init__(self, source: Source, offset: int = 0) -> None:
        self._source = source
        self.jump(offset)

    @property
    def offset(self) -> int:
        return self._base + self._at

    def jump(self, offset: int) -> None:
        """Continue at this byte."""
        self._source.seek(offset)
        self._base, self._at, self._chunk = offset, 0, memoryview(b"")

    def piece(self, most: int) -> memoryview:
        """Return the next bytes without consuming them: 1 to `most`, none only at the end."""
        if self._at == len(self._chunk):
            self._base += self._at
            self._at, self._chunk = 0, memoryview(self._source.read(CHUNK))
        return self._chunk[self._at : self._at + most]

    def consume(self, count: int) -> None:
        """Go on by `count` bytes of the last piece."""
        self._at += count

    def skip(self, count: int) -> int:
        """Go on by `count` bytes, without reading them where the source's size is known; return how many there were."""
        if self._source.size is None or count <= CHUNK:  # most often what is to be skipped has been read already
            return self._skip_reading(count)
        there = max(0, min(count, self._source.size - self.offset))
        self.jump(self.offset + there)
        return there

    def _skip_reading(self, count: int) -> int:
        left = count
        while left and (piece := self.piece(left)):
            self.consume(len(piece))
            left -= len(piece)
        return count - left

    def window(self, offset: int, count: int) -> bytes:
        """Return `count` bytes from this offset, fewer at the end; the input then stands after them."""
        self.jump(offset)
        pieces: list[bytes] = []
        while count and (piece := self.piece(count)):
            pieces.append(bytes(piece))
            self.consume(len(piece))
            count -= len(piece)
        return b"".join(pieces)
