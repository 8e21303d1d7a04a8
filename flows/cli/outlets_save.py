"""`pressrun outlets save`: keep a live page as a test of its outlet file."""

from __future__ import annotations

import click

from .options import CommonOptions, common, complete_outlets, pass_options
from .own_outlets import own_folder
from .show import say_json


@click.command("save")
@click.argument("outlet_id", metavar="ID", shell_complete=complete_outlets)
@click.argument("url")
@click.option("--name", metavar="NAME", help="The name of its files: a-z, 0-9, _ and -.  [default: by the address]")
@click.option("--force", is_flag=True, help="Overwrite the files if they are there.")
@common
@pass_options
def save_page(options: CommonOptions, outlet_id: str, url: str, name: str | None, force: bool) -> int:
    """Save a page as a test, in ID/NAME.html of your own folder, with what came out in ID/NAME.json.

    Scripts, styles and trackers are taken out; structured data stays. Read the JSON, correct it, and rename `unread` to
    `expect`. Then `pressrun outlets test` compares.

    \b
    pressrun outlets save gazette https://gazette.example/news/17 --outlets my-outlets
    """
    from crawlers.fetch_client import FetchClient, WebPage
    from crawlers.saved_pages import SavedPageError, check_name
    from crawlers.saved_pages import save_page as save

    if name is not None:
        check_name(name)  # before the request
    folder = own_folder(options)
    outlet = options.catalog().get(outlet_id)
    with FetchClient(options.settings(), [outlet]) as fetch:
        found = fetch(url)
    if not isinstance(found, WebPage):
        raise SavedPageError(f"{url} cannot be fetched: {found.why}")
    if not found.ok:
        raise SavedPageError(f"{url} answers HTTP {found.status}; nothing was saved")
    saved = save(found, outlet, folder, name, force=force)
    if options.json:
        say_json({"page": str(saved.page), "json": str(saved.expectations), "changed": list(saved.changed)})
    else:
        click.echo(f"{saved.page}: saved, {saved.page.stat().st_size:,} bytes; {len(found.body):,} were sent")
        click.echo(f"{saved.expectations}: read it, correct it, and rename `unread` to `expect`")
    if saved.changed:
        click.echo(f"pressrun: read differently since it was stripped: {', '.join(saved.changed)}", err=True)
    return 1 if saved.changed else 0
