"""The command line, `pressrun`. Each command's module is imported when it is called, so that none pays for another."""

from __future__ import annotations

from .root import main

__all__ = ["main"]
