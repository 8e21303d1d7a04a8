"""Files that appear when they are complete, and not before."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar

from storage.errors import FolderNotWritableError

T = TypeVar("T")


def write_whole(path: Path, write: Callable[[Any], T], *, binary: bool = False) -> T:
    """Write a file by `write`, which gets a stream of text: to a temporary file, renamed when it is on the disk.

    `binary`: the stream takes bytes. A link is followed; a device or a pipe gets the bytes as they come. Returns what
    `write` returns. Raises FolderNotWritableError; the file is then as it was before.
    """
    try:
        if path.exists() and not path.is_file():
            return _directly(path, write, binary)  # as it is named: /dev/stdout leads nowhere that has a name
        return _renamed(path.resolve(), write, binary)
    except OSError as failure:
        why = failure.strerror or str(failure)
        raise FolderNotWritableError(f"cannot write {path}: {why}; name another file") from failure


def _renamed(target: Path, write: Callable[[Any], T], binary: bool) -> T:
    part = target.with_name(f"{target.name}.part")
    try:
        with _opened(part, binary) as stream:
            result = write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    finally:
        if part.is_file():
            part.unlink()
    return result


def _directly(target: Path, write: Callable[[Any], T], binary: bool) -> T:
    with _opened(target, binary) as stream:
        return write(stream)


def _opened(path: Path, binary: bool) -> IO[Any]:
    return path.open("wb") if binary else path.open("w", encoding="utf-8", newline="")
