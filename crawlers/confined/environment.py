"""The environment of confined processes."""

from __future__ import annotations

import os

# For glibc, see `crawlers.large_blocks`. As an environment, since the processes do without ctypes.
LARGE_BLOCKS = {"MALLOC_MMAP_THRESHOLD_": str(256 << 10)}  # bytes


def confined_environment() -> dict[str, str]:
    """Return the environment without the variables PRESSRUN_*, PREFECT_* and PG*, which may hold passwords."""
    secret = ("PRESSRUN_", "PREFECT_", "PG")
    return LARGE_BLOCKS | {name: value for name, value in os.environ.items() if not name.startswith(secret)}
