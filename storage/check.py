"""Does the store hold what it promises? `pressrun db check` asks."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from .database import Database
from .ledger import STATES
from .tables import Article, Copy, Outlet, Page, PageAddress, Revision, Run

HOLDS_ARTICLE = ("stored", "unchanged", "duplicate")


def check(db: Database, archive: Path | None = None) -> list[str]:
    """One line for every promise that is broken; an empty list if all hold."""
    with db.read() as c:
        broken = [f"{n} {what}" for what, statement in _questions().items() if (n := c.execute(statement).scalar_one())]
        if archive is not None:
            broken += _missing_files(c, archive)
    return broken


def _questions() -> dict[str, Select[tuple[int]]]:
    original = aliased(Article)
    running = select(Run.id).where(Run.state == "running")
    pages = select(func.count()).select_from(Page)
    articles = select(func.count()).select_from(Article)
    return {
        "pages are in a state that is none": pages.where(Page.state.not_in(STATES)),
        "pages count as stored but lead to no article": pages.outerjoin(Article, Article.id == Page.article_id).where(
            Page.state.in_(HOLDS_ARTICLE), Article.id.is_(None)
        ),
        "articles are not led to by the page that holds them": articles.join(Page, Page.id == Article.page_id).where(
            or_(Page.article_id.is_(None), Page.article_id != Article.id)
        ),
        "pages that hold an original count as duplicates": pages.join(Article, Article.page_id == Page.id).where(
            Article.duplicate_of.is_(None), Page.state == "duplicate"
        ),
        "copies point at a copy": articles.join(original, original.id == Article.duplicate_of).where(
            original.duplicate_of.is_not(None)
        ),
        "copies have no evidence": articles.outerjoin(Copy, Copy.article_id == Article.id).where(
            Article.duplicate_of.is_not(None), Copy.article_id.is_(None)
        ),
        "leases belong to no run that is under way": pages.where(
            Page.lease_run_id.is_not(None), Page.lease_run_id.not_in(running)
        ),
        "outlets are held by a run that has ended": select(func.count())
        .select_from(Outlet)
        .where(Outlet.held_by_run.is_not(None), Outlet.held_by_run.not_in(running)),
        "pages wait for nothing": pages.where(
            Page.state == "waiting", Page.next_at.is_(None), Page.lease_run_id.is_(None)
        ),
        "pages are not known by their own address": pages.outerjoin(
            PageAddress, PageAddress.url_key == Page.url_key
        ).where(PageAddress.url_key.is_(None)),
        "revisions belong to no article": select(func.count())
        .select_from(Revision)
        .outerjoin(Article, Article.id == Revision.article_id)
        .where(Article.id.is_(None)),
        "articles are empty": articles.where(
            or_(Article.text == "", and_(Article.words == 0, Article.text_hash.is_not(None)))
        ),
    }


def _missing_files(c: Connection, archive: Path) -> list[str]:
    names = c.execute(
        select(Page.warc_file, func.count()).where(Page.warc_file.is_not(None)).group_by(Page.warc_file)
    ).all()
    return [
        f"{n} pages have their raw answer in {name}, which is not in {archive}"
        for name, n in names
        if not (archive / name).exists() and not (archive / f"{name}.open").exists()
    ]


def stats(db: Database) -> dict[str, dict[str, int]]:
    """Rows of each table, and pages and articles of each outlet."""
    with db.read() as c:
        tables = {
            table.name: c.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Page.metadata.sorted_tables
        }
        pages = dict(c.execute(select(Page.outlet_id, func.count()).group_by(Page.outlet_id)).tuples().all())
        originals = dict(
            c.execute(
                select(Article.outlet_id, func.count()).where(Article.duplicate_of.is_(None)).group_by(Article.outlet_id)
            ).tuples().all()
        )  # fmt: skip
        copies = dict(
            c.execute(
                select(Article.outlet_id, func.count()).where(Article.duplicate_of.is_not(None)).group_by(Article.outlet_id)
            ).tuples().all()
        )  # fmt: skip
    return {"rows": tables, "pages": pages, "articles": originals, "copies": copies}
