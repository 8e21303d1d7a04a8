"""The nightly crawl without Prefect: the same choice, the same parallelism, the same summary."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from crawlers.catalog import Catalog, load_outlets
from crawlers.environment import Settings
from crawlers.errors import OutletFileError

from .child import COMMAND, CrawlJob, run_crawl
from .summary import NightlySummary, OutletLine, outlet_line, summarise

MAX_PARALLEL = 4

OnEvent = Callable[[str, dict[str, Any]], None]


def choose_outlets(catalog: Catalog, wanted: Sequence[str] | None) -> list[str]:
    """The outlets of a night: those named (UnknownOutletError), else all that are enabled.

    An outlet whose file is wrong is among them: its own crawl fails and says so, the others go on.
    """
    if wanted:
        for outlet in wanted:
            if outlet not in catalog.ids:
                catalog.get(outlet)  # raises, naming its neighbours
        return list(dict.fromkeys(wanted))
    return [outlet for outlet in catalog.ids if _enabled(catalog, outlet)]


def _enabled(catalog: Catalog, outlet: str) -> bool:
    try:
        return catalog.get(outlet).enabled
    except OutletFileError:
        return True


async def run_nightly(
    settings: Settings,
    outlet_ids: Sequence[str] | None = None,
    max_parallel: int = MAX_PARALLEL,
    on_event: OnEvent = lambda _outlet, _line: None,
    *,
    command: Sequence[str] = COMMAND,
    patience: float | None = None,
) -> NightlySummary:
    """Crawl outlets side by side. `on_event(outlet, line)` gets every line of every crawl.

    One failing outlet stops no other. Cancelled, all crawls stop and keep what they stored.
    """
    started = time.monotonic()
    slots = asyncio.Semaphore(max_parallel)

    async def one(outlet: str) -> OutletLine:
        async with slots:
            job = CrawlJob(outlet, settings, kind="nightly", patience=patience)
            end = await run_crawl(job, lambda line: on_event(outlet, line), command=command)
            return outlet_line(outlet, end)

    chosen = choose_outlets(load_outlets(settings.outlets), outlet_ids)
    try:
        async with asyncio.TaskGroup() as group:
            crawls = [group.create_task(one(outlet)) for outlet in chosen]
    except ExceptionGroup as several:  # such as a folder that no log can be written to: true of all alike
        raise several.exceptions[0] from several
    return summarise([crawl.result() for crawl in crawls], time.monotonic() - started)
