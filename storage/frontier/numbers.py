"""Numbers of pages: their ids by the counter of an outlet. One number is one page, whatever its address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, update

from storage.database import Database
from storage.schema.tables import Article, Outlet, Page

ID_RANGE = "id_range"  # `seed_kind` of pages that no seed announced: their number was tried
BATCH = 1000  # pages that are numbered in one transaction
NEAR = 30  # dated numbers on either side of an instant
ENDS = 5  # dated numbers at both ends of the archive


def number_pages(db: Database, outlet_id: str, number_of: Callable[[str], int | None]) -> int:
    """Give their numbers to pages that have none yet, by their addresses. Return how many were looked at.

    Each batch is a transaction, so that a second call goes on where the first one was interrupted.
    """
    looked_at = 0
    while count := db.write(lambda c: _number_batch(c, outlet_id, number_of)):
        looked_at += count
    return looked_at


def _number_batch(c: Connection, outlet_id: str, number_of: Callable[[str], int | None]) -> int:
    cursor = c.execute(select(Outlet.numbered_to).where(Outlet.id == outlet_id)).scalar() or 0
    pages = c.execute(
        select(Page.id, Page.url, Page.number)
        .where(Page.outlet_id == outlet_id, Page.id > cursor)
        .order_by(Page.id)
        .limit(BATCH)
    ).all()
    if not pages:
        return 0
    wanted = {number: page.id for page in reversed(pages) if page.number is None and (number := number_of(page.url))}
    taken = {page.number for page in pages_numbered(c, outlet_id, list(wanted), Page.number)}
    rows = [{"numbered_id": page, "new_number": number} for number, page in wanted.items() if number not in taken]
    if rows:
        numbered = update(Page).where(Page.id == bindparam("numbered_id"))
        c.execute(numbered.values(number=bindparam("new_number")), rows)
    c.execute(update(Outlet).where(Outlet.id == outlet_id).values(numbered_to=pages[-1].id))
    return len(pages)


def pages_numbered(c: Connection, outlet_id: str, numbers: Sequence[int], *columns: Any) -> Iterable[Any]:
    """Yield the pages that have one of these numbers, with the columns asked for."""
    for at in range(0, len(numbers), BATCH // 2):
        chunk = numbers[at : at + BATCH // 2]
        yield from c.execute(select(*columns).where(Page.outlet_id == outlet_id, Page.number.in_(chunk)))


def newest_number(db: Database, outlet_id: str) -> int | None:
    """Return the highest number that a seed announced or that has an article; None without any."""
    real = or_(Page.article_id.is_not(None), Page.seed_kind.is_distinct_from(ID_RANGE))
    with db.read() as c:
        number: int | None = c.execute(select(func.max(Page.number)).where(Page.outlet_id == outlet_id, real)).scalar()
    return number


def dated_numbers(db: Database, outlet_id: str, near: Iterable[datetime]) -> dict[int, datetime]:
    """Return when pages of these numbers were published: some near each instant, and some at the archive's ends."""
    at = Article.published_at
    dated = (
        select(Page.number, at)
        .join(Page, Page.id == Article.page_id)
        .where(Article.outlet_id == outlet_id, Page.number.is_not(None), at.is_not(None))
    )

    def some(order: ColumnElement[Any], most: int, *which: ColumnElement[bool]) -> dict[int, datetime]:
        return {row.number: row.published_at for row in c.execute(dated.where(*which).order_by(order).limit(most))}

    with db.read() as c:
        points = some(at.asc(), ENDS) | some(at.desc(), ENDS)
        for instant in near:
            points |= some(at.desc(), NEAR, at < instant) | some(at.asc(), NEAR, at >= instant)
    return points
