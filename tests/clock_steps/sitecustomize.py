"""Imported by every Python process of a test that has this folder on PYTHONPATH: sets its wall clock when told.

The test listens at CLOCK_STEPS, see tests/wall_clock.py. What is set: datetime and time, and the boot time that psutil
tells, which Linux computes from the wall clock. The monotonic clocks go on.
"""

from __future__ import annotations

import os
import socket
import threading
from datetime import timedelta
from typing import Any, BinaryIO


def _step(seconds: float) -> None:
    global _traveller
    import psutil
    import time_machine

    if _traveller is None:
        _traveller = time_machine.travel(timedelta(0), tick=True).start()
    _traveller.shift(seconds)
    platform: Any = psutil._psplatform  # type: ignore[attr-defined]
    boot_time = platform.boot_time
    platform.boot_time = lambda: boot_time() + seconds


def _follow(told: BinaryIO, connection: socket.socket) -> None:
    for line in told:
        _step(float(line))
        connection.sendall(b".")


def _listen(path: str) -> None:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    told = connection.makefile("rb")
    if ahead := float(told.readline()):  # as far as it was set before this process began
        _step(ahead)
    threading.Thread(target=_follow, args=(told, connection), daemon=True, name="clock steps").start()


_traveller: Any = None
if "CLOCK_STEPS" in os.environ:
    # Now, in the one thread that there is: it brings six, whose six.moves cannot be imported by a second thread meanwhile,
    # as warcio would in the thread of the store.
    import time_machine  # noqa: F401

    _listen(os.environ["CLOCK_STEPS"])
