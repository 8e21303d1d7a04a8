"""Articles into the store. Each is its page's own, another address of a known one, a copy of a known text, or new.

This module is the face for writing. Only packages of storage use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from storage.article_fields import FILLED, LATEST, PUBLISHED_COLUMNS, REVISED
from storage.articles.edits import text_changed
from storage.articles.known import KnownArticle, articles_at_addresses, articles_of_pages
from storage.articles.prepare import IncomingArticle, PreparedArticle, preferred_url, prepare_article
from storage.database import upsert
from storage.dedup import Assignments, DedupArticle, assign_originals, recurring_passages
from storage.schema.tables import Article, PageAddress, Revision
from storage.search import add_documents, document_of, rewritten
from storage.text import normalised_tokens

__all__ = [
    "SAME_PAGE", "IncomingArticle", "PreparedArticle", "SavedArticle", "prepare_article", "refresh_fields",
    "save_articles", "split_on_repeated_url",
]  # fmt: skip

SAME_PAGE = "same_page"  # why a page is a duplicate: another address of an article that another page holds
_REPLACED = (*REVISED, "words", "text_hash")  # columns that a changed text replaces


@dataclass(frozen=True, slots=True)
class SavedArticle:
    """What became of an article. `duplicate_of` is the original's id if this one is a copy."""

    state: str
    reason: str | None
    article_id: int
    duplicate_of: int | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Look:
    """A later look at a known article: what came, and the row that is stored. The row may be another page's."""

    incoming: IncomingArticle
    stored: KnownArticle

    @property
    def of_own_page(self) -> bool:
        return bool(self.stored.page_id == self.incoming.page.id)

    @property
    def columns(self) -> dict[str, Any]:
        return self.incoming.prepared.columns


def split_on_repeated_url(incoming: Iterable[IncomingArticle]) -> Iterator[list[IncomingArticle]]:
    """Split a batch, in order, wherever an address comes again.

    Whether an article is new depends on what was saved of the earlier one at the same address.
    """
    group: list[IncomingArticle] = []
    seen: set[bytes] = set()
    for article in incoming:
        keys = {article.page.url_key, *article.prepared.claimed_keys}
        if seen & keys:
            yield group
            group, seen = [], set()
        group.append(article)
        seen |= keys
    if group:
        yield group


def save_articles(c: Connection, incoming: Sequence[IncomingArticle], now: datetime) -> dict[int, SavedArticle]:
    """Save one group of articles. Return what became of each, by page id. The caller holds the writers' lock."""
    known = articles_of_pages(c, [article.page.id for article in incoming])
    known |= articles_at_addresses(c, [article for article in incoming if article.page.id not in known])
    new = [article for article in incoming if article.page.id not in known]
    looks = [_Look(article, known[article.page.id]) for article in incoming if article.page.id in known]
    reworded = _reworded(looks)
    revised, refreshed = _tell_edits_from_surroundings(c, reworded)
    ids = _insert_new(c, new, now)
    filled = [(look, values) for look in looks if (values := _missing_values(look))]
    with rewritten(c, {look.stored.id for look in (*revised, *refreshed, *(look for look, _ in filled))}):
        _revise(c, revised)
        _refresh(c, refreshed)
        _fill(c, filled)
    originals = _assign(c, new, ids, reworded, now)
    _save_addresses(c, incoming)
    changed = {look.stored.id for look in revised}
    # A copy whose words changed is no copy any more, unless it was found to be one again.
    freed = {look.stored.id for look in reworded} - originals.keys()
    saved = {article.page.id: _saved_new(article, ids[article.page.id], originals) for article in new}
    for look in looks:
        saved[look.incoming.page.id] = _saved_look(look, look.stored.id in changed, originals, look.stored.id in freed)
    return saved


def _differs(look: _Look) -> bool:
    """Return True if words changed. Typography, white space and punctuation do not count."""
    return look.stored.text_hash != look.columns["text_hash"] or _retitled(look)


def _retitled(look: _Look) -> bool:
    old, new = look.stored.title, look.columns["title"]
    return bool(old != new) and normalised_tokens(old) != normalised_tokens(new)


def _reworded(looks: Sequence[_Look]) -> list[_Look]:
    """Return the looks that found other words; one for each article, its own page's first."""
    by_article: dict[int, _Look] = {}
    for look in sorted(looks, key=lambda look: not look.of_own_page):
        if _brings_other_words(look):
            by_article.setdefault(look.stored.id, look)
    return list(by_article.values())


