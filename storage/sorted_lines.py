"""Sorting more lines than fit into memory: sorted runs in temporary files, merged as they are read."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import IO

RUN = 16_000_000  # characters of one run, which is sorted in memory


class SortedLines:
    """Lines without line ends, by code point. A context manager: its files go at the end."""

    def __init__(self, run: int = RUN) -> None:
        self._files, self._stack, self._limit = list[IO[str]](), ExitStack(), run
        self._lines, self._size = list[str](), 0

    def __enter__(self) -> SortedLines:
        return self

    def __exit__(self, _type: type[BaseException] | None, _is: BaseException | None, _at: TracebackType | None) -> None:
        self._stack.close()

    def add(self, line: str) -> None:
        """Add a line. Raises OSError if the disk is full."""
        self._lines.append(line)
        self._size += len(line)
        if self._size >= self._limit:
            self._spill()

    def _spill(self) -> None:
        file = self._stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))  # noqa: SIM115
        file.writelines(f"{line}\n" for line in sorted(self._lines))
        self._files.append(file)
        self._lines, self._size = [], 0

    def __iter__(self) -> Iterator[str]:
        """Yield all lines in order. No line may be added later."""
        for file in self._files:
            file.seek(0)
        runs = [(line.removesuffix("\n") for line in file) for file in self._files]
        return iter(heapq.merge(sorted(self._lines), *runs))
