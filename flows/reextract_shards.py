"""What the ledger knows of a reextraction in shards, and its report. Without Prefect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from storage import frontier
from storage.database import open_database
from storage.frontier import end_run
from storage.jobs import PageRange, ShardPlan, ShardProgress, plan_counts, save_progress, shard_progress, start_plan

from .markdown import cell, link, page, seconds, table

MAX_SHARDS = 64


@dataclass(frozen=True, slots=True)
class PlanEnd:
    """How a plan ended: completed, failed or stopped, and the names of the shards that failed."""

    state: str
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanKeeper:
    """Keeps a plan in the ledger: begins it, looks how far its shards are, ends it."""

    db: str

    def start(self, outlets: tuple[str, ...], shards: int) -> ShardPlan:
        """Make a plan, or take up the one that was interrupted."""
        with closing(open_database(self.db)) as db:
            return start_plan(db, outlets, shards)

    def progress(self, plan: ShardPlan) -> dict[PageRange, ShardProgress]:
        """Return how far each shard is that has begun."""
        if not plan.shards:
            return {}
        with closing(open_database(self.db)) as db:
            return shard_progress(db, plan.shards[0].plan)

    def look(self, plan: ShardPlan) -> int:
        """Return how many pages the shards have done; tells the ledger that the plan is being carried out."""
        total, _ = sum_of(self.progress(plan).values())
        with closing(open_database(self.db)) as db:
            save_progress(db, plan.run, plan_counts(plan))
        return total["read"]

    def end(self, plan: ShardPlan, end: PlanEnd) -> tuple[Counter[str], list[str]]:
        """End the plan in the ledger. Returns the counts and the problems of all its shards."""
        total, problems = sum_of(self.progress(plan).values())
        with closing(open_database(self.db)) as db:
            error = f"shards failed: {', '.join(end.failed)}" if end.failed else None
            end_run(db, plan.run.id, end.state, {**plan_counts(plan), "shards": dict(total)}, error)
        return total, problems


def sum_of(shards: Any) -> tuple[Counter[str], list[str]]:
    """Return the sum of the counts of shards, and their problems."""
    total: Counter[str] = Counter()
    problems: list[str] = []
    for shard in shards:
        total.update(shard.counts)
        problems += shard.problems
    return total, problems


def outcome_line(counts: Mapping[str, Any], problems: Sequence[str]) -> str:
    """Return a sentence such as "12 pages extracted: 10 unchanged, 2 duplicate"."""
    states = ", ".join(f"{counts[state]} {state}" for state in frontier.STATES if counts.get(state)) or "none kept"
    needs = f"; needs a person: {'; '.join(problems)}" if problems else ""
    return f"{counts['read']} pages extracted: {states}{needs}"


def shards_markdown(
    plan: ShardPlan, progress: Mapping[PageRange, ShardProgress], links: Sequence[str], title: str
) -> str:
    """Return the report: one line about all shards, and a row for each. `links`: the pages of their flow runs."""
    total, problems = sum_of(progress.values())
    rows = [
        _row(number, progress.get(shard.pages), url)
        for number, (shard, url) in enumerate(zip(plan.shards, links, strict=True), 1)
    ]
    head = ["shard", "state", "#pages", "outcomes", "machine", "#seconds", "#executions"]
    return page(f"# {title}", f"{outcome_line(total, problems)}.", table(head, rows))


def _row(number: int, done: ShardProgress | None, url: str) -> list[str]:
    name = link(f"{number}", url)
    if done is None:
        return [name, "not begun", "", "", "", "", ""]
    outcomes = ", ".join(f"{done.counts[state]} {state}" for state in frontier.STATES if done.counts.get(state))
    took = seconds((done.ended_at - done.started_at).total_seconds()) if done.ended_at else ""
    return [name, done.state, str(done.counts["read"]), outcomes, cell(done.host), took, str(done.executions)]
