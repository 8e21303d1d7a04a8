"""`pressrun db`: migrations, invariants and row counts of the store."""

from __future__ import annotations

import click

from .options import CommonOptions, common, pass_options
from .show import say_json, say_table


@click.group("db")
@common
def db_command() -> None:
    """Upgrade, check and count the store."""


@db_command.command("upgrade")
@common
@pass_options
def upgrade(options: CommonOptions) -> None:
    """Migrate the store to this program's version. Creates it if it does not exist."""
    from storage.database import connect, head, open_database, version

    settings = options.settings()
    db = open_database(settings.db)
    shown = connect(settings.db).url.render_as_string(hide_password=True)
    now = version(db)
    db.close()
    say_json({"db": shown, "version": now}) if options.json else click.echo(f"{shown} is at version {now} of {head()}")


@db_command.command("check")
@common
@pass_options
def check_store(options: CommonOptions) -> int:
    """Check every invariant of the store. Exit code 1, and a line for each one that is violated."""
    from storage import jobs

    archive = options.settings().data / "archive"
    db = options.database()
    broken = jobs.check_store(db, archive if archive.is_dir() else None)
    db.close()
    if options.json:
        say_json({"broken": broken})
    else:
        click.echo("\n".join(broken) or "every invariant holds")
    return 1 if broken else 0


@db_command.command("stats")
@common
@pass_options
def stats(options: CommonOptions) -> None:
    """Count the rows of each table, and the pages, articles and copies of each outlet."""
    from storage import jobs

    db = options.database()
    figures = jobs.store_stats(db)
    db.close()
    if options.json:
        return say_json(figures)
    say_table(("table", "#rows"), figures["rows"].items())
    click.echo()
    names = sorted(figures["pages"])
    say_table(
        ("outlet", "#pages", "#articles", "#copies"),
        [(o, figures["pages"][o], figures["articles"].get(o, 0), figures["copies"].get(o, 0)) for o in names],
    )
    return None
