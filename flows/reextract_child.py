"""`pressrun reextract` as a child process that ends with its parent. Without Prefect.

As a program, `python -m flows.reextract_child ID...`, it is that child.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

import anyio

from crawlers.environment import Settings

from .places import environment

GRACE = 20.0  # seconds for the batch under way


async def run_reextract(
    settings: Settings, outlets: Sequence[str], on_line: Callable[[str], None]
) -> tuple[int, dict[str, Any], str]:
    """Extract the archived pages again. Returns the exit code, the counts, and the last line of standard error.

    `on_line` gets each line of progress (JSON) and of trouble. When cancelled, the child ends after the batch under
    way, and the next one continues.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "flows.reextract_child", *outlets,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env=os.environ | environment(settings), start_new_session=True,
    )  # fmt: skip
    last = ""
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        async for raw in process.stderr:
            last = raw.decode("utf-8", "replace").strip()
            on_line(last)
        counts = await process.stdout.read()
        code = await process.wait()
    finally:
        await _stop(process)
    return code, json.loads(counts) if counts.strip() else {}, last


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
    return run(["reextract", "--json", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
