"""Runs: one crawl of one outlet at a time, whoever starts it, and what became of those that died."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Connection, insert, select, update

from storage.database import Database, upsert
from storage.errors import HoldLostError, OutletBusyError
from storage.frontier.put_back import put_back, put_back_dead
from storage.schema.tables import Outlet
from storage.schema.tables import Run as RunRow
from storage.text import clean_text

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
    """Take the outlet's hold and begin a run; OutletBusyError if a living run has it.

    The hold is the row itself: the database allows one running run for each outlet. A holder on this machine whose
    process is dead is replaced at once, one elsewhere after 90 s without a heartbeat; its leases go back to the ledger.
    """
    return db.write(lambda c: _start(c, outlet_id, outlet_name, kind, parameters, flow_run_id), alone=True)


def start_import(db: Database, kind: str, parameters: dict[str, Any]) -> Run:
    """Begin a run that holds no outlet: an import, or a second extraction of the archive."""
    now = datetime.now(UTC)

    def work(c: Connection) -> int:
        for run in _running(c, None):
            if not _alive(run, now):
                _bury(c, run.id, now)
        return _insert(c, None, kind, parameters, None, now)

    return Run(db.write(work, alone=True), "", kind, now)


def _start(
    c: Connection, outlet_id: str, outlet_name: str, kind: str, parameters: dict[str, Any], flow_run_id: str | None
) -> Run:
    now = datetime.now(UTC)
    ensure_outlet(c, outlet_id, outlet_name, now)
    recovered = _take_over(c, outlet_id, now)
    return Run(_insert(c, outlet_id, kind, parameters, flow_run_id, now), outlet_id, kind, now, recovered)


def _insert(
    c: Connection, outlet_id: str | None, kind: str, parameters: dict[str, Any], flow_run_id: str | None, now: datetime
) -> int:
    run_id: int = c.execute(
        insert(RunRow)
        .values(
            outlet_id=outlet_id, kind=kind, state="running", started_at=now, beat_at=now, host=socket.gethostname(),
            machine=machine(), pid=os.getpid(), pid_started=psutil.Process().create_time(), parameters=parameters,
            flow_run_id=flow_run_id,
        )
        .returning(RunRow.id)
    ).scalar_one()  # fmt: skip
    return run_id


def ensure_outlet(c: Connection, outlet_id: str, name: str, now: datetime) -> None:
    """The outlet's row, made if it is not there; a name that changed is taken over."""
    made = upsert(c, Outlet).values(id=outlet_id, name=clean_text(name), first_seen_at=now)
    other = Outlet.name != made.excluded.name
    c.execute(made.on_conflict_do_update(index_elements=["id"], set_={"name": made.excluded.name}, where=other))


def _running(c: Connection, outlet_id: str | None) -> Sequence[Any]:
    mine = RunRow.outlet_id.is_(None) if outlet_id is None else RunRow.outlet_id == outlet_id
    return c.execute(select(RunRow.__table__).where(mine, RunRow.state == "running")).all()


def _take_over(c: Connection, outlet_id: str, now: datetime) -> int:
    """Make sure that no living run holds the outlet; put back what dead ones left. Returns the leases put back."""
    running = _running(c, outlet_id)
    for run in running:
        if _alive(run, now):
            raise OutletBusyError(outlet_id, run.id, run.pid, run.host, run.started_at)
    return sum(_bury(c, run.id, now) for run in running)


def _bury(c: Connection, run_id: int, now: datetime) -> int:
    back = put_back_dead(c, run_id)
    died = update(RunRow).where(RunRow.id == run_id)
    c.execute(died.values(state="died", ended_at=now, error="the process ended without a word"))
    return back


def machine() -> str:
    """Names this boot of this machine and this space of process ids: two containers may share a host name, not this."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:  # no Linux: the host's name has to do
        return socket.gethostname()


def _alive(run: Any, now: datetime) -> bool:
    if run.machine != machine():
        return bool(now - run.beat_at < SILENT)
    try:
        process = psutil.Process(run.pid)
        return process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - run.pid_started) < 1.5
    except psutil.Error:
        return False


def beat(db: Database, run_id: int) -> None:
    """Say that the run is alive; HoldLostError if it has been given up meanwhile."""
    mine = update(RunRow).where(RunRow.id == run_id, RunRow.state == "running").values(beat_at=datetime.now(UTC))
    if not db.write(lambda c: c.execute(mine.returning(RunRow.id)).all()):
        raise HoldLostError(run_id)


def end_run(db: Database, run_id: int, state: str, counts: dict[str, Any], error: str | None = None) -> int:
    """End a run and let go of its outlet. Returns how many leases had no outcome; they are put back.

    A run that was given up as dead stays so, whatever it says afterwards.
    """

    def work(c: Connection) -> int:
        stranded = put_back(c, run_id)
        mine = update(RunRow).where(RunRow.id == run_id, RunRow.state == "running")
        said = clean_text(error)[:4000] if error else None
        c.execute(mine.values(state=state, ended_at=datetime.now(UTC), counts=counts, error=said))
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
