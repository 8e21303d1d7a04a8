"""`pressrun crawl` and `nightly`: crawls without Prefect, each in a process of its own, or all of a night in one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from .options import COUNT, CommonOptions, common, day, named_outlets, pass_options
from .show import say_json, say_table
from .watch import Watch, watch

if TYPE_CHECKING:
    from crawlers.environment import Settings
    from crawlers.job import CrawlOrder, Job
    from crawlers.messages import Message
    from flows.child import CrawlEnd
    from flows.forked import ForkedChild
    from flows.summary import NightlySummary

PARALLEL = 4  # outlets side by side, each in a process of its own
OF_A_NIGHT = 8  # outlets side by side in the one process of a night


@click.command("crawl")
@named_outlets(required=True)
@click.option("--since", type=day, metavar="DATE", help="Leave out pages known to be older.")
@click.option("--limit", type=COUNT, metavar="N", help="Fetch at most N pages of each outlet.")
@click.option("--refetch", is_flag=True, help="Fetch known pages again.")
@common
@pass_options
def crawl_command(
    options: CommonOptions, outlet_ids: tuple[str, ...], since: date | None, limit: int | None, refetch: bool
) -> int:
    """Crawl outlets once, now, with progress.

    Exit code 1 if something needs a person, 2 if nothing could be reached, 75 if another run holds the outlet. If the
    outlets end differently, the exit code is 1.

    \b
    pressrun crawl azernews
    pressrun crawl azernews civil_ge --since 2026-11-01 --limit 200
    """
    settings = ready_settings(options, outlet_ids)
    from crawlers.job import Job

    return crawl_orders(options, settings, outlet_ids, Job(since=since, limit=limit, refetch=refetch))


def crawl_orders(options: CommonOptions, settings: Settings, outlet_ids: Sequence[str], job: Job | None = None) -> int:
    """Crawl outlets once, with progress, and return the exit code."""
    from crawlers.job import CrawlOrder, Job
    from flows.child import forked_child
    from flows.notify import notify_changes

    orders = [CrawlOrder(outlet, settings, job or Job()) for outlet in dict.fromkeys(outlet_ids)]
    # The fork first: `watch` may start a thread.
    first = forked_child("crawlers.crawl", settings.data, orders[0].outlet)
    with first as forked, watch(as_json=options.json) as following:
        ends = asyncio.run(_crawls(orders, following, forked))
    if problem := notify_changes(settings):
        click.echo(f"pressrun: {problem}", err=True)
    return joint_exit_code(end.exit_code for end in ends)


@click.command("nightly")
@named_outlets()
@click.option(
    "--parallel", type=click.IntRange(1, 64), default=OF_A_NIGHT, show_default=True, help="Outlets at a time."
)
@common
@pass_options
def nightly_command(options: CommonOptions, outlet_ids: tuple[str, ...], parallel: int) -> int:
    """Crawl all enabled outlets once, now, or the named ones.

    An outlet that fails does not stop the others; the exit code is then 1.

    \b
    pressrun nightly
    pressrun nightly azernews trend --parallel 2
    """
    settings = ready_settings(options, outlet_ids)
    from flows.child import forked_child
    from flows.group_process import LOGS, MODULE
    from flows.nightly_plain import run_nightly

    # The fork first: `watch` may start a thread.
    with forked_child(MODULE, settings.data, LOGS) as forked, watch(as_json=options.json, quiet=True) as following:
        summary = asyncio.run(run_nightly(settings, outlet_ids or None, parallel, following.saw, forked=forked))
    _say_night(options, summary)
    return summary.exit_code


def _say_night(options: CommonOptions, summary: NightlySummary) -> None:
    if options.json:
        return say_json(summary.as_dict())
    columns = ("outlet", "state", "#new", "#copies", "#rejected", "#gone", "#failed", "#waiting", "#requests", "note")
    names = [name.lstrip("#") for name in columns]
    say_table(columns, [[getattr(line, name) for name in names] for line in summary.lines])
    for line in summary.lines:
        if line.overtaken_note:
            click.echo(f"{line.outlet}: {line.overtaken_note}")
    return click.echo(summary.message)


def ready_settings(options: CommonOptions, outlet_ids: Sequence[str]) -> Settings:
    """Check the outlet files and the database, and return the settings."""
    from flows.child import ENVIRONMENT
    from flows.places import absolute
    from storage.quick_check import is_current

    os.environ.update(ENVIRONMENT | os.environ)
    catalog = options.catalog()
    for outlet_id in outlet_ids:
        catalog.get(outlet_id)
    if not is_current(options.settings().db):
        options.database().close()
    return absolute(options.settings())


async def _crawls(orders: list[CrawlOrder], following: Watch, forked: ForkedChild | None) -> list[CrawlEnd]:
    """Crawl outlets side by side, the first one in the child that is forked already."""
    from flows.child import run_crawl

    slots = asyncio.Semaphore(PARALLEL)
    ends: list[CrawlEnd] = []

    async def crawl_outlet(order: CrawlOrder) -> None:
        async with slots:
            its_child = forked if order is orders[0] else None
            end = await run_crawl(order, listener(following, order.outlet), forked=its_child)
            ends.append(end)
            if end.error:
                click.echo(f"pressrun: {end.error}", err=True)

    async with asyncio.TaskGroup() as group:
        for order in orders:
            group.create_task(crawl_outlet(order))
    return ends


def listener(following: Watch, name: str) -> Callable[[Message], None]:
    """Return what shows the messages of a crawl under a name."""
    return lambda message: following.saw(name, message)


def joint_exit_code(codes: Iterable[int]) -> int:
    """Return the exit code that all of them share, else 1; 0 if there is none. A process ended by a signal counts as 1.

    So 2 says that nothing could be reached, and 75 that nothing could begin: no part is done.
    """
    different = {code if code >= 0 else 1 for code in codes} or {0}
    return different.pop() if len(different) == 1 else 1