def _brings_other_words(look: _Look) -> bool:
    if look.of_own_page:
        return _differs(look)
    # Another address of a known article: an AMP or mobile form is often cut, which is not an edit. Only an answer at an
    # address of that article, under the same title, is a later text of it.
    at_its_address = look.stored.reached and look.stored.url_key in look.incoming.prepared.reached_keys
    return bool(at_its_address and look.stored.title == look.columns["title"] and _differs(look))


def _tell_edits_from_surroundings(c: Connection, reworded: Sequence[_Look]) -> tuple[list[_Look], list[_Look]]:
    """Return (revised, refreshed): articles that their outlet edited, and articles whose surroundings alone differ."""
    texts = _texts(c, reworded)
    recurring = recurring_passages(c, {look.stored.outlet_id for look in reworded}) if reworded else {}
    revised: list[_Look] = []
    refreshed: list[_Look] = []
    for look in reworded:
        passages = recurring[look.stored.outlet_id].for_counted
        edited = _retitled(look) or text_changed(texts[look.stored.id], look.columns["text"], passages)
        (revised if edited else refreshed).append(look)
    return revised, refreshed


def _texts(c: Connection, looks: Sequence[_Look]) -> dict[int, str]:
    ids = [look.stored.id for look in looks]
    return {row.id: row.text for row in c.execute(select(Article.id, Article.text).where(Article.id.in_(ids)))}


def _insert_new(c: Connection, new: Sequence[IncomingArticle], now: datetime) -> dict[int, int]:
    """Insert the articles. Return their ids by page id."""
    if not new:
        return {}
    rows = [
        article.prepared.columns
        | {"page_id": article.page.id, "outlet_id": article.page.outlet_id, "first_seen_at": now, "changed_at": now}
        for article in new
    ]
    returned = c.execute(insert(Article).returning(Article.id, Article.page_id), rows)
    ids = {row.page_id: row.id for row in returned}
    indexed = [
        document_of(SimpleNamespace(id=ids[row["page_id"]], **row), article.prepared.terms)
        for row, article in zip(rows, new, strict=True)
    ]
    add_documents(c, indexed)
    return ids


def _new_values(look: _Look) -> dict[str, Any]:
    """Return what a look with other words changes in the article's row."""
    values = {name: look.columns[name] for name in _REPLACED}
    if look.stored.published_at is None:
        values |= {name: look.columns[name] for name in PUBLISHED_COLUMNS}
    return values | _latest_values(look) | _better_url(look)


def _latest_values(look: _Look) -> dict[str, Any]:
    """Return the fields of which the latest look counts, as far as this one asked, and found another value."""
    if not look.of_own_page:
        return {}
    new = {name: look.columns[name] for name in LATEST}
    return {name: value for name, value in new.items() if value is not None and value != look.stored.fields[name]}


def _refresh(c: Connection, refreshed: Sequence[_Look]) -> None:
    """Replace the text without a revision: the words that are gone were never the article's."""
    for look in refreshed:
        c.execute(update(Article).where(Article.id == look.stored.id).values(_new_values(look)))


def _revise(c: Connection, revised: Sequence[_Look]) -> None:
    """Save the earlier texts as revisions, and replace them by the new ones."""
    if not revised:
        return
    _insert_revisions(c, revised)
    for look in revised:
        values = _new_values(look) | {"changed_at": max(look.incoming.fetched_at, look.stored.changed_at)}
        c.execute(update(Article).where(Article.id == look.stored.id).values(values))


def _insert_revisions(c: Connection, revised: Sequence[_Look]) -> None:
    texts = _texts(c, revised)
    numbers = select(Revision.article_id, func.max(Revision.number).label("last")).group_by(Revision.article_id)
    last = {row.article_id: row.last for row in c.execute(numbers.where(Revision.article_id.in_(list(texts))))}
    rows = [
        {
            "article_id": look.stored.id, "number": last.get(look.stored.id, 0) + 1, "title": look.stored.title,
            "text": texts[look.stored.id], "text_hash": look.stored.text_hash, "seen_from": look.stored.changed_at,
            "replaced_at": max(look.incoming.fetched_at, look.stored.changed_at),
        }
        for look in revised
    ]  # fmt: skip
    c.execute(insert(Revision), rows)


def _fill(c: Connection, filled: Sequence[tuple[_Look, dict[str, Any]]]) -> None:
    for look, values in filled:
        c.execute(update(Article).where(Article.id == look.stored.id).values(values))


