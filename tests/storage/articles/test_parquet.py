"""Exports as Parquet are typed tables that other programs read without a word of code."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from storage.article_fields import KINDS
from storage.articles import export_articles
from storage.articles.parquet import ParquetMissingError
from storage.database import Database
from storage.model import Precision
from storage.selection import Selection, Which
from tests.storage.building import all_articles, begin, published, put, words


def written(db: Database, file: Path, wanted: Selection | None = None) -> pq.ParquetFile:
    with file.open("wb") as out:
        export_articles(db, out, "parquet", wanted or Selection())
    return pq.ParquetFile(file)


def test_columns_have_types_that_keep_what_they_hold(database: Database, tmp_path: Path) -> None:
    run = begin(database)
    put(database, run, "https://example.ge/1", 1, authors=("A. One", "B. Two"), language="ka", rights=("ai=no (meta)",))
    put(database, run, "https://example.ge/2", 2, hours=None)
    put(database, run, "https://copy.ge/1", "c", text=words(1), hours=5)
    file = written(database, tmp_path / "a.parquet", Selection(which=Which.ALL))
    schema = file.schema_arrow
    assert {"published_at", *(name for name in KINDS if name != "published")} <= set(schema.names)
    for name in ("published_at", "first_seen_at", "changed_at"):
        assert schema.field(name).type == pa.timestamp("us", tz="UTC")
    assert schema.field("authors").type == schema.field("rights").type == pa.list_(pa.string())
    assert schema.field("id").type == schema.field("duplicate_of").type == pa.int64()
    first, second, copy = file.read().to_pylist()
    stored = {one.id: one for one in all_articles(database)}
    assert first["text"] == words(1)
    assert first["authors"] == ["A. One", "B. Two"]
    assert (first["rights"], first["site_rights"]) == (["ai=no (meta)"], None)
    assert first["published_at"] == stored[first["id"]].published_at
    assert first["published_at"].tzinfo is not None
    assert (second["published_at"], second["published_offset"], second["authors"]) == (None, None, [])
    assert (copy["duplicate_of"], copy["by_hand"], copy["similarity"]) == (first["id"], False, 1.0)


def test_the_offset_of_the_outlet_is_kept_beside_the_instant(database: Database, tmp_path: Path) -> None:
    at = datetime.fromisoformat("2025-03-04T01:30:00+04:00")
    when = published(0, Precision.MINUTE)
    put(database, begin(database), "https://example.ge/1", 1, when=type(when)(at, when.precision, when.source, "x"))
    [row] = written(database, tmp_path / "a.parquet").read(["published_at", "published_offset"]).to_pylist()
    assert row == {"published_at": datetime(2025, 3, 3, 21, 30, tzinfo=UTC), "published_offset": 240}


def test_row_groups_are_bounded_by_rows_and_by_characters(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(database)
    for n in range(7):
        put(database, run, f"https://example.ge/{n}", n)
    monkeypatch.setattr("storage.articles.parquet.ROWS", 3)
    file = written(database, tmp_path / "a.parquet")
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [3, 3, 1]
    monkeypatch.setattr("storage.articles.parquet.CHARACTERS", 1)
    assert written(database, tmp_path / "b.parquet").num_row_groups == 7


def test_outlets_and_languages_are_stored_once_and_read_as_text(database: Database, tmp_path: Path) -> None:
    put(database, begin(database), "https://example.ge/1", 1, language="ka")
    file = written(database, tmp_path / "a.parquet")
    columns = {file.metadata.row_group(0).column(n).path_in_schema: n for n in range(file.metadata.num_columns)}
    for name in ("outlet", "language"):
        assert "RLE_DICTIONARY" in file.metadata.row_group(0).column(columns[name]).encodings
        assert file.schema_arrow.field(name).type == pa.string()
    assert "RLE_DICTIONARY" not in file.metadata.row_group(0).column(columns["text"]).encodings


def test_pandas_reads_it(database: Database, tmp_path: Path) -> None:
    run = begin(database)
    for n in range(3):
        put(database, run, f"https://example.ge/{n}", n, language="ka")
    written(database, tmp_path / "a.parquet")
    table = pd.read_parquet(tmp_path / "a.parquet")
    assert list(table["title"]) == ["About 0", "About 1", "About 2"]
    assert str(table["published_at"].dtype) in ("datetime64[us, UTC]", "datetime64[ns, UTC]")
    assert set(table["language"]) == {"ka"}


def test_no_articles_are_a_table_without_rows(database: Database, tmp_path: Path) -> None:
    assert written(database, tmp_path / "a.parquet").metadata.num_rows == 0
    assert "published_at" in pd.read_parquet(tmp_path / "a.parquet").columns


def test_without_pyarrow_the_remedy_is_named(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ParquetMissingError, match=r"pip install 'pressrun\[parquet\]'"):
        export_articles(database, io.BytesIO(), "parquet", Selection())
