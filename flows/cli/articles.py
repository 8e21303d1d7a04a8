"""`pressrun articles`: list, show and export articles."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storage.errors import PressrunError

from .options import CommonOptions, common, day, pass_options
from .remove import remove
from .show import minute, say_json, say_table
from .whole_file import write_whole

if TYPE_CHECKING:
    from storage.articles import Selection, StoredArticle


class NoSuchArticleError(PressrunError):
    """No article has this id."""


def _which(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that select articles; the command gets them as one Selection, `wanted`."""

    @wraps(command)
    def filtered(*args: Any, **options: Any) -> Any:
        names = {"outlets_": "outlets"} | {name: name for name in ("first", "last", "language", "copies")}
        return command(
            *args, wanted=_filter({names[o]: options.pop(o) for o in list(options) if o in names}), **options
        )

    for decorate in (
        click.option("--outlet", "outlets_", metavar="ID", multiple=True, help="Only of this outlet; may be repeated."),
        click.option("--from", "first", type=day, metavar="DATE", help="Published on this day or later (UTC)."),
        click.option("--to", "last", type=day, metavar="DATE", help="Published on this day or earlier."),
        click.option("--language", metavar="CODE", help="Only in this language: en, az, ru ..."),
        click.option("--copies", is_flag=True, help="Include copies; `duplicate_of` is their original."),
    ):
        filtered = decorate(filtered)
    return filtered


def _filter(options: dict[str, Any]) -> Selection:
    from storage.articles import Selection, Which

    which = Which.ALL if options.pop("copies") else Which.ORIGINALS
    languages = tuple(filter(None, [options.pop("language")]))
    wanted = Selection(which=which, languages=languages, **options)
    if wanted.first and wanted.last and wanted.first > wanted.last:
        raise click.UsageError(f"--from {wanted.first} is after --to {wanted.last}", click.get_current_context())
    return wanted


@click.group("articles", invoke_without_command=True)
@common
@click.pass_context
def articles_command(context: click.Context) -> None:
    """List, show and export articles. Without a subcommand: list."""
    if context.invoked_subcommand is None:
        context.invoke(list_articles)


articles_command.add_command(remove)


@articles_command.command("list")
@_which
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="The largest number to list.")
@common
@pass_options
def list_articles(options: CommonOptions, limit: int, wanted: Selection) -> None:
    """List the newest articles."""
    from storage import articles
    from storage.articles import as_row

    db = options.database()
    newest, total = articles.newest_articles(db, wanted, limit), articles.count_articles(db, wanted)
    db.close()
    if options.json:
        return say_json(
            [{name: value for name, value in as_row(article).items() if name != "text"} for article in newest]
        )
    if not total:
        return click.echo("no articles yet; `pressrun crawl ID` fetches some")
    rows = [(a.id, minute(a.published_at), a.outlet, a.language, a.words, _titled(a)) for a in newest]
    say_table(("#id", "published", "outlet", "language", "#words", "title"), rows)
    if total > len(newest):
        click.echo(
            f"{len(newest)} of {total} articles; --limit lists more, `pressrun articles export` exports all", err=True
        )
    return None


def _titled(article: StoredArticle) -> str:
    return f"{article.title} (copy of {article.duplicate_of})" if article.duplicate_of else article.title


@articles_command.command("show")
@click.argument("article_id", metavar="ID", type=click.IntRange(min=1))
@click.option("--diff", is_flag=True, help="Show every difference of copies and revisions, not only the first three.")
@common
@pass_options
def show_article(options: CommonOptions, article_id: int, diff: bool) -> None:
    """Show one article, its copies and revisions, and their differences."""
    from storage import articles
    from storage.articles import as_row

    from .article import as_json, described

    db = options.database()
    article = articles.get_article(db, article_id)
    if article is None:
        db.close()
        raise NoSuchArticleError(f"there is no article {article_id}; `pressrun articles list` lists some")
    copies, earlier = articles.copies_of(db, article_id), articles.revisions_of(db, article_id)
    addresses = articles.addresses_of(db, article_id)
    db.close()
    if options.json:
        more = {"copies": [copy.id for copy in copies], "revisions": len(earlier), "addresses": addresses}
        return say_json(as_row(article) | more | as_json(article, copies, earlier))
    for line in described(article, copies, earlier, every=diff):
        click.echo(line)
    return click.echo(f"\n{article.text}")


@articles_command.command("export")
@_which
@click.option("--format", "format_", type=click.Choice(["jsonl", "csv", "txt"]), default="jsonl", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A file, or a folder for txt. Default: standard output.")
@common
@pass_options
def export(options: CommonOptions, format_: str, out: Path | None, wanted: Selection) -> None:
    """Export articles as JSONL, CSV, or one text file each."""
    from storage.articles import export_articles, export_texts

    if format_ == "txt" and out is None:
        raise click.UsageError("--format txt writes one file for each article; name a folder with --out")
    db = options.database()
    try:
        if out is None:
            number = export_articles(db, sys.stdout, format_, wanted)
        elif format_ == "txt":
            number = export_texts(db, out, wanted)
        else:
            number = write_whole(out, lambda stream: export_articles(db, stream, format_, wanted))
    finally:
        db.close()
    if out is not None:
        click.echo(f"{number} articles in {out}", err=True)
