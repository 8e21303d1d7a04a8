"""Pages under the keys of today's canonical form, after an update that changed what one address is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.database import Database, upsert
from storage.schema.tables import Page, PageAddress
from storage.urls import canonical_url, url_key

CHUNK = 5_000  # pages read at a time; few of them change


@dataclass
class Readdressed:
    """Pages looked at, pages that got another key, and pages whose key another page holds: both stay as they are."""

    pages: int = 0
    moved: int = 0
    taken: int = 0


def readdress(db: Database, on_progress: Callable[[Readdressed], None] | None = None) -> Readdressed:
    """Give each page the key of the canonical form that its address has today. May be interrupted and run again.

    The key that it had goes: no address has it any more, or another page's. Keys of addresses that led to a page and
    are not its own stay, since only their hash is kept. Pages that were taken down have no address to go by.
    """
    done, last = Readdressed(), 0
    while rows := _next_pages(db, last):
        last = rows[-1].id
        changed = [(row, form) for row in rows if (form := canonical_url(row.url)) != row.canonical_url]
        if changed:
            moved = db.write(partial(_move_all, changed=changed))
            done.moved += moved
            done.taken += len(changed) - moved
        done.pages += len(rows)
        if on_progress:
            on_progress(done)
    return done


def _next_pages(db: Database, last: int) -> list[Any]:
    columns = (Page.id, Page.url, Page.url_key, Page.canonical_url)
    with db.read() as c:
        pages = select(*columns).where(Page.id > last, Page.canonical_url != "").order_by(Page.id)
        return list(c.execute(pages.limit(CHUNK)))


def _move_all(c: Connection, changed: list[tuple[Any, str]]) -> int:
    """Move pages, each given with its new canonical address. Return how many were moved."""
    return sum(_move(c, page, canonical) for page, canonical in changed)


def _move(c: Connection, page: Any, canonical: str) -> bool:
    """Move a page to its new key, unless another page holds it."""
    key = url_key(canonical)
    if c.execute(select(Page.id).where(Page.url_key == key, Page.id != page.id)).first():
        return False
    own = {"url_key": key, "page_id": page.id, "declared": False}
    insert = upsert(c, PageAddress).values(own)
    c.execute(insert.on_conflict_do_update(index_elements=["url_key", "page_id"], set_={"declared": False}))
    c.execute(update(Page).where(Page.id == page.id).values(url_key=key, canonical_url=canonical))
    if key != page.url_key:
        c.execute(delete(PageAddress).where(PageAddress.url_key == page.url_key, PageAddress.page_id == page.id))
    return True
