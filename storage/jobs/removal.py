"""What removing an article, an address or an outlet takes, told before anything is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from storage.database import Database
from storage.errors import RemovalError
from storage.schema.tables import Article, Outlet, Page, PageAddress, Revision
from storage.urls import canonical_url, url_key


@dataclass(frozen=True, slots=True)
class CopyThatStays:
    """An article of the same news that is not removed."""

    id: int
    outlet: str
    url: str


@dataclass(frozen=True, slots=True)
class OutletRemoval:
    """What is removed of one outlet. `pages`: their ids; None for all of them."""

    outlet_id: str
    name: str
    pages: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Removal:
    """What would be removed, with what a person should know before. `articles` and `revisions` are numbers."""

    parts: tuple[OutletRemoval, ...]
    articles: int
    revisions: int
    stay: tuple[CopyThatStays, ...]


def removal_of_article(db: Database, article_id: int, *, copies: bool = False) -> Removal:
    """Return what removing an article takes: all pages that lead to it. `copies`: its copies as well."""
    with db.read() as c:
        if c.execute(select(Article.id).where(Article.id == article_id)).first() is None:
            raise RemovalError(f"there is no article {article_id}; `pressrun articles search` and `list` name some")
        return _removal(c, _pages_of_articles(c, _with_copies(c, [article_id], copies)))


def removal_of_address(db: Database, url: str, *, copies: bool = False) -> Removal:
    """Return what removing an address takes: its page, the article that it leads to, and that one's other pages."""
    try:
        key = url_key(canonical_url(url))
    except ValueError as wrong:
        raise RemovalError(f"{wrong}; name an article's number or an address such as https://example.com/a") from wrong
    led = select(PageAddress.page_id).where(PageAddress.url_key == key, PageAddress.declared.is_(False))
    with db.read() as c:
        pages = set(c.execute(led).scalars())
        if not pages:
            raise RemovalError(f"no page of this archive is known by {url}")
        articles = select(Page.article_id).where(Page.id.in_(pages), Page.article_id.is_not(None))
        ids = _with_copies(c, list(filter(None, c.execute(articles).scalars())), copies)
        return _removal(c, pages | _pages_of_articles(c, ids))


def removal_of_outlet(db: Database, outlet_id: str) -> Removal:
    """Return what removing a whole outlet takes: also the pages of others that lead to its articles."""
    with db.read() as c:
        name = c.execute(select(Outlet.name).where(Outlet.id == outlet_id)).scalar()
        if name is None:
            raise RemovalError(f"this archive has no outlet {outlet_id}; `pressrun status` lists its outlets")
        whole = OutletRemoval(outlet_id, name, None)
        articles = select(Article.id).where(Article.outlet_id == outlet_id)
        parts = (whole, *_parts_of_others(c, outlet_id))
        return Removal(parts, _count(c, articles), _revisions(c, articles), ())


def _with_copies(c: Connection, ids: Sequence[int], copies: bool) -> list[int]:
    if not copies:
        return list(ids)
    heads = select(func.coalesce(Article.duplicate_of, Article.id)).where(Article.id.in_(ids))
    group = set(c.execute(heads).scalars())
    return list(
        c.execute(select(Article.id).where(or_(Article.id.in_(group), Article.duplicate_of.in_(group)))).scalars()
    )


def _pages_of_articles(c: Connection, ids: Sequence[int]) -> set[int]:
    return set(c.execute(select(Page.id).where(Page.article_id.in_(list(ids)))).scalars())


def _removal(c: Connection, pages: set[int]) -> Removal:
    parts = tuple(_parts(c, Page.id.in_(pages)))
    articles = select(Article.id).where(Article.page_id.in_(pages))
    return Removal(parts, _count(c, articles), _revisions(c, articles), tuple(_copies_that_stay(c, pages)))


def _parts_of_others(c: Connection, outlet_id: str) -> list[OutletRemoval]:
    """Return the pages of other outlets that lead to articles of this one, by a redirect for example."""
    holder = Page.__table__.alias()
    held = select(Article.id).join(holder, holder.c.id == Article.page_id).where(holder.c.outlet_id == outlet_id)
    return _parts(c, Page.article_id.in_(held), Page.outlet_id != outlet_id)


def _parts(c: Connection, *which: ColumnElement[bool]) -> list[OutletRemoval]:
    names = select(Page.id, Page.outlet_id, Outlet.name).join(Outlet, Outlet.id == Page.outlet_id)
    by_outlet: dict[tuple[str, str], list[int]] = {}
    for row in c.execute(names.where(*which).order_by(Page.outlet_id, Page.id)):
        by_outlet.setdefault((row.outlet_id, row.name), []).append(row.id)
    return [OutletRemoval(outlet, name, tuple(ids)) for (outlet, name), ids in by_outlet.items()]


def _copies_that_stay(c: Connection, pages: set[int]) -> Iterator[CopyThatStays]:
    heads = select(func.coalesce(Article.duplicate_of, Article.id)).where(Article.page_id.in_(pages))
    same = or_(Article.id.in_(heads), Article.duplicate_of.in_(heads))
    stay = select(Article.id, Article.outlet_id, Article.url).where(same, Article.page_id.not_in(pages))
    for row in c.execute(stay.order_by(Article.id)):
        yield CopyThatStays(row.id, row.outlet_id, row.url)


def _count(c: Connection, rows: Select[Any]) -> int:
    return int(c.execute(select(func.count()).select_from(rows.subquery())).scalar_one())


def _revisions(c: Connection, articles: Select[Any]) -> int:
    return int(c.execute(select(func.count()).where(Revision.article_id.in_(articles))).scalar_one())
