"""`pressrun crawl`, `nightly` and `backfill`: crawls without Prefect, each outlet in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from .options import Given, common, day, pass_given
from .show import say_json, say_table
from .watch import Watch, watch

if TYPE_CHECKING:
    from crawlers.environment import Settings
    from crawlers.job import CrawlOrder
    from crawlers.messages import Message
    from flows.child import CrawlEnd
    from flows.summary import NightlySummary

PARALLEL = 4  # outlets side by side


@click.command("crawl")
@click.argument("outlet_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--since", type=day, metavar="DATE", help="Leave out what is known to be older.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Fetch at most so many pages of each outlet.")
@click.option("--refetch", is_flag=True, help="Fetch pages again that are known already.")
@common
@pass_given
def crawl_command(
    given: Given, outlet_ids: tuple[str, ...], since: date | None, limit: int | None, refetch: bool
) -> int:
    """Crawl outlets once, now, with progress.

    Exit code 1 if something needs a person, 2 if nothing could be reached, 75 if another run holds the outlet.
    """
    from crawlers.job import CrawlOrder, Job

    settings = _ready(given, outlet_ids)
    job = Job(since=since, limit=limit, refetch=refetch)
    orders = {outlet: [CrawlOrder(outlet, settings, job)] for outlet in dict.fromkeys(outlet_ids)}
    with watch(as_json=given.json) as following:
        ends = asyncio.run(_crawls(orders, following))
    return _worst(ends)


@click.command("backfill")
@click.argument("outlet_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--from", "first", type=day, metavar="DATE", required=True, help="The first day.")
@click.option("--to", "last", type=day, metavar="DATE", required=True, help="The last day.")
@common
@pass_given
def backfill_command(given: Given, outlet_ids: tuple[str, ...], first: date, last: date) -> int:
    """The past of outlets by the seeds that reach back, a month at a time, newest first.

    Months that a backfill has finished are left out: call it again to resume.
    """
    from crawlers.job import CrawlOrder, Job
    from flows.windows import left_to_do

    if first > last:
        raise click.UsageError(f"--from {first} is after --to {last}", click.get_current_context())
    settings = _ready(given, outlet_ids)
    left = left_to_do(settings.db, dict.fromkeys(outlet_ids), first, last, datetime.now(UTC).date())
    orders = {
        outlet: [CrawlOrder(outlet, settings, Job(kind="backfill", first=start, last=end)) for start, end in windows]
        for outlet, windows in left.items()
    }
    if not given.json:
        for outlet, windows in left.items():
            click.echo(f"{outlet}: {len(windows)} windows to do" if windows else f"{outlet}: all of it was done before")
    with watch(as_json=given.json) as following:
        ends = asyncio.run(_crawls(orders, following))
    return _worst(ends)


@click.command("nightly")
@click.argument("outlet_ids", metavar="[ID]...", nargs=-1)
@click.option("--parallel", type=click.IntRange(1, 64), default=PARALLEL, show_default=True, help="Outlets at a time.")
@common
@pass_given
def nightly_command(given: Given, outlet_ids: tuple[str, ...], parallel: int) -> int:
    """All enabled outlets once, now, or the named ones. One that fails stops no other; exit code 1 tells of it."""
    from flows.nightly_plain import run_nightly

    settings = _ready(given, outlet_ids)
    with watch(as_json=given.json, quiet=True) as following:
        summary = asyncio.run(run_nightly(settings, outlet_ids or None, parallel, following.saw))
    _say_night(given, summary)
    return summary.exit_code


def _say_night(given: Given, summary: NightlySummary) -> None:
    if given.json:
        return say_json(summary.as_dict())
    columns = ("outlet", "state", "#new", "#copies", "#rejected", "#gone", "#failed", "#waiting", "#requests", "note")
    names = [name.lstrip("#") for name in columns]
    say_table(columns, [[getattr(line, name) for name in names] for line in summary.lines])
    return click.echo(summary.message)


def _ready(given: Given, outlet_ids: Sequence[str]) -> Settings:
    """The settings, once everything that a crawl needs has proved right: outlet files, database and its version."""
    from flows.places import absolute

    catalog = given.catalog()
    for outlet_id in outlet_ids:
        catalog.get(outlet_id)
    given.database().close()
    return absolute(given.settings())


async def _crawls(orders: dict[str, list[CrawlOrder]], following: Watch) -> list[CrawlEnd]:
    """Crawl outlets side by side; the orders of one outlet one after the other, until one does not complete."""
    from flows.child import run_crawl

    slots = asyncio.Semaphore(PARALLEL)
    ends: list[CrawlEnd] = []

    async def crawl_outlet(outlet: str) -> None:
        async with slots:
            for order in orders[outlet]:
                name = f"{outlet} {order.job.first:%Y-%m}" if order.job.first else outlet
                end = await run_crawl(order, _listener(following, name))
                ends.append(end)
                if end.error:
                    click.echo(f"pressrun: {end.error}", err=True)
                if end.state != "completed":
                    return

    async with asyncio.TaskGroup() as group:
        for outlet in orders:
            group.create_task(crawl_outlet(outlet))
    return ends


def _listener(following: Watch, name: str) -> Callable[[Message], None]:
    return lambda message: following.saw(name, message)


def _worst(ends: Sequence[CrawlEnd]) -> int:
    """The exit code that all ends share, else 1."""
    codes = {end.exit_code if end.exit_code >= 0 else 1 for end in ends if end.exit_code}
    return codes.pop() if len(codes) == 1 else int(bool(codes))
