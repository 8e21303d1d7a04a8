"""Processes with limits on time and memory. They read what strangers wrote.

A parent uses `ConfinedProcess`, the process itself `serve`. Pages are read by `crawlers.extraction.workers`, seed
documents by `crawlers.discovery`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.lazy import imported_on_demand

if TYPE_CHECKING:
    from .fork_server import ForkServer, forks_are_possible
    from .process import MEMORY, TIME_LIMIT, ConfinedProcess, TooSlowError
    from .serving import ExhaustedError, serve

__all__ = [
    "MEMORY",
    "TIME_LIMIT",
    "ConfinedProcess",
    "ExhaustedError",
    "ForkServer",
    "TooSlowError",
    "forks_are_possible",
    "serve",
]

# On demand: the processes do not need what starts them.
__getattr__ = imported_on_demand(
    __name__,
    {
        "fork_server": ("ForkServer", "forks_are_possible"),
        "process": ("MEMORY", "TIME_LIMIT", "ConfinedProcess", "TooSlowError"),
        "serving": ("ExhaustedError", "serve"),
    },
)
