"""The archive in shards: ranges of page ids that are extracted again side by side, each exactly once.

A plan fixes the ranges; it is a run in the ledger, and so is each execution of a shard. A plan that was interrupted is
continued by the next one for the same outlets and number of shards: finished shards are left out, others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.database import Database
from storage.frontier import Run, start_import
from storage.jobs.reextract import PageRange, is_archived, save_progress, unfinished_counts
from storage.schema import tables
from storage.schema.tables import Page

KIND = "reextract"
_NOTED = ("states", "skipped", "reasons", "problems", "last_page")  # what is no sum of numbers in the counts of a run


@dataclass(frozen=True, slots=True)
class Shard:
    """A range of a plan, of some outlets or of all. `plan`: the id of the run that made the plan."""

    plan: int
    pages: PageRange
    outlets: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        """What its runs are known by in the ledger."""
        return {
            "plan": self.plan, "after": self.pages.after, "last": self.pages.last, "outlets": list(self.outlets),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """All shards of a reextraction. `run`: whoever carries it out now. `total`: pages of all shards."""

    run: Run
    shards: tuple[Shard, ...]
    total: int
    continued: bool


@dataclass(frozen=True, slots=True)
class ShardProgress:
    """What the executions of a shard did together. `host`, `started_at`, `ended_at`: of the last one."""

    state: str
    counts: Counter[str]
    problems: tuple[str, ...]
    host: str
    started_at: datetime
    ended_at: datetime | None
    executions: int


def split_archive(db: Database, outlets: tuple[str, ...], shards: int) -> list[PageRange]:
    """Split the archived pages into at most so many ranges of ids, with about as many pages in each."""
    wanted = is_archived(outlets, PageRange())
    numbered = select(Page.id, func.ntile(shards).over(order_by=Page.id).label("shard")).where(wanted).subquery()
    ends = select(func.max(numbered.c.id)).group_by(numbered.c.shard).order_by(numbered.c.shard)
    with db.read() as c:
        lasts = list(c.execute(ends).scalars())
    return [PageRange(after, last) for after, last in zip([0, *lasts], lasts, strict=False)]


def start_plan(db: Database, outlets: tuple[str, ...], shards: int) -> ShardPlan:
    """Plan the shards, or take up the plan that was interrupted. The caller ends the run of the plan."""
    parameters = {"outlets": list(outlets), "shards": shards}
    before = unfinished_counts(db, KIND, parameters)
    run = start_import(db, KIND, parameters)
    plan = int(before.get("plan", run.id))
    bounds = before.get("bounds") or [[each.after, each.last] for each in split_archive(db, outlets, shards)]
    total = int(before.get("total") or _count(db, outlets, bounds))
    made = tuple(Shard(plan, PageRange(*pair), outlets) for pair in bounds)
    started = ShardPlan(run, made, total, bool(before))
    save_progress(db, run, plan_counts(started))
    return started


def _count(db: Database, outlets: tuple[str, ...], bounds: Sequence[Sequence[int]]) -> int:
    if not bounds:
        return 0
    within = is_archived(outlets, PageRange(0, bounds[-1][1]))
    with db.read() as c:
        return c.execute(select(func.count()).select_from(Page).where(within)).scalar_one()


def plan_counts(plan: ShardPlan) -> dict[str, Any]:
    """Return what the run of a plan notes about it, without what its shards did."""
    bounds = [[shard.pages.after, shard.pages.last] for shard in plan.shards]
    return {"plan": plan.shards[0].plan if plan.shards else plan.run.id, "bounds": bounds, "total": plan.total}


def shard_progress(db: Database, plan: int) -> dict[PageRange, ShardProgress]:
    """Return how far the shards of a plan are, by range; those that have not begun are left out."""
    runs = select(tables.Run.__table__).where(tables.Run.kind == KIND, tables.Run.id > plan).order_by(tables.Run.id)
    found: dict[PageRange, list[Any]] = {}
    with db.read() as c:
        for row in c.execute(runs):
            if (row.parameters or {}).get("plan") == plan:
                found.setdefault(PageRange(row.parameters["after"], row.parameters["last"]), []).append(row)
    return {pages: _progress(rows) for pages, rows in found.items()}


def shard_is_done(db: Database, shard: Shard) -> bool:
    """Return True if an execution of the shard has completed."""
    progress = shard_progress(db, shard.plan).get(shard.pages)
    return progress is not None and progress.state == "completed"


def _progress(rows: Sequence[Any]) -> ShardProgress:
    counts: Counter[str] = Counter()
    problems: list[str] = []
    for row in rows:
        told = row.counts or {}
        counts.update({name: value for name, value in told.items() if name not in _NOTED})
        problems += told.get("problems", ())
    done = next((row for row in rows if row.state == "completed"), rows[-1])
    return ShardProgress(
        done.state, counts, tuple(problems), done.host, done.started_at, done.ended_at, len(rows)
    )  # fmt: skip
