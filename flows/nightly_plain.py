"""The nightly crawl without Prefect: the same choice of outlets, crawl process and summary as the flow."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawlers.catalog import Catalog, load_outlets
from crawlers.environment import Settings
from crawlers.errors import OutletFileError
from crawlers.job import Job
from crawlers.messages import Message

from .child import CrawlEnd
from .group import GroupCrawl, GroupSettings
from .group_process import COMMAND
from .hindsight import correct_in_store
from .notify import notify_in_thread
from .removed import removed_outlets
from .summary import NightlySummary, outlet_line, summarise

if TYPE_CHECKING:
    from .forked import ForkedChild

MAX_PARALLEL = 8

log = logging.getLogger(__name__)

OnMessage = Callable[[str, Message], None]  # the outlet, and a message of its crawl


@dataclass(frozen=True, slots=True)
class NightOutlets:
    """The outlets that a night crawls, and those that it leaves out since they were taken down."""

    crawled: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def choose_night(
    settings: Settings, wanted: Sequence[str] | None, leave_out: Sequence[str] = (), *, scheduled: bool = False
) -> NightOutlets:
    """Choose the outlets of a night, without those that were taken down.

    A named outlet stays, and its crawl fails by OutletRemovedError: whoever named it is told. Not so if a schedule may
    have named it (`scheduled`). Raises UnknownOutletError and the errors of `open_database`.
    """
    chosen = choose_outlets(load_outlets(settings.outlets), wanted, leave_out)
    removed = removed_outlets(settings.db, chosen) if scheduled or not wanted else ()
    return NightOutlets(
        tuple(outlet for outlet in chosen if outlet not in removed),
        tuple(outlet for outlet in chosen if outlet in removed),
    )


def choose_outlets(catalog: Catalog, wanted: Sequence[str] | None, leave_out: Sequence[str] = ()) -> list[str]:
    """Return the outlets of a night: those named, else all enabled but those left out. Raises UnknownOutletError.

    An outlet whose file is wrong is included: its own crawl fails with that error, the others go on.
    """
    if wanted:
        for outlet in wanted:
            if outlet not in catalog.ids:
                catalog.get(outlet)  # raises, naming its neighbours
        return list(dict.fromkeys(wanted))
    return [outlet for outlet in catalog.ids if outlet not in leave_out and _enabled(catalog, outlet)]


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
    forked: ForkedChild | None = None,
) -> NightlySummary:
    """Crawl outlets side by side. `on_message(outlet, message)` gets every message of every crawl.

    `forked` is the process of the crawls, if it is there already; else it runs `command`.

    An outlet that fails does not stop the others. Unless outlets are named, those that were taken down are left out.
    Articles whose originals came later in the night count as copies.
    When cancelled, all crawls stop and keep what they stored.
    """
    started = time.monotonic()
    night = choose_night(settings, outlet_ids)
    group = GroupSettings(max_parallel, command=command, forked=forked)
    ends = await GroupCrawl(settings, Job(kind="nightly"), group, _Shown(on_message)).crawl(night.crawled)
    lines = [outlet_line(outlet, end) for outlet, end in ends.items()]
    summary = summarise(lines, time.monotonic() - started, night.left_out)
    await notify_in_thread(settings, log)
    return await asyncio.to_thread(correct_in_store, settings, summary)


class _Shown:
    """Shows the messages of all outlets."""

    def __init__(self, on_message: OnMessage) -> None:
        self._on_message = on_message

    async def begin(self, outlet: str) -> str | None:  # noqa: ARG002 - the observer's names
        return None

    async def message(self, outlet: str, message: Message) -> None:
        self._on_message(outlet, message)

    async def end(self, outlet: str, end: CrawlEnd) -> None:
        """Do nothing: the summary tells the ends."""

    async def interrupted(self) -> None:
        """Do nothing: whoever cancelled the night knows."""
