"""The log files of crawls: data/logs/OUTLET/STAMP.log, one for each run, old ones pruned."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from storage.errors import FolderNotWritableError

KEPT = 60  # files of an outlet: two months of nights
KEPT_BYTES = 200_000_000  # of an outlet, the newest file not counted


def new_log(data: Path, outlet: str) -> Path:
    """Create an empty log file for a run, and delete old ones beyond the limits. Raises FolderNotWritableError."""
    folder = data / "logs" / re.sub(r"[^a-z0-9_]", "_", outlet)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as failure:
        raise FolderNotWritableError(
            f"cannot write logs to {folder} ({failure.strerror}); make it writable, or set PRESSRUN_DATA"
        ) from failure
    _prune(folder, keep=path)
    return path


def _prune(folder: Path, keep: Path) -> None:
    older = sorted((path for path in folder.glob("*.log") if path != keep), reverse=True)
    size = 0
    for number, path in enumerate(older, start=1):
        try:
            size += path.stat().st_size
            if number >= KEPT or size > KEPT_BYTES:
                path.unlink()
        except FileNotFoundError:
            continue  # another run of the outlet deletes old files, too


def tail(path: Path, lines: int = 3, width: int = 300) -> str:
    """Return the last lines of a log that are not empty, joined by bars; empty if there are none."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 8192))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    texts = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return " | ".join(line[-width:] for line in texts[-lines:])
