"""`pressrun up`: Prefect for Pressrun, on this machine."""

from __future__ import annotations

import click

from .options import Given, common, pass_given


@click.command("up")
@click.option("--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Of the Prefect UI.")
@click.option("--limit", type=click.IntRange(min=2), help="Flow runs at a time.")
@common
@pass_given
def up_command(given: Given, port: int, limit: int | None) -> int:
    """Start a Prefect server, a worker and the schedules (nightly at 02:00 Asia/Baku), until Ctrl-C.

    Crawls under way at the end stop, keep what they stored, and go on at the next start.
    """
    from flows.places import absolute
    from flows.up import LIMIT, up

    settings = absolute(given.settings())
    given.database().close()
    return up(settings, port, limit=limit or LIMIT, progress=lambda line: click.echo(line))
