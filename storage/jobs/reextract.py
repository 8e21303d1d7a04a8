"""Pages that were fetched before and are read again: which there are, and what becomes of them.

A second reading is no visit: a page keeps its validators and its next look, and an article whose words stay the same
gets what extraction now knows better of its date, authors and the like, without a revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from storage.articles.prepare import Draft
from storage.database import Database
from storage.frontier.complete import drafts_of, finish_in
from storage.frontier.hints import hints_from_json
from storage.frontier.results import Ended, Extracted, PageEnd
from storage.frontier.runs import Run
from storage.model import Hints
from storage.schema.tables import Article, Page, PageAddress
from storage.schema.tables import Run as RunRow
from storage.urls import canonical_url, url_key
from storage.warc.archive import Place

CHUNK = 500
_VISIT = ("next_at", "etag", "last_modified", "looks", "attempts")  # what only a visit may change
_FACTS = ("authors", "language", "section", "image", "credit")


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page whose raw answer is in the archive."""

    page_id: int
    outlet_id: str
    url: str  # the address that answered
    hints: Hints
    place: Place
    fetched_at: datetime
    http_status: int | None


def archived(db: Database, outlets: tuple[str, ...] = (), after: int = 0) -> Iterator[ArchivedPage]:
    """Pages with a raw answer, by id, from behind `after`; of these outlets or of all. Read in chunks."""
    while True:
        with db.read() as c:
            rows = c.execute(
                select(Page.__table__).where(_archived(outlets, after)).order_by(Page.id).limit(CHUNK)
            ).all()
        if not rows:
            return
        yield from map(_page, rows)
        after = rows[-1].id


def count_archived(db: Database, outlets: tuple[str, ...] = (), after: int = 0) -> int:
    """How many pages `archived` gives."""
    with db.read() as c:
        return c.execute(select(func.count()).select_from(Page).where(_archived(outlets, after))).scalar_one()


def _archived(outlets: tuple[str, ...], after: int) -> ColumnElement[bool]:
    parts = [Page.id > after, Page.warc_file.is_not(None), Page.http_status.between(200, 299)]
    if outlets:
        parts.append(Page.outlet_id.in_(outlets))
    return and_(*parts)


def _page(row: Any) -> ArchivedPage:
    return ArchivedPage(
        row.id,
        row.outlet_id,
        row.final_url or row.url,
        hints_from_json(row.hints),
        Place(row.warc_file, row.warc_offset, row.warc_length),
        row.fetched_at,
        row.http_status,
    )


def finish_again(db: Database, run: Run, ends: Sequence[PageEnd]) -> list[Ended]:
    """End pages that were read again, in one transaction. One that a crawl holds right now is left to the crawl."""
    drafts = drafts_of(ends)
    return db.write(lambda c: _finish_again(c, run, ends, drafts), alone=True)


def _finish_again(c: Connection, run: Run, ends: Sequence[PageEnd], drafts: Mapping[int, Draft]) -> list[Ended]:
    ids = [end.page_id for end in ends]
    free = and_(Page.id.in_(ids), Page.lease_run_id.is_(None))
    before = {row.id: row for row in c.execute(select(Page.__table__).where(free).with_for_update())}
    c.execute(update(Page).where(Page.id.in_(before)).values(lease_run_id=run.id, lease_alone=False))
    ended = finish_in(c, run, ends, drafts, datetime.now(UTC))
    for row in before.values():
        c.execute(update(Page).where(Page.id == row.id).values({name: getattr(row, name) for name in _VISIT}))
    for end, became in zip(ends, ended, strict=True):
        if isinstance(end.result, Extracted) and became.state in ("unchanged", "duplicate"):
            _refresh(c, end.page_id, drafts[end.page_id].fields)
    return ended


def _refresh(c: Connection, page_id: int, fields: Mapping[str, Any]) -> None:
    """What extraction now knows of the page's own article besides its words; nothing known is forgotten."""
    known = {name: fields[name] for name in _FACTS if fields[name]}
    if fields["published_at"]:
        known |= {name: value for name, value in fields.items() if name.startswith("published_")}
    if known:
        c.execute(update(Article).where(Article.page_id == page_id).values(known))


def last_read(db: Database, urls: Iterable[str]) -> dict[str, datetime]:
    """When the pages at these addresses were last fetched, of those that were."""
    keys = {url_key(canonical_url(url)): url for url in urls}
    with db.read() as c:
        rows = c.execute(
            select(PageAddress.url_key, Page.fetched_at)
            .join(Page, Page.id == PageAddress.page_id)
            .where(PageAddress.url_key.in_(list(keys)), PageAddress.declared.is_(False), Page.fetched_at.is_not(None))
        )
        return {keys[row.url_key]: row.fetched_at for row in rows}


def note_progress(db: Database, run: Run, counts: dict[str, Any]) -> None:
    """Keep how far a run has come, for whoever watches it or takes it up again."""
    values = {"counts": counts, "beat_at": datetime.now(UTC)}
    db.write(lambda c: c.execute(update(RunRow).where(RunRow.id == run.id).values(values)) and None)


def unfinished(db: Database, kind: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The counts of the last run of this kind with these parameters, if it did not come to its end; else empty."""
    with db.read() as c:
        rows = c.execute(
            select(RunRow.state, RunRow.parameters, RunRow.counts)
            .where(RunRow.kind == kind, or_(RunRow.outlet_id.is_(None), RunRow.outlet_id == ""))
            .order_by(RunRow.id.desc())
        )
        for row in rows:
            if row.parameters == parameters:
                return {} if row.state == "completed" else dict(row.counts or {})
    return {}
