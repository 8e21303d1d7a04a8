"""The progress of long work in the Prefect UI: a bar, and lines in the log."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from prefect.artifacts import aupdate_progress_artifact

from .artifacts import Draft, Logger, attempt, publish

EVERY = 60.0  # seconds between two lines of progress


class Bar:
    """A progress artifact of the current flow run, which is made when it is first drawn."""

    def __init__(self, key: str, title: str, log: Logger) -> None:
        self._key, self._title, self._log = key, title, log
        self._id: UUID | None = None

    async def draw(self, percent: float) -> None:
        """Show this percentage. Nothing is stopped by a server that does not answer."""
        if self._id is None:
            self._id = await publish(Draft(self._key, "progress", percent, self._title), self._log)
        else:
            await attempt(aupdate_progress_artifact(self._id, progress=percent), self._log, "the progress")


class CommandProgress:
    """Shows the lines of a command that runs as a child process: its progress, and its trouble as warnings."""

    def __init__(self, bar: Bar, log: Logger) -> None:
        self._bar, self._log = bar, log
        self._told = time.monotonic()

    async def on_line(self, line: str) -> None:
        """Take a line of the command's standard error."""
        if not line.startswith("{"):
            self._log.warning("%s", line)
            return
        progress = json.loads(line)["progress"]
        await self._bar.draw(share_done(progress))
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            self._log.info("%s pages extracted", progress["read"])


def share_done(progress: Mapping[str, Any]) -> float:
    """Return the percentage that is done: of the pages to extract, or of the bytes of a file. 0 if that is unknown."""
    done, total = progress.get("read", 0), progress.get("total")
    if progress.get("size"):
        done, total = progress["offset"], progress["size"]
    return percent_of(done, total)


def percent_of(done: float, total: float | None) -> float:
    """Return a percentage of at most 100; 0 without a total."""
    return min(100.0, round(100 * done / total, 1)) if total else 0.0
