"""When the night begins for which outlets: by the `[schedule]` of their files. Without Prefect."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from crawlers.catalog import Catalog
from crawlers.outlet import Outlet

Offsets = tuple[str, ...]
Entry = dict[str, Any]  # a schedule as it stands in prefect.yaml: slug, cron, timezone, parameters


def nightly_schedules(usual: Entry, catalog: Catalog) -> list[Entry]:
    """Return the schedules of the nightly flow: the usual one, and one for each group and each cron of outlet files.

    A group begins at the usual time of day in the time zone of its outlets: once for all zones with the same offset
    from UTC. The usual schedule leaves these outlets out, so that a new outlet file is crawled in the next night.
    """
    # The crawl of an outlet whose file is wrong fails with that error; it stays in the usual schedule.
    own = [outlet for outlet in catalog.readable() if outlet.enabled and outlet.schedule is not None]
    if not own:
        return [usual]
    rest = _for(usual, leave_out=[outlet.id for outlet in own])
    return [rest, *_groups(usual, own), *_crons(usual, own)]


def _groups(usual: Entry, outlets: Iterable[Outlet]) -> Iterable[Entry]:
    members: Mapping[tuple[str, Offsets], list[Outlet]] = defaultdict(list)
    for outlet in outlets:
        if outlet.schedule is not None and outlet.schedule.group:
            members[outlet.schedule.group, _offsets(outlet)].append(outlet)
    parts = Counter(group for group, _ in members)
    for (group, _), those in sorted(members.items(), key=lambda item: item[0]):
        zone = min(outlet.timezone for outlet in those)
        name = group if parts[group] == 1 else f"{group}-{zone.replace('/', '-').lower()}"
        own = {"slug": f"{usual['slug']}-{name}", "timezone": zone}
        yield _for(usual, outlets=[outlet.id for outlet in those]) | own


def _offsets(outlet: Outlet) -> Offsets:
    """Return the offsets from UTC in winter and summer of this year: zones that share them have the same nights."""
    year = datetime.now(UTC).year
    return tuple(str(datetime(year, month, 1, tzinfo=outlet.tz).utcoffset()) for month in (1, 7))


def _crons(usual: Entry, outlets: Iterable[Outlet]) -> Iterable[Entry]:
    for outlet in outlets:
        if outlet.schedule is not None and outlet.schedule.cron:
            own = {"slug": f"{usual['slug']}-{outlet.id}", "timezone": outlet.timezone, "cron": outlet.schedule.cron}
            yield _for(usual, outlets=[outlet.id]) | own


def _for(usual: Entry, **names: list[str]) -> Entry:
    given = {key: sorted(outlets) for key, outlets in names.items()}
    return usual | {"parameters": {**usual.get("parameters", {}), **given}}
