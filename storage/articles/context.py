"""Where an article comes from, and which others are like it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.articles.query import StoredArticle, articles_by_id
from storage.database import Database
from storage.dedup import articles_like
from storage.schema.tables import Article, Page


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the page of an article was found and fetched. Addresses are as announced; the archive's place is WARC's."""

    url: str
    final_url: str | None
    seed_kind: str | None
    seed_url: str | None
    discovered_at: datetime
    discovered_run_id: int
    fetched_at: datetime | None
    http_status: int | None
    fetch_url: str | None
    warc_file: str | None
    warc_offset: int | None


def provenance_of(db: Database, article_id: int) -> Provenance | None:
    """Return how an article's page was found and fetched; None if there is no such article or page."""
    columns = (
        Page.url, Page.final_url, Page.seed_kind, Page.seed_url, Page.discovered_at, Page.discovered_run_id,
        Page.fetched_at, Page.http_status, Page.fetch_url, Page.warc_file, Page.warc_offset,
    )  # fmt: skip
    with db.read() as c:
        row = c.execute(select(*columns).join(Article, Article.page_id == Page.id).where(Article.id == article_id))
        found = row.first()
    return Provenance(*found) if found else None


def more_like(db: Database, article: StoredArticle, limit: int = 6) -> list[StoredArticle]:
    """Return originals whose texts share passages with an article's, most shared first; not the ones it is a copy of.

    Passages are those of deduplication, so these are other parts of a running story, and texts of one template.
    """
    own = {article.id, article.duplicate_of or article.id}
    with db.read() as c:
        near = [each for each in articles_like(c, article.id, article.text) if each not in own]
        found = articles_by_id(c, near)
    others = [found[each] for each in near if each in found and found[each].duplicate_of not in own]
    return others[:limit]
