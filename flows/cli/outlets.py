"""`pressrun outlets`: the outlet files, without a network."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from .options import CommonOptions, common, complete_outlets, pass_options
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


@outlets_command.command("check")
@click.argument("outlet_ids", metavar="[ID]...", nargs=-1, shell_complete=complete_outlets)
@common
@pass_options
def check_outlets(options: CommonOptions, outlet_ids: tuple[str, ...]) -> int:
    """Check outlet files without a network: keys, examples, seeds. All of them if none is named.

    \b
    pressrun outlets check
    pressrun outlets check my_gazette --outlets my-outlets
    """
    catalog = options.catalog()
    findings = {outlet_id: _findings(catalog.get(outlet_id)) for outlet_id in outlet_ids or catalog.ids}
    if options.json:
        say_json(findings)
    else:
        for outlet_id, lines in findings.items():
            click.echo(f"{outlet_id}: {'no faults found' if not lines else '; '.join(lines)}")
    return 1 if any(findings.values()) else 0


def _findings(outlet: Any) -> list[str]:
    """Return the faults of an outlet file that is valid."""
    lines = [f"example {url} does not match urls.article" for url in outlet.examples if not outlet.is_article(url)]
    lines += [f"{url} of not_articles matches urls.article" for url in outlet.not_articles if outlet.is_article(url)]
    if not outlet.seeds:
        lines.append("no seeds: nothing will be discovered")
    elif all(seed.kind == "id_range" for seed in outlet.seeds):
        lines.append("no seed but an id_range: a nightly run discovers nothing")
    if outlet.is_article(outlet.home):
        lines.append("urls.article matches the home page")
    lines += [f"seed {seed.url} matches urls.article" for seed in outlet.seeds if outlet.is_article(seed.url)]
    untils = [rule.until for rule in outlet.extract]
    if None in untils[1:] or [day for day in untils if day] != sorted((day for day in untils if day), reverse=True):
        lines.append("extract: the newest layout must stand first; older ones need `until`, in descending order")
    return lines
