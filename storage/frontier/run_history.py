"""Runs of the past: what they brought, and what has become of their articles since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select, update

from storage import removed
from storage.database import Database
from storage.frontier.runs import PastRun, new_articles, past_run
from storage.schema import tables


def runs_by_id(db: Database, run_ids: Collection[int]) -> dict[int, PastRun]:
    """Return the runs that exist."""
    if not run_ids:
        return {}
    with db.read() as c:
        rows = c.execute(select(tables.Run.__table__).where(tables.Run.id.in_(list(run_ids))))
        return {row.id: past_run(row) for row in rows}


def removed_outlets(db: Database, outlets: Iterable[str]) -> dict[str, datetime]:
    """Return which of these outlets were taken down as a whole, and when. No run begins for them."""
    with db.read() as c:
        return removed.removed_outlets(c, outlets)


def last_run_by_outlet(db: Database) -> dict[str, PastRun]:
    """Return the latest run of each outlet."""
    latest = select(func.max(tables.Run.id)).where(tables.Run.outlet_id.is_not(None)).group_by(tables.Run.outlet_id)
    with db.read() as c:
        rows = c.execute(select(tables.Run.__table__).where(tables.Run.id.in_(latest)))
        return {row.outlet_id: past_run(row) for row in rows}


def new_by_outlet(db: Database, since: datetime, until: datetime, kind: str = "nightly") -> dict[str, int]:
    """Return how many new articles the runs of a kind brought that began in a span of time, by outlet.

    Copies are left out, also those whose originals came later in the same night. An outlet without a run is left out.
    """
    columns = (tables.Run.outlet_id, tables.Run.counts)
    began = (tables.Run.started_at >= since, tables.Run.started_at < until)
    known = (tables.Run.kind == kind, tables.Run.outlet_id.is_not(None), tables.Run.counts.is_not(None))
    found: dict[str, int] = {}
    with db.read() as c:
        for row in c.execute(select(*columns).where(*began, *known)):
            found[row.outlet_id] = found.get(row.outlet_id, 0) + new_articles(row.counts)
    return found


def save_overtaken(db: Database, overtaken: Mapping[int, int]) -> None:
    """Save, by the id of the run, how many of its new articles are copies of articles that came later."""
    runs = runs_by_id(db, overtaken.keys())
    changed = {
        run.id: run.counts | {"overtaken": overtaken[run.id]}
        for run in runs.values()
        if run.counts and run.counts.get("overtaken", 0) != overtaken[run.id]
    }
    if changed:
        db.write(
            lambda c: [
                c.execute(update(tables.Run).where(tables.Run.id == run_id).values(counts=counts))
                for run_id, counts in changed.items()
            ]
        )
