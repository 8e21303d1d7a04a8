"""The ledger of pages: the crawl's frontier and its memory. Every page that was discovered is in exactly one state.

    discovered = stored + unchanged + duplicate + rejected + gone + failed + waiting

A lease is a mark on the row and no state of its own: a leased page counts as what it was when it was leased.
"""

from __future__ import annotations

from sqlalchemy import func, select

from storage.database import Database
from storage.frontier.complete import finish
from storage.frontier.discovery import Discovery, SeedFetch, SeedState, discover, seed_state, unknown
from storage.frontier.leases import Lease, lease, next_due, put_back_all
from storage.schema.tables import STATES, Page

__all__ = [
    "STATES", "Discovery", "Lease", "SeedFetch", "SeedState", "counts", "discover", "finish", "lease", "next_due",
    "put_back_all", "seed_state",
    "unknown",
]  # fmt: skip


def counts(db: Database, outlet_id: str | None = None) -> dict[str, int]:
    """Pages by state, with their sum as `discovered`; of one outlet or of all."""
    statement = select(Page.state, func.count().label("n")).group_by(Page.state)
    if outlet_id is not None:
        statement = statement.where(Page.outlet_id == outlet_id)
    with db.read() as c:
        found = {row.state: row.n for row in c.execute(statement)}
    return {"discovered": sum(found.values())} | {state: found.get(state, 0) for state in STATES}
