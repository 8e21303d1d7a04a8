"""Runs: one crawl of one outlet at a time, whoever starts it, and what became of those that died."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from .database import Database
from .errors import OutletBusyError
from .leases import put_back, put_back_dead
from .tables import Outlet, Run as RunRow

SILENT = timedelta(seconds=90)  # without a heartbeat, a holder on another machine is taken for dead


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has begun. `recovered`: leases of dead runs that went back to the ledger when it began."""

    id: int
    outlet_id: str  # empty for an import, which may bring articles of many outlets
    kind: str
    started_at: datetime
    recovered: int = 0


def start_run(
    db: Database,
    outlet_id: str,
    outlet_name: str,
    kind: str,
    parameters: dict[str, Any],
    flow_run_id: str | None = None,
) -> Run:
    """Take the outlet's hold and begin a run; OutletBusyError if a living run has it."""
    return db.write(lambda c: _start(c, outlet_id, outlet_name, kind, parameters, flow_run_id), alone=True)


def start_import(db: Database, kind: str, parameters: dict[str, Any]) -> Run:
    """Begin a run that holds no outlet: an import, or a second extraction of the archive."""
    now = datetime.now(UTC)
    return Run(db.write(lambda c: _insert(c, None, kind, parameters, None, now)), "", kind, now)


def _start(
    c: Connection, outlet_id: str, outlet_name: str, kind: str, parameters: dict[str, Any], flow_run_id: str | None
) -> Run:
    now = datetime.now(UTC)
    ensure_outlet(c, outlet_id, outlet_name, now)
    recovered = _take_over(c, outlet_id, now)
    run_id = _insert(c, outlet_id, kind, parameters, flow_run_id, now)
    c.execute(update(Outlet).where(Outlet.id == outlet_id).values(held_by_run=run_id))
    return Run(run_id, outlet_id, kind, now, recovered)


def _insert(
    c: Connection, outlet_id: str | None, kind: str, parameters: dict[str, Any], flow_run_id: str | None, now: datetime
) -> int:
    me = psutil.Process()
    run_id: int = c.execute(
        insert(RunRow)
        .values(
            outlet_id=outlet_id, kind=kind, state="running", started_at=now, beat_at=now, host=socket.gethostname(),
            pid=os.getpid(), pid_started=me.create_time(), parameters=parameters, flow_run_id=flow_run_id,
        )
        .returning(RunRow.id)
    ).scalar_one()  # fmt: skip
    return run_id


def ensure_outlet(c: Connection, outlet_id: str, name: str, now: datetime) -> None:
    """The outlet's row, made if it is not there."""
    make = pg_insert if c.dialect.name == "postgresql" else sqlite_insert
    c.execute(make(Outlet).values(id=outlet_id, name=name, first_seen_at=now).on_conflict_do_nothing())


def _take_over(c: Connection, outlet_id: str, now: datetime) -> int:
    """Make sure that no living run holds the outlet; put back what dead ones left. Returns the leases put back."""
    running = c.execute(select(RunRow.__table__).where(RunRow.outlet_id == outlet_id, RunRow.state == "running")).all()
    for run in running:
        if _alive(run, now):
            raise OutletBusyError(outlet_id, run.id, run.pid, run.host, run.started_at)
    recovered = 0
    for run in running:
        recovered += put_back_dead(c, run.id, now)
        c.execute(
            update(RunRow)
            .where(RunRow.id == run.id)
            .values(state="died", ended_at=now, error="the process ended without a word")
        )
    return recovered


def _alive(run: Any, now: datetime) -> bool:
    if run.host != socket.gethostname():
        return bool(now - run.beat_at < SILENT)
    try:
        return abs(psutil.Process(run.pid).create_time() - run.pid_started) < 1.5
    except psutil.Error:
        return False


def beat(db: Database, run_id: int) -> None:
    """Say that the run is alive."""
    db.write(lambda c: c.execute(update(RunRow).where(RunRow.id == run_id).values(beat_at=datetime.now(UTC))) and None)


def end_run(db: Database, run_id: int, state: str, counts: dict[str, Any], error: str | None = None) -> int:
    """End a run and let go of its outlet. Returns how many leases had no outcome; they are put back."""

    def work(c: Connection) -> int:
        stranded = put_back(c, run_id)
        c.execute(
            update(RunRow)
            .where(RunRow.id == run_id)
            .values(state=state, ended_at=datetime.now(UTC), counts=counts, error=error)
        )
        c.execute(update(Outlet).where(Outlet.held_by_run == run_id).values(held_by_run=None))
        return stranded

    return db.write(work)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run as it is kept."""

    id: int
    outlet: str | None
    kind: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    counts: dict[str, Any]
    error: str | None
    host: str
    pid: int


def last_runs(db: Database, outlet_id: str | None = None, limit: int = 20) -> list[PastRun]:
    """The latest runs, newest first; of one outlet or of all."""
    statement = select(RunRow.__table__).order_by(RunRow.id.desc()).limit(limit)
    if outlet_id is not None:
        statement = statement.where(RunRow.outlet_id == outlet_id)
    with db.read() as c:
        return [
            PastRun(
                r.id, r.outlet_id, r.kind, r.state, r.started_at, r.ended_at, r.counts or {}, r.error, r.host, r.pid
            )
            for r in c.execute(statement)
        ]


def living(db: Database) -> frozenset[int]:
    """Ids of the runs whose process is alive."""
    now = datetime.now(UTC)
    with db.read() as c:
        running = c.execute(select(RunRow.__table__).where(RunRow.state == "running")).all()
    return frozenset(run.id for run in running if _alive(run, now))


def outlets_known(db: Database) -> list[str]:
    """Ids of all outlets that the store has heard of."""
    with db.read() as c:
        return list(c.execute(select(Outlet.id).order_by(Outlet.id)).scalars())
