"""`pressrun backfill`: past days of outlets, or the plan of it, without Prefect."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

import click

from .crawl import PARALLEL, joint_exit_code, listener, ready_settings
from .options import COUNT, CommonOptions, common, day, named_outlets, pass_options
from .show import say_json, say_table
from .watch import Watch, watch

if TYPE_CHECKING:
    from crawlers.environment import Settings
    from flows.backfill_order import BackfillOrder, ReadyBackfill
    from flows.child import CrawlEnd
    from flows.window_rounds import Attempt, Rounds


@click.command("backfill")
@named_outlets(required=True)
@click.option("--from", "first", type=day, metavar="DATE", required=True, help="The first day.")
@click.option("--to", "last", type=day, metavar="DATE", required=True, help="The last day.")
@click.option("--plan", is_flag=True, help="Send nothing; say what would be asked for, and how long it takes.")
@click.option("--budget", type=COUNT, metavar="N", help="Requests at most for each outlet.")
@click.option("--seed", "seed_kind", metavar="KIND", help="Ask only seeds of this kind.")
@click.option("--refetch", is_flag=True, help="Fetch finished days and known pages of the span again.")
@common
@pass_options
def backfill_command(
    options: CommonOptions,
    outlet_ids: tuple[str, ...],
    first: date,
    last: date,
    plan: bool,
    budget: int | None,
    seed_kind: str | None,
    refetch: bool,
) -> int:
    """Crawl past days of outlets in windows, newest first, by the seeds that list old pages.

    Days that an earlier backfill has finished are left out, so the same call resumes it. With --plan, exit code 1 if
    no seed of an outlet serves the span.

    \b
    pressrun backfill azernews --from 2024-01-01 --to 2024-12-31 --plan
    pressrun backfill azernews --from 2024-01-01 --to 2024-12-31 --budget 5000
    """
    from flows.backfill_order import BackfillOrder, make_ready, wrong_days
    from flows.windows import Span

    if wrong := wrong_days(first, last):
        raise click.UsageError(f"--from and --to: {wrong}", click.get_current_context())
    settings = ready_settings(options, outlet_ids)
    order = BackfillOrder(tuple(dict.fromkeys(outlet_ids)), Span(first, last, seed_kind, refetch), budget)
    ready = make_ready(settings, order)
    return _plan(options, settings, ready) if plan else _backfill(options, settings, ready)


def _plan(options: CommonOptions, settings: Settings, ready: ReadyBackfill) -> int:
    from flows.backfill_order import make_plans
    from flows.plan_text import COLUMNS, headline, remarks, seed_row

    plans = make_plans(settings, ready)
    if options.json:
        say_json([plan.as_dict() for plan in plans])
    else:
        for plan in plans:
            click.echo(headline(plan))
            for line in remarks(plan):
                click.echo(f"  {line}")
            say_table(COLUMNS, map(seed_row, plan.seeds))
    return int(not all(plan.serves for plan in plans))


def _backfill(options: CommonOptions, settings: Settings, ready: ReadyBackfill) -> int:
    if not options.json:
        for outlet, windows in ready.windows.items():
            click.echo(f"{outlet}: {len(windows)} windows to do" if windows else f"{outlet}: all days are finished")
    with watch(as_json=options.json) as following:
        outlets = asyncio.run(_all_outlets(settings, ready, following))
    for outlet, rounds in outlets.items():
        _say_left(ready.order, outlet, rounds)
    return joint_exit_code(end.exit_code for rounds in outlets.values() for end in rounds.ends.values())


async def _all_outlets(settings: Settings, ready: ReadyBackfill, following: Watch) -> dict[str, Rounds[CrawlEnd]]:
    """Crawl outlets side by side, and the windows of each one after the other."""
    from flows.window_rounds import crawl_in_rounds

    slots = asyncio.Semaphore(PARALLEL)
    done: dict[str, Rounds[CrawlEnd]] = {}

    async def crawl_outlet(outlet: str) -> None:
        async def crawl(attempt: Attempt) -> tuple[CrawlEnd, int]:
            return await _crawl_window(settings, ready.order, outlet, attempt, following)

        async with slots:
            done[outlet] = await crawl_in_rounds(ready.windows[outlet], crawl, ready.order.budget)

    async with asyncio.TaskGroup() as group:
        for outlet in ready.windows:
            group.create_task(crawl_outlet(outlet))
    return done


async def _crawl_window(
    settings: Settings, order: BackfillOrder, outlet: str, attempt: Attempt, following: Watch
) -> tuple[CrawlEnd, int]:
    from crawlers.job import CrawlOrder
    from flows.backfill_order import label
    from flows.child import run_crawl

    job = order.job(attempt.days, attempt.budget)
    end = await run_crawl(CrawlOrder(outlet, settings, job), listener(following, f"{outlet} {label(attempt.days)}"))
    if end.error:
        click.echo(f"pressrun: {end.error}", err=True)
    return end, sum(end.counts.requests.values())


def _say_left(order: BackfillOrder, outlet: str, rounds: Rounds[CrawlEnd]) -> None:
    from flows.backfill_order import labels

    if rounds.why == "budget":
        click.echo(f"{outlet}: the budget of {order.budget} is used up; left: {labels(rounds.left)}", err=True)
    elif rounds.left:
        click.echo(f"{outlet}: left ({rounds.why}): {labels(rounds.left)}; the same call resumes", err=True)
