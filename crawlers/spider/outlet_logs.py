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
    def written_to(self, outlet: str, path: Path | None) -> Iterator[None]:
        """Write the outlet's records to the end of a file."""
        if path is None:
            yield
            return
        with path.open("a", encoding="utf-8") as file:
            self._files[outlet] = file
            try:
                yield
            finally:
                del self._files[outlet]

    def emit(self, record: logging.LogRecord) -> None:
        file = self._files.get(CURRENT.get() or "")
        if file is None:
            return
        try:
            file.write(self.format(record) + "\n")
            file.flush()
        except OSError:
            self.handleError(record)
