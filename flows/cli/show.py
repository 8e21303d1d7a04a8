"""Output: tables for people, JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import click


def say_json(value: Any) -> None:
    """Print one JSON value on a line; instants in ISO 8601."""
    click.echo(json_text(value))


def json_text(value: Any) -> str:
    """Return one JSON value on a line; instants in ISO 8601."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def say_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None) -> None:
    """Print a table in a terminal, tab-separated lines in a pipe. Columns that begin with # hold numbers."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [[name.lstrip("#") for name in columns], *cells]:
            click.echo("\t".join(printable(" ".join(cell.split())) for cell in row))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name.lstrip("#"), justify="right" if name.startswith("#") else "left")
    for row in cells:
        table.add_row(*(escape(printable(cell)) for cell in row))
    Console().print(table)


def printable(text: str) -> str:
    """Return text from outside without what steers a terminal: control characters and overrides of direction."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\n\u200c\u200d" else "\ufffd" for char in text)


def say_text(text: str) -> None:
    """Print text from outside: wrapped at words in a terminal, as it is in a pipe but for control characters."""
    shown = printable(text.replace("\t", " "))
    if not sys.stdout.isatty():
        return click.echo(shown)
    from rich.console import Console

    return Console().print(shown, markup=False, highlight=False, emoji=False)


def minute(when: datetime | None) -> str:
    """Format an instant to the minute, in its own time zone."""
    return f"{when:%Y-%m-%d %H:%M}" if when else ""
