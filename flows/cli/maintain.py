"""`pressrun maintain`: the weekly upkeep, without Prefect."""

from __future__ import annotations

import click

from .options import CommonOptions, common, pass_options
from .show import say_json


@click.command("maintain")
@click.option("--no-crawl", is_flag=True, help="Fetch nothing: leave pages that are overdue to the next night.")
@common
@pass_options
def maintain_command(options: CommonOptions, no_crawl: bool) -> int:
    """Release dead runs, retry what is overdue, verify the archive, prune, check, vacuum, back up, count.

    Each step is told in a line. Exit code 1 if one found something that needs a person; the others are done all the
    same. Running it again is always safe.

    \b
    pressrun maintain
    pressrun maintain --no-crawl
    """
    from flows.maintenance import Done, maintain

    def tell(done: Done) -> None:
        if not options.json:
            click.echo(f"{done.step}: {done.did}", err=done.problem)

    done = maintain(options.settings(), crawl=not no_crawl, on_step=tell)
    if options.json:
        say_json(
            [{"step": each.step, "did": each.did, "problem": each.problem, "seconds": each.seconds} for each in done]
        )
    return 1 if any(each.problem for each in done) else 0
