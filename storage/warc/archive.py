"""The archive of raw answers: one WARC file (gzip, a member for each record) for each run.

While a file is written, its name ends in `.open` and it is locked. It gets its final name when its run ends. A file is
never appended to later: an incomplete last record would make everything after it unreadable. `recover` cuts such a
record off.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from zlib_ng import zlib_ng

from storage.content_encoding import coding_of
from storage.errors import ArchiveError, FolderNotWritableError
from storage.warc.place import OPEN, Place
from storage.warc.reader import WarcReader
from storage.warc.source import FileSource

LEVEL = 5  # of zlib-ng: a quarter of the time of zlib's highest level, files 2 % larger (104 pages of news sites)
STORED = 0  # for bodies that came compressed: their records grow by 0.6 %, and take a quarter of the time
_ANY = "*-*-*-*-*.warc.gz"  # date, time, slug of the outlet, random part, run
_PART_OF = re.compile(r"^isPartOf: run \d+ of (.+)$", re.MULTILINE)
_INFORMATION = 1 << 16  # bytes of the first record that are read
_COMPRESSED = frozenset({"gzip", "deflate", "br"})  # content encodings


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
        self._about = f"run {run_id} of {_one_line(outlet_id)}"

    def _append(self, record: bytes, level: int = LEVEL) -> Place:
        member = zlib_ng.compress(record, level, 31)
        place = Place(self._name, self._end, len(member))
        try:
            self._write(memoryview(member))
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
        from storage.warc import records

        record = records.response(url, status, headers, body, fetched_at, ip)
        if self._empty:
            about = {"software": "Pressrun", "format": "WARC File Format 1.0", "isPartOf": self._about}
            self._append(records.information(self._name, about))
        place = self._append(record, STORED if _is_compressed(headers, body) else LEVEL)
        self._empty = False
        return place

    def erase(self, place: Place, why: str) -> None:
        """Overwrite an answer that this writer has written, and that must not be kept, by a tombstone."""
        from storage.warc.tombstone import erase

        erase(self._folder, place, why)

    def flush(self) -> None:
        """Everything written so far is on the disk when this returns."""
        os.fsync(self._file.fileno())

    def close(self) -> str:
        """Rename the file to its final name, and return that; without any answer delete the file, and return ""."""
        here = self._path.with_name(self._name + OPEN)
        if self._empty:
            here.unlink(missing_ok=True)
        else:
            self.flush()
            here.rename(self._path)
        self._file.close()  # last: it lets go of the lock
        return "" if self._empty else self._name


def _is_compressed(headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
    """Return True for a body that its server compressed, and not only said so."""
    declared = (value for name, value in headers if name.lower() == b"content-encoding")
    codings = (coding_of(body, value.decode("latin-1").strip().lower()) for value in declared)
    return any(coding in _COMPRESSED for coding in codings) and not body[:64].lstrip().startswith(b"<")


def _slug(outlet_id: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", outlet_id.lower())[:60]


def recover(folder: Path, outlet_id: str, living: frozenset[int] = frozenset()) -> list[str]:
    """Recover the files of an outlet's dead runs: cut each to its last complete record, and give it its final name.

    The caller holds the outlet, so that no live run is beginning a file. Files that a process of this machine still
    writes are locked and left alone. `living`: ids of runs that may write from another machine. Return the names of the
    recovered files.
    """
    recovered = []
    for path in sorted(folder.glob(f"{_ANY}{OPEN}")):
        if _is_of(path, outlet_id) and int(_slug_and_run(path)[1]) not in living and (name := _closed(path)):
            recovered.append(name)
    return recovered


def files_of(folder: Path, outlet_id: str) -> list[Path]:
    """Return the files that runs of an outlet have written, by time; those that are still written, too."""
    files = [path for end in ("", OPEN) for path in folder.glob(f"{_ANY}{end}")]
    return sorted(path for path in files if _is_of(path, outlet_id))


def _is_of(path: Path, outlet_id: str) -> bool:
    """Return True if a run of the outlet wrote the file.

    Outlets whose ids differ only in signs or case share a slug (`civil.ge`, `civil_ge`), so the first record decides.
    The slug alone decides only where that record is incomplete or damaged.
    """
    return _slug_and_run(path)[0] == _slug(outlet_id) and _outlet_in(path) in (_one_line(outlet_id), None)


def _slug_and_run(path: Path) -> tuple[str, str]:
    _, _, rest = path.name.partition(".warc.gz")[0].split("-", 2)
    slug, _, run = rest.rsplit("-", 2)
    return slug, run


def _outlet_in(path: Path) -> str | None:
    """Return the id of the outlet that the first record names; None if it cannot be read, or names none."""
    try:
        with closing(FileSource(path)) as source:
            first = next(iter(WarcReader(source, limit=_INFORMATION)), None)
    except ArchiveError:  # the run that wrote it ended meanwhile, and it has another name
        return None
    if first is None or first.head is None or first.head.kind != "warcinfo" or first.fault is not None:
        return None
    said = _PART_OF.search(first.block.decode("utf-8", "replace"))
    return _one_line(said[1]) if said else None


def _one_line(outlet_id: str) -> str:
    return " ".join(outlet_id.split())


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
