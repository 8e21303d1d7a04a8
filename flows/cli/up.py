"""`pressrun up`: the Prefect server and a worker on this machine."""

from __future__ import annotations

import click

from .options import CommonOptions, common, pass_options


@click.command("up")
@click.option("--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Port of the Prefect UI.")
@click.option("--limit", type=click.IntRange(min=3), default=8, show_default=True, help="Flow runs at a time.")
@common
@pass_options
def up_command(options: CommonOptions, port: int, limit: int) -> int:
    """Run a Prefect server, a worker and the schedules (nightly at 02:00 Asia/Baku) until Ctrl-C.

    A backfill and a poll take a place each besides their crawls, so there are three at least. Crawls that are running
    at the end are stopped, keep what they stored, and continue at the next start.

    \b
    pressrun up
    pressrun up --port 4201 --limit 4
    """
    from flows.places import absolute
    from flows.up import up

    settings = absolute(options.settings())
    options.database().close()
    return up(settings, port, limit=limit, progress=lambda line: click.echo(line))
