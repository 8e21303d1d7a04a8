"""What seeds announced, into the ledger: new pages, and known ones that were edited."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from .canonical import canonical_url, url_key
from .database import Database
from .hints import hints_to_json
from .records import Link
from .runs import Run
from .tables import Page, PageAddress, Seed

BATCH = 500  # links a statement
LOOKED_AT = ("stored", "unchanged", "duplicate")
BELIEVABLE = 20  # known links of one document; of more than these, not half can have been edited within a day
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeedFetch:
    """A seed document that was asked for. Without `keep_validators` it will be read again, whatever it answers.

    `children` are the documents that it led to. They are noted with it, so that they are read even if the run dies before.
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


@dataclass(frozen=True, slots=True)
class SeedState:
    """What is kept of a seed document, and the documents that it led to; `unread` are those never read so far."""

    etag: str | None
    last_modified: str | None
    fetched_at: datetime | None
    children: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """Links by what they were to the ledger. `distrusted`: edits that one document claimed for too many pages at once."""

    new: int = 0
    known: int = 0
    due: int = 0
    distrusted: int = 0


def seed_state(db: Database, outlet_id: str, url: str) -> SeedState | None:
    """What is kept of a seed document; None if it was never read."""
    with db.read() as c:
        mine = _hash(url)
        row = c.execute(select(Seed.__table__).where(Seed.outlet_id == outlet_id, Seed.url_hash == mine)).first()
        if row is None:
            return None
        children = c.execute(
            select(Seed.url, Seed.fetched_at)
            .where(Seed.outlet_id == outlet_id, Seed.parent_hash == mine)
            .order_by(Seed.id)
        ).all()
        return SeedState(
            row.etag,
            row.last_modified,
            row.fetched_at,
            tuple(child.url for child in children),
            tuple(child.url for child in children if child.fetched_at is None),
        )


def unknown(db: Database, urls: Sequence[str]) -> int:
    """How many of these addresses the ledger does not know."""
    keys = {url_key(canonical_url(url)) for url in urls}
    with db.read() as c:
        return len(keys - set(c.execute(select(PageAddress.url_key).where(PageAddress.url_key.in_(keys))).scalars()))


def discover(
    db: Database, run: Run, seed: SeedFetch | None, links: Sequence[Link], *, refetch: bool = False, lane: str = "news"
) -> Discovery:
    """Put a document's links into the ledger, in one transaction with its validators.

    A known page whose hint `modified` is later than its last fetch becomes due; all known ones do with `refetch`.
    """
    now = datetime.now(UTC)
    fresh = {key: (canonical, link) for key, canonical, link in _keyed(links)}

    def work(c: Connection) -> Discovery:
        if seed:
            _keep_seed(c, run.outlet_id, seed, now)
        found = Discovery()
        keys = list(fresh)
        for at in range(0, len(keys), BATCH):
            chunk = {key: fresh[key] for key in keys[at : at + BATCH]}
            found = _add(found, _discover(c, run, seed, chunk, now, refetch=refetch, lane=lane))
        return found

    return db.write(work)


def _keyed(links: Iterable[Link]) -> Iterator[tuple[bytes, str, Link]]:
    for link in links:
        canonical = canonical_url(link.url)
        yield url_key(canonical), canonical, link


def _add(a: Discovery, b: Discovery) -> Discovery:
    return Discovery(a.new + b.new, a.known + b.known, a.due + b.due, a.distrusted + b.distrusted)


def _discover(
    c: Connection,
    run: Run,
    seed: SeedFetch | None,
    links: dict[bytes, tuple[str, Link]],
    now: datetime,
    *,
    refetch: bool,
    lane: str,
) -> Discovery:
    known = _pages_at(c, links.keys())
    missing = {key: value for key, value in links.items() if key not in known}
    made = _insert(c, run, seed, missing, now, lane) if missing else 0
    seen = {row.id: links[key][1] for key, row in known.items()}
    if seen:
        c.execute(update(Page).where(Page.id.in_(seen)).values(seen_run_id=run.id))
    if lane == "news" and seen:  # what a backfill left waiting is news for whoever asks what is new
        c.execute(update(Page).where(Page.id.in_(seen), Page.lane != "news").values(lane="news"))
    edited, distrusted = _edited(known, links, now)
    due = [row.id for row in known.values() if row.lease_run_id is None] if refetch else edited
    if due:
        c.execute(update(Page).where(Page.id.in_(due)).values(next_at=now, attempts=0))
        for page_id in due:
            if modified := seen[page_id].hints.modified:
                c.execute(update(Page).where(Page.id == page_id).values(modified_at=modified))
    return Discovery(made, len(known), len(due), distrusted)


