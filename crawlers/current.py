"""Which outlet the current task works for, in a process that crawls several; log records are told apart by it."""

from __future__ import annotations

from contextvars import ContextVar

CURRENT: ContextVar[str | None] = ContextVar("pressrun_outlet", default=None)
