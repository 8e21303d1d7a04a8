"""Files that appear when they are complete, and not before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from storage.errors import FolderNotWritableError

T = TypeVar("T")


def write_whole(path: Path, write: Callable[[Any], T]) -> T:
    """Write a file of text by `write`, which gets a stream: to a temporary file, renamed when it is complete.

    Returns what `write` returns. Raises FolderNotWritableError; the file is then as it was before.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            result = write(stream)
        part.replace(path)
    except OSError as failure:
        raise FolderNotWritableError(f"cannot write {path}: {failure.strerror}; name another file") from failure
    finally:
        if part.is_file():
            part.unlink()
    return result
