"""`pressrun extract`: extract the article of a page, without a database and without a network."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storage.errors import PressrunError
from storage.urls import is_web_address

from .options import CommonOptions, common, complete_outlets, pass_options
from .show import minute, say_json

if TYPE_CHECKING:
    from crawlers.extraction import PageSource
    from storage.model import Article


class InputError(PressrunError):
    """A file cannot be read."""


@click.command("extract")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), required=False)
@click.option("--url", metavar="URL", help="The URL of the page. It selects the outlet, and is a source of the date.")
@click.option(
    "--outlet", "outlet_id", shell_complete=complete_outlets, metavar="ID", help="Use the file of this outlet."
)
@click.option(
    "--batch",
    metavar="ROWS",
    help='A file of JSONL rows {"id", "url", "file"}, or - ; prints one JSON object for each row.',
)
@click.option("--explain", is_flag=True, help="Show what became of every block, and how each field was found.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes for a batch.  [default: one for each processor]")
@common
@pass_options
def extract_command(options: CommonOptions, /, file: Path | None, **extract_options: Any) -> int:
    """Extract the article in FILE, or say why the page is no article.

    FILE is HTML, plain or in gzip; standard input if none is named. Exit code 1 if a single page is no article, or a
    row of a batch names no page that can be read.

    \b
    pressrun extract page.html --url https://www.azernews.az/nation/1.html
    pressrun extract page.html --outlet azernews --explain
    """
    asked = _ExtractOptions(**extract_options)
    if asked.batch is not None:
        _check_batch(file, asked)
        return _batch(options, asked.batch, asked.workers)
    if asked.url is not None and not is_web_address(asked.url):
        raise click.UsageError(f"--url {asked.url!r} is no http or https address, such as https://example.com/news/1")
    page = file or Path("-")
    if str(page) == "-" and sys.stdin.isatty():
        raise click.UsageError("name a file, pipe a page in, or give rows with --batch")
    source = _source(options, _read(page), asked)
    return _explain(options, source) if asked.explain else _say(options, source)


@dataclass(frozen=True)
class _ExtractOptions:
    """The options of the command."""

    url: str | None
    outlet_id: str | None
    batch: str | None
    explain: bool
    workers: int | None


def _check_batch(file: Path | None, asked: _ExtractOptions) -> None:
    """Raise click.UsageError for what is about a single page."""
    if asked.explain:
        raise click.UsageError("--explain shows a single page: name a FILE instead of --batch")
    if file is not None:
        raise click.UsageError(f"--batch names its pages itself: leave {file} out, or --batch")
    if asked.url is not None or asked.outlet_id is not None:
        raise click.UsageError('--url and --outlet are for a single page; each row of --batch has its own "url"')


def _batch(options: CommonOptions, rows: str, workers: int | None) -> int:
    from crawlers.extraction.workers import run_batch

    lines = sys.stdin.buffer if rows == "-" else _lines(rows)
    done = run_batch(lines, sys.stdout, workers=workers, outlets=options.settings().outlets)
    if done.unread:
        bad = f"{done.unread:,} of {done.rows:,} rows name no page that can be read"
        click.echo(f"pressrun: {bad}; their `detail` says why", err=True)
    return 1 if done.unread else 0


def _lines(file: str) -> Iterator[bytes]:
    try:
        with Path(file).open("rb") as stream:
            yield from stream
    except OSError as failure:
        raise InputError(f"cannot read the rows of {file}: {failure.strerror}") from failure


def _read(file: Path) -> bytes:
    from crawlers.extraction import MAX_PAGE_BYTES
    from storage.content_encoding import decompress_if_gzip

    try:
        return decompress_if_gzip(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes(), MAX_PAGE_BYTES)
    except (OSError, ValueError) as failure:
        raise InputError(f"cannot read {file}: {getattr(failure, 'strerror', None) or failure}") from failure


def _source(options: CommonOptions, body: bytes, asked: _ExtractOptions) -> PageSource:
    """Return the page with its outlet: the one that is named, else the one that has the address's host."""
    from crawlers.extraction import PageSource
    from storage.urls import host_of

    url = asked.url or ""
    catalog = options.catalog()
    outlet = catalog.get(asked.outlet_id) if asked.outlet_id else catalog.of_host(host_of(url)) if url else None
    return PageSource(body, url, outlet)


def _explain(options: CommonOptions, source: PageSource) -> int:
    from crawlers.extraction import Rejected, explain

    from .explain import explanation_as_json, show_explanation

    explanation = explain(source)
    if options.json:
        say_json(explanation_as_json(explanation))
    else:
        show_explanation(explanation)
    return 1 if isinstance(explanation.outcome, Rejected) else 0


def _say(options: CommonOptions, source: PageSource) -> int:
    from crawlers.extraction import Rejected, extract
    from crawlers.extraction.workers import as_row

    result = extract(source.html, source.url, source.outlet)
    if options.json:
        say_json(as_row(None, result))
    elif isinstance(result, Rejected):
        click.echo(f"rejected: {result.why}")
    else:
        _show(result)
    return 1 if isinstance(result, Rejected) else 0


def _show(article: Article) -> None:
    from storage.article_fields import shown_fields

    published = article.published
    facts = {
        "published": f"{minute(published.at)} {published.at:%z}, from {published.source}" if published else "not known",
        **shown_fields(article),
    }
    click.echo(f"{article.title}\n")
    for name, value in facts.items():
        if value:
            click.echo(f"{name:<11}{value}")
    click.echo(f"\n{article.text}")
