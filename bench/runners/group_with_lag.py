"""`python -m crawlers.group`, which also writes how late its event loop was to the file named in SOAK_LAG.

A timer asks to be called every 20 ms. How much later it is called is the time that the loop was busy with one thing, in
seconds, one a line.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from crawlers import group, process

EVERY = 0.02  # seconds


def _watch(loop: asyncio.AbstractEventLoop, file: Path) -> None:
    out = file.open("w", buffering=1 << 16)
    atexit.register(out.close)

    def called(due: float) -> None:
        now = time.monotonic()
        out.write(f"{now - due:.4f}\n")
        loop.call_later(EVERY, called, now + EVERY)

    loop.call_soon(called, time.monotonic())


def main() -> int:
    begin: Callable[..., None] = process._stop_on_signal_or_end_of_input

    def begin_and_watch(loop: asyncio.AbstractEventLoop, *rest: Callable[..., None]) -> None:
        _watch(loop, Path(os.environ["SOAK_LAG"]))
        begin(loop, *rest)

    process._stop_on_signal_or_end_of_input = begin_and_watch
    return group.main()


if __name__ == "__main__":
    sys.exit(main())
