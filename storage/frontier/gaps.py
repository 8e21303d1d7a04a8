"""Gaps: spans in which an outlet may have published pages that no run has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select, update

from storage.database import Database
from storage.frontier.runs import Run
from storage.frontier.seed_documents import SeedFetch
from storage.schema import tables
from storage.schema.tables import UNDATED, Article, Outlet, Page

ClosedHow = Literal["counter", "backfill", "archive"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A span between two answers of a seed, or ids of a counter that are left to request.

    `first_number`, `last_number`: those ids; None where the outlet has no counter. `closed_at`: since when no page of
    the gap is unknown; None while it is open.
    """

    outlet_id: str
    seed_url: str
    since: datetime
    until: datetime
    first_number: int | None = None
    last_number: int | None = None
    id: int = 0
    closed_at: datetime | None = None
    closed_how: str | None = None


_COLUMNS = [getattr(tables.Gap, field.name) for field in fields(Gap)]


def list_gaps(db: Database, outlet_id: str | None = None, *, closed: bool = False) -> list[Gap]:
    """Return the open gaps, newest first, or with `closed` all gaps; of one outlet or of all."""
    gaps = select(*_COLUMNS).order_by(tables.Gap.until.desc(), tables.Gap.id.desc())
    if outlet_id is not None:
        gaps = gaps.where(tables.Gap.outlet_id == outlet_id)
    if not closed:
        gaps = gaps.where(tables.Gap.closed_at.is_(None))
    with db.read() as c:
        return [Gap(**row._mapping) for row in c.execute(gaps)]


def close_gap(db: Database, gap_id: int, how: ClosedHow) -> None:
    """Record that the pages of a gap are known."""
    _change(db, gap_id, closed_at=datetime.now(UTC), closed_how=how)


def shrink_gap(db: Database, gap_id: int, last_number: int) -> None:
    """Record that the ids of a gap above this one were requested."""
    _change(db, gap_id, last_number=last_number)


def _change(db: Database, gap_id: int, **values: Any) -> None:
    gap = update(tables.Gap).where(tables.Gap.id == gap_id, tables.Gap.closed_at.is_(None))
    db.write(lambda c: c.execute(gap.values(values)) and None)


def overflow(
    c: Connection, run: Run, seed: SeedFetch, numbers: Sequence[int], newest_before: datetime | None
) -> tuple[Gap, ...]:
    """Record a gap if all links of a seed document are newer than those of its last answer. None of them is known.

    `numbers` are those of the links, where the outlet has a counter.
    """
    if newest_before is None or seed.oldest_at is None or seed.oldest_at <= newest_before:
        return ()
    gap = Gap(run.outlet_id, seed.url, newest_before, seed.oldest_at)
    if numbers and (below := _highest_below(c, run.outlet_id, min(numbers))) is not None:
        gap = replace(gap, first_number=below + 1, last_number=min(numbers) - 1)
    return (_add(c, run, gap),)


def _highest_below(c: Connection, outlet_id: str, number: int) -> int | None:
    below = select(func.max(Page.number)).where(Page.outlet_id == outlet_id, Page.number < number)
    highest: int | None = c.execute(below).scalar()
    return highest


def _add(c: Connection, run: Run, gap: Gap) -> Gap:
    row = {field.name: getattr(gap, field.name) for field in fields(Gap) if field.name != "id"}
    row |= {"found_at": datetime.now(UTC), "run_id": run.id}
    return replace(gap, id=c.execute(insert(tables.Gap).values(row).returning(tables.Gap.id)).scalar_one())


def plan_walk(db: Database, run: Run, seed_url: str, newest: int, newest_before: int | None) -> list[Gap]:
    """Return the gaps in the outlet's counter, newest first: ids that no seed announced and no run requested.

    `newest`: the highest number announced so far. `newest_before`: the highest one before the run; None if there was
    none, which means that everything older is the past, and not a gap. The ids between are recorded as a gap, and
    the outlet is marked as walked to the newest, in one transaction: if the run dies, the next one finds the gap.
    """

    def work(c: Connection) -> None:
        walked_to = c.execute(select(Outlet.walked_to).where(Outlet.id == run.outlet_id)).scalar()
        low = newest_before if walked_to is None else walked_to
        if low is not None and newest > low + 1 and _numbered_between(c, run, low, newest) < newest - low - 1:
            _note_ids(c, run, seed_url, low, newest)
        if walked_to is None or newest > walked_to:
            c.execute(update(Outlet).where(Outlet.id == run.outlet_id).values(walked_to=newest))

    db.write(work)
    return [gap for gap in list_gaps(db, run.outlet_id) if gap.first_number is not None]


def _numbered_between(c: Connection, run: Run, low: int, high: int) -> int:
    between = (Page.outlet_id == run.outlet_id, Page.number > low, Page.number < high)
    return c.execute(select(func.count()).select_from(Page).where(*between)).scalar_one()


def _note_ids(c: Connection, run: Run, seed_url: str, low: int, high: int) -> None:
    """Record the ids between two numbers as a gap, or as those of a gap that a seed showed among them."""
    first, last = low + 1, high - 1
    among = (tables.Gap.outlet_id == run.outlet_id, tables.Gap.closed_at.is_(None), tables.Gap.first_number > low)
    gap_id = c.execute(select(tables.Gap.id).where(*among).order_by(tables.Gap.id).limit(1)).scalar()
    if gap_id is not None:
        numbers = update(tables.Gap).where(tables.Gap.id == gap_id)
        c.execute(numbers.values(first_number=first, last_number=last))
        return
    dates = _dates(c, run.outlet_id, (low, high))
    now = datetime.now(UTC)
    _add(c, run, Gap(run.outlet_id, seed_url, dates.get(low, now), dates.get(high, now), first, last))


def _dates(c: Connection, outlet_id: str, numbers: Sequence[int]) -> dict[int, datetime]:
    """Return when the pages of these numbers were published, as far as it is known."""
    best = func.coalesce(Article.published_at, Page.dated_at).label("at")
    articles = select(Page.number, best).outerjoin(Article, Article.id == Page.article_id)
    rows = c.execute(articles.where(Page.outlet_id == outlet_id, Page.number.in_(numbers)))
    return {row.number: row.at for row in rows if row.at != UNDATED}
