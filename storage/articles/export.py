"""Exports of articles: JSONL, CSV, Parquet, or one text file for each article."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from storage.articles.parquet import write_parquet
from storage.articles.query import StoredArticle, iter_articles
from storage.database import Database
from storage.errors import FolderNotWritableError
from storage.schema import tables
from storage.selection import Selection

_INTERNAL = {"id", "page_id", "outlet_id", "published_offset", "published_raw", "text_hash", "fingerprint_version"}
# The columns of the table but for the internal ones: a new field of an article is exported without a change here.
COLUMNS = (
    "id", "outlet", *(column.name for column in tables.Article.__table__.columns if column.name not in _INTERNAL),
    "containment", "rule", "rule_version", "by_hand",
)  # fmt: skip
_PARQUET = tuple(
    wanted for name in COLUMNS for wanted in ((name, "published_offset") if name == "published_at" else (name,))
)
BINARY = ("parquet",)  # formats that are written to a stream of bytes
# A spreadsheet takes a cell that begins like this for a formula and runs it (OWASP, "CSV injection"); some pass over
# white space and characters without width before it, or read the full-width forms of the signs.
_FORMULA = re.compile("[=+\\-@\uff1d\uff0b\uff0d\uff20\\s\u00ad\u200b-\u200f\u2060\ufeff]")


def as_row(article: StoredArticle) -> dict[str, Any]:
    """Return an article as JSON values: instants in ISO 8601 with their offset."""
    row = {name: getattr(article, name) for name in COLUMNS}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def row_without_text(article: StoredArticle) -> dict[str, Any]:
    """Return what `as_row` returns but for the text, for lists."""
    return {name: value for name, value in as_row(article).items() if name != "text"}


def export_articles(db: Database, out: IO[Any], format: str, wanted: Selection) -> int:
    """Write the articles as `jsonl` or `csv` to a stream of text, or as `parquet` to one of bytes. Return their number.

    Memory does not grow with the number of articles. Raises ParquetMissingError.
    """
    return write_articles(iter_articles(db, wanted), out, format)


def write_articles(articles: Iterable[StoredArticle], out: IO[Any], format: str) -> int:
    """Write articles in a format of `export_articles`. Return their number. Raises ParquetMissingError."""
    if format == "parquet":
        return write_parquet(articles, out, _PARQUET)
    return {"jsonl": _jsonl, "csv": _csv}[format](articles, out)


def _jsonl(articles: Iterable[StoredArticle], out: IO[str]) -> int:
    written = 0
    for article in articles:
        out.write(json.dumps(as_row(article), ensure_ascii=False) + "\n")
        written += 1
    return written


def _csv(articles: Iterable[StoredArticle], out: IO[str]) -> int:
    written, writer = 0, csv.writer(out)
    writer.writerow(COLUMNS)
    for article in articles:
        row = as_row(article)
        writer.writerow([_cell(row[name]) for name in COLUMNS])
        written += 1
    return written


def _cell(value: Any) -> Any:
    """Return a value for a cell: lists divided by semicolons, and nothing that a spreadsheet would run."""
    text = "; ".join(value) if isinstance(value, tuple) else value
    return f"'{text}" if isinstance(text, str) and _FORMULA.match(text) else text


def export_texts(db: Database, folder: Path, wanted: Selection) -> int:
    """Write one text file for each article, below OUTLET/YEAR/MONTH. Return their number."""
    written = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for article in iter_articles(db, wanted):
            file = folder / text_name(article)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(as_text(article), encoding="utf-8")
            written += 1
    except OSError as failure:
        raise FolderNotWritableError(
            f"cannot write into {folder}: {failure.strerror}; name another with --out"
        ) from failure
    return written


def text_name(article: StoredArticle) -> str:
    """Return the file of an article's text: OUTLET/YEAR/MONTH/DATE-ID.txt, by the day in the outlet's zone.

    Only letters, figures and hyphens of the outlet's id are used, so no id leads out of the folder.
    """
    outlet = re.sub(r"[^a-z0-9_-]+", "-", article.outlet.lower())[:60]
    if article.published_at is None:
        return f"{outlet}/undated/{article.id}.txt"
    return f"{outlet}/{article.published_at:%Y/%m/%Y-%m-%d}-{article.id}.txt"


def as_text(article: StoredArticle) -> str:
    """Return `date 2019-10-30 By Azernews`, the byline if there is one, a blank line, and the paragraphs."""
    day = f"{article.published_at:%Y-%m-%d}" if article.published_at else "unknown"
    lines = [f"date {day} By {article.credit or article.outlet_name}"]
    if article.authors:
        lines.append(f"By {', '.join(article.authors)}")
    return "\n".join(lines) + f"\n\n{article.text}\n"
