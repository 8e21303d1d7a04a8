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

from .options import Given, common, pass_given
from .show import say_json

if TYPE_CHECKING:
    from crawlers.archived_pages import Reread
    from storage.jobs import ImportReport

EVERY = 5.0  # seconds between progress lines where there is no terminal


class InputError(PressrunError):
    """A file to import that is not there or cannot be read."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@common
@pass_given
def import_command(given: Given, file: Path) -> int:
    """Articles of a JSONL FILE, or pages of a WARC file (plain or gzip; CC-NEWS too), into the store.

    JSONL rows are {"url", "title", "text", "authors", "published_at", "outlet", "language"}; url and text are required.
    A bad row is named and counted, the others go in: exit code 1.
    """
    return _warc(given, file) if _is_warc(file) else _jsonl(given, file)


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


def _jsonl(given: Given, file: Path) -> int:
    from storage.jobs import import_rows, read_rows

    db = given.database()
    try:
        with _telling(given, _rows) as tell:
            done = import_rows(db, read_rows(file), tell)
    finally:
        db.close()
    if given.json:
        say_json(done.as_counts())
    else:
        click.echo(_rows(done))
        for line in done.bad:
            click.echo(f"{file}: {line}", err=True)
    return 1 if done.refused else 0


def _rows(done: ImportReport) -> str:
    states = ", ".join(f"{count} {state}" for state, count in done.states.most_common()) or "none kept"
    return f"{done.rows} rows: {states}; {done.refused} bad rows"


def _warc(given: Given, file: Path) -> int:
    from crawlers.archived_pages import import_warc

    db = given.database()
    try:
        with _telling(given, _pages) as tell:
            done = import_warc(db, file, given.catalog(), tell)
    finally:
        db.close()
    return _reread(given, done)


@click.command("reextract")
@click.argument("outlet_ids", metavar="[ID]...", nargs=-1)
@common
@pass_given
def reextract_command(given: Given, outlet_ids: tuple[str, ...]) -> int:
    """The archive of raw pages through today's extraction; of the named outlets or of all.

    Call it again to go on where it was stopped. Articles whose words change keep their earlier text as a revision.
    """
    from crawlers.archived_pages import reextract

    catalog = given.catalog()
    for outlet_id in outlet_ids:
        catalog.get(outlet_id)
    db = given.database()
    try:
        with _telling(given, _pages) as tell:
            done = reextract(db, given.settings().data / "archive", catalog, outlet_ids, tell)
    finally:
        db.close()
    return _reread(given, done)


def _reread(given: Given, done: Reread) -> int:
    if given.json:
        say_json(done.as_counts())
    else:
        click.echo(_pages(done))
        for reason, count in done.reasons.most_common():
            click.echo(f"{count} {reason}")
        for problem in done.problems:
            click.echo(f"pressrun: {problem}", err=True)
    return 1 if done.problems else 0


def _pages(done: Reread) -> str:
    states = ", ".join(f"{count} {state}" for state, count in done.states.most_common()) or "none kept"
    skipped = ", ".join(f"{count} {why}" for why, count in done.skipped.most_common())
    of = f" of {done.total}" if done.total is not None else ""
    return f"{done.read}{of} pages read: {states}{f'; passed over: {skipped}' if skipped else ''}"


@contextmanager
def _telling(given: Given, words: Callable[[Any], str]) -> Iterator[Callable[[Any], None] | None]:
    """Progress on standard error: a line that renews itself in a terminal, a line now and then elsewhere."""
    if given.json:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status("reading") as status:
            yield lambda done: status.update(words(done))
    else:
        yield _now_and_then(words)


def _now_and_then(words: Callable[[Any], str]) -> Callable[[Any], None]:
    last = time.monotonic()

    def tell(done: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            click.echo(words(done), err=True)

    return tell
