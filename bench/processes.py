"""What a command costs: wall time, CPU seconds and memory of it and of every process that it starts."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY = 0.25  # seconds between two looks at the memory
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall time and CPU, peak memory in MB (pages that processes share counted once), and the output."""

    wall: float
    cpu: float
    memory: float
    code: int
    out: str


def adopt_orphans() -> None:
    """Make this process the parent of orphans among its descendants, so that their CPU time is counted. Linux only."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def cost_of(command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end. What it prints to standard error is shown only if it fails."""
    adopt_orphans()
    known = frozenset(child.pid for child in psutil.Process().children())
    before, began = cpu_of_ended_children(), time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd,
        env={**os.environ, **(env or {})},
    )  # fmt: skip
    watched = _Memory(process.pid)
    watched.start()
    out, errors = process.communicate()
    wall = time.monotonic() - began
    watched.over.set()
    watched.join()
    _reap(known)
    if process.returncode:
        print(errors, flush=True)
    return Cost(wall, cpu_of_ended_children() - before, watched.peak / 1e6, process.returncode, out)


def cpu_of_ended_children() -> float:
    """Return the CPU seconds of all descendants that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_of_running(pid: int) -> float:
    """Return the CPU seconds of a process, of its descendants that run, and of those that they have waited for."""
    root = psutil.Process(pid)
    return sum(sum(process.cpu_times()[:4]) for process in (root, *root.children(recursive=True)))


def _reap(known: frozenset[int]) -> None:
    """Wait for adopted processes, all children but the known ones, so that their CPU time is counted."""
    for child in psutil.Process().children():
        if child.pid not in known:
            os.waitpid(child.pid, 0)


class _Memory(threading.Thread):
    """Looks at the memory of a process and its descendants until `over` is set."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._root = psutil.Process(pid)
        self.over = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self.over.wait(EVERY):
            self.peak = max(self.peak, self._now())

    def _now(self) -> int:
        total = 0
        try:
            for process in (self._root, *self._root.children(recursive=True)):
                total += process.memory_full_info().pss
        except psutil.Error:  # one of them has just ended
            pass
        return total
