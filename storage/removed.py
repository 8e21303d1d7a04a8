"""What was taken down never comes back: the marks that stay, and the questions that every writer asks first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, tuple_

from storage.database import upsert
from storage.schema.tables import Outlet, Page, PageAddress, RemovedText

REMOVED = "removed"  # the reason of a page that was taken down; its state is `rejected`
REMOVED_BEFORE = "removed_before"  # of a page that brings what was taken down at another address


def removed_outlets(c: Connection, outlets: Iterable[str]) -> dict[str, datetime]:
    """Return which of these outlets were taken down as a whole, and when."""
    rows = c.execute(
        select(Outlet.id, Outlet.removed_at).where(Outlet.id.in_(list(outlets)), Outlet.removed_at.is_not(None))
    )
    return {row.id: row.removed_at for row in rows}


def remember_texts(c: Connection, texts: Iterable[tuple[str, bytes]], now: datetime) -> None:
    """Keep the hashes of texts that were taken down, as (outlet, hash)."""
    rows = [{"outlet_id": outlet, "text_hash": text, "removed_at": now} for outlet, text in sorted(set(texts))]
    if rows:
        c.execute(upsert(c, RemovedText).on_conflict_do_nothing(), rows)


def removed_again(c: Connection, articles: Mapping[int, tuple[str, bytes, frozenset[bytes]]]) -> set[int]:
    """Return the pages whose article was taken down before: its outlet, its text, or an address that led to it.

    `articles`: outlet, hash of the text, and keys of the addresses, by page id.
    """
    if not articles:
        return set()
    outlets = removed_outlets(c, {outlet for outlet, _, _ in articles.values()})
    texts = _removed_texts(c, {(outlet, text) for outlet, text, _ in articles.values()})
    addresses = removed_addresses(c, {key for _, _, keys in articles.values() for key in keys})
    return {
        page
        for page, (outlet, text, keys) in articles.items()
        if outlet in outlets or (outlet, text) in texts or keys & addresses
    }


def _removed_texts(c: Connection, texts: set[tuple[str, bytes]]) -> set[tuple[str, bytes]]:
    mark = (RemovedText.outlet_id, RemovedText.text_hash)
    return {(row.outlet_id, row.text_hash) for row in c.execute(select(*mark).where(tuple_(*mark).in_(list(texts))))}


def removed_addresses(c: Connection, keys: Iterable[bytes]) -> set[bytes]:
    """Return which of these keys belong to an address that led to a page that was taken down."""
    led = select(PageAddress.url_key).join(Page, Page.id == PageAddress.page_id)
    removed: Any = (PageAddress.declared.is_(False), Page.state == "rejected", Page.reason == REMOVED)
    return set(c.execute(led.where(PageAddress.url_key.in_(list(keys)), *removed)).scalars())
