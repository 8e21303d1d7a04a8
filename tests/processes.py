"""What the processes below a test run."""

from __future__ import annotations

import psutil


def runs(process: psutil.Process, argument: str) -> bool:
    """Whether the argument stands in the process's command line; a process that ended runs nothing.

    One that ended and was not waited for yet (a zombie) is still listed among the children of its parent.
    """
    try:
        return argument in process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False
