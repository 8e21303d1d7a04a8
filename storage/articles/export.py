"""Articles out of the store: JSONL, CSV, or one text file each."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from storage.articles.query import Filter, Stored, iterate
from storage.database import Database
from storage.errors import FolderNotWritableError

COLUMNS = (
    "id", "outlet", "url", "canonical_url", "title", "text", "authors", "published_at", "published_precision",
    "published_source", "language", "section", "image", "credit", "words", "first_seen_at", "changed_at",
    "duplicate_of", "relation", "similarity", "containment", "rule", "rule_version", "by_hand",
)  # fmt: skip
# What a spreadsheet takes for a formula and runs (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_row(article: Stored) -> dict[str, Any]:
    """An article as JSON has it: instants in ISO 8601 with their offset."""
    row = {name: getattr(article, name) for name in COLUMNS}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def export_articles(db: Database, out: IO[str], format: str, wanted: Filter) -> int:
    """Write the articles as `jsonl` or `csv`; returns how many."""
    write = {"jsonl": _jsonl, "csv": _csv}[format]
    return write(iterate(db, wanted), out)


def _jsonl(articles: Iterator[Stored], out: IO[str]) -> int:
    written = 0
    for article in articles:
        out.write(json.dumps(as_row(article), ensure_ascii=False) + "\n")
        written += 1
    return written


def _csv(articles: Iterator[Stored], out: IO[str]) -> int:
    written, writer = 0, csv.writer(out)
    writer.writerow(COLUMNS)
    for article in articles:
        row = as_row(article) | {"authors": "; ".join(article.authors)}
        writer.writerow([_cell(row[name]) for name in COLUMNS])
        written += 1
    return written


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def export_texts(db: Database, folder: Path, wanted: Filter) -> int:
    """One text file for each article; returns how many. Names are made of day, outlet and id alone."""
    written = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for article in iterate(db, wanted):
            (folder / text_name(article)).write_text(as_text(article), encoding="utf-8")
            written += 1
    except OSError as failure:
        raise FolderNotWritableError(
            f"cannot write into {folder}: {failure.strerror}; name another with --out"
        ) from failure
    return written


def text_name(article: Stored) -> str:
    day = f"{article.published_at:%Y-%m-%d}" if article.published_at else "undated"
    return f"{day}-{re.sub(r'[^a-z0-9-]+', '-', article.outlet.lower())[:40]}-{article.id}.txt"


def as_text(article: Stored) -> str:
    """`date 2019-10-30 By Azernews`, the byline if there is one, a blank line, the paragraphs."""
    day = f"{article.published_at:%Y-%m-%d}" if article.published_at else "unknown"
    lines = [f"date {day} By {article.credit or article.outlet}"]
    if article.authors:
        lines.append(f"By {', '.join(article.authors)}")
    return "\n".join(lines) + f"\n\n{article.text}\n"
