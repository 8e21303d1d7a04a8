"""Consistency checks of the store, for `pressrun db check`, and its figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select, text

from storage.database import Database
from storage.dedup import COMPARABLE, without_fingerprints
from storage.errors import DatabaseDamagedError
from storage.frontier import REMOVED, STATES
from storage.schema.tables import Article, Base, Copy, ManualDecision, Page, PageAddress, Run
from storage.search import check_index
from storage.warc import archive_file

_DAMAGED = "the store is damaged (stop all crawls, then pressrun db restore FILE)"
_INDEX = "search_index"  # SQLite's full-text index, which is made of the articles
HOLDS_ARTICLE = ("stored", "unchanged", "duplicate")


def check_store(db: Database, archive: Path | None = None) -> list[str]:
    """Return one line for each rule that the store breaks; an empty list if it is consistent.

    With `archive`, the folder of raw answers is checked too. Of a damaged store, only the damage is told.
    """
    return find_damage(db) or check_rules(db, archive)


def find_damage(db: Database) -> list[str]:
    """Return what SQLite itself finds wrong with the file, with the remedy. PostgreSQL checks its own pages."""
    if db.dialect != "sqlite":
        return []
    try:
        with db.read() as c:
            said = _integrity(c, "1")  # with more than one finding, SQLite may give up before it tells the first
            if _INDEX in said:  # told here since SQLite 3.44; `check_rules` tells it with its own remedy
                said = next((one for table in Base.metadata.tables if (one := _integrity(c, table)) != "ok"), "ok")
    except DatabaseDamagedError as damage:
        return [str(damage)]
    return [f"{_DAMAGED}: {said}"] if said != "ok" else []


def _integrity(c: Connection, of: str) -> str:
    """Return the first finding of SQLite's own check, of a table or with "1" of the whole file; "ok" if it has none."""
    return " ".join(str(c.execute(text(f"PRAGMA integrity_check({of})")).scalars().first()).split())


def check_rules(db: Database, archive: Path | None = None) -> list[str]:
    """Return one line for each rule that the rows break, as `check_store` does. Raises DatabaseDamagedError."""
    with db.read() as c:
        if loose := _loose_references(c):
            return [f"{loose} rows refer to rows that are not there"]
        broken = [f"{n} {what}" for what, rows in _broken_rows().items() if (n := c.execute(rows).scalar_one())]
        if archive is not None:
            broken += _missing_files(c, archive)
    return broken + _index_differences(db)


def _index_differences(db: Database) -> list[str]:
    """Compare the search index with the articles. Its own damage, which `reindex` may repair, is a line too."""
    try:
        with db.read() as c:
            return check_index(c)
    except DatabaseDamagedError as damage:
        return [str(damage)]


def _loose_references(c: Connection) -> int:
    return len(c.execute(text("PRAGMA foreign_key_check")).all()) if c.dialect.name == "sqlite" else 0


def _broken_rows() -> dict[str, Select[Any]]:
    """Return for each rule the number of rows that break it, as a query."""
    return {**_of_pages(), **_of_articles(), **_of_copies()}


def _of_pages() -> dict[str, Select[Any]]:
    pages = select(func.count()).select_from(Page)
    running = select(Run.id).where(Run.state == "running")
    own = and_(PageAddress.url_key == Page.url_key, PageAddress.page_id == Page.id)
    return {
        "pages are in a state that is none": pages.where(Page.state.not_in(STATES)),
        "pages count as stored but lead to no article": pages.outerjoin(Article, Article.id == Page.article_id).where(
            Page.state.in_(HOLDS_ARTICLE), Article.id.is_(None)
        ),
        "pages lead to an article but do not count as stored": pages.where(
            Page.article_id.is_not(None), Page.state.not_in(HOLDS_ARTICLE)
        ),
        "leases belong to no run that is under way": pages.where(
            Page.lease_run_id.is_not(None), Page.lease_run_id.not_in(running)
        ),
        "pages wait for nothing": pages.where(
            Page.state == "waiting", Page.next_at.is_(None), Page.lease_run_id.is_(None)
        ),
        "pages were refused or failed without a reason": pages.where(
            Page.state.in_(("rejected", "gone", "failed")), Page.reason.is_(None)
        ),
        "pages are not known by their own address": pages.outerjoin(PageAddress, own).where(
            PageAddress.page_id.is_(None)
        ),
        "pages were taken down, and their raw answers or addresses are still here (pressrun articles remove --resume "
        "ends that)": pages.where(Page.reason == REMOVED, Page.canonical_url != ""),
        "pages wait for a text that is nowhere": pages.where(Page.full_text.is_(True), Page.warc_file.is_(None)),
        "pages have half a place in the archive": pages.where(
            Page.warc_file.is_not(None), or_(Page.warc_offset.is_(None), Page.warc_length.is_(None))
        ),
    }


def _of_articles() -> dict[str, Select[Any]]:
    articles = select(func.count()).select_from(Article)
    original_page = and_(Page.article_id == Article.id, Page.id == Article.page_id)
    return {
        "articles are not led to by the page that holds them": articles.outerjoin(Page, original_page).where(
            Page.id.is_(None)
        ),
        "originals are held by a page that counts as a duplicate": articles.join(Page, original_page).where(
            Article.duplicate_of.is_(None), Page.state == "duplicate"
        ),
        "copies are held by a page that does not count as a duplicate": articles.join(Page, original_page).where(
            Article.duplicate_of.is_not(None), Page.state != "duplicate"
        ),
        "articles cannot be found by their copies (pressrun dedup check remedies that)": articles.where(
            without_fingerprints()
        ),
        "articles are empty": articles.where(Article.text == ""),
    }


def _of_copies() -> dict[str, Select[Any]]:
    articles = select(func.count()).select_from(Article)
    original = Article.__table__.alias()
    evidence = and_(Copy.article_id == Article.id, Copy.original_id == Article.duplicate_of)
    equal_originals = (
        select(Article.text_hash)
        .where(Article.duplicate_of.is_(None), Article.words >= COMPARABLE, Article.id.not_in(_split_by_hand()))
        .group_by(Article.text_hash)
        .having(func.count() > 1)
    )
    return {
        "copies point at a copy": articles.join(original, original.c.id == Article.duplicate_of).where(
            original.c.duplicate_of.is_not(None)
        ),
        "copies have no evidence": articles.outerjoin(Copy, evidence).where(
            Article.duplicate_of.is_not(None), Copy.article_id.is_(None)
        ),
        "pieces of evidence belong to no copy": select(func.count())
        .select_from(Copy)
        .join(Article, Article.id == Copy.article_id)
        .where(Article.duplicate_of.is_(None)),
        "texts stand as more than one original": select(func.count()).select_from(equal_originals.subquery()),
    }


def _split_by_hand() -> Select[int]:
    """Return the articles that a person has split from another: they may stand beside an equal text."""
    split = ManualDecision.together.is_(False)
    return select(ManualDecision.first_id).where(split).union(select(ManualDecision.second_id).where(split))  # type: ignore[return-value]


def _missing_files(c: Connection, archive: Path) -> list[str]:
    names = c.execute(
        select(Page.warc_file, func.count()).where(Page.warc_file.is_not(None)).group_by(Page.warc_file)
    ).all()
    return [
        f"{n} pages have their raw answer in {name}, which is not in {archive}"
        for name, n in names
        if name is not None and archive_file(archive, name) is None
    ]
