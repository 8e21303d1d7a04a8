"""Runs: at most one crawl of an outlet at a time, and the clean-up after runs that died."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from storage.database import Database, upsert
from storage.errors import HoldLostError, OutletBusyError, OutletRemovedError
from storage.frontier.clock_steps import follow_clock
from storage.frontier.put_back import put_back, put_back_dead
from storage.instants import steady_now
from storage.processes import machine_id, process_lives, process_start
from storage.removed import removed_outlets
from storage.schema import tables
from storage.schema.tables import Outlet
from storage.shared_clock import shared_now
from storage.text import clean_text

REMOVAL = "removal"  # the kind of a run that takes articles down
HEARTBEAT_TIMEOUT = timedelta(seconds=90)  # a run on another machine that is silent for longer counts as dead


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run to begin: of which outlet, of which kind, with which parameters (kept as JSON)."""

    outlet_id: str
    outlet_name: str
    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    flow_run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has begun. `recovered`: leases of dead runs that went back to the ledger when it began.

    `set_back`: by how much the clock went back since the last run of the outlet, as far as that can be told.
    """

    id: int
    outlet_id: str  # empty for an import, which may bring articles of many outlets
    kind: str
    started_at: datetime
    recovered: int = 0
    set_back: timedelta = timedelta(0)


def start_run(db: Database, request: RunRequest) -> Run:
    """Begin a run and hold the outlet for it. Raises OutletBusyError if a live run holds it, OutletRemovedError.

    The row is the hold: the database allows one running run for each outlet. A holder on this machine whose process is
    dead is replaced at once; one on another machine, after 90 s without a heartbeat. Its leases go back to the ledger.
    """
    try:
        return db.write(lambda c: _start(c, request), alone=True)
    except OutletBusyError:
        _correct_beats(db)
        raise


def start_import(db: Database, kind: str, parameters: Mapping[str, Any]) -> Run:
    """Begin a run that holds no outlet: an import, or a second extraction of the archive."""
    now = steady_now()

    def work(c: Connection) -> int:
        at = shared_now(c)
        for run in _running(c, None):
            if not _is_alive(run, at):
                _mark_dead(c, run, at)
        return _insert(c, _new_row(None, kind, parameters, now) | {"beat_at": at})

    return Run(db.write(work, alone=True), "", kind, now)


def _start(c: Connection, request: RunRequest) -> Run:
    now, beat = steady_now(), shared_now(c)
    ensure_outlet(c, request.outlet_id, request.outlet_name, now)
    if request.kind != REMOVAL and (at := removed_outlets(c, [request.outlet_id])):
        raise OutletRemovedError(request.outlet_id, at[request.outlet_id])
    recovered = _take_over(c, request.outlet_id, beat)
    set_back = follow_clock(c, request.outlet_id, now)
    row = _new_row(request.outlet_id, request.kind, request.parameters, now)
    more = {"flow_run_id": request.flow_run_id, "beat_at": beat}
    return Run(_insert(c, row | more), request.outlet_id, request.kind, now, recovered, set_back)


def _new_row(outlet_id: str | None, kind: str, parameters: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "outlet_id": outlet_id, "kind": kind, "state": "running", "started_at": now,
        "host": socket.gethostname(), "machine": machine_id(), "pid": os.getpid(),
        "pid_started": process_start(), "parameters": dict(parameters),
    }  # fmt: skip


def _insert(c: Connection, row: dict[str, Any]) -> int:
    run_id: int = c.execute(insert(tables.Run).values(row).returning(tables.Run.id)).scalar_one()
    return run_id


def ensure_outlet(c: Connection, outlet_id: str, name: str, now: datetime) -> None:
    """Insert the outlet's row if it is missing, and update its name if it changed.

    An import knows only the id; it does not take the name away that a crawl has read from the outlet's file.
    """
    made = upsert(c, Outlet).values(id=outlet_id, name=clean_text(name), first_seen_at=now)
    renamed = and_(Outlet.name != made.excluded.name, made.excluded.name != Outlet.id)
    c.execute(made.on_conflict_do_update(index_elements=["id"], set_={"name": made.excluded.name}, where=renamed))


def _running(c: Connection, outlet_id: str | None) -> Sequence[Any]:
    of_outlet = tables.Run.outlet_id.is_(None) if outlet_id is None else tables.Run.outlet_id == outlet_id
    return c.execute(select(tables.Run.__table__).where(of_outlet, tables.Run.state == "running")).all()


def _take_over(c: Connection, outlet_id: str, now: datetime) -> int:
    """Mark dead holders of the outlet, and put back their leases. Return the number of leases.

    Raises OutletBusyError if a holder is alive.
    """
    running = _running(c, outlet_id)
    for run in running:
        if _is_alive(run, now):
            raise OutletBusyError(outlet_id, run.id, run.pid, run.host, run.started_at)
    return sum(_mark_dead(c, run, now) for run in running)


def _mark_dead(c: Connection, run: Any, now: datetime) -> int:
    """Record that the run died, and put back its leases. Return their number."""
    leases = put_back_dead(c, run.id)
    ended_at = max(now, run.started_at)  # the clock may have gone back since
    died = {"state": "died", "ended_at": ended_at, "error": "the process exited without reporting"}
    c.execute(update(tables.Run).where(tables.Run.id == run.id).values(died))
    return leases


def _is_alive(run: Any, now: datetime) -> bool:
    if run.machine != machine_id():
        return bool(now - run.beat_at < HEARTBEAT_TIMEOUT)
    return process_lives(run.pid, run.pid_started)


def _correct_beats(db: Database) -> None:
    """Count the silence of runs from now on whose heartbeat lies in the future: the clock went back since.

    One that is dead would hold its outlet until the clock came there again. One that lives beats again in time.
    """

    def work(c: Connection) -> None:
        now = shared_now(c)
        ahead = and_(tables.Run.state == "running", tables.Run.beat_at > now + HEARTBEAT_TIMEOUT)
        c.execute(update(tables.Run).where(ahead).values(beat_at=now))

    db.write(work)


def heartbeat(db: Database, run_id: int) -> None:
    """Record that the run is alive; HoldLostError if it was marked dead meanwhile."""
    beat = update(tables.Run).where(tables.Run.id == run_id, tables.Run.state == "running").returning(tables.Run.id)
    if not db.write(lambda c: c.execute(beat.values(beat_at=shared_now(c))).all()):
        raise HoldLostError(run_id)


def end_run(db: Database, run_id: int, state: str, counts: dict[str, Any], error: str | None = None) -> int:
    """End a run and release its outlet. Put back the leases that have no outcome, and return their number.

    A run that was marked dead stays so.
    """
    values = {
        "state": state, "ended_at": steady_now(), "counts": counts,
        "error": clean_text(error)[:4000] if error else None,
    }  # fmt: skip

    def work(c: Connection) -> int:
        leases = put_back(c, run_id)
        c.execute(update(tables.Run).where(tables.Run.id == run_id, tables.Run.state == "running").values(values))
        return leases

    return db.write(work)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A stored run."""

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

    def state_now(self, living: Collection[int]) -> str:
        """Return the state, given the ids of the live runs: one that counts as running and is none of them has died."""
        return "died" if self.state == "running" and self.id not in living else self.state

    @property
    def new(self) -> int | None:
        """Articles that the run brought and that are no copies by now; None if it has no counts."""
        return new_articles(self.counts) if self.counts else None


