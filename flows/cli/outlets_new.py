"""`pressrun outlets new`: look at a site and write a first outlet file for it."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import CommonOptions, common, pass_options
from .own_outlets import OutletFolderError, own_folder, write_text
from .show import printable, say_json, say_table

if TYPE_CHECKING:
    from crawlers.survey import Proposal, SampledPage, SurveyOptions


@click.command("new")
@click.argument("url")
@click.option("--id", "outlet_id", metavar="ID", help="The file's name.  [default: by the host: example_ge]")
@click.option("--name", metavar="NAME", help="The outlet's name.  [default: what the site says]")
@click.option("--country", metavar="XX", help="Two letters.  [default: by the host]")
@click.option(
    "--timezone", metavar="ZONE", help="Of dates without an offset, such as Asia/Baku.  [default: by the country]"
)
@click.option("--language", "languages", metavar="XX", multiple=True, help="May be repeated, the main one first.")
@click.option("--delay", type=click.FloatRange(0, 300), help="Seconds between requests.  [default: 1; 0 if private]")
@click.option("--allow-private", is_flag=True, help="The site is on this machine or in its network.")
@click.option("--print", "only_print", is_flag=True, help="Print the file instead of writing it.")
@click.option("--force", is_flag=True, help="Overwrite the file if there is one.")
@common
@pass_options
def new_outlet(options: CommonOptions, /, url: str, only_print: bool, force: bool, **given: Any) -> int:
    """Look at the site of URL, and write a first file for it into your own folder (--outlets).

    Some dozens of requests are sent, as politely as a crawl sends them; nothing is stored. URL is the front page, or
    another page that lists news. Exit code 1 if no article could be read: then the file needs more than a look.

    \b
    pressrun outlets new https://gazette.example/ --id gazette --outlets my-outlets
    """
    from crawlers.environment import read_settings
    from crawlers.fetch_client import FetchClient
    from crawlers.readers import confined_readers
    from crawlers.survey import provisional_outlet, survey

    wanted = _survey_options(url, **given)
    provisional = provisional_outlet(wanted)
    file = None if only_print else _free(own_folder(options) / f"{provisional.id}.toml", force)
    settings = read_settings(outlets=None if file is None else file.parent)
    with FetchClient(settings, [provisional]) as fetch, confined_readers() as readers:
        proposal = survey(fetch, wanted, tell=_tell(options), readers=readers)
    if file is not None:
        _write(file, proposal)
    _say(options, proposal, file)
    return 0 if any(page.article for page in proposal.sample) else 1


def _survey_options(
    url: str, *, delay: float | None, allow_private: bool, languages: tuple[str, ...], **named: Any
) -> SurveyOptions:
    from crawlers.survey import SurveyOptions, checked

    address = url if "://" in url else f"https://{url}"
    pace = delay if delay is not None else 0.0 if allow_private else 1.0
    return checked(SurveyOptions(address, languages=languages, delay=pace, allow_private=allow_private, **named))


def _free(file: Path, force: bool) -> Path:
    if file.exists() and not force:
        raise OutletFolderError(f"{file} exists; --force overwrites it, --id ID writes another file, --print none")
    return file


def _tell(options: CommonOptions) -> Any:
    """Return what is called with a line for each request: on standard error, for who waits."""
    if options.json or not sys.stderr.isatty():
        return lambda _: None
    return lambda line: click.echo(f"  {printable(line)}", err=True)


def _write(file: Path, proposal: Proposal) -> None:
    from crawlers.outlet_schema import SCHEMA_FILE, schema_text

    write_text(file, proposal.text)
    write_text(file.parent / SCHEMA_FILE, schema_text())


def _say(options: CommonOptions, proposal: Proposal, file: Path | None) -> None:
    if options.json:
        return say_json(_as_json(proposal, file))
    if file is None:
        return click.echo(proposal.text.rstrip())
    if known := _known(proposal, file):
        click.echo(f"{known} has the same host; `pressrun outlets show {known}` shows its file")
    seeds = [(seed.kind, seed.url) for seed in proposal.outlet.seeds]
    say_table(("seed", "address"), seeds)
    say_table(("page read", "result"), [(page.link.url, _result(page)) for page in proposal.sample])
    for doubt in proposal.doubts:
        click.echo(f"unsure of {doubt.key}: {printable(doubt.why)}")
    click.echo(f"\n{file}: written after {proposal.requests} requests. Next:")
    where = f"--outlets {shlex.quote(str(file.parent))}"
    for command in (f"outlets try {file.stem}", f"--db sqlite:///try.db crawl {file.stem} --limit 5"):
        click.echo(f"  pressrun {where} {command}")
    return None


def _known(proposal: Proposal, file: Path) -> str | None:
    """Return another outlet that has this host already, a built-in one or one in the same folder."""
    from crawlers.catalog import load_outlets
    from crawlers.errors import OutletFileError
    from storage.urls import host_of

    try:
        catalog = load_outlets(file.parent)
        others = [catalog.get(one) for one in catalog.ids if one != proposal.outlet.id]
    except OutletFileError:  # a file of the user's is wrong; that is not about this one
        return None
    host = host_of(proposal.outlet.home)
    return next((outlet.id for outlet in others if host in outlet.hosts), None)


def _result(page: SampledPage) -> str:
    return f"article: {page.article.title}" if page.article else f"refused: {page.why}"


def _as_json(proposal: Proposal, file: Path | None) -> dict[str, Any]:
    return {
        "id": proposal.outlet.id,
        "file": None if file is None else str(file),
        "requests": proposal.requests,
        "seeds": [{"kind": seed.kind, "url": seed.url} for seed in proposal.outlet.seeds],
        "unsure": [asdict(doubt) for doubt in proposal.doubts],
        "sample": [
            {"url": page.link.url, "article": page.article is not None, "why": page.why or None}
            for page in proposal.sample
        ],
        "toml": proposal.text,
    }
