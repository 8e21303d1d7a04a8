"""An article into the store: is it this page's own, another address of a known one, a copy of a known text, or new?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from . import records
from .canonical import canonical_url, same_site, url_key
from .copies import original_of, point_at
from .tables import Article, Page, PageAddress, Revision
from .text import clean_text, normalised_tokens, text_hash

COMPARABLE = 40  # words; shorter texts are equal too often to be copies


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an article. `duplicate_of` is the original's id if this one is a copy, or is known already."""

    state: str
    reason: str | None
    article_id: int
    duplicate_of: int | None
    published_at: datetime | None


def keep_article(c: Connection, page: Any, article: records.Article, addresses: Iterable[str], now: datetime) -> Kept:
    """Store an article of a page, or find that it is stored. The caller's transaction holds the writers' lock."""
    fields = _fields(article)
    keys = _keys(article, addresses)
    if known := _known_by_address(c, page, keys, fields):
        return _same_page(c, known, fields, now)
    _claim(c, page.id, keys)
    own = c.execute(select(Article.__table__).where(Article.page_id == page.id)).first()
    if own is None:
        return _new(c, page, fields, now)
    return _again(c, own, fields, now)


def _fields(article: records.Article) -> dict[str, Any]:
    text, published = clean_text(article.text), article.published
    tokens = normalised_tokens(text)
    offset = published.at.utcoffset() if published else None
    return {
        "url": article.url, "canonical_url": article.canonical_url, "title": clean_text(article.title)[:1000], "text": text,
        "authors": [clean_text(author)[:200] for author in article.authors],
        "published_at": published.at if published else None,
        "published_offset": int(offset.total_seconds() // 60) if offset is not None else None,
        "published_precision": str(published.precision) if published else None,
        "published_source": str(published.source) if published else None,
        "published_raw": clean_text(published.raw)[:200] if published else None,
        "language": article.language, "section": _short(article.section), "image": article.image, "credit": _short(article.credit),
        "words": len(tokens), "text_hash": text_hash(tokens) if len(tokens) >= COMPARABLE else None,
    }  # fmt: skip


def _short(value: str | None) -> str | None:
    return clean_text(value)[:300] if value else None


def _keys(article: records.Article, addresses: Iterable[str]) -> dict[bytes, bool]:
    """The keys of the article's addresses; the value says if the page was really reached there, or only says so."""
    found: dict[bytes, bool] = {}
    for address in (*addresses, article.url):
        found[url_key(canonical_url(address))] = True
    if article.canonical_url and same_site(article.canonical_url, article.url):
        found.setdefault(url_key(canonical_url(article.canonical_url)), False)
    return found


def _known_by_address(c: Connection, page: Any, keys: dict[bytes, bool], fields: dict[str, Any]) -> Any | None:
    """The article of another page that one of these addresses belongs to."""
    if set(keys) <= {page.url_key}:
        return None
    rows = c.execute(
        select(PageAddress.url_key, Article.__table__)
        .join(Page, Page.id == PageAddress.page_id)
        .join(Article, Article.id == Page.article_id)
        .where(PageAddress.url_key.in_(list(keys)), PageAddress.page_id != page.id, Article.page_id != page.id)
    ).all()
    for row in rows:
        # A declared canonical address is believed only if the text agrees: some sites declare one for all their pages.
        if (
            keys[row.url_key]
            or (row.text_hash is not None and row.text_hash == fields["text_hash"])
            or row.title == fields["title"]
        ):
            return row
    return None


def _same_page(c: Connection, known: Any, fields: dict[str, Any], now: datetime) -> Kept:
    if _differs(known, fields) and known.title == fields["title"]:
        _revise(c, known, fields, now)
    return Kept("duplicate", "same_page", known.id, known.duplicate_of or known.id, known.published_at)


def _claim(c: Connection, page_id: int, keys: dict[bytes, bool]) -> None:
    make = pg_insert if c.dialect.name == "postgresql" else sqlite_insert
    rows = [{"url_key": key, "page_id": page_id} for key, reached in keys.items() if reached]
    c.execute(make(PageAddress).on_conflict_do_nothing(), rows)


def _new(c: Connection, page: Any, fields: dict[str, Any], now: datetime) -> Kept:
    row = fields | {"page_id": page.id, "outlet_id": page.outlet_id, "first_seen_at": now, "changed_at": now}
    article_id = c.execute(insert(Article).values(row).returning(Article.id)).scalar_one()
    return _placed(c, article_id, page.outlet_id, fields, now, "stored")


def _again(c: Connection, own: Any, fields: dict[str, Any], now: datetime) -> Kept:
    if not _differs(own, fields):
        state = "duplicate" if own.duplicate_of else "unchanged"
        return Kept(state, own.relation, own.id, own.duplicate_of, own.published_at)
    _revise(c, own, fields, now)
    return _placed(c, own.id, own.outlet_id, fields, now, "stored")


def _placed(c: Connection, article_id: int, outlet_id: str, fields: dict[str, Any], now: datetime, state: str) -> Kept:
    original = original_of(c, article_id, outlet_id, fields, now) if fields["text_hash"] else None
    if original is None:
        return Kept(state, None, article_id, None, fields["published_at"])
    point_at(c, article_id, original, "same_text", 1.0, "exact_text", now)
    return Kept("duplicate", "same_text", article_id, original, fields["published_at"])


def _differs(old: Any, new: dict[str, Any]) -> bool:
    """True if words changed; typography, white space and punctuation are no change."""
    return normalised_tokens(old.title) != normalised_tokens(new["title"]) or normalised_tokens(
        old.text
    ) != normalised_tokens(new["text"])


def _revise(c: Connection, old: Any, new: dict[str, Any], now: datetime) -> None:
    number = len(c.execute(select(Revision.number).where(Revision.article_id == old.id)).all()) + 1
    c.execute(
        insert(Revision).values(
            article_id=old.id, number=number, title=old.title, text=old.text, seen_from=old.changed_at, replaced_at=now
        )
    )
    changed = {
        name: new[name] for name in ("title", "text", "words", "text_hash", "authors", "section", "image", "credit")
    }
    if old.published_at is None:
        changed |= {name: value for name, value in new.items() if name.startswith("published_")}
    c.execute(update(Article).where(Article.id == old.id).values(**changed, changed_at=now))
