"""Links of seed documents enter the ledger: new pages, and known pages that were edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.codec import hints_from_json, hints_to_json
from storage.database import Database, upsert
from storage.frontier.gaps import Gap, overflow
from storage.frontier.numbers import ID_RANGE, pages_numbered
from storage.frontier.runs import Run
from storage.frontier.seed_documents import SeedFetch, newest_before, save_seed
from storage.frontier.sources import COLUMNS, due_again, is_settled, source_of_known, source_of_new
from storage.instants import in_range, steady_now
from storage.model import Hints, Link
from storage.removed import REMOVED
from storage.schema.tables import UNDATED, Page, PageAddress
from storage.text import clean_text
from storage.urls import canonical_url, url_key
from storage.warc import Place

BATCH = 500  # links in one statement
TRUSTED = 20  # known links of one document; if it holds more, no more than half can have been edited within a day
A_DAY = timedelta(days=1)
_COLUMNS = (
    Page.id, Page.url_key.label("own"), Page.state, Page.lane, Page.next_at, Page.hints, Page.fetched_at,
    Page.modified_at, Page.lease_run_id, Page.discovered_at, Page.seed_kind, Page.article_id, Page.reason,
    *(getattr(Page, name) for name in COLUMNS),
)  # fmt: skip
_CHANGED = ("next_at", "attempts_kept", "seen_run_id", "lane", "hints", "dated_at", "modified_at", *COLUMNS)


@dataclass(frozen=True, slots=True)
class Discovery:
    """Links counted by what the ledger made of them: `due` of the `known` pages are to be fetched again.

    `distrusted`: edits that one document claimed for too many pages at once. `invalid`: links that are not http URLs.
    `gaps`: found between this answer of the document and the last one.
    """

    new: int = 0
    known: int = 0
    due: int = 0
    distrusted: int = 0
    invalid: int = 0
    gaps: tuple[Gap, ...] = ()

    def __add__(self, other: Discovery) -> Discovery:
        return Discovery(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


@dataclass(frozen=True, slots=True)
class _Announcement:
    """Who announces links, and when. `lane`: `news`, or `past` for a backfill."""

    run: Run
    seed: SeedFetch | None
    lane: str
    now: datetime

    @property
    def answer(self) -> Place | None:
        """The place of the answer in the archive, if it holds the text of pages."""
        return self.seed.answer if self.seed else None


def count_unknown(db: Database, urls: Sequence[str]) -> int:
    """Return how many of these addresses the ledger does not know."""
    links, invalid = _by_key([Link(url) for url in urls])
    with db.read() as c:
        return len(links) - len(_pages_at(c, list(links))) + invalid


def count_discovered_since(db: Database, urls: Sequence[str], since: datetime) -> int:
    """Return how many of these addresses the ledger has known only since then. What it does not know counts too."""
    links, invalid = _by_key([Link(url) for url in urls])
    with db.read() as c:
        pages = _pages_at(c, list(links))
    known = sum(1 for page in pages.values() if page.discovered_at <= since)
    return len(links) - known + invalid


def discover(
    db: Database, run: Run, seed: SeedFetch | None, links: Sequence[Link], *, refetch: bool = False, lane: str = "news"
) -> Discovery:
    """Put a document's links into the ledger, in one transaction with its validators.

    A page is known by its address or by its number. A known page whose hint `modified` is later than its last fetch
    becomes due, and one that was only tried by its number, without success; with `refetch`, every known page does. Of
    the pages that a web archive has, those become due that their outlet no longer gives.
    """
    announcement = _Announcement(run, seed, lane, steady_now())
    announced, invalid = _by_key(links)  # making addresses canonical takes longest and needs no lock
    return db.write(lambda c: replace(_discover(c, announcement, announced, refetch), invalid=invalid))


def _discover(c: Connection, by: _Announcement, announced: dict[bytes, Link], refetch: bool) -> Discovery:
    known = _known(c, by.run.outlet_id, announced)
    gaps = _save_document(c, by, [link.number for link in announced.values()], any_known=bool(known))
    new = _insert_new(c, by, {key: link for key, link in announced.items() if key not in known})
    kept = {key: page for key, page in known.items() if page.reason != REMOVED}
    edited, distrusted = _edited(kept, announced, by.now)
    due = edited | due_again(kept, announced, refetch) | _claim_tried(c, by, kept, announced)
    _update_known(c, by, kept, announced, due)
    return Discovery(new, len(known), len(due), distrusted, gaps=gaps)


def _save_document(
    c: Connection, by: _Announcement, numbers: Sequence[int | None], *, any_known: bool
) -> tuple[Gap, ...]:
    """Save the document, and a gap if it shows one. Numbers that are tried come from no document."""
    seed = by.seed
    if seed is None or seed.kind == ID_RANGE or not seed.final:
        return ()
    before = newest_before(c, by.run.outlet_id, seed) if seed.may_overflow and not any_known else None
    save_seed(c, by.run.outlet_id, seed, by.now)
    return overflow(c, by.run, seed, [number for number in numbers if number is not None], before)


def _by_key(links: Sequence[Link]) -> tuple[dict[bytes, Link], int]:
    """Return the links by key, one for each page with the hints of all its links; and the number of invalid links."""
    by_key: dict[bytes, Link] = {}
    invalid = 0
    for link in links:
        try:
            key = url_key(canonical_url(link.url))
        except ValueError:
            invalid += 1
            continue
        link = replace(link, hints=_in_range(link.hints))
        by_key[key] = replace(by_key[key], hints=_merged(by_key[key].hints, link.hints)) if key in by_key else link
    return by_key, invalid


def _in_range(hints: Hints) -> Hints:
    published = hints.published if hints.published and in_range(hints.published.at) else None
    return replace(hints, published=published, modified=in_range(hints.modified))


def _merged(first: Hints, more: Hints) -> Hints:
    """Fill the gaps of the first hints from the others."""
    missing = {field.name: getattr(more, field.name) for field in fields(Hints) if not getattr(first, field.name)}
    return replace(first, **missing)


def _known(c: Connection, outlet_id: str, announced: Mapping[bytes, Link]) -> dict[bytes, Any]:
    """Return the known pages of links, by the key of the link. A page that its number tells gets the link's address."""
    pages = _pages_at(c, list(announced))
    keys = {link.number: key for key, link in announced.items() if link.number is not None and key not in pages}
    rows = pages_numbered(c, outlet_id, list(keys), Page.number, *_COLUMNS)
    elsewhere = {keys[page.number]: page for page in rows}
    if elsewhere:
        addresses = [{"url_key": key, "page_id": page.id, "declared": False} for key, page in elsewhere.items()]
        c.execute(upsert(c, PageAddress).on_conflict_do_nothing(), addresses)
    return pages | elsewhere


