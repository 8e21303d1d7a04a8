"""The environment of confined processes."""

from __future__ import annotations

import os

from crawlers.large_blocks import THRESHOLD, VARIABLE

SECRET = ("PRESSRUN_", "PREFECT_", "PG")


def confined_environment() -> dict[str, str]:
    """Return the environment without the variables PRESSRUN_*, PREFECT_* and PG*, which may hold passwords.

    It sets the threshold of large blocks, so that the processes do without ctypes.
    """
    return {VARIABLE: str(THRESHOLD)} | {name: v for name, v in os.environ.items() if not name.startswith(SECRET)}
