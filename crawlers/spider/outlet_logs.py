"""Logs of outlets that are crawled in one process: the records of each go to a file of its own, too."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from scrapy.settings import default_settings

from crawlers.current import CURRENT


class OutletLogs(logging.Handler):
    """A handler of the root logger, while it is entered. Records without an outlet stand only in the process's log."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._files: dict[str, IO[str]] = {}
        self.setFormatter(logging.Formatter(default_settings.LOG_FORMAT, default_settings.LOG_DATEFORMAT))

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        logging.getLogger().removeHandler(self)

    @contextlib.contextmanager
    def written_to(self, outlet: str, path: Path | None) -> Iterator[str]:
        """Write the outlet's records to the end of a file. Yield what keeps them from it; empty if nothing does."""
        if path is None:
            yield ""
            return
        try:
            file = path.open("a", encoding="utf-8", errors="backslashreplace")
        except (OSError, ValueError) as failure:  # ValueError: a path that no system has
            why = getattr(failure, "strerror", None) or failure
            yield f"no log can be written to {path} ({why}); the log of the whole process has its lines"
            return
        self._files[outlet] = file
        try:
            yield ""
        finally:
            del self._files[outlet]
            with contextlib.suppress(OSError):  # such as a full disk: `emit` told so for each record
                file.close()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record. Whatever fails is told on standard error, and not to whoever logs."""
        file = self._files.get(CURRENT.get() or "")
        if file is None:
            return
        try:
            file.write(self.format(record) + "\n")
            file.flush()
        except Exception:  # noqa: BLE001 - as all handlers of the standard library do
            self.handleError(record)
