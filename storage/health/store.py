"""Findings in the store: opened, seen again, closed, and told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.database import Database
from storage.health.findings import KINDS, Change, Finding, FindingChange
from storage.schema import tables

_ROW = tables.Finding


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding of an outlet as it is stored. `closed_at`: when it was no longer found."""

    id: int
    outlet_id: str
    finding: Finding
    opened_at: datetime
    seen_at: datetime
    closed_at: datetime | None


def open_findings(db: Database, outlet_ids: Collection[str] | None = None) -> list[StoredFinding]:
    """Return the open findings, of all outlets or of those named; by outlet, what explains others first."""
    statement = select(_ROW.__table__).where(_ROW.closed_at.is_(None))
    if outlet_ids is not None:
        statement = statement.where(_ROW.outlet_id.in_(list(outlet_ids)))
    with db.read() as c:
        found = [_stored(row) for row in c.execute(statement)]
    return sorted(found, key=lambda one: (one.outlet_id, KINDS.index(one.finding.kind)))


def record_findings(
    db: Database, outlet_id: str, found: Sequence[Finding], judged: Collection[str], now: datetime
) -> list[FindingChange]:
    """Save what a run found, and return what changed by it. Open findings of kinds not `judged` stay open."""

    if not found and not open_findings(db, [outlet_id]):
        return []  # as nearly always: nothing is written

    def work(c: Connection) -> list[FindingChange]:
        query = select(_ROW.__table__).where(_ROW.outlet_id == outlet_id, _ROW.closed_at.is_(None))
        before = {row.kind: row for row in c.execute(query)}
        changes = [_keep(c, outlet_id, one, before.get(one.kind), now) for one in found]
        gone = before.keys() - {one.kind for one in found}
        return changes + [_left(c, before[kind], kind in judged, now) for kind in sorted(gone, key=KINDS.index)]

    return db.write(work)


def _keep(c: Connection, outlet_id: str, one: Finding, before: Any, now: datetime) -> FindingChange:
    values = {"severity": one.severity, "evidence": one.evidence, "advice": one.advice, "seen_at": now}
    if before is not None:
        # What was found when it opened, such as seeds looked for anew, is part of the advice: it stays.
        del values["advice"]
        c.execute(update(_ROW).where(_ROW.id == before.id).values(values))
        return FindingChange(_finding(before, one.evidence, one.severity), "open")
    opened = {"outlet_id": outlet_id, "kind": one.kind, "since": one.since, "opened_at": now}
    c.execute(insert(_ROW).values(values | opened))
    return FindingChange(one, "new")


def _left(c: Connection, row: Any, judged: bool, now: datetime) -> FindingChange:
    change: Change = "open"
    if judged:
        # One that opened and closed before anybody was told needs no message.
        told = {} if row.told_at else {"told_at": now}
        values: Mapping[str, Any] = {"closed_at": now, "told_at": None} | told
        c.execute(update(_ROW).where(_ROW.id == row.id).values(values))
        change = "recovered"
    return FindingChange(_finding(row), change)


def add_advice(db: Database, outlet_id: str, kind: str, advice: str) -> None:
    """Replace the advice of an open finding by a better one."""
    one = update(_ROW).where(_ROW.outlet_id == outlet_id, _ROW.kind == kind, _ROW.closed_at.is_(None))
    db.write(lambda c: c.execute(one.values(advice=advice)))


def take_untold(db: Database, now: datetime) -> list[StoredFinding]:
    """Return the findings whose last change nobody was told of, and mark them as told; `put_back_untold` undoes it."""
    taken = update(_ROW).where(_ROW.told_at.is_(None)).values(told_at=now).returning(_ROW.__table__)
    rows = db.write(lambda c: c.execute(taken).all())
    return sorted(map(_stored, rows), key=lambda one: (one.outlet_id, KINDS.index(one.finding.kind)))


def put_back_untold(db: Database, findings: Sequence[StoredFinding]) -> None:
    """Mark findings as not told: the message could not be sent."""
    if findings:
        ids = [one.id for one in findings]
        db.write(lambda c: c.execute(update(_ROW).where(_ROW.id.in_(ids)).values(told_at=None)))


def _stored(row: Any) -> StoredFinding:
    return StoredFinding(row.id, row.outlet_id, _finding(row), row.opened_at, row.seen_at, row.closed_at)


def _finding(row: Any, evidence: str | None = None, severity: Any = None) -> Finding:
    return Finding(row.kind, severity or row.severity, row.since, evidence or row.evidence, row.advice)
