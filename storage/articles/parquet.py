"""Exports as Parquet: a typed table that pandas, DuckDB, Spark and Hugging Face `datasets` read as it is.

Needs pyarrow, the extra `parquet`. It is imported at use: it takes a third of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from storage.article_fields import KINDS, Kind
from storage.articles.query import StoredArticle
from storage.errors import PressrunError

ROWS = 5000  # of a row group, which is held in memory
CHARACTERS = 16_000_000  # of the texts of a row group; a larger one is written earlier
# Few values that recur. The encoding is Parquet's own, and the type stays `string`: with Arrow's dictionaries pandas
# would give categories instead of text.
RECURRING = ("outlet", "language", "section", "credit", "published_precision", "published_source", "relation", "rule")
_TYPES = {  # of the columns that are no fields of the model
    "id": "int64", "outlet": "string", "published_at": "instant", "published_offset": "int16",
    "published_precision": "string", "published_source": "string", "words": "int32", "first_seen_at": "instant",
    "changed_at": "instant", "duplicate_of": "int64", "relation": "string", "similarity": "double",
    "containment": "double", "rule": "string", "rule_version": "int32", "by_hand": "bool",
}  # fmt: skip
_OF_KIND = {
    Kind.TEXT: "string", Kind.OPTIONAL_TEXT: "string", Kind.TEXTS: "list", Kind.OPTIONAL_TEXTS: "list",
    Kind.NUMBER: "double",
}  # fmt: skip


class ParquetMissingError(PressrunError):
    """pyarrow is not installed."""


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as missing:
        raise ParquetMissingError(
            "Parquet needs pyarrow, which is not installed; run: pip install 'pressrun[parquet]'"
        ) from missing
    return pyarrow


def schema_of(columns: Sequence[str]) -> Any:
    """Return the Arrow schema: instants in UTC to the microsecond, lists of strings. Raises ParquetMissingError."""
    pa = _pyarrow()
    types = {
        "instant": pa.timestamp("us", tz="UTC"), "list": pa.list_(pa.string()), "string": pa.string(),
        "int64": pa.int64(), "int32": pa.int32(), "int16": pa.int16(), "double": pa.float64(), "bool": pa.bool_(),
    }  # fmt: skip
    return pa.schema([(name, types[_TYPES.get(name) or _OF_KIND[KINDS[name]]]) for name in columns])


def write_parquet(articles: Iterable[StoredArticle], out: IO[bytes], columns: Sequence[str]) -> int:
    """Write articles as Parquet, compressed by zstd, and return their number. `published_offset`: in minutes."""
    pa = _pyarrow()
    schema, written = schema_of(columns), 0
    statistics = [name for name in columns if name not in ("text", "title", "authors", "rights", "site_rights")]
    options = {"compression": "zstd", "use_dictionary": list(RECURRING), "write_statistics": statistics}
    with pa.parquet.ParquetWriter(out, schema, **options) as writer:
        for group in _groups(articles):
            rows = {name: [_value(article, name) for article in group] for name in columns}
            writer.write_table(pa.table(rows, schema=schema))
            written += len(group)
    return written


def _groups(articles: Iterable[StoredArticle]) -> Iterator[list[StoredArticle]]:
    group, characters = list[StoredArticle](), 0
    for article in articles:
        group.append(article)
        characters += len(article.text)
        if len(group) == ROWS or characters >= CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _value(article: StoredArticle, name: str) -> Any:
    if name == "published_offset":
        offset = article.published_at.utcoffset() if article.published_at else None
        return None if offset is None else int(offset.total_seconds() // 60)
    return getattr(article, name)
