"""`pressrun deploy`: set up an existing Prefect server."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import click

from .options import CommonOptions, common, pass_options
from .show import say_json


def _webhook(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise click.BadParameter(
            "must be the http(s) address of a webhook; for mail and others make a notification block named `pressrun` "
            "in the UI"
        )
    return value


@click.command("deploy")
@click.option("--notify", metavar="URL", callback=_webhook, help="A webhook that gets the messages of automations.")
@click.option("--all", "everything", is_flag=True, help="Also list what is unchanged.")
@common
@pass_options
def deploy_command(options: CommonOptions, notify: str | None, everything: bool) -> None:
    """Register work pool, queues, deployments, schedules and automations on the server at PREFECT_API_URL.

    Safe to repeat: it says what it changed. Deployments of earlier versions are removed. What was paused in the UI
    stays paused. `pressrun up` does the same for its own server.

    \b
    PREFECT_API_URL=http://prefect.example:4200/api pressrun deploy --notify https://hooks.example.org/news
    """
    import asyncio

    from flows.errors import NoServerNamedError
    from flows.places import environment

    if not os.environ.get("PREFECT_API_URL"):
        raise NoServerNamedError
    os.environ |= environment(options.settings())  # the forms of the deployments list the outlets
    os.environ["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "false"
    from flows.deploy import deploy

    changes = asyncio.run(deploy(os.environ["PREFECT_API_URL"], notify))
    if options.json:
        return say_json([{"thing": change.thing, "change": change.how} for change in changes])
    shown = [change for change in changes if everything or change.how != "unchanged"]
    for change in shown:
        click.echo(change.line)
    click.echo(f"{len(changes) - len(shown)} unchanged" if not everything else f"{len(changes)} in all")
    return None
