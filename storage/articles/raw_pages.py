"""The raw pages of a selection: where they lie in the archive, and their export as WACZ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO

from sqlalchemy import select

from storage.articles.query import CHUNK, StoredArticle, iter_articles
from storage.database import Database
from storage.errors import ArchiveError
from storage.schema.tables import Article, Page
from storage.selection import Selection
from storage.sorted_lines import SortedLines
from storage.warc import Place, RawRecord, WaczEntry, read_raw, write_wacz


@dataclass
class RawExport:
    """What an export of raw pages came to. `without`: articles whose raw page is not in the archive, or not whole."""

    articles: int = 0
    pages: int = 0
    without: int = 0


def export_wacz(db: Database, archive: Path, out: IO[bytes], wanted: Selection, title: str) -> RawExport:
    """Write the raw pages of the articles as WACZ to a stream that can seek.

    What was taken down has no article and, in the archive, no answer: it is not in the file.
    """
    done = RawExport()
    with SortedLines() as places:
        for chunk in _chunks(iter_articles(db, wanted)):
            done.articles += len(chunk)
            for line in _places(db, chunk, done):
                places.add(line)
        done.pages = write_wacz(out, _entries(archive, places, done), title)
    return done


def _chunks(articles: Iterator[StoredArticle]) -> Iterator[dict[int, str]]:
    """Yield ids with titles."""
    chunk = dict[int, str]()
    for article in articles:
        chunk[article.id] = article.title
        if len(chunk) == CHUNK:
            yield chunk
            chunk = {}
    if chunk:
        yield chunk


def _places(db: Database, titles: dict[int, str], done: RawExport) -> Iterator[str]:
    """Yield a line for each page: its place, so that the archive is read in order, and the title."""
    columns = (Article.id, Page.warc_file, Page.warc_offset, Page.warc_length)
    with db.read() as c:
        pages = select(*columns).join(Page, Page.id == Article.page_id).where(Article.id.in_(list(titles)))
        rows = c.execute(pages).all()
    for row in rows:
        if row.warc_file is None:
            done.without += 1
        else:
            yield f"{row.warc_file}\t{row.warc_offset:015}\t{row.warc_length}\t{json.dumps(titles[row.id])}"


def _entries(archive: Path, places: SortedLines, done: RawExport) -> Iterator[WaczEntry]:
    """Yield each record once, also that of an answer that gave several articles."""
    for place, lines in groupby((line.split("\t") for line in places), lambda parts: tuple(parts[:3])):
        titles = [json.loads(parts[3]) for parts in lines]
        record = _record(archive, Place(place[0], int(place[1]), int(place[2])))
        if record is None:
            done.without += len(titles)
        else:
            yield WaczEntry(record, _title(titles, record))


def _record(archive: Path, place: Place) -> RawRecord | None:
    try:
        return read_raw(archive, place)
    except ArchiveError:
        return None


def _title(titles: Sequence[str], record: RawRecord) -> str:
    return str(titles[0]) if len(titles) == 1 else record.head.url
