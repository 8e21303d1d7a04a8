"""The fields of an article in their other forms: columns of the store, keyword arguments, rows of JSON.

Everything is derived from storage.model.Article. A new text field needs the field there, a migration, and the code of
extraction that reads it. Imports no SQLAlchemy: the batch command of extraction uses this module too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta, timezone
from enum import Enum, auto
from typing import Any, get_type_hints

from storage.instants import in_range
from storage.model import Article, DateSource, FieldRules, Precision, Published
from storage.text import clean_text, primary_subtag

MAX_AUTHORS = 50


class Kind(Enum):
    """The type of a field, and with it the way in which it is stored."""

    TEXT = auto()
    OPTIONAL_TEXT = auto()
    TEXTS = auto()
    OPTIONAL_TEXTS = auto()  # None: nobody asked
    NUMBER = auto()  # None: not known
    PUBLISHED = auto()  # stored in PUBLISHED_COLUMNS


_KINDS: tuple[tuple[Any, Kind], ...] = (
    (str, Kind.TEXT),
    (str | None, Kind.OPTIONAL_TEXT),
    (tuple[str, ...], Kind.TEXTS),
    (tuple[str, ...] | None, Kind.OPTIONAL_TEXTS),
    (float | None, Kind.NUMBER),
    (Published | None, Kind.PUBLISHED),
)


def _kind(name: str, hint: Any) -> Kind:
    for known, kind in _KINDS:
        if hint == known:
            return kind
    raise TypeError(f"Article.{name}: the store has no column for {hint}; give storage/article_fields.py a Kind for it")


_HINTS = get_type_hints(Article)
RULES: dict[str, FieldRules] = {field.name: field.metadata["rules"] for field in fields(Article)}
KINDS: dict[str, Kind] = {name: _kind(name, _HINTS[name]) for name in RULES}

LISTS = (Kind.TEXTS, Kind.OPTIONAL_TEXTS)
PUBLISHED_COLUMNS = ("published_at", "published_offset", "published_precision", "published_source", "published_raw")
REVISED = tuple(name for name, rules in RULES.items() if rules.revised)
LATEST = tuple(name for name, rules in RULES.items() if rules.latest)
FILLED = tuple(name for name, rules in RULES.items() if rules.filled)


def to_columns(article: Article) -> dict[str, Any]:
    """Return the article's fields as column values: cleaned text, cut to the columns' lengths.

    Of a language tag the primary subtag is kept, by which lists and the search index compare.
    """
    columns: dict[str, Any] = {}
    for name, kind in KINDS.items():
        value = getattr(article, name)
        if kind is Kind.PUBLISHED:
            columns |= _published_columns(value)
        else:
            columns[name] = _TO_COLUMN[kind](value, RULES[name].max_chars)
    return columns | {"language": primary_subtag(columns["language"] or "") or None}


def _text(value: str, most: int | None) -> str:
    return clean_text(value)[:most]


def _optional_text(value: str | None, most: int | None) -> str | None:
    return clean_text(value)[:most] if value else None


def _texts(values: tuple[str, ...], most: int | None) -> list[str]:
    return [clean_text(value)[:most] for value in values[:MAX_AUTHORS]]


def _optional_texts(values: tuple[str, ...] | None, most: int | None) -> list[str] | None:
    return None if values is None else _texts(values, most)


def _number(value: float | None, _: int | None) -> float | None:
    return value


_TO_COLUMN: dict[Kind, Callable[[Any, int | None], Any]] = {
    Kind.TEXT: _text,
    Kind.OPTIONAL_TEXT: _optional_text,
    Kind.TEXTS: _texts,
    Kind.OPTIONAL_TEXTS: _optional_texts,
    Kind.NUMBER: _number,
}


def _published_columns(published: Published | None) -> dict[str, Any]:
    if published is None or in_range(published.at) is None:
        return dict.fromkeys(PUBLISHED_COLUMNS)
    offset = published.at.utcoffset()
    return {
        "published_at": published.at,
        "published_offset": int(offset.total_seconds() // 60) if offset is not None else None,
        "published_precision": str(published.precision),
        "published_source": str(published.source),
        "published_raw": _optional_text(published.raw, RULES["published"].max_chars),
    }


def from_columns(row: Any) -> dict[str, Any]:
    """Return the arguments of Article for a row of the store. `published.at` is in the outlet's offset again."""
    arguments = {name: getattr(row, name) for name, kind in KINDS.items() if kind is not Kind.PUBLISHED}
    lists = (name for name, kind in KINDS.items() if kind in LISTS and arguments[name] is not None)
    arguments |= {name: tuple(arguments[name]) for name in lists}
    return arguments | {"published": _published(row)}


def _published(row: Any) -> Published | None:
    at = row.published_at
    if at is None:
        return None
    if row.published_offset is not None:
        at = at.astimezone(timezone(timedelta(minutes=row.published_offset)))
    precision, source = Precision(row.published_precision), DateSource(row.published_source)
    return Published(at, precision, source, row.published_raw or "")


def to_row(article: Article) -> dict[str, Any]:
    """Return the article's fields as JSON values; the publication instant in three keys, ISO 8601 with its offset."""
    row: dict[str, Any] = {}
    for name, kind in KINDS.items():
        value = getattr(article, name)
        if kind is Kind.PUBLISHED:
            row |= _published_row(value)
        else:
            row[name] = list(value) if kind in LISTS and value is not None else value
    return row


def empty_row() -> dict[str, Any]:
    """Return the keys of `to_row` without values, for a page that gave no article."""
    row: dict[str, Any] = {}
    for name, kind in KINDS.items():
        row |= _published_row(None) if kind is Kind.PUBLISHED else {name: [] if kind is Kind.TEXTS else None}
    return row


def shown_fields(article: Article) -> dict[str, str]:
    """Return the fields that the command line lists, as text; without those that are missing."""
    values = {name: getattr(article, name) for name, rules in RULES.items() if rules.shown}
    return {name: _shown(KINDS[name], value) for name, value in values.items() if value or value == 0}


def _shown(kind: Kind, value: Any) -> str:
    if kind in LISTS:
        return ", ".join(value)
    return f"{value:.2f}" if kind is Kind.NUMBER else str(value)


def _published_row(published: Published | None) -> dict[str, Any]:
    return {
        "published_at": published.at.isoformat() if published else None,
        "published_precision": str(published.precision) if published else None,
        "published_source": str(published.source) if published else None,
    }
