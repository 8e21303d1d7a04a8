"""At most one `pressrun up` for each folder of a Prefect server."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .errors import AlreadyUpError

NAME = "up.lock"


@dataclass(frozen=True, slots=True)
class UpLock:
    """The lock file of a running `pressrun up`. It names the process and the URL of its UI, for the next one."""

    file: IO[str]

    def write(self, ui_url: str) -> None:
        """Write the process id and the URL into the file."""
        self.file.seek(0)
        self.file.truncate()
        self.file.write(f"{os.getpid()} {ui_url}\n")
        self.file.flush()


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[UpLock]:
    """Hold the lock of the folder. AlreadyUpError if a live process holds it; the kernel frees that of a dead one."""
    with (home / NAME).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            file.seek(0)
            pid, _, url = file.read().strip().partition(" ")
            raise AlreadyUpError(home, pid or "unknown", url or "still starting") from held
        yield UpLock(file)
