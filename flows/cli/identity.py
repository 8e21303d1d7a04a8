"""`pressrun identity`: the key that proves who crawls, its directory, and the page that the User-Agent points to."""

from __future__ import annotations

import html
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storage.errors import PressrunError

from .options import CommonOptions, common, pass_options
from .show import json_text, say_json

if TYPE_CHECKING:
    from crawlers.identity import Identity


class NoIdentityError(PressrunError):
    """No key is configured."""


@click.group("identity")
@common
def identity_command() -> None:
    """Prove to outlets who crawls: requests signed by your key (Web Bot Auth). Off unless PRESSRUN_IDENTITY is set."""


@identity_command.command("new")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default="pressrun-identity.pem")
@common
@pass_options
def new_identity(options: CommonOptions, file: Path) -> None:
    """Make a key in FILE, which only you may read. An existing file is never overwritten.

    \b
    pressrun identity new /etc/pressrun/identity.pem
    """
    from crawlers.identity import WELL_KNOWN, new_key

    new_key(file.absolute())
    if options.json:
        return say_json({"file": str(file.absolute()), "directory_path": WELL_KNOWN})
    click.echo(f"{file}: made. Keep it secret, and the same for all machines. Then:")
    click.echo(f"  export PRESSRUN_IDENTITY={shlex.quote(str(file.absolute()))}")
    click.echo("  export PRESSRUN_IDENTITY_URL=https://YOUR-SITE")
    click.echo(f"  pressrun identity directory    # to be served at https://YOUR-SITE{WELL_KNOWN}")
    return click.echo("  pressrun identity page         # to be served at the address in PRESSRUN_CONTACT")


@identity_command.command("directory")
@common
@pass_options
def print_directory(options: CommonOptions) -> None:
    """Print the directory of keys, to be served with the type application/http-message-signatures-directory+json.

    \b
    pressrun identity directory > directory.json
    """
    click.echo(json_text(_identity(options).directory()))


@identity_command.command("page")
@common
@pass_options
def print_page(options: CommonOptions) -> None:
    """Print a page in HTML that says who crawls and how to object: for the contact in the User-Agent to lead to.

    \b
    pressrun identity page > bot.html
    """
    from crawlers.identity import read_identity
    from crawlers.spider.user_agent import user_agent

    settings = options.settings()
    click.echo(_page(user_agent(settings.contact), settings.contact, read_identity(settings)))


def _identity(options: CommonOptions) -> Identity:
    from crawlers.identity import read_identity

    identity = read_identity(options.settings())
    if identity is None:
        raise NoIdentityError("no key is configured: `pressrun identity new` makes one, and says what to set")
    return identity


def _page(agent: str, contact: str, identity: Identity | None) -> str:
    proof = ""
    if identity is not None:
        from crawlers.identity import WELL_KNOWN

        where = html.escape(f"{identity.agent}{WELL_KNOWN}")
        proof = (
            "<h2>How to be sure that it is us</h2>\n<p>Each request is signed (RFC 9421, tag <code>web-bot-auth</code>)"
            f' by the key <code>{identity.key_id}</code>. Our keys are listed at <a href="{where}">{where}</a>. A'
            " request without such a signature is not from us.</p>\n"
        )
    return _TEMPLATE.format(agent=html.escape(agent), contact=html.escape(contact), proof=proof)


_TEMPLATE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Pressrun, a news archive: about our crawler</title></head>
<body>
<h1>About our crawler</h1>
<p>We keep an archive of news with the program Pressrun. Our requests say so:</p>
<pre>User-Agent: {agent}</pre>
<h2>What it does</h2>
<ul>
<li>It asks feeds, sitemaps and listings what is new, and fetches each article once, and once more a day later.</li>
<li>It sends one request at a time to a host, with a pause of a second or more between two.</li>
<li>It runs no scripts, fills in no forms, keeps no cookies, and never pretends to be a browser.</li>
</ul>
<h2>How to slow it down or keep it out</h2>
<p>It obeys robots.txt (RFC 9309) and Crawl-delay by the name <code>Pressrun</code>, and Retry-After:</p>
<pre>User-agent: Pressrun
Crawl-delay: 10
Disallow: /private/</pre>
<p>What robots.txt, tdmrep.json, headers and pages say on the use of texts by machines is kept with each article.</p>
{proof}<h2>Contact</h2>
<p>Questions, objections, and requests to remove an article: {contact}</p>
</body>
</html>"""
