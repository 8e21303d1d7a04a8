"""The flows of upkeep: `maintain` every week, `check` when asked. `flows.maintenance` has their steps."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from storage.database import open_database
from storage.errors import PressrunError

from .artifacts import Draft, publish
from .maintenance import STEPS, Done, Place, Step, retry_due_pages, run_step, verify
from .maintenance import check as check_store
from .places import settings_of_flow_run


def run_name() -> str:
    """Return a name such as "maintain 2026-11-29"."""
    return f"{runtime.flow_run.flow_name} {datetime.now(UTC):%Y-%m-%d}"


@flow(name="maintain", flow_run_name=run_name)
async def maintain(crawl: bool = True) -> State[Any]:
    """Do the weekly upkeep: release, retry, verify, prune, check, vacuum, back up, count. Safe to repeat.

    Args:
        crawl: Also fetch pages that have been due for more than a day.
    """
    return await _do([step for step in STEPS if crawl or step is not retry_due_pages], "maintenance")


@flow(name="check", flow_run_name=run_name)
async def check() -> State[Any]:
    """Check the store and its archive now; nothing is changed."""
    return await _do([check_store, verify], "check")


async def _do(steps: list[Step], key: str) -> State[Any]:
    try:
        done = [await do_step.with_options(task_run_name=step.__name__.replace("_", " "))(step) for step in steps]
    except PressrunError as wrong:
        return Failed(message=str(wrong))
    await _publish(done, key)
    problems = [f"{each.step}: {each.did}" for each in done if each.problem]
    if problems:
        return Failed(message="; ".join(problems)[:2000])
    return Completed(message="; ".join(f"{each.step}: {each.did}" for each in done)[:2000])


@task(cache_policy=NO_CACHE)
async def do_step(step: Step) -> Done:
    """Do one step in a thread. A rerun does it again, which changes nothing that is done."""
    done = await asyncio.to_thread(_in_store, step)
    (get_run_logger().warning if done.problem else get_run_logger().info)("%s: %s", done.step, done.did)
    return done


def _in_store(step: Step) -> Done:
    settings = settings_of_flow_run()
    # As by command: a step on a store that was made just now would say that all is well.
    with closing(open_database(settings.db, create=False)) as db:
        return run_step(step, Place(settings, db))


async def _publish(done: list[Done], key: str) -> None:
    rows = [
        {"step": each.step, "what it did": each.did, "problem": "yes" if each.problem else "", "seconds": each.seconds}
        for each in done
    ]
    await publish(Draft(key, "table", rows, title=""), get_run_logger())
