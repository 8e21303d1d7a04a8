"""The nightly crawl without Prefect: the same choice of outlets, parallelism and summary as the flow."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from crawlers.catalog import Catalog, load_outlets
from crawlers.environment import Settings
from crawlers.errors import OutletFileError
from crawlers.job import CrawlOrder, Job
from crawlers.messages import Message

from .child import COMMAND, run_crawl
from .notify import notify_in_thread
from .summary import NightlySummary, OutletLine, outlet_line, summarise

MAX_PARALLEL = 4

log = logging.getLogger(__name__)

OnMessage = Callable[[str, Message], None]  # the outlet, and a message of its crawl


def choose_outlets(catalog: Catalog, wanted: Sequence[str] | None) -> list[str]:
    """Return the outlets of a night: those named, else all that are enabled. Raises UnknownOutletError.

    An outlet whose file is wrong is included: its own crawl fails with that error, the others go on.
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
    on_message: OnMessage = lambda _outlet, _message: None,
    *,
    command: Sequence[str] = COMMAND,
) -> NightlySummary:
    """Crawl outlets side by side. `on_message(outlet, message)` gets every message of every crawl.

    An outlet that fails does not stop the others. When cancelled, all crawls stop and keep what they stored.
    """
    started = time.monotonic()
    slots = asyncio.Semaphore(max_parallel)

    async def crawl(outlet: str) -> OutletLine:
        async with slots:
            order = CrawlOrder(outlet, settings, Job(kind="nightly"))
            end = await run_crawl(order, lambda message: on_message(outlet, message), command=command)
            return outlet_line(outlet, end)

    chosen = choose_outlets(load_outlets(settings.outlets), outlet_ids)
    try:
        async with asyncio.TaskGroup() as group:
            crawls = [group.create_task(crawl(outlet)) for outlet in chosen]
    except ExceptionGroup as several:  # such as a log folder that is not writable: the same for all of them
        raise several.exceptions[0] from several
    await notify_in_thread(settings, log)
    return summarise([crawl.result() for crawl in crawls], time.monotonic() - started)
