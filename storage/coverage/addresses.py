"""What became of addresses: whether the archive holds an article of each, and if not, what the ledger knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.database import Database
from storage.schema.tables import UNDATED, Article, Page, PageAddress

BATCH = 500


@dataclass(frozen=True, slots=True)
class AddressState:
    """The page at an address. `held`: the archive has its article. `at`: when it was published, as far as is known."""

    outlet_id: str
    state: str
    reason: str | None
    held: bool
    at: datetime | None


def find_addresses(db: Database, keys: Sequence[bytes]) -> dict[bytes, AddressState]:
    """Return the states of the addresses that the ledger knows, by `url_key`.

    An address that several pages have is that of the page whose own it is, else of one that it led to, else of one
    that only declares it as its own.
    """
    found: dict[bytes, AddressState] = {}
    with db.read() as c:
        for chunk in _chunks(keys):
            rows = c.execute(_AT.where(PageAddress.url_key.in_(chunk))).all()
            best: Mapping[bytes, Any] = {row.url_key: row for row in sorted(rows, key=_trust)}
            found |= {key: _state(row) for key, row in best.items()}
    return found


_AT = (
    select(
        PageAddress.url_key, PageAddress.declared, Page.url_key.label("own"), Page.outlet_id, Page.state, Page.reason,
        Page.article_id, Page.dated_at, Article.published_at,
    )
    .join(Page, Page.id == PageAddress.page_id)
    .outerjoin(Article, Article.id == Page.article_id)
)  # fmt: skip


def _chunks(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (keys[at : at + BATCH] for at in range(0, len(keys), BATCH))


def _trust(row: Any) -> tuple[bool, bool, bool]:
    """Order the pages of an address by how well they stand for it, the best last."""
    return (not row.declared, row.own == row.url_key, row.article_id is not None)


def _state(row: Any) -> AddressState:
    dated = row.dated_at if row.dated_at != UNDATED else None
    return AddressState(row.outlet_id, row.state, row.reason, row.article_id is not None, row.published_at or dated)
