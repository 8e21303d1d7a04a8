"""One piece of news: an original with its copies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage.articles.query import StoredArticle
from storage.schema.tables import Article, Outlet


@dataclass(frozen=True, slots=True)
class Story:
    """An original and its copies. `copied_by`: the names of the outlets that have them, sorted; `copies`: how many."""

    article: StoredArticle
    copies: int
    copied_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutletCopies:
    """How many copies of an original an outlet has."""

    outlet: str
    name: str
    copies: int


def copies_by_outlet(c: Connection, originals: Collection[int]) -> dict[int, list[OutletCopies]]:
    """Return the outlets that have copies, by original, most copies first. Originals without copies are left out."""
    number = func.count()
    counted = select(Article.duplicate_of, Article.outlet_id, Outlet.name, number)
    counted = counted.join(Outlet, Outlet.id == Article.outlet_id).where(Article.duplicate_of.in_(list(originals)))
    grouped = counted.group_by(Article.duplicate_of, Article.outlet_id, Outlet.name)
    found: dict[int, list[OutletCopies]] = {}
    for original, outlet, name, copies in c.execute(grouped.order_by(number.desc(), Outlet.name)):
        found.setdefault(original or 0, []).append(OutletCopies(outlet, name, copies))
    return found
