"""`pressrun browse`: the archive as pages and as an API."""

from __future__ import annotations

import click

from .options import CommonOptions, common, pass_options


@click.command("browse")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve at.")
@click.option("--port", type=click.IntRange(0, 65535), default=4300, show_default=True, help="Port; 0 chooses one.")
@click.option("--token", help="What readers must give; needed to serve other machines [PRESSRUN_TOKEN].")
@common
@pass_options
def browse_command(options: CommonOptions, host: str, port: int, token: str | None) -> None:
    """Serve the archive for reading, as pages and as an API (/api), until Ctrl-C.

    \b
    pressrun browse
    pressrun browse --host 0.0.0.0 --token "$(openssl rand -hex 16)"
    """
    from flows.browse import Address, Archive, bind, create_app, serve
    from flows.serving import url_of
    from storage.database import open_for_reading

    settings = options.settings()
    address = Address(host, port, token or settings.token)
    address.check()
    catalog = options.catalog()
    db = open_for_reading(settings.db)
    try:
        with bind(address) as listening:
            click.echo(f"the archive is at {url_of(listening)} (Ctrl-C ends)")
            serve(create_app(Archive(db, catalog), address.token), listening)
    finally:
        db.close()
