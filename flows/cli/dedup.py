"""`pressrun dedup`: the archive's copies through today's rules, and decisions by hand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from .options import Given, common, pass_given
from .show import say_json, say_table

if TYPE_CHECKING:
    from storage.dedup import RecheckReport

SHOWN = 50  # changes that are listed; the rest is counted
_ID = click.IntRange(min=1)


@click.group("dedup")
@common
def dedup_command() -> None:
    """Which articles are one piece of news."""


@dedup_command.command("check")
@click.option("--apply", is_flag=True, help="Make the changes; without it they are only shown.")
@common
@pass_given
def check_copies(given: Given, apply: bool) -> int:
    """Every article through today's rules: what would change, and with --apply the change itself.

    Decisions by hand stand. Exit code 1 if something would change and was not changed.
    """
    from storage.dedup import recheck_archive

    db = given.database()
    try:
        with _progress(given) as told:
            done = recheck_archive(db, apply=apply, on_progress=told)
    finally:
        db.close()
    if given.json:
        say_json(_as_json(done, apply))
    else:
        _say(done, apply)
    return 1 if done.changes and not apply else 0


def _as_json(done: RecheckReport, apply: bool) -> dict[str, object]:
    changes = [
        {"article": one.article_id, "was": _pointer(one.was), "becomes": _pointer(one.becomes)} for one in done.changes
    ]
    return {"articles": done.articles, "indexed": done.indexed, "applied": apply, "changes": changes}


def _pointer(to: tuple[int, str] | None) -> dict[str, object] | None:
    return {"duplicate_of": to[0], "relation": to[1]} if to else None


def _say(done: RecheckReport, apply: bool) -> None:
    if done.indexed:
        click.echo(f"{done.indexed} articles had no fingerprints of this version and have them now")
    if not done.changes:
        return click.echo(f"{done.articles} articles looked at; today's rules change nothing")
    rows = [(one.article_id, _told(one.was), _told(one.becomes)) for one in done.changes[:SHOWN]]
    say_table(("#article", "was", "becomes" if apply else "would become"), rows)
    left = len(done.changes) - len(rows)
    more = f" ({left} more than are listed; --json gives all)" if left else ""
    end = "changed" if apply else "would change; --apply does it"
    return click.echo(f"{len(done.changes)} of {done.articles} articles {end}{more}", err=True)


def _told(to: tuple[int, str] | None) -> str:
    return f"{to[1]}: copy of {to[0]}" if to else "stands for itself"


@contextmanager
def _progress(given: Given) -> Iterator[Callable[[RecheckReport], None] | None]:
    """A bar in a terminal; nothing where nobody watches."""
    if given.json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("articles", total=None)
        yield lambda done: progress.update(task, total=done.total, completed=done.articles)


@dedup_command.command("split")
@click.argument("article_id", metavar="ID", type=_ID)
@common
@pass_given
def split_copy(given: Given, article_id: int) -> None:
    """Article ID is no copy: it stands for itself from now on, whatever the rules say."""
    from storage.dedup import split

    db = given.database()
    try:
        original = split(db, article_id)
    finally:
        db.close()
    if given.json:
        return say_json({"article": article_id, "was_copy_of": original})
    return click.echo(f"article {article_id} stands for itself; it was a copy of {original}")


@dedup_command.command("join")
@click.argument("one", metavar="ID", type=_ID)
@click.argument("other", metavar="ID", type=_ID)
@common
@pass_given
def join_articles(given: Given, one: int, other: int) -> None:
    """Two articles are one piece of news; the earlier, or the one that the other credits, is the original."""
    from storage.dedup import join

    db = given.database()
    try:
        done = join(db, one, other)
    finally:
        db.close()
    if given.json:
        return say_json({"article": done.copy, "duplicate_of": done.original, "followed": done.followed})
    followed = f", and so are its {done.followed} copies" if done.followed else ""
    return click.echo(f"article {done.copy} is a copy of {done.original} now{followed}")
