"""`pressrun db`: migrations, promises and figures of the store."""

from __future__ import annotations

import click

from .options import Given, common, pass_given
from .show import say_json, say_table


@click.group("db")
@common
def db_command() -> None:
    """The store itself."""


@db_command.command("upgrade")
@common
@pass_given
def upgrade(given: Given) -> None:
    """Bring the store to this program's version, creating it if it is not there."""
    from storage.database import connect, head, open_database, version

    settings = given.settings()
    db = open_database(settings.db)
    shown = connect(settings.db).url.render_as_string(hide_password=True)
    now = version(db)
    db.close()
    say_json({"db": shown, "version": now}) if given.json else click.echo(f"{shown} is at version {now} of {head()}")


@db_command.command("check")
@common
@pass_given
def check_store(given: Given) -> int:
    """Whether the store holds what it promises; exit code 1 and a line for each promise that is broken."""
    from storage.jobs import check_store

    archive = given.settings().data / "archive"
    db = given.database()
    broken = check_store(db, archive if archive.is_dir() else None)
    db.close()
    if given.json:
        say_json({"broken": broken})
    else:
        click.echo("\n".join(broken) or "every promise holds")
    return 1 if broken else 0


@db_command.command("stats")
@common
@pass_given
def stats(given: Given) -> None:
    """Rows of each table; pages, articles and copies of each outlet."""
    from storage import jobs

    db = given.database()
    figures = jobs.store_stats(db)
    db.close()
    if given.json:
        return say_json(figures)
    say_table(("table", "#rows"), figures["rows"].items())
    click.echo()
    names = sorted(figures["pages"])
    say_table(
        ("outlet", "#pages", "#articles", "#copies"),
        [(o, figures["pages"][o], figures["articles"].get(o, 0), figures["copies"].get(o, 0)) for o in names],
    )
    return None
