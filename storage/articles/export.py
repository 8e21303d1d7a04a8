"""Exports of articles: JSONL, CSV, or one text file for each article."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

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
# A spreadsheet takes a cell that begins like this for a formula and runs it (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_row(article: StoredArticle) -> dict[str, Any]:
    """Return an article as JSON values: instants in ISO 8601 with their offset."""
    row = {name: getattr(article, name) for name in COLUMNS}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def export_articles(db: Database, out: IO[str], format: str, wanted: Selection) -> int:
    """Write the articles as `jsonl` or `csv`. Return their number."""
    write = {"jsonl": _jsonl, "csv": _csv}[format]
    return write(iter_articles(db, wanted), out)


def _jsonl(articles: Iterator[StoredArticle], out: IO[str]) -> int:
    written = 0
    for article in articles:
        out.write(json.dumps(as_row(article), ensure_ascii=False) + "\n")
        written += 1
    return written


def _csv(articles: Iterator[StoredArticle], out: IO[str]) -> int:
    written, writer = 0, csv.writer(out)
    writer.writerow(COLUMNS)
    for article in articles:
        row = as_row(article) | {"authors": "; ".join(article.authors)}
        writer.writerow([_cell(row[name]) for name in COLUMNS])
        written += 1
    return written


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


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
    """Return the file of an article's text: OUTLET/YEAR/MONTH/DAY-ID.txt, by the day in the outlet's zone.

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
