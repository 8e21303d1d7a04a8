"""Files that appear when they are complete, and not before."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from storage.errors import FolderNotWritableError

T = TypeVar("T")


def write_whole(path: Path, write: Callable[[Any], T], *, binary: bool = False) -> T:
    """Write a file by `write`, which gets a stream of text: to a temporary file, renamed when it is on the disk.

    `binary`: the stream takes bytes. Returns what `write` returns. Raises FolderNotWritableError; the file is then as
    it was before.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") if binary else part.open("w", encoding="utf-8", newline="") as stream:
            result = write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as failure:
        why = failure.strerror or str(failure)
        raise FolderNotWritableError(f"cannot write {path}: {why}; name another file") from failure
    finally:
        if part.is_file():
            part.unlink()
    return result
