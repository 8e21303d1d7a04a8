"""`pressrun crawl`, `nightly` and `backfill`: crawls without Prefect, each in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from .options import CommonOptions, common, day, pass_options
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
@click.option("--since", type=day, metavar="DATE", help="Leave out pages known to be older.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Fetch at most N pages of each outlet.")
@click.option("--refetch", is_flag=True, help="Fetch known pages again.")
@common
@pass_options
def crawl_command(
    options: CommonOptions, outlet_ids: tuple[str, ...], since: date | None, limit: int | None, refetch: bool
) -> int:
    """Crawl outlets once, now, with progress.

    Exit code 1 if something needs a person, 2 if nothing could be reached, 75 if another run holds the outlet.
    """
    from crawlers.job import CrawlOrder, Job

    settings = _ready(options, outlet_ids)
    job = Job(since=since, limit=limit, refetch=refetch)
    orders = {outlet: [CrawlOrder(outlet, settings, job)] for outlet in dict.fromkeys(outlet_ids)}
    with watch(as_json=options.json) as following:
        ends = asyncio.run(_crawls(orders, following))
    return _worst(ends)


@click.command("backfill")
@click.argument("outlet_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--from", "first", type=day, metavar="DATE", required=True, help="The first day.")
@click.option("--to", "last", type=day, metavar="DATE", required=True, help="The last day.")
@common
@pass_options
def backfill_command(options: CommonOptions, outlet_ids: tuple[str, ...], first: date, last: date) -> int:
    """Crawl past months of outlets, newest first, by the seeds that list old pages.

    Months that an earlier backfill has finished are left out, so the same call resumes it.
    """
    from crawlers.job import CrawlOrder, Job
    from flows.windows import left_to_do

    if first > last:
        raise click.UsageError(f"--from {first} is after --to {last}", click.get_current_context())
    settings = _ready(options, outlet_ids)
    left = left_to_do(settings.db, dict.fromkeys(outlet_ids), first, last, datetime.now(UTC).date())
    orders = {
        outlet: [CrawlOrder(outlet, settings, Job(kind="backfill", first=start, last=end)) for start, end in windows]
        for outlet, windows in left.items()
    }
    if not options.json:
        for outlet, windows in left.items():
            click.echo(f"{outlet}: {len(windows)} months to do" if windows else f"{outlet}: all months are finished")
    with watch(as_json=options.json) as following:
        ends = asyncio.run(_crawls(orders, following))
    return _worst(ends)


@click.command("nightly")
@click.argument("outlet_ids", metavar="[ID]...", nargs=-1)
@click.option("--parallel", type=click.IntRange(1, 64), default=PARALLEL, show_default=True, help="Outlets at a time.")
@common
@pass_options
def nightly_command(options: CommonOptions, outlet_ids: tuple[str, ...], parallel: int) -> int:
    """Crawl all enabled outlets once, now, or the named ones.

    An outlet that fails does not stop the others; the exit code is then 1.
    """
    from flows.nightly_plain import run_nightly

    settings = _ready(options, outlet_ids)
    with watch(as_json=options.json, quiet=True) as following:
        summary = asyncio.run(run_nightly(settings, outlet_ids or None, parallel, following.saw))
    _say_night(options, summary)
    return summary.exit_code


def _say_night(options: CommonOptions, summary: NightlySummary) -> None:
    if options.json:
        return say_json(summary.as_dict())
    columns = ("outlet", "state", "#new", "#copies", "#rejected", "#gone", "#failed", "#waiting", "#requests", "note")
    names = [name.lstrip("#") for name in columns]
    say_table(columns, [[getattr(line, name) for name in names] for line in summary.lines])
    return click.echo(summary.message)


def _ready(options: CommonOptions, outlet_ids: Sequence[str]) -> Settings:
    """Check the outlet files and the database, and return the settings."""
    from flows.places import absolute

    catalog = options.catalog()
    for outlet_id in outlet_ids:
        catalog.get(outlet_id)
    options.database().close()
    return absolute(options.settings())


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
    """Return the exit code that all ends share, else 1."""
    codes = {end.exit_code if end.exit_code >= 0 else 1 for end in ends if end.exit_code}
    return codes.pop() if len(codes) == 1 else int(bool(codes))