def _pages_at(c: Connection, keys: list[bytes]) -> dict[bytes, Any]:
    """Return the known pages by address; a page's own address wins over an address that led to another page."""
    pages: dict[bytes, Any] = {}
    for chunk in _chunks(keys):
        rows = c.execute(
            select(PageAddress.url_key, *_COLUMNS)
            .join(Page, Page.id == PageAddress.page_id)
            .where(PageAddress.url_key.in_(chunk), PageAddress.declared.is_(False))
            .order_by(PageAddress.page_id)
        )
        for row in rows:
            if row.url_key not in pages or row.own == row.url_key:
                pages[row.url_key] = row
    return pages


def _chunks(keys: list[bytes]) -> Iterator[list[bytes]]:
    return (keys[at : at + BATCH] for at in range(0, len(keys), BATCH))


def _edited(known: Mapping[bytes, Any], announced: Mapping[bytes, Link], now: datetime) -> tuple[set[int], int]:
    """Return the ids of pages that were edited since their last fetch, and the number of claims not trusted."""
    fetched = {key: page for key, page in known.items() if page.fetched_at is not None and page.lease_run_id is None}
    claims: dict[int, datetime] = {}
    for key, page in fetched.items():
        modified = announced[key].hints.modified
        before = max(page.fetched_at, page.modified_at or page.fetched_at)
        if modified and before < modified <= now + A_DAY:
            claims[page.id] = modified
    recent = sum(1 for modified in claims.values() if modified > now - A_DAY)
    if len(fetched) > TRUSTED and recent > len(fetched) / 2:
        return set(), len(claims)
    return set(claims), 0


def _claim_tried(
    c: Connection, by: _Announcement, known: Mapping[bytes, Any], announced: Mapping[bytes, Link]
) -> set[int]:
    """Give pages that were only tried by their number, without success, the address that a seed now announces.

    Return their ids: the number may have been a draft, or its page may want its own section in the address.
    """
    if by.seed is None or by.seed.kind == ID_RANGE:
        return set()
    tried = {
        key: page
        for key, page in known.items()
        if _is_tried(page) and page.lease_run_id is None and not is_settled(page, announced[key])
    }
    for key, page in tried.items():
        url = announced[key].url
        values = {"url": clean_text(url), "canonical_url": canonical_url(url), "url_key": key}
        origin = {"seed_kind": by.seed.kind, "seed_url": by.seed.url}
        c.execute(update(Page).where(Page.id == page.id).values(values | origin))
    return {page.id for page in tried.values()}


