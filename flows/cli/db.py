"""`pressrun db`: migrations, invariants, row counts, the search index, backups of the store."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from .bars import bars
from .options import CommonOptions, common, pass_options
from .show import say_json, say_table


@click.group("db")
@common
def db_command() -> None:
    """Upgrade, check, count, back up and restore the store."""


@db_command.command("upgrade")
@common
@pass_options
def upgrade(options: CommonOptions) -> None:
    """Migrate the store to this program's version. Creates it if it does not exist.

    Pages whose address has another canonical form in this version get the key of that form.

    \b
    pressrun db upgrade --db postgresql://pressrun@localhost/pressrun
    """
    from storage import jobs
    from storage.database import connect, head, open_database, version

    settings = options.store_settings()
    db = open_database(settings.db)
    shown = connect(settings.db).url.render_as_string(hide_password=True)
    now = version(db)
    pages = jobs.readdress(db)
    db.close()
    if options.json:
        say_json({"db": shown, "version": now, "readdressed": pages.moved})
        return
    click.echo(f"{shown} is at version {now} of {head()}")
    if pages.moved:
        click.echo(f"{pages.moved:,} pages got the key of their address's new canonical form")


@db_command.command("check")
@click.option("--all", "everything", is_flag=True, help="Read every archived answer, and not only 200 of them.")
@common
@pass_options
def check_store(options: CommonOptions, everything: bool) -> int:
    """Check every invariant of the store, and its archive. Exit code 1, and a line for each one that is violated.

    Of the archive, every place has to lie in its file; answers that are read have to have their digests. If the file of
    the store itself is damaged, that is all that is told.

    \b
    pressrun db check
    pressrun db check --all
    """
    from storage import jobs

    archive = options.store_settings().data / "archive"
    with options.opened() as db, bars(options, "answers") as draw:
        show = partial(draw, "answers") if draw else None
        samples = None if everything else jobs.SAMPLES
        broken = jobs.find_damage(db) or jobs.check_rules(db) + jobs.verify_archive(db, archive, samples, show)
    if options.json:
        say_json({"broken": broken})
    else:
        click.echo("\n".join(broken) or "every invariant holds")
    return 1 if broken else 0


@db_command.command("reindex")
@click.option("--all", "everything", is_flag=True, help="Build the whole index again, also what seems right.")
@common
@pass_options
def reindex(options: CommonOptions, everything: bool) -> None:
    """Put articles that search cannot find yet into its index. Crawls may go on; an interrupted call is continued.

    \b
    pressrun db reindex
    pressrun db reindex --all
    """
    from storage import search

    with options.opened() as db, bars(options, "articles") as draw:
        show = partial(draw, "articles") if draw else None
        indexed = search.reindex(db, everything=everything, on_progress=show)
    say_json({"indexed": indexed}) if options.json else click.echo(f"{indexed:,} articles indexed; search finds all")


@db_command.command("stats")
@common
@pass_options
def stats(options: CommonOptions) -> None:
    """Count the rows of each table, and the pages, articles and copies of each outlet.

    \b
    pressrun db stats --json
    """
    from storage import jobs

    with options.opened() as db:
        figures = jobs.store_stats(db)
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


@db_command.command("backup")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@common
@pass_options
def backup_store(options: CommonOptions, file: Path | None) -> None:
    """Copy an SQLite store to FILE, also while crawls run, and check the copy. Default: a new file in data/backups.

    \b
    pressrun db backup
    pressrun db backup /backups/pressrun.db
    """
    from storage.backup import backup, new_backup

    target = file or new_backup(options.store_settings().data / "backups")
    with options.opened() as db, bars(options, "pages") as draw:
        size = backup(db, target, partial(draw, "pages") if draw else None)
    say_json({"file": target, "bytes": size}) if options.json else click.echo(f"{target}: {size:,} bytes, checked")


@db_command.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@common
@pass_options
def restore_store(options: CommonOptions, file: Path) -> None:
    """Put the backup FILE in the place of an SQLite store. The present store is kept beside it, also if it is damaged.

    Stop `pressrun up` and all workers first. A store that a live run uses is refused, and a file that is no store.

    \b
    pressrun db restore /backups/pressrun.db
    """
    from storage.backup import check_replaceable, restore, store_file

    settings = options.store_settings()
    target = store_file(settings.db)
    sound = check_replaceable(settings.db)
    kept = restore(file, target)
    options.database().close()  # upgrades a backup of an earlier version
    if options.json:
        return say_json({"restored": target, "kept": kept})
    earlier = "the earlier store" if sound else "the damaged store"
    click.echo(f"{target} is the backup {file} now{f'; {earlier} is {kept}' if kept else ''}")
    click.echo("now run: pressrun db check")
    return None
