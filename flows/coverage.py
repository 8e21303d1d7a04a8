"""Completeness for people and machines: findings with the command that fills them. Without Prefect and terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crawlers.catalog import Catalog
from crawlers.errors import OutletFileError, UnknownOutletError
from storage import coverage
from storage.coverage import DaySpan, OutletCoverage, Overflow, ThinDay
from storage.database import Database

A_DAY = timedelta(days=1)
WORST = 3  # days of a finding whose evidence is given


@dataclass(frozen=True, slots=True)
class Finding:
    """Days of an outlet with something missing: `thin`, `overflow`, or `backfilled` if nothing more can be done."""

    outlet: str
    kind: str
    first: date
    last: date
    evidence: str
    command: str

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as a JSON object."""
        days = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return {"outlet": self.outlet, "kind": self.kind} | days | {"evidence": self.evidence, "command": self.command}


def zone_of(catalog: Catalog, outlet_id: str) -> ZoneInfo:
    """Return the time zone of an outlet; UTC for one that has no valid file."""
    try:
        return catalog.get(outlet_id).tz
    except (UnknownOutletError, OutletFileError):
        return ZoneInfo("UTC")


def coverages(
    db: Database, catalog: Catalog, outlet_ids: Sequence[str], first: date, last: date
) -> Iterator[OutletCoverage]:
    """Yield the completeness of each outlet from `first` to `last`, as far as it is not in the outlet's future."""
    for outlet_id in outlet_ids:
        zone = zone_of(catalog, outlet_id)
        today = datetime.now(UTC).astimezone(zone).date()
        until = min(last, today)
        yield coverage.outlet_coverage(db, DaySpan(outlet_id, zone, min(first, until), until), today)


def findings(covered: OutletCoverage, zone: ZoneInfo) -> list[Finding]:
    """Return what is missing, thin days in a row as one finding."""
    found = [_thin(covered.outlet_id, "thin", days) for days in _in_a_row(covered.thin)]
    found += [_overflow(covered.outlet_id, overflow, zone) for overflow in covered.overflows]
    found += [_thin(covered.outlet_id, "backfilled", days) for days in _in_a_row(covered.backfilled)]
    return found


def _in_a_row(days: Sequence[ThinDay]) -> Iterator[list[ThinDay]]:
    row: list[ThinDay] = []
    for day in days:
        if row and day.day - row[-1].day > A_DAY:
            yield row
            row = []
        row.append(day)
    if row:
        yield row


def _thin(outlet: str, kind: str, days: Sequence[ThinDay]) -> Finding:
    worst = sorted(sorted(days, key=lambda day: day.held - day.usual)[:WORST], key=lambda day: day.day)
    evidence = "; ".join(day.evidence for day in worst)
    if len(days) > 1:
        sums = f"{sum(day.held for day in days)} held where {sum(day.usual for day in days):g} are usual"
        evidence = f"{len(days)} days, {sums}; the worst: {evidence}"
    command = _command(outlet, days[0].day, days[-1].day) if kind == "thin" else ""
    return Finding(outlet, kind, days[0].day, days[-1].day, evidence, command)


def _overflow(outlet: str, overflow: Overflow, zone: ZoneInfo) -> Finding:
    since, until = (at.astimezone(zone) for at in (overflow.since, overflow.until))
    evidence = f"{overflow.seed_url} held nothing from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}"
    if overflow.first_number is not None:
        evidence += f"; ids {overflow.first_number} to {overflow.last_number} were never asked for"
    command = _command(outlet, since.date(), until.date())
    return Finding(outlet, "overflow", since.date(), until.date(), evidence, command)


def _command(outlet: str, first: date, last: date) -> str:
    return f"pressrun backfill {outlet} --from {first} --to {last}"