def _pages_at(c: Connection, keys: Iterable[bytes]) -> dict[bytes, Any]:
    """The pages that are known by these addresses."""
    rows = c.execute(
        select(PageAddress.url_key, Page.id, Page.state, Page.fetched_at, Page.modified_at, Page.lease_run_id)
        .join(Page, Page.id == PageAddress.page_id)
        .where(PageAddress.url_key.in_(list(keys)))
    )
    return {row.url_key: row for row in rows}


def _edited(known: dict[bytes, Any], links: dict[bytes, tuple[str, Link]], now: datetime) -> tuple[list[int], int]:
    """The pages that were edited since they were fetched, and how many such claims are not to be believed."""
    looked_at = {key: row for key, row in known.items() if row.state in LOOKED_AT and row.lease_run_id is None}
    claims: dict[int, datetime] = {}
    for key, row in looked_at.items():
        modified = links[key][1].hints.modified
        before = max(filter(None, (row.modified_at, row.fetched_at)), default=None)
        if modified and before and before < modified <= now + A_DAY:
            claims[row.id] = modified
    sudden = sum(1 for modified in claims.values() if modified > now - A_DAY)
    if len(looked_at) > BELIEVABLE and sudden > len(looked_at) / 2:
        return [], len(claims)
    return list(claims), 0


def _insert(
    c: Connection, run: Run, seed: SeedFetch | None, links: dict[bytes, tuple[str, Link]], now: datetime, lane: str
) -> int:
    make = pg_insert if c.dialect.name == "postgresql" else sqlite_insert
    rows = [_row(run, seed, key, canonical, link, now, lane) for key, (canonical, link) in links.items()]
    made = c.execute(
        make(Page).on_conflict_do_nothing(index_elements=["url_key"]).returning(Page.id, Page.url_key), rows
    ).all()  # fmt: skip
    addresses = [{"url_key": row.url_key, "page_id": row.id} for row in made]
    if addresses:
        c.execute(make(PageAddress).on_conflict_do_nothing(), addresses)
    return len(made)


def _row(
    run: Run, seed: SeedFetch | None, key: bytes, canonical: str, link: Link, now: datetime, lane: str
) -> dict[str, Any]:
    hints = link.hints
    dated = hints.published.at if hints.published else hints.modified
    return {
        "outlet_id": run.outlet_id, "url_key": key, "url": link.url, "canonical_url": canonical, "state": "waiting",
        "lane": lane, "seed_kind": seed.kind if seed else None, "seed_url": seed.url if seed else None,
        "discovered_at": now, "discovered_run_id": run.id, "seen_run_id": run.id, "hints": hints_to_json(hints),
        "dated_at": dated, "modified_at": hints.modified, "attempts": 0, "next_at": now, "looks": 0, "lease_alone": False,
        "deaths": 0, "solo_deaths": 0,
    }  # fmt: skip


def _keep_seed(c: Connection, outlet_id: str, seed: SeedFetch, now: datetime) -> None:
    make = pg_insert if c.dialect.name == "postgresql" else sqlite_insert
    if not seed.keep_validators:
        seed = replace(seed, etag=None, last_modified=None)
    fresh = {
        "kind": seed.kind, "etag": seed.etag, "last_modified": seed.last_modified, "fetched_at": now, "status": seed.status,
        "entries": seed.entries, "problem": seed.problem,
    }  # fmt: skip
    if seed.parent_url:
        fresh["parent_hash"] = _hash(seed.parent_url)
    row = fresh | {"outlet_id": outlet_id, "url": seed.url, "url_hash": _hash(seed.url)}
    c.execute(make(Seed).values(row).on_conflict_do_update(index_elements=["outlet_id", "url_hash"], set_=fresh))
    mine = _hash(seed.url)
    children = [
        {
            "outlet_id": outlet_id,
            "kind": seed.kind,
            "url": url,
            "url_hash": _hash(url),
            "parent_hash": mine,
            "entries": 0,
        }
        for url in dict.fromkeys(seed.children)
        if url != seed.url
    ]
    if children:
        c.execute(make(Seed).on_conflict_do_nothing(index_elements=["outlet_id", "url_hash"]), children)


def _hash(url: str) -> bytes:
    return hashlib.sha256(url.encode("utf-8", "replace")).digest()[:16]
