"""`pressrun outlets schema`: the JSON schema of outlet files, for editors."""

from __future__ import annotations

import click

from .options import common


@click.command("schema")
@common
def print_schema() -> None:
    """Print the JSON schema of outlet files.

    Editors with taplo (such as VS Code with "Even Better TOML") complete and check a file whose first line names it:
    `#:schema ./outlet.schema.json`.

    \b
    pressrun outlets schema > outlet.schema.json
    """
    from crawlers.outlet_schema import schema_text

    click.echo(schema_text(), nl=False)
