"""When the night begins for which outlets: by the `[schedule]` of their files. Without Prefect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from crawlers.catalog import Catalog
from crawlers.errors import OutletFileError
from crawlers.outlet import Outlet

Entry = dict[str, Any]  # a schedule as it stands in prefect.yaml: slug, cron, timezone, parameters


def nightly_schedules(usual: Entry, catalog: Catalog) -> list[Entry]:
    """Return the schedules of the nightly flow: the usual one, and one for each group and each cron of outlet files.

    A group begins at the usual time of day in the time zone of its outlets. The usual schedule keeps the outlets that
    are in no group; it names no outlet as long as there are no groups, so that a new outlet file is crawled at once.
    """
    enabled = list(_enabled(catalog))
    own = [outlet for outlet in enabled if outlet is not None and outlet.schedule is not None]
    if not own:
        return [usual]
    elsewhere = {outlet.id for outlet in own}
    rest = [name for name in _names(catalog, enabled) if name not in elsewhere]
    return [*([_for(usual, rest)] if rest else []), *_groups(usual, own), *_crons(usual, own)]


def _enabled(catalog: Catalog) -> Iterable[Outlet | None]:
    for name in catalog.ids:
        try:
            outlet = catalog.get(name)
        except OutletFileError:
            yield None  # its own crawl fails with that error; it stays in the usual schedule
        else:
            if outlet.enabled:
                yield outlet


def _names(catalog: Catalog, enabled: Iterable[Outlet | None]) -> list[str]:
    known = {outlet.id for outlet in enabled if outlet is not None}
    return [name for name in catalog.ids if name in known or _is_broken(catalog, name)]


def _is_broken(catalog: Catalog, name: str) -> bool:
    try:
        catalog.get(name)
    except OutletFileError:
        return True
    return False


def _groups(usual: Entry, outlets: Iterable[Outlet]) -> Iterable[Entry]:
    members: Mapping[tuple[str, str], list[str]] = defaultdict(list)
    for outlet in outlets:
        if outlet.schedule is not None and outlet.schedule.group:
            members[outlet.schedule.group, outlet.timezone].append(outlet.id)
    zones: Mapping[str, list[str]] = defaultdict(list)
    for group, zone in members:
        zones[group].append(zone)
    for (group, zone), names in sorted(members.items()):
        name = group if len(zones[group]) == 1 else f"{group}-{zone.replace('/', '-').lower()}"
        yield _for(usual, names) | {"slug": f"{usual['slug']}-{name}", "timezone": zone}


def _crons(usual: Entry, outlets: Iterable[Outlet]) -> Iterable[Entry]:
    for outlet in outlets:
        if outlet.schedule is not None and outlet.schedule.cron:
            own = {"slug": f"{usual['slug']}-{outlet.id}", "timezone": outlet.timezone, "cron": outlet.schedule.cron}
            yield _for(usual, [outlet.id]) | own


def _for(usual: Entry, names: list[str]) -> Entry:
    return usual | {"parameters": {**usual.get("parameters", {}), "outlets": sorted(names)}}
