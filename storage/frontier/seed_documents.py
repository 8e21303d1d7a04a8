"""Seed documents: the validators of the last answer, and the documents that each one led to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.database import Database, upsert
from storage.schema.tables import Seed
from storage.text import clean_text
from storage.warc import Place

_PAGED = ("listing", "wordpress")  # kinds whose documents lead to their next page


@dataclass(frozen=True, slots=True)
class SeedFetch:
    """A seed document that was requested. Without `keep_validators` the next request is unconditional.

    `children` are the documents that it led to. They are saved with it, so that they are read even if the run dies.
    `newest_at`, `oldest_at`: of its dated links. `may_overflow`: it holds only the newest links, and all of them are
    given, so that links may be missing between this answer and the last one.
    Without `final` more of its links follow, and the document itself is not saved yet. `answer`: its place in the
    archive, if it holds the text of pages.
    """

    kind: str
    url: str
    parent_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    status: int | None = None
    entries: int = 0
    problem: str | None = None
    keep_validators: bool = True
    children: tuple[str, ...] = ()
    newest_at: datetime | None = None
    oldest_at: datetime | None = None
    may_overflow: bool = False
    final: bool = True
    answer: Place | None = None


@dataclass(frozen=True, slots=True)
class SeedState:
    """A stored seed document, and the documents that it led to; `unread` are those that were never read."""

    etag: str | None
    last_modified: str | None
    fetched_at: datetime | None
    children: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def seed_state(db: Database, outlet_id: str, url: str) -> SeedState | None:
    """Return the stored state of a seed document; None if the store does not know it."""
    key = url_hash(url)
    with db.read() as c:
        seed = c.execute(select(Seed.__table__).where(Seed.outlet_id == outlet_id, Seed.url_hash == key)).first()
        if seed is None:
            return None
        led_to = select(Seed.url, Seed.fetched_at).where(Seed.outlet_id == outlet_id, Seed.parent_hash == key)
        children = c.execute(led_to.order_by(Seed.id)).all()
    unread = tuple(child.url for child in children if child.fetched_at is None)
    return SeedState(seed.etag, seed.last_modified, seed.fetched_at, tuple(child.url for child in children), unread)


def newest_before(c: Connection, outlet_id: str, seed: SeedFetch) -> datetime | None:
    """Return the newest date in the last answer of a seed document; None if it had none."""
    one = (Seed.outlet_id == outlet_id, Seed.url_hash == url_hash(seed.url))
    at: datetime | None = c.execute(select(Seed.newest_at).where(*one)).scalar()
    return at


def save_seed(c: Connection, outlet_id: str, seed: SeedFetch, now: datetime) -> None:
    """Save a seed document that was requested, and the documents that it led to."""
    keys = {"outlet_id": outlet_id, "url_hash": url_hash(seed.url)}
    values = _values(seed, now)
    row = values | keys | {"url": clean_text(seed.url)}
    c.execute(upsert(c, Seed).values(row).on_conflict_do_update(index_elements=list(keys), set_=values))
    children = [
        {
            "outlet_id": outlet_id, "kind": seed.kind, "url": clean_text(url), "url_hash": url_hash(url),
            "parent_hash": keys["url_hash"], "entries": 0,
        }
        for url in dict.fromkeys(seed.children)
        if url != seed.url
    ]  # fmt: skip
    if children:
        made = upsert(c, Seed)
        if seed.kind in _PAGED:  # the next page is to be read again: links have moved there
            c.execute(made.on_conflict_do_update(index_elements=list(keys), set_={"fetched_at": None}), children)
        else:
            c.execute(made.on_conflict_do_nothing(index_elements=list(keys)), children)


def _values(seed: SeedFetch, now: datetime) -> dict[str, Any]:
    if not seed.keep_validators:
        seed = replace(seed, etag=None, last_modified=None)
    values: dict[str, Any] = {
        "kind": seed.kind, "etag": seed.etag, "last_modified": seed.last_modified, "fetched_at": now,
        "status": seed.status, "entries": seed.entries,
        "problem": clean_text(seed.problem)[:2000] if seed.problem else None,
    }  # fmt: skip
    if seed.newest_at and seed.oldest_at:  # an answer that failed or has no dates leaves those of the last one
        # A date in the future must not hide the gaps of the time until then.
        values |= {"newest_at": min(seed.newest_at, now), "oldest_at": min(seed.oldest_at, now)}
    return values | ({"parent_hash": url_hash(seed.parent_url)} if seed.parent_url else {})


def url_hash(url: str) -> bytes:
    """Return the key of a seed document's URL."""
    return hashlib.sha256(url.encode("utf-8", "replace")).digest()[:16]
