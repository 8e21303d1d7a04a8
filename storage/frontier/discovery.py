"""What seeds announced, into the ledger: new pages, and known ones that were edited."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.database import Database, upsert
from storage.frontier.hints import hints_from_json, hints_to_json
from storage.frontier.runs import Run
from storage.model import Hints, Link
from storage.schema.tables import UNDATED, Page, PageAddress, Seed, in_range
from storage.text import clean_text
from storage.urls import canonical_url, url_key

BATCH = 500  # links a statement
BELIEVABLE = 20  # known links of one document; of more than these, not half can have been edited within a day
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeedFetch:
    """A seed document that was asked for. Without `keep_validators` it will be read again, whatever it answers.

    `children` are the documents that it led to. They are noted with it, so that they are read even if the run dies.
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
    """Links by what they were to the ledger: `due` of the `known` are to be fetched again.

    `distrusted`: edits that one document claimed for too many pages at once. `invalid`: links that are no http address.
    """

    new: int = 0
    known: int = 0
    due: int = 0
    distrusted: int = 0
    invalid: int = 0


def seed_state(db: Database, outlet_id: str, url: str) -> SeedState | None:
    """What is kept of a seed document; None if it was never read."""
    mine = _hash(url)
    with db.read() as c:
        row = c.execute(select(Seed.__table__).where(Seed.outlet_id == outlet_id, Seed.url_hash == mine)).first()
        if row is None:
            return None
        led_to = select(Seed.url, Seed.fetched_at).where(Seed.outlet_id == outlet_id, Seed.parent_hash == mine)
        children = c.execute(led_to.order_by(Seed.id)).all()
    unread = tuple(child.url for child in children if child.fetched_at is None)
    return SeedState(row.etag, row.last_modified, row.fetched_at, tuple(child.url for child in children), unread)


def unknown(db: Database, urls: Sequence[str]) -> int:
    """How many of these addresses the ledger does not know."""
    announced, invalid = _announced([Link(url) for url in urls])
    with db.read() as c:
        return len(announced) - len(_pages_at(c, list(announced))) + invalid


def discover(
    db: Database, run: Run, seed: SeedFetch | None, links: Sequence[Link], *, refetch: bool = False, lane: str = "news"
) -> Discovery:
    """Put a document's links into the ledger, in one transaction with its validators.

    A known page whose hint `modified` is later than its last fetch becomes due; all known ones do with `refetch`.
    """
    now = datetime.now(UTC)
    announced, invalid = _announced(links)  # making addresses canonical takes longest and needs no lock

    def work(c: Connection) -> Discovery:
        if seed:
            _keep_seed(c, run.outlet_id, seed, now)
        known = _pages_at(c, list(announced))
        made = _insert(c, run, seed, {key: link for key, link in announced.items() if key not in known}, now, lane)
        edited, distrusted = _edited(known, announced, now)
        due = (
            {row.id for row in known.values() if row.state != "waiting" and row.lease_run_id is None}
            if refetch
            else edited
        )
        _update_known(c, run, known, announced, due, now, lane)
        return Discovery(made, len(known), len(due), distrusted, invalid)

    return db.write(work)


def _announced(links: Sequence[Link]) -> tuple[dict[bytes, Link], int]:
    """The links by their keys, each page once with all that is said of it; and how many are no address."""
    found: dict[bytes, Link] = {}
    invalid = 0
    for link in links:
        try:
            key = url_key(canonical_url(link.url))
        except ValueError:
            invalid += 1
            continue
        link = replace(link, hints=_in_range(link.hints))
        found[key] = replace(found[key], hints=_merged(found[key].hints, link.hints)) if key in found else link
    return found, invalid


def _in_range(hints: Hints) -> Hints:
    published = hints.published if hints.published and in_range(hints.published.at) else None
    return replace(hints, published=published, modified=in_range(hints.modified))


def _merged(first: Hints, more: Hints) -> Hints:
    """The first hints, completed by the others."""
    missing = {field.name: getattr(more, field.name) for field in fields(Hints) if not getattr(first, field.name)}
    return replace(first, **missing)


def _pages_at(c: Connection, keys: list[bytes]) -> dict[bytes, Any]:
    """The pages that are known by these addresses; a page's own address comes before another's that led there."""
    found: dict[bytes, Any] = {}
    for chunk in _chunks(keys):
        rows = c.execute(
            select(
                PageAddress.url_key, Page.id, Page.url_key.label("own"), Page.state, Page.lane, Page.next_at,
                Page.hints,
                Page.fetched_at, Page.modified_at, Page.lease_run_id,
            )
            .join(Page, Page.id == PageAddress.page_id)
            .where(PageAddress.url_key.in_(chunk), PageAddress.declared.is_(False))
            .order_by(PageAddress.page_id)
        )  # fmt: skip
        for row in rows:
            if row.url_key not in found or row.own == row.url_key:
                found[row.url_key] = row
    return found


def _chunks(keys: list[bytes]) -> Iterator[list[bytes]]:
    return (keys[at : at + BATCH] for at in range(0, len(keys), BATCH))


def _edited(known: Mapping[bytes, Any], announced: Mapping[bytes, Link], now: datetime) -> tuple[set[int], int]:
    """The pages that were edited since they were fetched, and how many such claims are not to be believed."""
    looked_at = {key: row for key, row in known.items() if row.fetched_at is not None and row.lease_run_id is None}
    claims: dict[int, datetime] = {}
    for key, row in looked_at.items():
        modified = announced[key].hints.modified
        before = max(row.fetched_at, row.modified_at or row.fetched_at)
        if modified and before < modified <= now + A_DAY:
            claims[row.id] = modified
    sudden = sum(1 for modified in claims.values() if modified > now - A_DAY)
    if len(looked_at) > BELIEVABLE and sudden > len(looked_at) / 2:
        return set(), len(claims)
    return set(claims), 0


