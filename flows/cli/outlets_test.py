"""`pressrun outlets test`: the saved pages of outlet files against what a person expects. No network, no pytest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import CommonOptions, common, complete_outlets, pass_options
from .show import printable, say_json

if TYPE_CHECKING:
    from crawlers.saved_pages import PageTest


@click.command("test")
@click.argument("outlet_ids", metavar="[ID]...", nargs=-1, shell_complete=complete_outlets)
@click.option(
    "--pages",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="The folder of the saved pages.  [default: that of your own outlet files]",
)
@common
@pass_options
def test_outlets(options: CommonOptions, outlet_ids: tuple[str, ...], pages: Path | None) -> int:
    """Extract the saved pages of the named outlets, or of all, and compare each field with what is expected.

    Pages are ID/NAME.html with ID/NAME.json beside them, as `pressrun outlets save` writes them. Exit code 1 if a field
    is wrong or nobody has read a page, 2 if there are no pages.

    \b
    pressrun outlets test --outlets my-outlets
    """
    from crawlers.saved_pages import run_page, saved_pages

    catalog = options.catalog()
    for outlet_id in outlet_ids:
        catalog.get(outlet_id)
    folder = pages or options.settings().outlets
    if folder is None:
        raise click.UsageError("name the folder of the saved pages: --pages DIR, --outlets DIR or PRESSRUN_OUTLETS")
    tests = [run_page(file, catalog) for file in saved_pages(folder)]
    wanted = [one for one in tests if not outlet_ids or one.outlet in outlet_ids]
    _say(options, wanted, folder)
    if not wanted:
        return 2
    return 1 if any(one.faults for one in wanted) else 0


def _say(options: CommonOptions, tests: Sequence[PageTest], folder: Path) -> None:
    if options.json:
        return say_json([asdict(one) for one in tests])
    for one in tests:
        shown = one.file.relative_to(folder)
        click.echo(f"{shown}: {'as expected' if not one.faults else f'{len(one.faults)} wrong'} ({one.fields} fields)")
        for fault in one.faults:
            click.echo(f"  {printable(fault)}")
    if not tests:
        return click.echo(
            f"pressrun: {folder} holds no saved pages; `pressrun outlets save ID URL` saves one", err=True
        )
    wrong = sum(bool(one.faults) for one in tests)
    return click.echo(f"{len(tests)} pages, {wrong} with faults" if wrong else f"{len(tests)} pages, all as expected")
