"""Pages of the ledger for reports: counted by their state, and described."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from storage.database import Database
from storage.schema.tables import STATES, Outlet, Page

__all__ = ["STATES", "count_open_pages", "count_pages", "describe_pages"]

OPEN = ("waiting", "failed")


def count_pages(db: Database, outlet_id: str | None = None) -> dict[str, int]:
    """Return the number of pages by state, with their sum as `discovered`; of one outlet or of all."""
    statement = select(Page.state, func.count().label("pages")).group_by(Page.state)
    if outlet_id is not None:
        statement = statement.where(Page.outlet_id == outlet_id)
    with db.read() as c:
        by_state = {row.state: row.pages for row in c.execute(statement)}
    return {"discovered": sum(by_state.values())} | {state: by_state.get(state, 0) for state in STATES}


def count_open_pages(db: Database) -> dict[str, dict[str, int]]:
    """Count open pages, which are `waiting` or `failed`, by outlet and state; states without pages are left out.

    The others, nearly all of an old store, are not read.
    """
    columns = (Page.outlet_id, Page.state, func.count().label("pages"))
    outlets = select(Outlet.id)  # named, so that SQLite goes to each outlet's states in the index
    statement = select(*columns).where(Page.outlet_id.in_(outlets), Page.state.in_(OPEN))
    counts: dict[str, dict[str, int]] = {}
    with db.read() as c:
        for row in c.execute(statement.group_by(Page.outlet_id, Page.state)):
            counts.setdefault(row.outlet_id, {})[row.state] = row.pages
    return counts


def describe_pages(db: Database, pages: Mapping[str, Sequence[int]]) -> list[dict[str, Any]]:
    """Return outcome, reason, URL, detail and HTTP status of pages; `pages` has their ids by OUTCOME:REASON."""
    wanted = {page_id: key for key, ids in pages.items() for page_id in ids}
    if not wanted:
        return []
    columns = (Page.id, Page.url, Page.detail, Page.http_status)
    with db.read() as c:
        rows = {row.id: row for row in c.execute(select(*columns).where(Page.id.in_(list(wanted))))}
    return [_description(key, rows[page_id]) for page_id, key in wanted.items() if page_id in rows]


def _description(key: str, row: Any) -> dict[str, Any]:
    outcome, _, reason = key.partition(":")
    return {
        "outcome": outcome, "reason": reason, "url": row.url, "detail": row.detail or "", "status": row.http_status,
    }  # fmt: skip
