"""The schedule of polls: what they have learned of each fast seed, and when it is asked next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.database import Database, upsert
from storage.frontier.runs import ensure_outlet
from storage.frontier.seed_documents import url_hash
from storage.schema.tables import SeedPoll
from storage.text import clean_text


@dataclass(frozen=True, slots=True)
class PollState:
    """A seed after its last poll; `looked_at` is the last one that was answered.

    `interval` and `floor` in seconds, `rate` in new links an hour, `depth` in links."""

    outlet_id: str
    url: str
    polled_at: datetime
    next_poll_at: datetime
    interval: float
    looked_at: datetime | None = None
    floor: float = 0.0
    rate: float | None = None
    depth: int = 0
    failures: int = 0
    last_new_at: datetime | None = None


def poll_states(db: Database) -> dict[tuple[str, str], PollState]:
    """Return the state of every seed that was polled, by outlet and URL."""
    columns = [getattr(SeedPoll, name) for name in PollState.__slots__]
    with db.read() as c:
        return {(row.outlet_id, row.url): PollState(*row) for row in c.execute(select(*columns))}


def save_polls(db: Database, states: Sequence[PollState]) -> None:
    """Save the states of seeds, in one transaction."""
    if states:
        rows = [_row(state) for state in states]
        db.write(lambda c: _save(c, rows))


def _row(state: PollState) -> dict[str, Any]:
    values = {name: getattr(state, name) for name in PollState.__slots__}
    return values | {"url": clean_text(state.url), "url_hash": url_hash(state.url)}


def _save(c: Connection, rows: list[dict[str, Any]]) -> None:
    made = upsert(c, SeedPoll)
    keys = ["outlet_id", "url_hash"]
    changes = {name: made.excluded[name] for name in rows[0] if name not in keys}
    c.execute(made.on_conflict_do_update(index_elements=keys, set_=changes), rows)


def know_outlets(db: Database, names: Sequence[tuple[str, str]]) -> None:
    """Insert the outlets (id, name) that the store does not know yet: a poll holds none, and its pages need them."""
    now = datetime.now(UTC)

    def work(c: Connection) -> None:
        for outlet_id, name in names:
            ensure_outlet(c, outlet_id, name, now)

    db.write(work)
