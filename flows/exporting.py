"""Exports into a folder: files of a bounded number of articles, and an interrupted export goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.errors import FolderNotWritableError, PressrunError

from .cli.whole_file import write_whole

if TYPE_CHECKING:
    from storage.articles import Selection, StoredArticle
    from storage.database import Database

STATE = ".export.json"  # hidden: readers of such folders pass over it
# A transaction that began before an export may commit an older `changed_at` after it; none takes that long.
OVERLAP = timedelta(minutes=10)


class ExportFolderError(PressrunError):
    """The folder cannot take this export."""


@dataclass(frozen=True, slots=True)
class FolderExport:
    """Where an export into a folder stands. `asked`: what was asked for, as text. `began`: ISO 8601."""

    asked: str
    began: str
    after: int = 0  # the id of the last exported article
    parts: int = 0
    articles: int = 0
    complete: bool = False


def next_since(began: datetime) -> str:
    """Return the value of --changed-since with which the next export has whatever an export from `began` on missed."""
    return f"{began - OVERLAP:%Y-%m-%dT%H:%M:%SZ}"


def export_folder(db: Database, wanted: Selection, folder: Path, format: str, size: int) -> FolderExport:
    """Write files of at most `size` articles, each whole or not at all; go on where an earlier call was interrupted.

    Raises ExportFolderError if the folder has something else or a complete export, FolderNotWritableError,
    ParquetMissingError.
    """
    done = _begun(folder, f"{format} {size} {wanted}")
    while not done.complete:
        done = _kept(folder, _next_part(db, wanted, folder, format, size, done))
    return done


def _kept(folder: Path, done: FolderExport) -> FolderExport:
    write_whole(folder / STATE, lambda stream: json.dump(_fields(done), stream))
    return done


def _fields(done: FolderExport) -> dict[str, Any]:
    return {name: getattr(done, name) for name in FolderExport.__slots__}


def _begun(folder: Path, asked: str) -> FolderExport:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = [path for path in folder.iterdir() if not path.name.endswith(".part")]
    except OSError as failure:
        raise FolderNotWritableError(
            f"cannot write into {folder}: {failure.strerror}; name another with --out"
        ) from failure
    if not (folder / STATE).exists():
        if there:
            raise ExportFolderError(f"{folder} has other files; name a new or empty folder with --out")
        return _kept(folder, FolderExport(asked, datetime.now(UTC).isoformat()))
    return _going_on(folder, asked)


def _going_on(folder: Path, asked: str) -> FolderExport:
    try:
        done = FolderExport(**json.loads((folder / STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as fault:
        raise ExportFolderError(f"{folder / STATE} cannot be read; name another folder with --out") from fault
    if done.asked != asked:
        raise ExportFolderError(f"{folder} has an export with other options; name another folder with --out")
    if done.complete:
        since = next_since(datetime.fromisoformat(done.began))
        raise ExportFolderError(
            f"the export in {folder} is complete ({done.articles} articles); name another folder with --out, and for "
            f"what came later add --changed-since {since}"
        )
    return done


def _next_part(
    db: Database, wanted: Selection, folder: Path, format: str, size: int, done: FolderExport
) -> FolderExport:
    from storage.articles import BINARY, iter_articles, write_articles

    articles = _Last(islice(iter_articles(db, wanted, after=done.after), size), done.after)
    first = next(articles, None)
    if first is None:
        return FolderExport(done.asked, done.began, done.after, done.parts, done.articles, complete=True)
    path = folder / f"articles-{done.parts + 1:05}.{format}"
    written = write_whole(
        path, lambda stream: write_articles(_again(first, articles), stream, format), binary=format in BINARY
    )
    return FolderExport(
        done.asked, done.began, articles.last, done.parts + 1, done.articles + written, complete=written < size
    )


def _again(first: StoredArticle, others: Iterator[StoredArticle]) -> Iterator[StoredArticle]:
    yield first
    yield from others


class _Last:
    """Articles as they are read, and the id of the last one that was."""

    def __init__(self, articles: Iterator[StoredArticle], last: int) -> None:
        self._articles, self.last = articles, last

    def __iter__(self) -> Iterator[StoredArticle]:
        return self

    def __next__(self) -> StoredArticle:
        article = next(self._articles)
        self.last = article.id
        return article
