"""How a process ended, in words."""

from __future__ import annotations


def how_it_ended(code: int | None) -> str:
    """Return "signal 9" for -9, else such as "exit code 1"; codes are those of `subprocess`."""
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
