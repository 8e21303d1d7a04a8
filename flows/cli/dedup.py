"""`pressrun dedup`: check copies against the current rules, and decide by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .bars import bars
from .options import ARTICLE_ID, CommonOptions, common, pass_options
from .show import say_json, say_table

if TYPE_CHECKING:
    from storage.dedup import RecheckReport

SHOWN = 50  # changes that are listed; the rest is only counted


@click.group("dedup")
@common
def dedup_command() -> None:
    """Check copies against the current rules; split and join articles by hand."""


@dedup_command.command("check")
@click.option("--apply", is_flag=True, help="Make the changes. Without it they are only shown.")
@common
@pass_options
def check_copies(options: CommonOptions, apply: bool) -> int:
    """Check every article against the current rules, and show what would change. --apply changes it.

    Decisions by hand are kept. Exit code 1 if something would change and --apply is missing.

    \b
    pressrun dedup check
    pressrun dedup check --apply
    """
    from storage.dedup import recheck_archive

    with options.opened() as db, bars(options, "articles") as draw:
        show = (lambda so_far: draw("articles", so_far.articles, so_far.total)) if draw else None
        done = recheck_archive(db, apply=apply, on_progress=show)
    if options.json:
        say_json(_as_json(done, apply))
    else:
        _say(done, apply)
    return 1 if done.changes and not apply else 0


def _as_json(done: RecheckReport, apply: bool) -> dict[str, object]:
    changes = [
        {"article": change.article_id, "was": _pointer(change.was), "becomes": _pointer(change.becomes)}
        for change in done.changes
    ]
    return {"articles": done.articles, "indexed": done.indexed, "applied": apply, "changes": changes}


def _pointer(to: tuple[int, str] | None) -> dict[str, object] | None:
    return {"duplicate_of": to[0], "relation": to[1]} if to else None


def _say(done: RecheckReport, apply: bool) -> None:
    if done.indexed:
        click.echo(f"{done.indexed} articles had no fingerprints of this version; they are indexed now")
    if not done.changes:
        return click.echo(f"{done.articles} articles checked; the current rules change nothing")
    rows = [(change.article_id, _label(change.was), _label(change.becomes)) for change in done.changes[:SHOWN]]
    say_table(("#article", "was", "becomes" if apply else "would become"), rows)
    left = len(done.changes) - len(rows)
    more = f" ({left} are not listed; --json lists all)" if left else ""
    end = "changed" if apply else "would change; --apply changes them"
    return click.echo(f"{len(done.changes)} of {done.articles} articles {end}{more}", err=True)


def _label(to: tuple[int, str] | None) -> str:
    return f"{to[1]}: copy of {to[0]}" if to else "no copy"


@dedup_command.command("split")
@click.argument("article_id", metavar="ID", type=ARTICLE_ID)
@common
@pass_options
def split_copy(options: CommonOptions, article_id: int) -> None:
    """Mark article ID as no copy. The rules never overrule this.

    \b
    pressrun dedup split 42
    """
    from storage.dedup import split

    with options.opened() as db:
        original = split(db, article_id)
    if options.json:
        return say_json({"article": article_id, "was_copy_of": original})
    return click.echo(f"article {article_id} is no copy any more; it was a copy of {original}")


@dedup_command.command("join")
@click.argument("first", metavar="ID", type=ARTICLE_ID)
@click.argument("second", metavar="ID", type=ARTICLE_ID)
@common
@pass_options
def join_articles(options: CommonOptions, first: int, second: int) -> None:
    """Mark one of two articles as a copy of the other. The rules never overrule this.

    The original is the one that the other credits, else the earlier one.

    \b
    pressrun dedup join 17 42
    """
    from storage.dedup import join

    with options.opened() as db:
        done = join(db, first, second)
    if options.json:
        return say_json({"article": done.copy, "duplicate_of": done.original, "followed": done.followed})
    followed = f"; so are its {done.followed} copies" if done.followed else ""
    return click.echo(f"article {done.copy} is now a copy of {done.original}{followed}")
