"""`pressrun worker`: a worker of a Prefect server that runs elsewhere."""

from __future__ import annotations

import os

import click

from .options import COUNT, CommonOptions, common, pass_options


@click.command("worker")
@click.option("--pool", default="pressrun", show_default=True, help="The work pool to serve.")
@click.option("--limit", type=COUNT, default=8, show_default=True, help="Flow runs at a time; each needs 220 MB.")
@click.option(
    "--drain", type=click.FloatRange(min=0), default=0, show_default=True,
    help="Seconds that runs may go on after SIGTERM; then they go back to the pool.",
)  # fmt: skip
@click.option(
    "--with-healthcheck", is_flag=True, help="Answer GET /health on port 8080 (PREFECT_WORKER_WEBSERVER_PORT)."
)
@common
@pass_options
def worker_command(options: CommonOptions, pool: str, limit: int, drain: float, with_healthcheck: bool) -> int:
    """Run flow runs for the Prefect server at PREFECT_API_URL until SIGTERM or Ctrl-C.

    A server that does not answer, or that `pressrun deploy` has not set up yet, is waited for; a line says so. Another
    work pool than that has to exist.

    It needs the store and the outlet files of the other machines. Runs whose worker or process died, here or on another
    machine, are returned to the pool; a run is tried five times.

    \b
    PREFECT_API_URL=http://prefect.example:4200/api pressrun worker --limit 4 --drain 60
    """
    from flows.errors import NoServerNamedError
    from flows.places import absolute
    from flows.worker_settings import WORKER_DEFAULTS

    if not os.environ.get("PREFECT_API_URL"):
        raise NoServerNamedError
    settings = absolute(options.settings())
    options.database().close()
    for name, value in {**WORKER_DEFAULTS, "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false"}.items():
        os.environ.setdefault(name, value)
    from flows.worker import Work, serve  # Prefect reads its settings when it is imported

    serve(Work(pool, limit, drain, healthcheck=with_healthcheck), settings)
    return 0
