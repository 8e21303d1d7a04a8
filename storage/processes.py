"""Does a process live? Process ids are used again, and mean nothing on another machine."""

from __future__ import annotations

import socket
from pathlib import Path

import psutil

SAME_START = 1.5  # seconds: the clock of a process's start may be set meanwhile


def machine_id() -> str:
    """Identify this boot of this machine and this namespace of process ids: containers may share a host name."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:  # not Linux: use the host's name
        return socket.gethostname()


def process_lives(pid: int, started: float) -> bool:
    """Return True if the process of this machine that started then (seconds since 1970) lives."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - started) < SAME_START
    except psutil.Error:
        return False
