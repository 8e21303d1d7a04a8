"""The command line, `pressrun`. The module of a command is imported when the command is called, to start fast."""

from __future__ import annotations

from .root import main

__all__ = ["main"]
