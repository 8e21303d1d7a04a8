"""Articles that the store holds already, found by their page or by an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.article_fields import FILLED, LATEST
from storage.articles.prepare import IncomingArticle
from storage.schema.tables import Article, Page, PageAddress
from storage.text import normalised_tokens

_COLUMNS = (
    Article.id, Article.page_id, Article.outlet_id, Article.url, Article.title, Article.text_hash,
    Article.published_at, Article.published_precision, Article.first_seen_at, Article.changed_at,
    Article.duplicate_of, Article.relation, Article.fingerprint_version,
)  # fmt: skip
_FIELDS = tuple(getattr(Article, name) for name in (*FILLED, *LATEST))


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """A stored article without its text.

    `fields`: the fields that a later look may fill or replace. `reached`: the article answered at the address
    `url_key`; False if a page only declares that address.
    """

    id: int
    page_id: int
    outlet_id: str
    url: str
    title: str
    text_hash: bytes
    published_at: datetime | None
    published_precision: str | None
    first_seen_at: datetime
    changed_at: datetime
    duplicate_of: int | None
    relation: str | None
    fingerprint_version: int | None
    fields: dict[str, Any]
    reached: bool = True
    url_key: bytes | None = None


def _known(row: Any, reached: bool = True, url_key: bytes | None = None) -> KnownArticle:
    values: dict[str, Any] = {column.key: getattr(row, column.key) for column in _COLUMNS}
    of_looks = {name: getattr(row, name) for name in (*FILLED, *LATEST)}
    return KnownArticle(**values, fields=of_looks, reached=reached, url_key=url_key)


def articles_of_pages(c: Connection, page_ids: list[int]) -> dict[int, KnownArticle]:
    """Return the pages' own articles, by page id."""
    rows = c.execute(select(*_COLUMNS, *_FIELDS).where(Article.page_id.in_(page_ids)))
    return {row.page_id: _known(row) for row in rows}


def articles_at_addresses(c: Connection, incoming: Sequence[IncomingArticle]) -> dict[int, KnownArticle]:
    """Return the articles of other pages that hold an address of an incoming one, by the incoming one's page id.

    An address that answered decides. An address that is only declared counts if the text or the title agrees.
    """
    by_key: dict[bytes, list[IncomingArticle]] = {}
    for article in incoming:
        for key in article.prepared.claimed_keys:
            by_key.setdefault(key, []).append(article)
    reached: dict[int, KnownArticle] = {}
    declared: dict[int, KnownArticle] = {}
    for row in _rows_at(c, list(by_key)):
        known = _known(row, not row.declared, row.url_key)
        for article in by_key[row.url_key]:
            if row.known_page == article.page.id:
                continue
            if known.reached and known.url_key in article.prepared.reached_keys:
                reached.setdefault(article.page.id, known)
            elif _agrees(known, article.prepared.columns):
                declared.setdefault(article.page.id, known)
    return declared | reached


def _rows_at(c: Connection, keys: list[bytes]) -> Sequence[Any]:
    """Return articles with an address that leads to them; addresses that answered come first."""
    address = (PageAddress.declared, PageAddress.url_key, PageAddress.page_id.label("known_page"))
    return c.execute(
        select(*_COLUMNS, *_FIELDS, *address)
        .join(Page, Page.id == PageAddress.page_id)
        .join(Article, Article.id == Page.article_id)
        .where(PageAddress.url_key.in_(keys))
        .order_by(PageAddress.declared, PageAddress.page_id)
    ).all()


def _agrees(known: KnownArticle, columns: dict[str, Any]) -> bool:
    same_text = known.text_hash == columns["text_hash"]
    return same_text or normalised_tokens(known.title) == normalised_tokens(columns["title"])