def _insert(c: Connection, run: Run, seed: SeedFetch | None, links: dict[bytes, Link], now: datetime, lane: str) -> int:
    made = 0
    for chunk in _chunks(list(links)):
        rows = [new_page(run.outlet_id, key, links[key], now, run.id) | _origin(seed, lane) for key in chunk]
        made += len(insert_pages(c, rows))
    return made


def _origin(seed: SeedFetch | None, lane: str) -> dict[str, Any]:
    return {"lane": lane, "seed_kind": seed.kind if seed else None, "seed_url": seed.url if seed else None}


def new_page(outlet_id: str, key: bytes, link: Link, now: datetime, run_id: int) -> dict[str, Any]:
    """The row of a page that is new to the ledger, due at once."""
    hints = link.hints
    dated = hints.published.at if hints.published else hints.modified
    return {
        "outlet_id": outlet_id, "url_key": key, "url": clean_text(link.url), "canonical_url": canonical_url(link.url),
        "state": "waiting", "discovered_at": now, "discovered_run_id": run_id, "seen_run_id": run_id,
        "hints": hints_to_json(hints), "dated_at": dated or UNDATED, "modified_at": hints.modified, "attempts": 0,
        "next_at": now, "looks": 0, "lease_alone": False, "deaths": 0, "solo_deaths": 0,
    }  # fmt: skip


def insert_pages(c: Connection, rows: list[dict[str, Any]]) -> dict[bytes, int]:
    """Insert the pages that nobody else has inserted meanwhile; the ids of those made, by key."""
    # RETURNING, not rowcount: psycopg gives -1 for rows that were inserted and rows that were not alike.
    insert = upsert(c, Page).on_conflict_do_nothing(index_elements=["url_key"]).returning(Page.id, Page.url_key)
    made = {row.url_key: row.id for row in c.execute(insert, rows)}
    if made:
        addresses = [{"url_key": key, "page_id": page_id, "declared": False} for key, page_id in made.items()]
        c.execute(upsert(c, PageAddress).on_conflict_do_nothing(), addresses)
    return made


def _update_known(
    c: Connection,
    run: Run,
    known: Mapping[bytes, Any],
    announced: Mapping[bytes, Link],
    due: set[int],
    now: datetime,
    lane: str,
) -> None:
    """Only rows that something changes for are written: a sitemap of known pages costs a look-up and nothing more."""
    columns = ("next_at", "attempts_kept", "seen_run_id", "lane", "hints", "dated_at", "modified_at")
    changes = []
    for key, row in known.items():
        change = _change(row, announced[key].hints, row.id in due, run, now, lane)
        if change is not None:
            changes.append({"one": row.id, **{f"new_{name}": change[name] for name in columns}})
    if changes:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns if name != "attempts_kept"}
        values["attempts"] = Page.attempts * bindparam("new_attempts_kept")
        c.execute(update(Page).where(Page.id == bindparam("one")).values(values), changes)


def _change(row: Any, said: Hints, due: bool, run: Run, now: datetime, lane: str) -> dict[str, Any] | None:
    next_at = now if due else row.next_at
    modified = max(filter(None, (row.modified_at, said.modified)), default=None)
    hints = hints_from_json(row.hints)
    merged = _merged(hints, said) if row.state == "waiting" else hints
    if next_at is None and modified == row.modified_at:
        return None
    dated = merged.published.at if merged.published else merged.modified
    return {
        "next_at": next_at,
        "attempts_kept": 0 if due else 1,
        "seen_run_id": run.id,
        "lane": "news"
        if lane == "news"
        else row.lane,  # what a backfill left waiting is news for whoever asks what is new
        "hints": hints_to_json(merged),
        "dated_at": dated or UNDATED,
        "modified_at": modified,
    }


def _keep_seed(c: Connection, outlet_id: str, seed: SeedFetch, now: datetime) -> None:
    if not seed.keep_validators:
        seed = replace(seed, etag=None, last_modified=None)
    fresh: dict[str, Any] = {
        "kind": seed.kind, "etag": seed.etag, "last_modified": seed.last_modified, "fetched_at": now,
        "status": seed.status, "entries": seed.entries,
        "problem": clean_text(seed.problem)[:2000] if seed.problem else None,
    }  # fmt: skip
    if seed.parent_url:
        fresh["parent_hash"] = _hash(seed.parent_url)
    mine = {"outlet_id": outlet_id, "url_hash": _hash(seed.url)}
    row = fresh | mine | {"url": clean_text(seed.url)}
    c.execute(upsert(c, Seed).values(row).on_conflict_do_update(index_elements=list(mine), set_=fresh))
    children = [
        {
            "outlet_id": outlet_id, "kind": seed.kind, "url": clean_text(url), "url_hash": _hash(url),
            "parent_hash": mine["url_hash"], "entries": 0,
        }
        for url in dict.fromkeys(seed.children)
        if url != seed.url
    ]  # fmt: skip
    if children:
        c.execute(upsert(c, Seed).on_conflict_do_nothing(index_elements=list(mine)), children)


def _hash(url: str) -> bytes:
    return hashlib.sha256(url.encode("utf-8", "replace")).digest()[:16]
