"""`pressrun import` and `pressrun reextract`: articles and pages that need no fetching."""

from __future__ import annotations

import re
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storage.content_encoding import GZIP, gunzip
from storage.errors import PressrunError

from .options import CommonOptions, common, common_but_outlets, named_outlets, pass_options
from .show import json_text, say_json

if TYPE_CHECKING:
    from crawlers.page_batches import ExtractionCounts
    from crawlers.warc_import import ImportCounts
    from storage.jobs import ImportReport

_WARC_NAME = re.compile(r"\.w?arc(\.gz)?$")
EVERY = 5.0  # seconds between progress lines where there is no terminal


class InputError(PressrunError):
    """A file to import does not exist or cannot be read."""


@click.command("import")
@click.argument("file", metavar="FILE")
@named_outlets()
@common_but_outlets
@click.option(
    "--outlets",
    "wanted",
    metavar="ID[,ID]...",
    multiple=True,
    help="Of a WARC file, import only the articles of these outlets; `all`: of all that have a file."
    " The name of a folder is a folder of your own outlet files, as elsewhere.",
)
@pass_options
def import_command(options: CommonOptions, file: str, outlet_ids: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    """Import the articles of a JSONL FILE, or the pages of a WARC or ARC file (plain or gzip; CC-NEWS too).

    A WARC file may be an http or https address: it is read as a stream. An import that was stopped continues where it
    ended. What is damaged is left out and reported; the exit code is then 1.

    JSONL rows are {"url", "title", "text", "authors", "published_at", "outlet", "language"}; url and text are required.
    A bad row is reported and the others are imported; the exit code is then 1.

    \b
    pressrun import articles.jsonl
    pressrun import CC-NEWS-20261101.warc.gz --outlets azernews,civil_ge
    """
    ids = [*_outlet_ids(options, wanted), *outlet_ids]
    if _is_address(file):
        return _warc(options, file, ids)
    if "://" in file:
        raise click.UsageError(f"{file} is no address that can be read; give a file, or an http or https address")
    path = Path(file)
    if _is_warc(path):
        return _warc(options, path, ids)
    if ids:
        raise click.UsageError(f"--outlets is for WARC files, and {file} is none")
    return _jsonl(options, path)


def _outlet_ids(options: CommonOptions, wanted: tuple[str, ...]) -> list[str]:
    """Return the ids in the values of --outlets; a folder among them is that of the user's outlet files."""
    ids: list[str] = []
    for value in wanted:
        if "/" in value or Path(value).is_dir():
            options.outlets = value
        elif names := value.replace(",", " ").split():
            ids += names
        else:
            raise click.UsageError("--outlets names no outlet; give ids, or `all`")
    return ids


def _is_address(file: str) -> bool:
    return file.lower().startswith(("http://", "https://"))


def _is_warc(file: Path) -> bool:
    from storage.warc import is_record_start

    try:
        with file.open("rb") as stream:
            head = stream.read(4096)
    except OSError as failure:
        raise InputError(f"cannot read {file}: {failure.strerror}") from failure
    if _WARC_NAME.search(file.name.lower()):
        return True
    try:
        return is_record_start(gunzip(head, 4096).body if head.startswith(GZIP) else head)
    except zlib.error:
        return True  # only WARC files are read on after damage; the reader says if it is none


def _jsonl(options: CommonOptions, file: Path) -> int:
    from storage.jobs import import_rows, read_rows

    names = {outlet.id: outlet.name for outlet in options.catalog()}
    with options.opened(create=True) as db, _progress(options, _rows) as on_progress:
        done = import_rows(db, read_rows(file), on_progress, names)
    if options.json:
        say_json(done.as_report())
    else:
        click.echo(_rows(done))
        for line in done.bad:
            click.echo(f"{file}: {line}", err=True)
    return 1 if done.refused else 0


def _rows(done: ImportReport) -> str:
    states = ", ".join(f"{count} {state}" for state, count in done.states.most_common()) or "none kept"
    return f"{done.rows} rows: {states}; {done.refused} bad rows"


def _warc(options: CommonOptions, place: Path | str, ids: list[str]) -> int:
    from crawlers.warc_import import import_warc

    catalog = options.catalog()
    wanted = (catalog.ids if "all" in ids else ids) or None
    with options.opened(create=True) as db, _progress(options, _records) as on_progress:
        done = import_warc(db, place, catalog, wanted, on_progress)
    return _say_import(options, place, done)


def _say_import(options: CommonOptions, place: Path | str, done: ImportCounts) -> int:
    if options.json:
        say_json(done.as_report())
    else:
        if done.resumed_at is not None:
            click.echo(f"continued at byte {done.resumed_at:,}; the counts are of the whole import")
        click.echo(_records(done))
        _say_counts(done)
    if done.lost_bytes:
        damage = f"{done.lost_bytes:,} bytes of {place} are damaged or missing; everything else was imported"
        click.echo(f"pressrun: {damage}; get the file again and import it: known pages are skipped", err=True)
    return 1 if done.problems or done.lost_bytes else 0


@click.command("reextract")
@named_outlets()
@click.option("--shard", nargs=3, type=int, hidden=True, help="Plan, first id before, last id: a part of a plan.")
@common
@pass_options
def reextract_command(options: CommonOptions, outlet_ids: tuple[str, ...], shard: tuple[int, int, int] | None) -> int:
    """Extract the archived pages again with the current extraction; of the named outlets or of all.

    If it was stopped, the next call continues. An article whose words change keeps the earlier text as a revision.

    \b
    pressrun reextract
    pressrun reextract azernews civil_ge
    """
    from crawlers.archived_pages import Archive, reextract, reextract_shard
    from storage.jobs import PageRange, Shard

    catalog = options.catalog()
    for outlet_id in outlet_ids:
        catalog.get(outlet_id)
    with options.opened() as db, _progress(options, _pages) as on_progress:
        archive = Archive(db, options.settings().data / "archive", catalog)
        if shard:
            part = Shard(shard[0], PageRange(*shard[1:]), outlet_ids)
            done = reextract_shard(archive, part, on_progress)
        else:
            done = reextract(archive, outlet_ids, on_progress)
    return _say_pages(options, done)


def _say_pages(options: CommonOptions, done: ExtractionCounts) -> int:
    if options.json:
        say_json(done.as_report())
    else:
        click.echo(_pages(done))
        _say_counts(done)
    return 1 if done.problems else 0


def _say_counts(done: ExtractionCounts) -> None:
    for reason, count in done.reasons.most_common():
        click.echo(f"{count} {reason}")
    for problem in done.problems:
        click.echo(f"pressrun: {problem}", err=True)


def _records(done: ImportCounts) -> str:
    where = f"{done.offset:,} bytes" if not done.size else f"{done.offset / done.size:.0%}"
    return f"{where}: {done.records:,} records, {_pages(done)}"


def _pages(done: ExtractionCounts) -> str:
    states = ", ".join(f"{count} {state}" for state, count in done.states.most_common()) or "none kept"
    skipped = ", ".join(f"{count} {reason}" for reason, count in done.skipped.most_common())
    of = f" of {done.total}" if done.total is not None else ""
    return f"{done.read}{of} pages extracted: {states}{f'; skipped: {skipped}' if skipped else ''}"


@contextmanager
def _progress(options: CommonOptions, describe: Callable[[Any], str]) -> Iterator[Callable[[Any], None]]:
    """Show progress on standard error: one changing line in a terminal, a line every few seconds elsewhere.

    With --json that line is a JSON value: {"progress": the counts so far}.
    """
    if options.json:
        yield _every_few_seconds(lambda done: json_text({"progress": done.as_report() | _total(done)}))
    elif sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status("starting") as status:
            yield lambda done: status.update(describe(done))
    else:
        yield _every_few_seconds(describe)


def _total(done: Any) -> dict[str, Any]:
    total = getattr(done, "total", None)
    return {} if total is None else {"total": total}


def _every_few_seconds(describe: Callable[[Any], str]) -> Callable[[Any], None]:
    last = time.monotonic()

    def on_progress(done: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            click.echo(describe(done), err=True)

    return on_progress
