"""`pressrun poll`: ask the fast seeds of all outlets what is new, in one process."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from .crawl import crawl_orders, joint_exit_code, ready_settings
from .options import CommonOptions, common, named_outlets, pass_options
from .show import minute, say_json, say_table

if TYPE_CHECKING:
    from crawlers.messages import Polled
    from flows.polling import PollSummary


@click.command("poll")
@named_outlets()
@click.option("--all", "everything", is_flag=True, help="Ask all fast seeds, also those that are not due.")
@click.option("--fetch", is_flag=True, help="Crawl the outlets that have something new at once.")
@common
@pass_options
def poll_command(options: CommonOptions, outlet_ids: tuple[str, ...], everything: bool, fetch: bool) -> int:
    """Ask the feeds, news sitemaps and first listing pages of all enabled outlets what is new, or of the named ones.

    New links wait in the ledger for the next crawl. Each seed is asked as often as its outlet publishes; a call asks
    only those that are due. Exit code 1 if something needs a person, 2 if nothing could be reached.

    \b
    pressrun poll
    pressrun poll azernews --all --fetch
    """
    from crawlers.job import PollOrder
    from flows.polling import run_poll

    settings = ready_settings(options, outlet_ids)
    summary = asyncio.run(run_poll(PollOrder(settings, outlet_ids, everything)))
    _say(options, summary)
    if not fetch or not summary.fresh or summary.end.state != "completed":
        return summary.exit_code
    return joint_exit_code([summary.exit_code, crawl_orders(options, settings, summary.fresh)])


def _say(options: CommonOptions, summary: PollSummary) -> None:
    if summary.end.error:
        click.echo(f"pressrun: {summary.end.error}", err=True)
    if options.json:
        return say_json(summary.as_dict())
    columns = ("outlet", "#asked", "#unchanged", "#new", "next due (UTC)", "note")
    rows = [
        (line.outlet, line.asked, line.unchanged, line.new, _next_due(line), "; ".join(line.problems))
        for line in summary.lines
    ]
    say_table(columns, rows)
    return click.echo(summary.message)


def _next_due(line: Polled) -> str:
    if line.next_due:
        return minute(datetime.fromisoformat(line.next_due).astimezone(UTC))
    return "" if line.problems else "has no fast seed"
