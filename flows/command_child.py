"""A command such as `pressrun reextract --json` as a child process that ends with its parent. Without Prefect.

As a program, `python -m flows.command_child reextract ID...`, it is that child.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import anyio

from crawlers.environment import Settings

from .places import environment

GRACE = 20.0  # seconds for the batch under way
OnLine = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class CommandEnd:
    """How a command ended: its exit code, the counts that it printed, and the last line of its standard error."""

    code: int
    counts: dict[str, Any]
    last_line: str

    @property
    def failure(self) -> str | None:
        """Why it failed; None if it did its work, with problems or without."""
        if self.code in (0, 1) and self.counts:
            return None
        return self.last_line or f"the process exited with code {self.code}; see the log"


async def run_command(settings: Settings, words: Sequence[str], on_line: OnLine) -> CommandEnd:
    """Run a command of `pressrun` that takes --json and can be interrupted.

    `on_line` gets each line of progress (JSON) and of trouble. When cancelled, the child ends after the batch under
    way, and the next one continues.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "flows.command_child", *words,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env=os.environ | environment(settings), start_new_session=True,
    )  # fmt: skip
    last = ""
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        async for raw in process.stderr:
            last = raw.decode("utf-8", "replace").strip()
            await on_line(last)
        counts = await process.stdout.read()
        code = await process.wait()
    finally:
        await _stop(process)
    return CommandEnd(code, json.loads(counts) if counts.strip() else {}, last)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    os.kill(process.pid, signal.SIGTERM)
    with anyio.move_on_after(GRACE, shield=True):
        await process.wait()
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    with anyio.CancelScope(shield=True):
        await process.wait()


def main() -> int:
    from .cli.root import run
    from .lifeline import end_with_parent

    end_with_parent()
    return run([sys.argv[1], "--json", *sys.argv[2:]])


if __name__ == "__main__":
    sys.exit(main())
