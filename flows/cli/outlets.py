"""`pressrun outlets`: the outlet files, without a network."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from .options import Given, common, pass_given
from .show import minute, say_json, say_table

if TYPE_CHECKING:
    from storage.learned_containers import LearnedContainer


@click.group("outlets", invoke_without_command=True)
@common
@click.pass_context
def outlets_command(context: click.Context) -> None:
    """The outlet files, the built-in ones and your own (--outlets). Without a subcommand: list."""
    if context.invoked_subcommand is None:
        context.invoke(list_outlets)


@outlets_command.command("list")
@common
@pass_given
def list_outlets(given: Given) -> int:
    """Every outlet, and the kinds of seed that it is discovered by."""
    from crawlers.errors import OutletFileError

    catalog = given.catalog()
    found, wrong = [], []
    for outlet_id in catalog.ids:
        try:
            found.append(catalog.get(outlet_id))
        except OutletFileError as error:
            wrong.append(str(error))
    if given.json:
        say_json([_row(outlet, catalog.files[outlet.id]) for outlet in found])
    else:
        say_table(
            ("id", "name", "country", "languages", "seeds", "home"),
            [
                (o.id if o.enabled else f"{o.id} (off)", o.name, o.country, " ".join(o.languages), _kinds(o), o.home)
                for o in found
            ],
        )
    for line in wrong:
        click.echo(f"pressrun: {line}", err=True)
    return 2 if wrong else 0


def _kinds(outlet: Any) -> str:
    return " ".join(dict.fromkeys(seed.kind for seed in outlet.seeds))


def _row(outlet: Any, file: Any) -> dict[str, Any]:
    seeds = [{"kind": seed.kind, "url": seed.url} for seed in outlet.seeds]
    names = ("id", "name", "home", "country", "languages", "timezone", "enabled")
    return {name: getattr(outlet, name) for name in names} | {"seeds": seeds, "file": str(file)}


@outlets_command.command("show")
@click.argument("outlet_id", metavar="ID")
@common
@pass_given
def show_outlet(given: Given, outlet_id: str) -> None:
    """The outlet's file as it stands, and what crawls have learned of its pages.

    With --json what the file amounts to, defaults included.
    """
    catalog = given.catalog()
    outlet = catalog.get(outlet_id)
    file = catalog.files[outlet_id]
    containers = _learned(given, outlet_id)
    if given.json:
        learned = list(map(asdict, containers))
        return say_json(outlet.model_dump(mode="json") | {"file": str(file), "learned": learned})
    click.echo(f"# {file}\n\n{file.read_text(encoding='utf-8').rstrip()}")
    if containers:
        click.echo("\n# learned: where its articles stand")
    for one in containers:
        click.echo(f"# {one.path}: {_standing(one)}")
    return None


def _learned(given: Given, outlet_id: str) -> list[LearnedContainer]:
    """What the store knows of the outlet's pages; nothing where there is no store yet."""
    from storage.database import open_database
    from storage.errors import DatabaseUnreachableError
    from storage.learned_containers import list_containers

    settings = given.settings()
    try:
        db = open_database(settings.db, upgrade=False, create=False)
    except DatabaseUnreachableError:
        if given.db is not None:
            raise
        return []
    try:
        return list_containers(db, outlet_id)
    finally:
        db.close()


def _standing(one: LearnedContainer) -> str:
    how = "read as it stands" if one.plain else "cleaned like any page"
    if one.changed_at is not None:
        return f"{how}; until the layout changed, {minute(one.changed_at)} UTC"
    return f"{how}; learned {minute(one.learned_at)}, verified {minute(one.verified_at)} UTC"


@outlets_command.command("check")
@click.argument("outlet_ids", metavar="[ID]...", nargs=-1)
@common
@pass_given
def check_outlets(given: Given, outlet_ids: tuple[str, ...]) -> int:
    """Whether outlet files can be right: keys, examples, seeds. All of them if none is named."""
    catalog = given.catalog()
    findings = {outlet_id: _findings(catalog.get(outlet_id)) for outlet_id in outlet_ids or catalog.ids}
    if given.json:
        say_json(findings)
    else:
        for outlet_id, lines in findings.items():
            click.echo(f"{outlet_id}: {'in order' if not lines else '; '.join(lines)}")
    return 1 if any(findings.values()) else 0


def _findings(outlet: Any) -> list[str]:
    """What a person should look at in an outlet file that can be read."""
    lines = [f"example {url} does not match urls.article" for url in outlet.examples if not outlet.is_article(url)]
    if not outlet.seeds:
        lines.append("no seed: nothing will ever be discovered")
    elif all(seed.kind == "id_range" for seed in outlet.seeds):
        lines.append("no seed but a counter: a nightly run has nothing to ask")
    if outlet.is_article(outlet.home):
        lines.append("urls.article matches the home page")
    lines += [f"seed {seed.url} matches urls.article" for seed in outlet.seeds if outlet.is_article(seed.url)]
    untils = [rule.until for rule in outlet.extract]
    if None in untils[1:] or [day for day in untils if day] != sorted((day for day in untils if day), reverse=True):
        lines.append(
            "extract: the newest layout stands first, older ones carry `until`, later days before earlier ones"
        )
    return lines
