"""The options that every command takes, before or after its name, and what they give access to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from storage.days import check_day
from storage.errors import PressrunError
from storage.model import MOST_ID

if TYPE_CHECKING:
    from crawlers.catalog import Catalog
    from crawlers.environment import Settings
    from storage.database import Database


@dataclass
class CommonOptions:
    """The values of the common options, from before or after the name of the command."""

    db: str | None = None
    outlets: str | None = None
    data: str | None = None
    json: bool = False
    debug: bool = False

    def settings(self) -> Settings:
        """Return the settings: options override the environment, which overrides the defaults. Raises SettingError."""
        from crawlers.environment import read_settings

        return read_settings(db=self.db, outlets=self.outlets, data=self.data)

    def store_settings(self) -> Settings:
        """Return the settings for a command that reads no outlet file: the folder of `--outlets` may be missing."""
        from crawlers.environment import read_settings

        env = {name: value for name, value in os.environ.items() if name != "PRESSRUN_OUTLETS"}
        return read_settings(env, db=self.db, data=self.data)

    def catalog(self) -> Catalog:
        """Return the built-in outlets and those of the user's own folder."""
        from crawlers.catalog import load_outlets

        return load_outlets(self.settings().outlets)

    def database(self, *, create: bool = True) -> Database:
        """Open the store, upgraded to this program's version. `create`: make it if it is not there."""
        from storage.database import open_database

        return open_database(self.store_settings().db, create=create)

    @contextmanager
    def opened(self, *, create: bool = False) -> Iterator[Database]:
        """Open the store for a block, and close it. `create`: make it if it is not there.

        Without `create`, raises DatabaseUnreachableError or DatabaseOutdatedError if there is none: an empty store in
        the place of a mistyped one would answer that nothing is held.
        """
        db = self.database(create=create)
        try:
            yield db
        finally:
            db.close()


pass_options = click.make_pass_decorator(CommonOptions)

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--db", {"metavar": "URL", "help": "The store: sqlite:///FILE or postgresql://USER@HOST/NAME [PRESSRUN_DB]."}),
    ("--outlets", {"metavar": "DIR", "help": "A folder of your own outlet files [PRESSRUN_OUTLETS]."}),
    ("--data", {"metavar": "DIR", "help": "The folder of raw pages and logs [PRESSRUN_DATA]."}),
    ("--json", {"is_flag": True, "help": "Answer in JSON, for machines."}),
    ("--debug", {"is_flag": True, "help": "Show the traceback of an error."}),
)


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the common options to a command; their values go into the CommonOptions of the context."""
    return _with_options(command, _OPTIONS)


def common_but_outlets(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the common options to a command whose own --outlets also takes ids."""
    return _with_options(command, [option for option in _OPTIONS if option[0] != "--outlets"])


def _with_options(command: Callable[..., Any], options: Sequence[tuple[str, dict[str, Any]]]) -> Callable[..., Any]:
    for name, attributes in reversed(options):
        command = click.option(name, callback=_keep, expose_value=False, is_eager=True, **attributes)(command)
    return command


def _keep(context: click.Context, option: click.Parameter, value: Any) -> None:
    options = context.ensure_object(CommonOptions)
    if value and option.name:
        setattr(options, option.name, value)


def complete_outlets(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the outlets whose ids begin so, for a shell that completes a command."""
    try:
        ids = context.ensure_object(CommonOptions).catalog().ids
    except PressrunError:
        return []  # the command itself will say what is wrong with the outlet files
    return [one for one in ids if one.startswith(incomplete)]


def named_outlets(*, required: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator for the argument `outlet_ids`: any number of outlets, or at least one."""
    metavar = "ID..." if required else "[ID]..."
    return click.argument("outlet_ids", metavar=metavar, nargs=-1, required=required, shell_complete=complete_outlets)


COUNT = click.IntRange(1, 1_000_000_000)


class _ArticleId(click.IntRange):
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{str(value)!r} is no id of an article; `pressrun articles list` shows ids", param, ctx)


ARTICLE_ID = _ArticleId(1, MOST_ID)


def day(value: str) -> date:
    """Parse a calendar day; for the `type` of an option."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day such as 2024-03-31") from None
    return within_range(found)


def within_range(found: date) -> date:
    """Return the day. Raises click.BadParameter if it is not between FIRST_DAY and LAST_DAY of `storage.days`."""
    try:
        return check_day(found)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from None
