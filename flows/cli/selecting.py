"""The options that select articles, for every command that reads the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from storage.selection import USES

from .options import complete_outlets, day, within_range

if TYPE_CHECKING:
    from flows.selection import Filters


def instant(value: str) -> datetime:
    """Parse a day or an instant in ISO 8601; for the `type` of an option. Without an offset it is UTC."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no instant such as 2024-03-31 or 2024-03-31T18:00+04:00") from None
    within_range(at.date())
    return at if at.tzinfo else at.replace(tzinfo=UTC)


_OPTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "--outlet",
        "outlets_",
        {
            "metavar": "ID",
            "multiple": True,
            "shell_complete": complete_outlets,
            "help": "Only of this outlet; may be repeated.",
        },
    ),
    ("--country", "countries", {"metavar": "CODE", "multiple": True, "help": "Only of outlets of this country: az."}),
    ("--language", "languages", {"metavar": "CODE", "multiple": True, "help": "Only in this language: en, az, ru."}),
    ("--from", "first", {"type": day, "metavar": "DATE", "help": "Published on this day or later, by outlet's time."}),
    ("--to", "last", {"type": day, "metavar": "DATE", "help": "Published on this day or earlier, by outlet's time."}),
    ("--author", "author", {"metavar": "NAME", "help": "Only by an author of this name, or part of it."}),
    ("--credit", "credit", {"metavar": "NAME", "help": "Only taken from this agency or outlet."}),
    ("--section", "section", {"metavar": "NAME", "help": "Only of this section of the outlet."}),
    ("--changed-since", "changed_since", {"type": instant, "metavar": "TIME", "help": "Stored or edited since then."}),
    (
        "--respect",
        "respect",
        {"type": click.Choice(USES), "multiple": True, "help": "Not if page or site objects to this use."},
    ),
)  # fmt: skip
_COPIES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("--copies", "copies", {"is_flag": True, "help": "Include copies; `duplicate_of` is their original."}),
    ("--only-copies", "only_copies", {"is_flag": True, "help": "Copies alone."}),
)  # fmt: skip
_QUERY = ("--query", "query", {"metavar": "QUERY", "help": "Only what `pressrun articles search QUERY` finds."})


def selecting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that select articles; the command gets them as one value, `filters`."""
    return _with((*_OPTIONS, *_COPIES, _QUERY), command)


def selecting_but_query(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that select articles to a command whose arguments are the query."""
    return _with((*_OPTIONS, *_COPIES), command)


def selecting_stories(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that select articles to a command whose argument is the query, and that folds copies itself."""
    return _with(_OPTIONS, command)


def _with(options: tuple[tuple[str, str, dict[str, Any]], ...], command: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def filtered(*args: Any, **given: Any) -> Any:
        chosen = {name: given.pop(name) for _, name, _ in options}
        return command(*args, filters=_filters(**chosen), **given)

    for flag, name, attributes in reversed(options):
        filtered = click.option(flag, name, **attributes)(filtered)
    return filtered


def _filters(
    *,
    outlets_: tuple[str, ...],
    countries: tuple[str, ...],
    copies: bool = False,
    only_copies: bool = False,
    **more: Any,
) -> Filters:
    from flows.selection import Filters
    from storage.selection import Selection, Which

    first, last = more["first"], more["last"]
    if first and last and first > last:
        raise click.UsageError(f"--from {first} is after --to {last}", click.get_current_context())
    which = Which.COPIES if only_copies else Which.ALL if copies else Which.ORIGINALS
    return Filters(Selection(outlets=outlets_, which=which, **more), countries)
