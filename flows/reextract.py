"""The reextract flow: the archived pages, extracted again by `pressrun reextract` in a child process."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from storage import frontier
from storage.errors import PressrunError

from .parameters import OutletId
from .places import settings_of_flow_run
from .reextract_child import run_reextract

EVERY = 60.0  # seconds between two lines of progress


def run_name() -> str:
    """Return a name such as "reextract 2026-11-25"."""
    return f"reextract {datetime.now(UTC):%Y-%m-%d}"


@flow(name="reextract", flow_run_name=run_name)
async def reextract(outlets: list[OutletId] | None = None) -> State[Any]:
    """Extract the archived pages again with the current extraction; nothing is fetched. A stopped run is continued.

    Args:
        outlets: Which outlets; all if none is named.
    """
    try:
        code, counts, error = await extract([outlet.value for outlet in outlets or ()])
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    if code not in (0, 1) or not counts:
        return Failed(message=error or f"the process exited with code {code}; see the log")
    states = ", ".join(f"{counts[state]} {state}" for state in frontier.STATES if counts.get(state)) or "none kept"
    problems = f"; needs a person: {'; '.join(counts['problems'])}" if counts["problems"] else ""
    return Completed(message=f"{counts['read']} pages extracted: {states}{problems}"[:2000])


@task(task_run_name="extract", cache_policy=NO_CACHE)
async def extract(outlets: list[str]) -> tuple[int, dict[str, Any], str]:
    """Run the child. A rerun continues where it was stopped."""
    log = get_run_logger()
    told = time.monotonic()

    def on_line(line: str) -> None:
        nonlocal told
        if not line.startswith("{"):
            log.warning("%s", line)
        elif time.monotonic() - told >= EVERY:
            told = time.monotonic()
            log.info("%s pages extracted", json.loads(line)["progress"]["read"])

    return await run_reextract(settings_of_flow_run(), outlets, on_line)
