"""`pressrun outlets check`: the faults of outlet files, without a network or (`--live`) against the sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .options import CommonOptions, common, complete_outlets, pass_options
from .show import say_json, say_table

if TYPE_CHECKING:
    from flows.live_check import LiveCheck


@click.command("check")
@click.argument("outlet_ids", metavar="[ID]...", nargs=-1, shell_complete=complete_outlets)
@click.option("--live", is_flag=True, help="Ask every seed, and read an article of each.")
@common
@pass_options
def check_outlets(options: CommonOptions, outlet_ids: tuple[str, ...], live: bool) -> int:
    """Check outlet files without a network: keys, examples, seeds. All of them if none is named.

    With --live: ask every seed, read an article of each, and hold both against what the file expects. Nothing is
    stored. Exit code 1 if something is off, 2 if no outlet could be reached.

    \b
    pressrun outlets check
    pressrun outlets check --live azernews
    """
    if live:
        return _live(options, outlet_ids)
    catalog = options.catalog()
    findings = {outlet_id: file_faults(catalog.get(outlet_id)) for outlet_id in outlet_ids or catalog.ids}
    if options.json:
        say_json(findings)
    else:
        for outlet_id, lines in findings.items():
            click.echo(f"{outlet_id}: {'no faults found' if not lines else '; '.join(lines)}")
    return 1 if any(findings.values()) else 0


def _live(options: CommonOptions, outlet_ids: tuple[str, ...]) -> int:
    from flows.live_check import check_live

    checked = check_live(options.settings(), outlet_ids)
    if options.json:
        say_json(checked.as_dict())
    else:
        _show(checked)
    click.echo(f"pressrun: {checked.message}" if checked.exit_code == 2 else checked.message, err=True)
    return checked.exit_code


def _show(checked: LiveCheck) -> None:
    columns = ("outlet", "what", "address", "result", "off")
    say_table(columns, [(one.outlet, one.what, one.url, one.result, one.off) for one in checked.findings])


def file_faults(outlet: Any) -> list[str]:
    """Return the faults of an outlet file that is valid."""
    lines = [f"example {url} does not match urls.article" for url in outlet.examples if not outlet.is_article(url)]
    lines += [f"{url} of not_articles matches urls.article" for url in outlet.not_articles if outlet.is_article(url)]
    if not outlet.seeds:
        lines.append("no seeds: nothing will be discovered")
    elif all(seed.kind == "id_range" for seed in outlet.seeds):
        lines.append("no seed but an id_range: a nightly run discovers nothing")
    if outlet.is_article(outlet.home):
        lines.append("urls.article matches the home page")
    lines += [f"seed {seed.url} matches urls.article" for seed in outlet.seeds if outlet.is_article(seed.url)]
    untils = [rule.until for rule in outlet.extract]
    if None in untils[1:] or [day for day in untils if day] != sorted((day for day in untils if day), reverse=True):
        lines.append("extract: the newest layout must stand first; older ones need `until`, in descending order")
    return lines
