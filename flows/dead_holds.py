"""What the ledger knows of runs that live or died. Without Prefect."""

from __future__ import annotations

from contextlib import closing

from storage import frontier
from storage.database import open_database


def beating_flow_runs(db: str) -> frozenset[str]:
    """Return the ids of the flow runs whose crawl sends heartbeats to the ledger, or lives on this machine."""
    with closing(open_database(db)) as store:
        return frontier.live_flow_runs(store)


def end_dead_holds(db: str) -> list[str]:
    """Mark the ledger's runs that died, which frees their outlets and pages. Returns a line for each."""
    with closing(open_database(db)) as store:
        return [
            f"run {run.id} of {run.outlet or run.kind}: died (process {run.pid} on {run.host})"
            for run in frontier.mark_dead_runs(store)
        ]