def new_articles(counts: Mapping[str, Any]) -> int:
    """Return the new articles by the counts of a run: without edits, and without those that are copies by now."""
    return max(0, int(counts.get("stored", 0)) - int(counts.get("edited", 0)) - int(counts.get("overtaken", 0)))


def last_runs(db: Database, outlet_id: str | None = None, limit: int = 20) -> list[PastRun]:
    """Return the latest runs, newest first; of one outlet or of all."""
    statement = select(tables.Run.__table__).order_by(tables.Run.id.desc()).limit(limit)
    if outlet_id is not None:
        statement = statement.where(tables.Run.outlet_id == outlet_id)
    with db.read() as c:
        return [past_run(row) for row in c.execute(statement)]


def past_run(row: Any) -> PastRun:
    """Make a stored run of its row."""
    return PastRun(
        row.id, row.outlet_id, row.kind, row.state, row.started_at, row.ended_at, row.counts or {}, row.error, row.host,
        row.pid,
    )  # fmt: skip


def live_run_ids(db: Database) -> frozenset[int]:
    """Return the ids of the runs whose process is alive."""
    with db.read() as c:
        return frozenset(run.id for run in _alive(c))


def live_flow_runs(db: Database) -> frozenset[str]:
    """Return the ids of Prefect's flow runs that have a live run here."""
    with db.read() as c:
        return frozenset(run.flow_run_id for run in _alive(c) if run.flow_run_id)


def _alive(c: Connection) -> list[Any]:
    now = shared_now(c)
    return [run for run in _all_running(c) if _is_alive(run, now)]


def _all_running(c: Connection) -> Sequence[Any]:
    return c.execute(select(tables.Run.__table__).where(tables.Run.state == "running")).all()


def mark_dead_runs(db: Database) -> list[PastRun]:
    """Mark the runs that died, put back their leases, and return them as they were. Safe to repeat."""
    with db.read() as c:  # most of the time there is nothing to do, and no lock to wait for
        now, running = shared_now(c), _all_running(c)
    if any(run.beat_at > now + HEARTBEAT_TIMEOUT for run in running):
        _correct_beats(db)
    if all(_is_alive(run, now) for run in running):
        return []

    def work(c: Connection) -> list[PastRun]:
        now = shared_now(c)
        dead = [run for run in _all_running(c) if not _is_alive(run, now)]
        for run in dead:
            _mark_dead(c, run, now)
        return [past_run(run) for run in dead]

    return db.write(work, alone=True)


def known_outlets(db: Database) -> list[str]:
    """Return the ids of all outlets in the store."""
    with db.read() as c:
        return list(c.execute(select(Outlet.id).order_by(Outlet.id)).scalars())
