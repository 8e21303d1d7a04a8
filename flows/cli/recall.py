"""`pressrun recall`: which share of a list of addresses is held, and why not the rest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import CommonOptions, common, complete_outlets, pass_options
from .show import say_json, say_table

if TYPE_CHECKING:
    from crawlers.address_lists import ListProblems
    from flows.recall import MonthRecall, Recall


@click.command("recall")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--outlet",
    "outlet_id",
    shell_complete=complete_outlets,
    metavar="ID",
    help="Take all addresses for those of this outlet.",
)
@click.option("--column", metavar="NAME", help="FILE is a CSV, and this its column of addresses.")
@click.option(
    "--samples", type=click.IntRange(0, 1000), default=3, show_default=True, help="Addresses for each reason."
)
@common
@pass_options
def recall_command(options: CommonOptions, file: Path, outlet_id: str | None, column: str | None, samples: int) -> int:
    """Say for each outlet and month which share of the addresses in FILE is held, and why each other one is not.

    FILE: one address a line, a sitemap or an index with its parts beside it, lines of a CDX or CC-NEWS index, or a CSV;
    plain or in gzip. Exit code 1 if some lines cannot be read.

    \b
    pressrun recall sitemap.xml.gz
    pressrun recall addresses.csv --column link --outlet azernews
    """
    from crawlers.address_lists import ListProblems, read_addresses
    from flows.recall import recall

    catalog, problems = options.catalog(), ListProblems()
    if outlet_id is not None:
        catalog.get(outlet_id)
    with options.opened() as db:
        found = recall(db, catalog, read_addresses(file, problems, column), outlet_id=outlet_id, samples=samples)
    _say(options, found, problems)
    return int(bool(problems.unreadable or problems.faults or found.invalid))


def _say(options: CommonOptions, found: Recall, problems: ListProblems) -> None:
    if options.json:
        unread = {"unreadable": problems.unreadable, "first_unreadable": problems.first, "faults": problems.faults}
        say_json(found.as_dict() | unread)
    else:
        _say_months(found)
        _say_reasons(found)
    if problems.unreadable:
        click.echo(f"pressrun: {problems.unreadable} lines without an address, the first in {problems.first}", err=True)
    for fault in problems.faults:
        click.echo(f"pressrun: {fault}", err=True)


def _say_months(found: Recall) -> None:
    from flows.recall import WHYS

    whys = [why for why in WHYS if any(why in month.why for month in found.months)]
    columns = ("outlet", "month", "#addresses", "#held", "#share", *(f"#{why}" for why in whys))
    rows = [(*_cells(month), *(month.why.get(why, 0) for why in whys)) for month in found.months]
    say_table(columns, rows)
    share = f"{found.held / found.addresses:.1%}" if found.addresses else "none"
    again = f"; {found.repeated} named again" if found.repeated else ""
    click.echo(f"{found.held} of {found.addresses} held ({share}){again}", err=True)


def _cells(month: MonthRecall) -> tuple[str, str, int, int, str]:
    return month.outlet or "-", month.month or "no date", month.addresses, month.held, f"{month.share:.1%}"


def _say_reasons(found: Recall) -> None:
    if not found.reasons:
        return
    click.echo("")
    rows = [(one.outlet or "-", one.why, one.addresses, " ".join(one.samples)) for one in found.reasons]
    say_table(("outlet", "not held", "#addresses", "samples"), rows)
