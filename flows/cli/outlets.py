"""`pressrun outlets`: the outlet files. Commands that do more than list and show are in modules of their own."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from .options import CommonOptions, common, complete_outlets, pass_options
from .outlets_check import check_outlets
from .outlets_new import new_outlet
from .outlets_save import save_page
from .outlets_schema import print_schema
from .outlets_test import test_outlets
from .outlets_try import try_outlet
from .show import minute, say_json, say_table

if TYPE_CHECKING:
    from storage.learned_containers import LearnedContainer


@click.group("outlets", invoke_without_command=True)
@common
@click.pass_context
def outlets_command(context: click.Context) -> None:
    """List, show and check outlet files, the built-in ones and your own (--outlets). Without a subcommand: list."""
    if context.invoked_subcommand is None:
        context.invoke(list_outlets)


for _command in (check_outlets, new_outlet, save_page, print_schema, test_outlets, try_outlet):
    outlets_command.add_command(_command)


@outlets_command.command("list")
@common
@pass_options
def list_outlets(options: CommonOptions) -> int:
    """List every outlet with its kinds of seed.

    \b
    pressrun outlets list --outlets my-outlets
    """
    from crawlers.errors import OutletFileError

    catalog = options.catalog()
    outlets, errors = [], []
    for outlet_id in catalog.ids:
        try:
            outlets.append(catalog.get(outlet_id))
        except OutletFileError as error:
            errors.append(str(error))
    if options.json:
        say_json([_row(outlet, catalog.files[outlet.id]) for outlet in outlets])
    else:
        say_table(
            ("id", "name", "country", "languages", "seeds", "home"),
            [
                (o.id if o.enabled else f"{o.id} (off)", o.name, o.country, " ".join(o.languages), _kinds(o), o.home)
                for o in outlets
            ],
        )
    for line in errors:
        click.echo(f"pressrun: {line}", err=True)
    return 2 if errors else 0


def _kinds(outlet: Any) -> str:
    return " ".join(dict.fromkeys(seed.kind for seed in outlet.seeds))


def _row(outlet: Any, file: Any) -> dict[str, Any]:
    seeds = [{"kind": seed.kind, "url": seed.url} for seed in outlet.seeds]
    names = ("id", "name", "home", "country", "languages", "timezone", "enabled")
    return {name: getattr(outlet, name) for name in names} | {"seeds": seeds, "file": str(file)}


@outlets_command.command("show")
@click.argument("outlet_id", metavar="ID", shell_complete=complete_outlets)
@common
@pass_options
def show_outlet(options: CommonOptions, outlet_id: str) -> None:
    """Show the file of an outlet, what its platform adds, and the containers that crawls have learned.

    With --json: the values of all keys, defaults included.

    \b
    pressrun outlets show azernews
    """
    catalog = options.catalog()
    outlet, completed = catalog.completed(outlet_id)
    file = catalog.files[outlet_id]
    containers = _learned(options, outlet_id)
    if options.json:
        more = {
            "file": str(file),
            "platform_file": str(completed.file) if completed.file else None,
            "from_platform": sorted(completed.inherited),
            "learned": list(map(asdict, containers)),
        }
        return say_json(outlet.model_dump(mode="json") | more)
    click.echo(f"# {file}\n\n{file.read_text(encoding='utf-8').rstrip()}")
    if completed.file:
        click.echo(f"\n# from the platform file {completed.file}")
    for key, value in completed.inherited.items():
        click.echo(f"# {key} = {json.dumps(value, ensure_ascii=False, default=str)}")
    if containers:
        click.echo("\n# learned containers of its articles")
    for container in containers:
        click.echo(f"# {container.path}: {_status(container)}")
    return None


def _learned(options: CommonOptions, outlet_id: str) -> list[LearnedContainer]:
    """Return the learned containers of an outlet; none if there is no store yet."""
    from storage.database import open_database
    from storage.errors import DatabaseUnreachableError
    from storage.learned_containers import list_containers

    settings = options.settings()
    try:
        db = open_database(settings.db, upgrade=False, create=False)
    except DatabaseUnreachableError:
        if options.db is not None:
            raise
        return []
    try:
        return list_containers(db, outlet_id)
    finally:
        db.close()


def _status(container: LearnedContainer) -> str:
    use = "plain: used without cleaning" if container.plain else "cleaned like the whole page"
    if container.changed_at is not None:
        return f"{use}; not used since the layout changed, {minute(container.changed_at)} UTC"
    return f"{use}; learned {minute(container.learned_at)}, verified {minute(container.verified_at)} UTC"
