"""`pressrun articles export`: articles as files for other programs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import COUNT, CommonOptions, common, pass_options
from .selecting import selecting
from .show import say_json
from .whole_file import write_whole

if TYPE_CHECKING:
    from flows.selection import Filters
    from storage.articles import Selection
    from storage.database import Database

FORMATS = ("jsonl", "csv", "parquet", "txt", "wacz")
_NEEDS_OUT = {
    "parquet": "--format parquet writes a binary file; name it with --out",
    "txt": "--format txt writes one file for each article; name a folder with --out",
    "wacz": "--format wacz writes a binary file; name it with --out",
}


@dataclass(frozen=True, slots=True)
class _Done:
    """A finished export: the line for people, and the same as the keys of a JSON object."""

    line: str
    facts: dict[str, Any]


@click.command("export")
@selecting
@click.option("--format", "format_", type=click.Choice(FORMATS), default="jsonl", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A file, or a folder for txt. Default: standard output.")
@click.option(
    "--parts",
    type=COUNT,
    metavar="N",
    help="Write a folder of files of at most N articles. The same command goes on after an interruption.",
)
@common
@pass_options
def export(options: CommonOptions, format_: str, out: Path | None, parts: int | None, filters: Filters) -> None:
    """Export articles as JSONL, CSV, Parquet, or one text file each; or their raw pages as WACZ.

    A file appears when it is complete, and not before.

    \b
    pressrun articles export --country ge --from 2026-01-01 --out georgia.jsonl
    pressrun articles export --format parquet --out archive --parts 100000
    pressrun articles export --format txt --out texts --query '"state budget"'
    pressrun articles export --format wacz --out harbour.wacz --query harbour
    """
    from flows.selection import select

    _check(format_, out, parts)
    began = datetime.now(UTC)
    with options.opened() as db:
        wanted = select(db, options.catalog(), filters)
        if out is None:
            return _to_stdout(db, wanted, format_)
        if parts:
            done = _folder(db, wanted, out, format_, parts)
        elif format_ == "wacz":
            done = _wacz(db, options.settings().data / "archive", wanted, out)
        else:
            done = _file(db, wanted, out, format_, began)
    if options.json:
        return say_json(done.facts | {"file": str(out)})
    return click.echo(done.line, err=True)


def _check(format_: str, out: Path | None, parts: int | None) -> None:
    context = click.get_current_context()
    if out is None and format_ in _NEEDS_OUT:
        raise click.UsageError(_NEEDS_OUT[format_], context)
    if parts and format_ in ("txt", "wacz"):
        raise click.UsageError(f"--parts is for jsonl, csv and parquet, not for {format_}", context)
    if parts and out is None:
        raise click.UsageError("--parts writes a folder of files; name it with --out", context)
    if out is not None and out.is_dir() and not parts and format_ != "txt":
        raise click.UsageError(f"{out} is a folder; name a file, or add --parts for a folder of files", context)


def _to_stdout(db: Database, wanted: Selection, format_: str) -> None:
    from storage.articles import export_articles

    export_articles(db, sys.stdout, format_, wanted)


def _file(db: Database, wanted: Selection, out: Path, format_: str, began: datetime) -> _Done:
    from flows.exporting import next_since
    from storage.articles import BINARY, export_articles, export_texts

    if format_ == "txt":
        number = export_texts(db, out, wanted)
    else:
        binary = format_ in BINARY
        number = write_whole(out, lambda stream: export_articles(db, stream, format_, wanted), binary=binary)
    since = next_since(began)
    line = f"{number} articles in {out}; what comes later: --changed-since {since}"
    return _Done(line, {"articles": number, "changed_since": since})


def _folder(db: Database, wanted: Selection, out: Path, format_: str, parts: int) -> _Done:
    from flows.exporting import export_folder, next_since

    done = export_folder(db, wanted, out, format_, parts)
    since = next_since(datetime.fromisoformat(done.began))
    line = f"{done.articles} articles in {done.parts} files in {out}; what comes later: --changed-since {since}"
    return _Done(line, {"articles": done.articles, "parts": done.parts, "changed_since": since})


def _wacz(db: Database, archive: Path, wanted: Selection, out: Path) -> _Done:
    from storage.articles import export_wacz

    title = f"Pressrun: {wanted.query or 'articles'}"
    done = write_whole(out, lambda stream: export_wacz(db, archive, stream, wanted, title), binary=True)
    missing = f"; {done.without} of {done.articles} articles have no raw page in {archive}" if done.without else ""
    facts = {"articles": done.articles, "pages": done.pages, "without_page": done.without}
    return _Done(f"{done.pages} pages in {out}{missing}", facts)
