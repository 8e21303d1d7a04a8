"""`pressrun import` and `pressrun reextract`: articles and pages that need no fetching."""

from __future__ import annotations

import gzip
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storage.errors import PressrunError

from .options import CommonOptions, common, pass_options
from .show import say_json

if TYPE_CHECKING:
    from crawlers.archived_pages import ExtractionCounts
    from storage.jobs import ImportReport

EVERY = 5.0  # seconds between progress lines where there is no terminal


class InputError(PressrunError):
    """A file to import does not exist or cannot be read."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@common
@pass_options
def import_command(options: CommonOptions, file: Path) -> int:
    """Import the articles of a JSONL FILE, or the pages of a WARC file (plain or gzip; CC-NEWS too).

    JSONL rows are {"url", "title", "text", "authors", "published_at", "outlet", "language"}; url and text are required.
    A bad row is reported and the others are imported; the exit code is then 1.
    """
    return _warc(options, file) if _is_warc(file) else _jsonl(options, file)


def _is_warc(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            head = stream.read(4096)
    except OSError as failure:
        raise InputError(f"cannot read {file}: {failure.strerror}") from failure
    if head.startswith(b"\x1f\x8b"):
        head = _inflated(file, head)
    return head.startswith(b"WARC/")


def _inflated(file: Path, head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, 64)
    except (zlib.error, gzip.BadGzipFile) as damaged:
        raise InputError(f"cannot read {file}: it begins like gzip, but is damaged") from damaged


def _jsonl(options: CommonOptions, file: Path) -> int:
    from storage.jobs import import_rows, read_rows

    db = options.database()
    try:
        with _progress(options, _rows) as on_progress:
            done = import_rows(db, read_rows(file), on_progress)
    finally:
        db.close()
    if options.json:
        say_json(done.as_counts())
    else:
        click.echo(_rows(done))
        for line in done.bad:
            click.echo(f"{file}: {line}", err=True)
    return 1 if done.refused else 0


def _rows(done: ImportReport) -> str:
    states = ", ".join(f"{count} {state}" for state, count in done.states.most_common()) or "none kept"
    return f"{done.rows} rows: {states}; {done.refused} bad rows"


def _warc(options: CommonOptions, file: Path) -> int:
    from crawlers.archived_pages import import_warc

    db = options.database()
    try:
        with _progress(options, _pages) as on_progress:
            done = import_warc(db, file, options.catalog(), on_progress)
    finally:
        db.close()
    return _say_pages(options, done)


@click.command("reextract")
@click.argument("outlet_ids", metavar="[ID]...", nargs=-1)
@common
@pass_options
def reextract_command(options: CommonOptions, outlet_ids: tuple[str, ...]) -> int:
    """Extract the archived pages again with the current extraction; of the named outlets or of all.

    If it was stopped, the next call continues. An article whose words change keeps the earlier text as a revision.
    """
    from crawlers.archived_pages import reextract

    catalog = options.catalog()
    for outlet_id in outlet_ids:
        catalog.get(outlet_id)
    db = options.database()
    try:
        with _progress(options, _pages) as on_progress:
            done = reextract(db, options.settings().data / "archive", catalog, outlet_ids, on_progress)
    finally:
        db.close()
    return _say_pages(options, done)


def _say_pages(options: CommonOptions, done: ExtractionCounts) -> int:
    if options.json:
        say_json(done.as_counts())
    else:
        click.echo(_pages(done))
        for reason, count in done.reasons.most_common():
            click.echo(f"{count} {reason}")
        for problem in done.problems:
            click.echo(f"pressrun: {problem}", err=True)
    return 1 if done.problems else 0


def _pages(done: ExtractionCounts) -> str:
    states = ", ".join(f"{count} {state}" for state, count in done.states.most_common()) or "none kept"
    skipped = ", ".join(f"{count} {reason}" for reason, count in done.skipped.most_common())
    of = f" of {done.total}" if done.total is not None else ""
    return f"{done.read}{of} pages extracted: {states}{f'; skipped: {skipped}' if skipped else ''}"


@contextmanager
def _progress(options: CommonOptions, describe: Callable[[Any], str]) -> Iterator[Callable[[Any], None] | None]:
    """Show progress on standard error: one changing line in a terminal, a line every few seconds elsewhere."""
    if options.json:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status("starting") as status:
            yield lambda done: status.update(describe(done))
    else:
        yield _every_few_seconds(describe)


def _every_few_seconds(describe: Callable[[Any], str]) -> Callable[[Any], None]:
    last = time.monotonic()

    def on_progress(done: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            click.echo(describe(done), err=True)

    return on_progress
