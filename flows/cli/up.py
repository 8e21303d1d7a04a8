"""`pressrun up`: the Prefect server and a worker on this machine."""

from __future__ import annotations

import click

from .options import CommonOptions, common, pass_options


@click.command("up")
@click.option("--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Port of the Prefect UI.")
@click.option("--limit", type=click.IntRange(min=2), help="Flow runs at a time.")
@common
@pass_options
def up_command(options: CommonOptions, port: int, limit: int | None) -> int:
    """Run a Prefect server, a worker and the schedules (nightly at 02:00 Asia/Baku) until Ctrl-C.

    Crawls that are running then are stopped, keep what they stored, and continue at the next start.

    \b
    pressrun up
    pressrun up --port 4300 --limit 4
    """
    from flows.places import absolute
    from flows.up import LIMIT, up

    settings = absolute(options.settings())
    options.database().close()
    return up(settings, port, limit=limit or LIMIT, progress=lambda line: click.echo(line))
