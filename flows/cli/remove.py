"""`pressrun articles remove`: take articles down for good."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .bars import bars
from .options import ARTICLE_ID, CommonOptions, common, complete_outlets, pass_options
from .show import say_json

if TYPE_CHECKING:
    from crawlers.environment import Settings
    from storage.database import Database
    from storage.jobs import Removal, RemovalFiles, Removed

NAMED = 10  # copies and backups that are named one by one


@click.command("remove")
@click.argument("what", metavar="[ID|URL]", required=False)
@click.option(
    "--outlet",
    metavar="ID",
    shell_complete=complete_outlets,
    help="Remove everything of this outlet, and never crawl it again.",
)
@click.option("--reason", metavar="TEXT", help="Why. It stands in the log, which may be published.")
@click.option("--with-copies", is_flag=True, help="Remove the copies in other outlets as well.")
@click.option("--resume", is_flag=True, help="End a removal that was interrupted.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
@pass_options
def remove(
    options: CommonOptions, what: str | None, outlet: str | None, reason: str | None, with_copies: bool, resume: bool,
    yes: bool,
) -> int:  # fmt: skip
    """Remove an article, an address or a whole outlet for good: text, revisions, search, raw answers.

    A hash stays, so that it is never fetched or stored again. Nothing of this can be undone. What is in backups and in
    exports stays there. Exit code 1 if something is left to remove, which --resume does.

    \b
    pressrun articles remove https://example.com/a --reason 'court order 12/2026'
    pressrun articles remove --outlet gone_daily --reason 'contract ended'
    """
    from storage.jobs import take_down, unfinished_removal

    _check_use(what, outlet, reason, resume)
    settings = options.store_settings()
    with options.opened() as db:
        removal, why = _unfinished(db) if resume else (_removal(db, what, outlet, with_copies), reason or "")
        _tell(removal, settings.data, err=options.json)
        _confirm(yes or resume)
        with bars(options, "articles", "raw answers") as report:
            done = take_down(db, removal, why, _files(settings), report)
        left = unfinished_removal(db)
    _say(options, done, settings, [part.outlet_id for part in left[0].parts] if left else [])
    return int(left is not None)


def _check_use(what: str | None, outlet: str | None, reason: str | None, resume: bool) -> None:
    context = click.get_current_context()
    if resume + (what is not None) + (outlet is not None) != 1:
        raise click.UsageError("name one article, one address, or one --outlet; or --resume", context)
    if not resume and not (reason or "").strip():
        raise click.UsageError("--reason is missing: say why, for those who ask later", context)


def _removal(db: Database, what: str | None, outlet: str | None, copies: bool) -> Removal:
    from storage.jobs import removal_of_address, removal_of_article, removal_of_outlet

    if outlet is not None:
        return removal_of_outlet(db, outlet)
    assert what is not None
    if not what.isdecimal():
        return removal_of_address(db, what, copies=copies)
    return removal_of_article(db, ARTICLE_ID(what, None, click.get_current_context()), copies=copies)


def _unfinished(db: Database) -> tuple[Removal, str]:
    from storage.errors import RemovalError
    from storage.jobs import unfinished_removal

    left = unfinished_removal(db)
    if left is None:
        raise RemovalError("no removal was interrupted; there is nothing to resume")
    return left


def _files(settings: Settings) -> RemovalFiles:
    from storage.jobs import RemovalFiles

    return RemovalFiles(settings.data / "archive", settings.data / "takedowns.jsonl")


def _tell(removal: Removal, data: Path, *, err: bool) -> None:
    for part in removal.parts:
        pages = "all its pages" if part.pages is None else f"{len(part.pages)} pages"
        click.echo(f"{part.name}: {pages}", err=err)
    click.echo(
        f"{removal.articles} articles and {removal.revisions} revisions go for good; it cannot be undone", err=err
    )
    for copy in removal.stay[:NAMED]:
        click.echo(f"stays: article {copy.id} of {copy.outlet}, the same news: {copy.url}", err=err)
    if len(removal.stay) > NAMED:
        click.echo(f"stays: {len(removal.stay) - NAMED} more of the same news", err=err)
    if removal.stay:
        click.echo("--with-copies removes them as well", err=err)
    for backup in _backups(data)[:NAMED]:
        click.echo(f"holds them still, and is left as it is: {backup}", err=err)


def _backups(data: Path) -> list[Path]:
    from storage.backup import backups

    return [*backups(data / "backups"), *sorted(data.glob("*.before-*"))]


def _confirm(sure: bool) -> None:
    if sure:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(
            "this cannot be undone: --yes is needed where nobody can be asked", click.get_current_context()
        )
    click.confirm("Remove for good?", abort=True, err=True)


def _say(options: CommonOptions, done: Removed, settings: Settings, left: Sequence[str]) -> None:
    log = settings.data / "takedowns.jsonl"
    if left:
        click.echo(
            f"pressrun: not all is removed: raw answers or addresses of {', '.join(left)} are still here; "
            "`pressrun articles remove --resume` ends that",
            err=True,
        )
    if options.json:
        return say_json(asdict(done) | {"log": log, "unfinished": left})
    click.echo(
        f"removed: {done.articles} articles, {done.revisions} revisions, {done.answers} raw answers, "
        f"of {done.pages} pages; logged in {log}"
    )
    for article in done.promoted:
        click.echo(f"article {article} was a copy and is the original now")
    return None
