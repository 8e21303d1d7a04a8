"""`pressrun articles`: list, search, review, show and export articles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from storage.errors import PressrunError

from .export import export
from .options import ARTICLE_ID, COUNT, CommonOptions, common, pass_options
from .remove import remove
from .selecting import selecting, selecting_but_query
from .show import say_json, say_text

if TYPE_CHECKING:
    from flows.selection import Filters
    from storage.articles import SearchPage


MOST_COUNTED = 10_000  # articles that match: counting a million takes half a second


class NoSuchArticleError(PressrunError):
    """No article has this id."""


@click.group("articles", invoke_without_command=True)
@common
@click.pass_context
def articles_command(context: click.Context) -> None:
    """List, search, review, show and export articles. Without a subcommand: list."""
    if context.invoked_subcommand is None:
        context.invoke(list_articles)


articles_command.add_command(remove)
articles_command.add_command(export)


@articles_command.command("list")
@selecting
@click.option("--limit", type=COUNT, default=20, show_default=True, help="The largest number to list.")
@common
@pass_options
def list_articles(options: CommonOptions, limit: int, filters: Filters) -> None:
    """List the newest articles.

    \b
    pressrun articles list --country az --from 2026-11-01
    pressrun articles list --author Aliyeva --copies
    """
    from flows.selection import select
    from storage import articles
    from storage.articles import row_without_text

    from .article_tables import say_articles

    with options.opened() as db:
        wanted = select(db, options.catalog(), filters)
        newest = articles.newest_articles(db, wanted, limit)
        total = 0 if options.json else articles.count_articles(db, wanted, MOST_COUNTED)
    if options.json:
        return say_json(list(map(row_without_text, newest)))
    if not total:
        nothing = "no articles yet; `pressrun crawl ID` fetches some"
        return click.echo(nothing if filters == type(filters)() else "no article passes these filters")
    say_articles(newest)
    if total > len(newest):
        number = f"more than {MOST_COUNTED:,}" if total > MOST_COUNTED else total
        click.echo(
            f"{len(newest)} of {number} articles; --limit lists more, `pressrun articles export` exports all", err=True
        )
    return None


@articles_command.command("search", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@selecting_but_query
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="Results on a page.")
@click.option("--cursor", help="The next page, as the page before names it.")
@common
@pass_options
def search(options: CommonOptions, words: tuple[str, ...], limit: int, cursor: str | None, filters: Filters) -> None:
    """Find articles by their words, the best and newest first.

    Words that stand side by side must all occur. Case, diacritics and endings do not count.

    \b
    pressrun articles search harbour Baku
    pressrun articles search '"state budget" -draft title:parliament'
    pressrun articles search 'minist* (gas OR oil)' --country az --from 2026-01-01
    """
    from flows.selection import Filters, select
    from storage.articles import search_articles

    from .article_tables import result_as_json, say_results

    if unknown := next((word for word in words if word.startswith("--")), None):
        raise click.NoSuchOption(unknown, ctx=click.get_current_context())
    asked = Filters(replace(filters.selection, query=" ".join(words)), filters.countries)
    with options.opened() as db:
        page = search_articles(db, select(db, options.catalog(), asked), limit=limit, cursor=cursor)
    if not page.complete:
        click.echo("pressrun: not all articles are in the search index; run: pressrun db reindex", err=True)
    if options.json:
        results = [result_as_json(hit) for hit in page.hits]
        counted = {"found": page.found, "more": page.more, "cursor": page.cursor, "complete": page.complete}
        return say_json({"results": results} | counted)
    say_results(page)
    return click.echo(_summed_up(page), err=True)


@articles_command.command("review")
@selecting
@click.option("--limit", type=COUNT, default=20, show_default=True, help="The largest number to list.")
@common
@pass_options
def review(options: CommonOptions, limit: int, filters: Filters) -> None:
    """List the articles of which the extraction is least sure, the most doubtful first.

    \b
    pressrun articles review --country az
    pressrun articles review --outlet trend --from 2026-11-01 --json
    """
    from flows.selection import select
    from storage import articles
    from storage.articles import row_without_text

    from .article_tables import say_doubtful

    with options.opened() as db:
        lowest = articles.doubtful_articles(db, select(db, options.catalog(), filters), limit)
    if options.json:
        return say_json(list(map(row_without_text, lowest)))
    if not lowest:
        return click.echo("no article with a score passes these filters; `pressrun reextract` scores older ones")
    return say_doubtful(lowest)


def _summed_up(page: SearchPage) -> str:
    if not page.hits:
        return "nothing found"
    counted = f"{len(page.hits)} of {'more than ' if page.more else ''}{page.found}"
    return counted + (f"; next page: --cursor {page.cursor}" if page.cursor else "")


@articles_command.command("show")
@click.argument("article_id", metavar="ID", type=ARTICLE_ID)
@click.option("--diff", is_flag=True, help="Show every difference of copies and revisions, not only the first three.")
@common
@pass_options
def show_article(options: CommonOptions, article_id: int, diff: bool) -> None:
    """Show one article, its copies and revisions, and their differences.

    \b
    pressrun articles show 17
    pressrun articles show 17 --diff
    """
    from storage import articles
    from storage.articles import as_row

    from .article import as_json, described

    with options.opened() as db:
        article = articles.get_article(db, article_id)
        if article is None:
            raise NoSuchArticleError(f"there is no article {article_id}; `pressrun articles list` lists some")
        copies, earlier = articles.copies_of(db, article_id), articles.revisions_of(db, article_id)
        addresses = articles.addresses_of(db, article_id)
    if options.json:
        more = {"copies": [copy.id for copy in copies], "revisions": len(earlier), "addresses": addresses}
        return say_json(as_row(article) | more | as_json(article, copies, earlier))
    for line in described(article, copies, earlier, every=diff):
        say_text(line)
    say_text("")
    return say_text(article.text)