def _missing_values(look: _Look) -> dict[str, Any]:
    """Return what a look adds to an unchanged article: fields that an earlier look did not find."""
    if not look.of_own_page or _differs(look):
        return {}
    values = {name: look.columns[name] for name in FILLED if not look.stored.fields[name] and look.columns[name]}
    if look.stored.published_at is None and look.columns["published_at"] is not None:
        values |= {name: look.columns[name] for name in PUBLISHED_COLUMNS}
    return values | _latest_values(look) | _better_url(look)


def _better_url(look: _Look) -> dict[str, Any]:
    """Return the plainest form of the article's address: not the one of its mobile site, and not one with a tracker."""
    if not look.of_own_page:
        return {}
    best = preferred_url(look.columns["url"], look.stored.url)
    return {"url": best} if best != look.stored.url else {}


def refresh_fields(c: Connection, page_id: int, columns: dict[str, Any]) -> None:
    """Update the fields of a page's own article besides its words. A value that is known is never removed."""
    known = {name: columns[name] for name in FILLED if columns[name]}
    if columns["published_at"]:
        known |= {name: columns[name] for name in PUBLISHED_COLUMNS}
    stored = c.execute(select(Article.__table__).where(Article.page_id == page_id)).first()
    changed = {name: value for name, value in known.items() if stored and getattr(stored, name) != value}
    if stored and changed:
        with rewritten(c, [stored.id]):
            c.execute(update(Article).where(Article.id == stored.id).values(changed))


def _assign(
    c: Connection, new: Sequence[IncomingArticle], ids: dict[int, int], reworded: Sequence[_Look], now: datetime
) -> Assignments:
    """Find the originals of the articles that are new or hold other words."""
    touched = [_dedup_article(ids[article.page.id], article.page, article.prepared.columns, now) for article in new]
    touched += [_reworded_dedup_article(look) for look in reworded]
    texts = {ids[article.page.id]: article.prepared.tokens for article in new}
    texts |= {look.stored.id: look.incoming.prepared.tokens for look in reworded}
    return assign_originals(c, touched, texts, now)


def _dedup_article(article_id: int, of: Any, columns: dict[str, Any], first_seen_at: datetime) -> DedupArticle:
    return DedupArticle(
        article_id, of.outlet_id, columns["text_hash"], columns["words"], columns["published_at"],
        columns["published_precision"], first_seen_at, columns["credit"],
    )  # fmt: skip


def _reworded_dedup_article(look: _Look) -> DedupArticle:
    stored, columns = look.stored, look.columns
    if stored.published_at is not None:
        # A known date stays: an outlet that moves an article up the page does not make it newer.
        columns = columns | {"published_at": stored.published_at, "published_precision": stored.published_precision}
    article = _dedup_article(stored.id, stored, columns, stored.first_seen_at)
    return replace(article, duplicate_of=stored.duplicate_of, fingerprint_version=stored.fingerprint_version)


def _save_addresses(c: Connection, incoming: Sequence[IncomingArticle]) -> None:
    """Save the other forms of each page's address."""
    rows = [
        {"url_key": key, "page_id": article.page.id, "declared": declared}
        for article in incoming
        for declared, keys in (
            (False, article.prepared.reached_keys | article.prepared.redirect_keys),
            (True, frozenset(filter(None, [article.prepared.declared_key]))),
        )
        for key in keys - {article.page.url_key}
    ]
    if rows:
        c.execute(upsert(c, PageAddress).on_conflict_do_nothing(), rows)


def _saved_new(article: IncomingArticle, article_id: int, originals: Assignments) -> SavedArticle:
    return _saved("stored", article_id, originals, article.prepared.columns["published_at"])


def _saved(state: str, article_id: int, originals: Assignments, published_at: datetime | None) -> SavedArticle:
    if article_id in originals:
        original, relation = originals[article_id]
        return SavedArticle("duplicate", relation, article_id, original, published_at)
    return SavedArticle(state, None, article_id, None, published_at)


def _saved_look(look: _Look, changed: bool, originals: Assignments, freed: bool) -> SavedArticle:
    stored = look.stored
    published_at = stored.published_at or look.columns["published_at"]
    if not look.of_own_page:
        return SavedArticle("duplicate", SAME_PAGE, stored.id, None, published_at)
    if changed:
        return _saved("stored", stored.id, originals, published_at)
    before = (None, None) if freed else (stored.duplicate_of, stored.relation)
    original, relation = originals.get(stored.id, before)
    if original in originals:  # its original became a copy in this group
        original = originals[original][0]
    if original is not None:
        return SavedArticle("duplicate", relation, stored.id, original, published_at)
    return SavedArticle("unchanged", None, stored.id, None, published_at)
