"""Pages of the ledger, counted by their state."""

from __future__ import annotations

from sqlalchemy import func, select

from storage.database import Database
from storage.schema.tables import STATES, Page

__all__ = ["STATES", "count_pages"]


def count_pages(db: Database, outlet_id: str | None = None) -> dict[str, int]:
    """Return the number of pages by state, with their sum as `discovered`; of one outlet or of all."""
    statement = select(Page.state, func.count().label("pages")).group_by(Page.state)
    if outlet_id is not None:
        statement = statement.where(Page.outlet_id == outlet_id)
    with db.read() as c:
        by_state = {row.state: row.pages for row in c.execute(statement)}
    return {"discovered": sum(by_state.values())} | {state: by_state.get(state, 0) for state in STATES}
