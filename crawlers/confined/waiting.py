"""Wait for a descriptor. `poll` knows no limit of their number, unlike `select`."""

from __future__ import annotations

import select
import time
from typing import IO


def ready_within(stream: int | IO[bytes], event: int, timeout: float | None) -> bool:
    """Wait for an event of `select.poll`, or the end of the other side. Return False if `timeout` seconds pass first.

    None: wait for ever.
    """
    waiting = select.poll()
    waiting.register(stream, event)
    return bool(waiting.poll(None if timeout is None else 1000 * timeout))


def ready_until(stream: int | IO[bytes], event: int, until: float) -> bool:
    """Do as `ready_within`, until an instant of time.monotonic()."""
    return ready_within(stream, event, max(0.0, until - time.monotonic()))
