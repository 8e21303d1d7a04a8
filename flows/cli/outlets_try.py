"""`pressrun outlets try`: what an outlet file makes of live pages, field by field. Nothing is stored."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from .options import CommonOptions, common, complete_outlets, pass_options
from .show import printable, say_json

if TYPE_CHECKING:
    from crawlers.fetch_client import Fetch
    from crawlers.live import PageLook, SeedLook
    from crawlers.outlet import Outlet

PAGES = 5


@click.command("try")
@click.argument("outlet_id", metavar="ID", shell_complete=complete_outlets)
@click.argument("url", required=False)
@click.option("--pages", type=click.IntRange(1, PAGES), default=PAGES, show_default=True, help="Pages to read at most.")
@click.option("--blocks", is_flag=True, help="Show what became of every block of the page, too.")
@common
@pass_options
def try_outlet(options: CommonOptions, outlet_id: str, url: str | None, pages: int, blocks: bool) -> int:
    """Read a page of an outlet, or its newest ones, and show each field and where it came from.

    The pages are fetched as a crawl fetches them; nothing is stored. A page that is refused shows why. Exit code 1 if a
    page is no article, 2 if the outlet cannot be reached.

    \b
    pressrun outlets try azernews
    pressrun outlets try gazette https://gazette.example/news/17 --outlets my-outlets
    """
    from crawlers.fetch_client import FetchClient

    outlet = options.catalog().get(outlet_id)
    with FetchClient(options.settings(), [outlet]) as fetch:
        looks, faults = _one(fetch, outlet, url) if url else _newest(fetch, outlet, pages)
    if options.json:
        say_json({"outlet": outlet.id, "pages": [_as_json(look) for look in looks], "seeds_off": faults})
    else:
        _show(looks, faults, blocks=blocks)
    if not looks or all(look.unreachable for look in looks):
        return 2
    return 1 if any(look.article is None for look in looks) else 0


def _one(fetch: Fetch, outlet: Outlet, url: str) -> tuple[list[PageLook], list[str]]:
    from crawlers.live import look_at_page
    from storage.model import Link

    return [look_at_page(fetch, outlet, Link(url))], []


def _newest(fetch: Fetch, outlet: Outlet, pages: int) -> tuple[list[PageLook], list[str]]:
    """Return the newest pages by the outlet's seeds, of several sections if it has them, and the seeds that failed."""
    from crawlers.live import look_at_page
    from crawlers.survey import choose_links

    seeds, faults = _seeds(fetch, outlet, pages)
    of_link = {link: look for look in reversed(seeds) for link in look.links}
    chosen = choose_links(list(of_link), pages)
    return [look_at_page(fetch, outlet, link, of_link[link]) for link in chosen], faults


def _seeds(fetch: Fetch, outlet: Outlet, pages: int) -> tuple[list[SeedLook], list[str]]:
    from crawlers.live import newest_looks

    seeds: list[SeedLook] = []
    faults = []
    for look in newest_looks(fetch, outlet, datetime.now(UTC)):
        seeds.append(look)
        if look.fault:
            faults.append(f"{look.seed.kind} {look.url}: {look.fault}")
        if sum(len(one.links) for one in seeds) >= pages:
            break
    return seeds, faults


def _show(looks: list[PageLook], faults: list[str], *, blocks: bool) -> None:
    from .explain import show_explanation

    for fault in faults:
        click.echo(f"seed off: {printable(fault)}", err=True)
    if not looks:
        click.echo("no page to read: no seed lists an article; name the URL of one", err=True)
    for look in looks:
        click.echo(f"\n{look.link.url}")
        for line in _remarks(look):
            click.echo(f"  {printable(line)}")
        if look.explanation is not None:
            show_explanation(look.explanation, blocks=blocks or (look.article is None and sys.stdout.isatty()))


def _remarks(look: PageLook) -> Iterator[str]:
    if not look.is_article_url:
        yield "its address does not match urls.article (or matches urls.drop): a crawl would not fetch it"
    if look.explanation is None:
        yield f"not read: {look.why}"
    elif look.read_from != look.link.url:
        yield f"read from {look.read_from}"


def _as_json(look: PageLook) -> dict[str, Any]:
    from .explain import explanation_as_json

    row: dict[str, Any] = {
        "url": look.link.url,
        "matches_urls_article": look.is_article_url,
        "read_from": look.read_from or None,
        "not_read": look.why or None,
    }
    return row | (explanation_as_json(look.explanation) if look.explanation else {"outcome": "not read"})
