"""`pressrun gaps`: days that are thin, overflows of feeds, and how complete each day is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import CommonOptions, common, day, named_outlets, pass_options
from .show import say_json, say_table
from .whole_file import write_whole

if TYPE_CHECKING:
    from crawlers.catalog import Catalog
    from flows.coverage import Finding
    from storage.coverage import OutletCoverage
    from storage.database import Database

DAYS = 60
COLUMNS = ("outlet", "what", "from", "to", "evidence", "fill it with")


@click.command("gaps")
@named_outlets()
@click.option("--from", "first", type=day, metavar="DATE", help=f"The first day. Default: {DAYS} days before the last.")
@click.option("--to", "last", type=day, metavar="DATE", help="The last day. Default: today.")
@click.option("--days", "by_day", is_flag=True, help="Show the figures of every day instead of the findings.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a calendar too.")
@common
@pass_options
def gaps_command(
    options: CommonOptions,
    outlet_ids: tuple[str, ...],
    first: date | None,
    last: date | None,
    by_day: bool,
    html: Path | None,
) -> int:
    """List days with fewer articles than the outlet usually publishes, and overflows of feeds; with what fills them.

    All outlets of the store if none is named. Exit code 1 if something is missing that no backfill has gone through.

    \b
    pressrun gaps
    pressrun gaps azernews --from 2026-10-01 --to 2026-10-31 --days
    """
    from flows.coverage import coverages, findings, zone_of

    first, last = _span(first, last)
    catalog = options.catalog()
    with options.opened() as db:
        covered = list(coverages(db, catalog, _outlets(db, catalog, outlet_ids), first, last))
    found = [finding for one in covered for finding in findings(one, zone_of(catalog, one.outlet_id))]
    if html is not None:
        _write_calendar(html, covered, found)
    _say(options, covered, found, by_day)
    return int(any(one.needs_a_person for one in covered))


def _span(first: date | None, last: date | None) -> tuple[date, date]:
    last = last or datetime.now(UTC).date() + timedelta(days=1)  # it may be tomorrow where the outlet is
    first = first or last - timedelta(days=DAYS)
    if first > last:
        raise click.UsageError(f"--from {first} is after --to {last}", click.get_current_context())
    return first, last


def _outlets(db: Database, catalog: Catalog, named: Sequence[str]) -> list[str]:
    from storage import frontier

    known = frontier.known_outlets(db)
    for outlet_id in named:
        if outlet_id not in known:
            catalog.get(outlet_id)  # raises the error that names what is meant
    return list(dict.fromkeys(named)) or known


def _write_calendar(path: Path, covered: Sequence[OutletCoverage], found: Sequence[Finding]) -> None:
    from flows.calendar_html import calendar_html

    page = calendar_html(covered, found, datetime.now(UTC))
    write_whole(path, lambda stream: stream.write(page))
    click.echo(f"the calendar is in {path}", err=True)


def _say(options: CommonOptions, covered: Sequence[OutletCoverage], found: Sequence[Finding], by_day: bool) -> None:
    if options.json:
        return say_json({"findings": [one.as_dict() for one in found], "outlets": list(map(_as_dict, covered))})
    if by_day:
        return _say_days(covered)
    if not covered:
        return click.echo("no outlets yet; `pressrun crawl ID` begins with one", err=True)
    if not found:
        return click.echo("no thin day and no open overflow", err=True)
    return say_table(COLUMNS, [(o.outlet, o.kind, o.first, o.last, o.evidence, o.command) for o in found])


def _as_dict(covered: OutletCoverage) -> dict[str, Any]:
    days = [counts.as_dict() | {"held": counts.held} for counts in covered.days]
    return {"outlet": covered.outlet_id, "undated": covered.undated, "days": days}


def _say_days(covered: Sequence[OutletCoverage]) -> None:
    from flows.calendar_html import FIGURES

    columns = ("outlet", "day", *(f"#{name}" for name in FIGURES), "announced by", "what")
    rows = []
    for one in covered:
        thin = {found.day for found in one.thin}
        for counts in one.days:
            seeds = " ".join(f"{kind or '-'}:{number}" for kind, number in sorted(counts.by_seed.items()))
            figures = [getattr(counts, name) for name in FIGURES]
            rows.append((one.outlet_id, counts.day, *figures, seeds, "thin" if counts.day in thin else ""))
    say_table(columns, rows)
