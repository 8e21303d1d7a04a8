"""The flow check-outlets: every week, the seeds of each outlet and an article of each against what its file expects."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from storage.errors import PressrunError

from .artifacts import Draft
from .artifacts import publish as publish_draft
from .live_check import LiveCheck, check_live
from .parameters import OutletId
from .places import settings_of_flow_run

LOGGED = 40  # lines that are off and are logged; the table has all


def run_name() -> str:
    """Return a name such as "check-outlets 2026-11-29"."""
    return f"check-outlets {datetime.now(UTC):%Y-%m-%d}"


@flow(name="check-outlets", flow_run_name=run_name)
async def check_outlets(outlets: list[OutletId] | None = None) -> State[Any]:
    """Ask every seed of the outlets, and read an article of each. Nothing is stored. Fails if something is off.

    Args:
        outlets: Which outlets; all that are enabled if none is named.
    """
    try:
        checked = await ask_sites([outlet.value for outlet in outlets or ()])
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    await publish(checked)
    if checked.exit_code:
        return Failed(message=checked.message)
    return Completed(message=checked.message)


@task(task_run_name="ask the sites", cache_policy=NO_CACHE)
async def ask_sites(outlets: list[str]) -> LiveCheck:
    """Check the outlets in a thread. A rerun asks all of them again."""
    checked = await asyncio.to_thread(check_live, settings_of_flow_run(), tuple(outlets))
    log = get_run_logger()
    for finding in checked.off[:LOGGED]:
        log.warning("%s: %s %s: %s", finding.outlet, finding.what, finding.url, finding.off)
    log.info("%s", checked.message)
    return checked


@task(task_run_name="publish the check", cache_policy=NO_CACHE)
async def publish(checked: LiveCheck) -> None:
    """Write the table, what is off first. A rerun writes it again."""
    await publish_draft(Draft("outlet-check", "table", checked.rows(), checked.message), get_run_logger())
