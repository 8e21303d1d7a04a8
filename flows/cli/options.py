"""The options that every command takes, before or behind its name, and what they lead to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from crawlers.catalog import Catalog
    from crawlers.environment import Settings
    from storage.database import Database


@dataclass
class Given:
    """The common options as given, whichever side of the command's name they stood on."""

    db: str | None = None
    outlets: str | None = None
    data: str | None = None
    json: bool = False
    debug: bool = False

    def settings(self) -> Settings:
        """Options over environment over defaults; SettingError names what is wrong."""
        from crawlers.environment import read_settings

        return read_settings(db=self.db, outlets=self.outlets, data=self.data)

    def catalog(self) -> Catalog:
        """The built-in outlets and those of the user's own folder."""
        from crawlers.catalog import load_outlets

        return load_outlets(self.settings().outlets)

    def database(self) -> Database:
        """The store, open and at this program's version."""
        from storage.database import open_database

        return open_database(self.settings().db)


pass_given = click.make_pass_decorator(Given)

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--db", {"metavar": "URL", "help": "The store: sqlite:///FILE or postgresql://USER@HOST/NAME [PRESSRUN_DB]."}),
    ("--outlets", {"metavar": "DIR", "help": "A folder of your own outlet files [PRESSRUN_OUTLETS]."}),
    ("--data", {"metavar": "DIR", "help": "Where raw pages and logs are kept [PRESSRUN_DATA]."}),
    ("--json", {"is_flag": True, "help": "Answer in JSON, for machines."}),
    ("--debug", {"is_flag": True, "help": "Show the traceback of an error."}),
)


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command, or the program itself, the common options; they end up in the Given of the context."""
    for name, attributes in reversed(_OPTIONS):
        command = click.option(name, callback=_keep, expose_value=False, is_eager=True, **attributes)(command)
    return command


def _keep(context: click.Context, option: click.Parameter, value: Any) -> None:
    given = context.ensure_object(Given)
    if value and option.name:
        setattr(given, option.name, value)


def day(value: str) -> date:
    """The type of options that take a calendar day."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day such as 2024-03-31") from None