def _is_tried(page: Any) -> bool:
    return page.seed_kind == ID_RANGE and page.article_id is None


def _insert_new(c: Connection, by: _Announcement, links: dict[bytes, Link]) -> int:
    origin = {
        "lane": by.lane,
        "seed_kind": by.seed.kind if by.seed else None,
        "seed_url": by.seed.url if by.seed else None,
    }
    inserted = 0
    for chunk in _chunks(list(links)):
        rows = [
            new_page(by.run, key, links[key], by.now) | origin | source_of_new(links[key], by.answer) for key in chunk
        ]
        inserted += len(insert_pages(c, rows))
    return inserted


def new_page(run: Run, key: bytes, link: Link, now: datetime, outlet_id: str | None = None) -> dict[str, Any]:
    """Return the row of a page that is new to the ledger, due at once. `outlet_id`: if the run holds no outlet."""
    hints = link.hints
    return {
        "outlet_id": outlet_id or run.outlet_id, "url_key": key, "url": clean_text(link.url),
        "canonical_url": canonical_url(link.url), "number": link.number, "state": "waiting", "discovered_at": now,
        "discovered_run_id": run.id, "seen_run_id": run.id, "hints": hints_to_json(hints),
        "dated_at": _dated_at(hints, link.estimated_at), "modified_at": hints.modified, "attempts": 0, "next_at": now,
        "looks": 0, "lease_alone": False, "deaths": 0, "solo_deaths": 0,
    }  # fmt: skip


def _dated_at(hints: Hints, estimated_at: datetime | None) -> datetime:
    return (hints.published.at if hints.published else hints.modified) or estimated_at or UNDATED


def insert_pages(c: Connection, rows: list[dict[str, Any]]) -> dict[bytes, int]:
    """Insert the pages that nobody else has inserted meanwhile. Return the ids of those inserted, by key."""
    # RETURNING, not rowcount: psycopg gives -1 for rows that were inserted and rows that were not.
    # Of two addresses with one number, the first is the page.
    insert = upsert(c, Page).on_conflict_do_nothing().returning(Page.id, Page.url_key)
    inserted = {row.url_key: row.id for row in c.execute(insert, rows)}
    if inserted:
        addresses = [{"url_key": key, "page_id": page_id, "declared": False} for key, page_id in inserted.items()]
        c.execute(upsert(c, PageAddress).on_conflict_do_nothing(), addresses)
    return inserted


def _update_known(
    c: Connection, by: _Announcement, known: Mapping[bytes, Any], announced: Mapping[bytes, Link], due: set[int]
) -> None:
    """Write the rows for which something changes. A sitemap of unchanged pages costs a look-up and nothing more."""
    changes = []
    for key, page in known.items():
        change = _change(page, announced[key], page.id in due, by)
        if change is not None:
            change |= source_of_known(page, announced[key], by.answer, due=page.id in due)
            changes.append({"changed_id": page.id, **{f"new_{name}": change[name] for name in _CHANGED}})
    if changes:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _CHANGED if name != "attempts_kept"}
        values["attempts"] = Page.attempts * bindparam("new_attempts_kept")
        c.execute(update(Page).where(Page.id == bindparam("changed_id")).values(values), changes)


def _change(page: Any, announced: Link, due: bool, by: _Announcement) -> dict[str, Any] | None:
    """Return the new values of a known page; None if nothing changes."""
    next_at = by.now if due else page.next_at
    modified = max(filter(None, (page.modified_at, announced.hints.modified)), default=None)
    if next_at is None and modified == page.modified_at:
        return None
    hints = hints_from_json(page.hints)
    if page.state == "waiting" or _is_tried(page):
        hints = _merged(hints, announced.hints)
    return {
        "next_at": next_at,
        "attempts_kept": 0 if due else 1,
        "seen_run_id": by.run.id,
        "lane": "news" if by.lane == "news" else page.lane,  # a page that a backfill left waiting becomes news
        "hints": hints_to_json(hints),
        "dated_at": _dated_at(hints, announced.estimated_at),
        "modified_at": modified,
    }
