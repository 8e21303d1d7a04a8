"""`pressrun watch`: saved searches, told by messages and feeds."""

from __future__ import annotations

import shlex
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from .options import CommonOptions, common, pass_options
from .selecting import selecting_stories
from .show import minute, say_json, say_table

if TYPE_CHECKING:
    from flows.selection import Filters
    from storage.watches import Watch

TRIED = 3  # stories of a trial message
NONE_SAVED = "no saved searches yet; `pressrun watch add NAME QUERY` saves one"


@click.group("watch")
@common
def watch_command() -> None:
    """Save searches, and be told of new matches after each run."""


@watch_command.command("add")
@click.argument("name", metavar="NAME")
@click.argument("query", metavar="[QUERY]", required=False)
@selecting_stories
@click.option(
    "--send-to", "urls", metavar="URL", multiple=True, help="An Apprise URL; may be repeated. None: the feed."
)
@click.option("--digest", type=click.Choice(["at-once", "daily"]), default="at-once", show_default=True)
@common
@pass_options
def add(
    options: CommonOptions, name: str, query: str | None, filters: Filters, urls: tuple[str, ...], digest: str
) -> None:
    """Save a search. It tells of what is stored from now on; copies count as one story.

    \b
    pressrun watch add harbour '"Baku harbour" -draft' --send-to json://hooks.example.org/news
    pressrun watch add budget budget --country ge --digest daily --send-to mailtos://USER:PASSWORD@example.org
    """
    from flows.selection import Filters, select
    from storage.selection import Which
    from storage.watches import Watch, add_watch

    _check(name, query, filters, urls)
    now = datetime.now(UTC)
    wanted = replace(filters.selection, query=query, which=Which.ALL)
    with options.opened(create=True) as db:
        selection = select(db, options.catalog(), Filters(wanted, filters.countries))
        watch = Watch(name, selection, urls, digest == "daily", now, 0, now, None)
        add_watch(db, watch)
    if options.json:
        return say_json(_described(watch, 0))
    return click.echo(f"saved; try it: pressrun watch test {shlex.quote(name)}", err=True)


def _check(name: str, query: str | None, filters: Filters, urls: tuple[str, ...]) -> None:
    context = click.get_current_context()
    if not name.strip() or len(name) > 80 or not name.isprintable():
        raise click.UsageError("NAME must be 1 to 80 printable characters", context)
    if query is None and filters == type(filters)():
        raise click.UsageError("name a query or a filter, such as --country az", context)
    for url in urls:
        if not urlsplit(url).scheme or "://" not in url:
            # The URL itself may hold a password, and is not repeated.
            raise click.UsageError("--send-to takes a URL of Apprise such as json://HOST/PATH", context)


@watch_command.command("list")
@common
@pass_options
def list_watches(options: CommonOptions) -> None:
    """List saved searches. Of their destinations only the kind is shown: the rest may hold passwords.

    \b
    pressrun watch list
    """
    from storage.watches import all_watches, waiting

    with options.opened() as db:
        rows = [_described(watch, len(waiting(db, watch.name))) for watch in all_watches(db)]
    if options.json:
        return say_json(rows)
    if not rows:
        return click.echo(NONE_SAVED)
    columns = ("name", "query", "filters", "digest", "sent to", "#waiting", "last told (UTC)")
    return say_table(columns, [_cells(row) for row in rows])


def _described(watch: Watch, waiting: int) -> dict[str, object]:
    from storage.watches import filters_as_json

    filters = {
        name: value for name, value in filters_as_json(watch.selection).items() if name not in ("query", "which")
    }
    return {
        "name": watch.name, "query": watch.selection.query, "filters": filters,
        "digest": "daily" if watch.daily else "at-once",
        "sent_to": [url.partition("://")[0] for url in watch.destinations], "waiting": waiting,
        "told_at": watch.told_at.isoformat() if watch.told_at else None,
    }  # fmt: skip


def _cells(row: dict[str, object]) -> tuple[object, ...]:
    filters, sent_to, told_at = row["filters"], row["sent_to"], row["told_at"]
    assert isinstance(filters, dict)
    assert isinstance(sent_to, list)
    plain = "; ".join(f"{name}={','.join(v) if isinstance(v, list) else v}" for name, v in filters.items())
    told = minute(datetime.fromisoformat(str(told_at))) if told_at else ""
    return (row["name"], row["query"] or "", plain, row["digest"], ", ".join(sent_to), row["waiting"], told)


@watch_command.command("test")
@click.argument("name", metavar="NAME")
@common
@pass_options
def test(options: CommonOptions, name: str) -> int:
    """Show the newest matches of the whole archive, and send them as a trial. Nothing counts as told by it.

    \b
    pressrun watch test harbour
    """
    from flows.messages import send
    from flows.watching import message_of, newest_stories
    from storage.watches import get_watch

    with options.opened() as db:
        watch = get_watch(db, name)
        found = newest_stories(db, watch, TRIED)
    subject, text = message_of(watch, found) if found else (f"Pressrun, {name}: no story yet", "Nothing matches yet.")
    if not options.json:
        click.echo(f"{subject}\n\n{text}")
    sent = [(url.partition("://")[0], send(url, f"{subject} (a trial)", text)) for url in watch.destinations]
    failed = [scheme for scheme, is_sent in sent if not is_sent]
    if options.json:
        stories = [{"id": one.article.id, "url": one.article.url, "title": one.article.title} for one in found]
        reached = [scheme for scheme, is_sent in sent if is_sent]
        say_json({"subject": subject, "text": text, "stories": stories, "sent_to": reached, "failed": failed})
    for scheme in failed:
        click.echo(f"pressrun: the message could not be sent by {scheme}; check the URL given with --send-to", err=True)
    return 1 if failed else 0


@watch_command.command("run")
@common
@pass_options
def run(options: CommonOptions) -> int:
    """Find and tell what is new, now. Each crawl, poll and night does it at its end.

    \b
    pressrun watch run
    """
    from flows.watching import run_watches

    ran = run_watches(options.settings())
    if options.json:
        say_json([asdict(one) for one in ran])
    elif ran:
        say_table(("name", "#new", "#waiting"), [(one.name, one.new, one.waiting) for one in ran])
    else:
        click.echo(NONE_SAVED)
    problems = [one.problem for one in ran if one.problem]
    for problem in problems:
        click.echo(f"pressrun: {problem}", err=True)
    return 1 if problems else 0


@watch_command.command("feed")
@click.argument("name", metavar="NAME")
@click.option("--home", metavar="URL", help="The site that the feed belongs to.  [default: that of `pressrun browse`]")
@common
@pass_options
def feed(options: CommonOptions, name: str, home: str | None) -> None:
    """Print the stories that were found last as an RSS feed.

    \b
    pressrun watch feed harbour > harbour.xml
    pressrun watch feed harbour --home https://archive.example/ > harbour.xml
    """
    from flows.watching import HOME, feed
    from storage.urls import is_web_address

    if home is not None and not is_web_address(home):
        raise click.UsageError(f"--home {home!r} is no http or https address, such as https://archive.example/")
    with options.opened() as db:
        click.echo(feed(db, name, home=home or HOME).decode())


@watch_command.command("remove")
@click.argument("name", metavar="NAME")
@common
@pass_options
def remove(options: CommonOptions, name: str) -> None:
    """Forget a saved search.

    \b
    pressrun watch remove harbour
    """
    from storage.watches import remove_watch

    with options.opened() as db:
        remove_watch(db, name)
    if options.json:
        return say_json({"removed": name})
    return click.echo(f"{name}: removed")
