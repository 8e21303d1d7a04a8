"""Does a process live? Process ids are used again, and mean nothing on another machine.

A process is told by its id and its start. Linux keeps the start in ticks since the boot of the machine, which nobody
can set. The seconds since 1970 that are made of it move with the wall clock: a run would look dead once that is set.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

import psutil

SAME_START = 1.5  # seconds by which two readings of one start may differ
SINCE_1970 = 1e9  # seconds; a larger start is counted from 1970: no machine has been up for thirty years


def machine_id() -> str:
    """Identify this boot of this machine and this namespace of process ids: containers may share a host name."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:  # not Linux: use the host's name
        return socket.gethostname()


def process_start(pid: int | None = None) -> float:
    """Return when the process started, this one by default: seconds since the boot; where that is not told, since 1970.

    Raises psutil.Error if there is no such process.
    """
    process = psutil.Process(pid)
    try:
        stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # not Linux
        return float(process.create_time())
    return int(stat.rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")


def process_lives(pid: int, started: float) -> bool:
    """Return True if the process of this machine that started then (see `process_start`) lives."""
    try:
        process = psutil.Process(pid)
        # A run that an earlier release began has its start in seconds since 1970.
        start = process.create_time() if started > SINCE_1970 else process_start(pid)
        return process.status() != psutil.STATUS_ZOMBIE and abs(start - started) < SAME_START
    except psutil.Error:
        return False
