"""Articles leave the archive: what deduplication knows of them goes, and their copies get another original."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, or_, select, update

from storage.dedup.article_cache import ArticleCache
from storage.dedup.assign import Moves, point_to_originals, reindex
from storage.dedup.originals import DedupArticle, OriginalRanking, load_dedup_articles
from storage.dedup.record import clear_copies, mark_pages_stored
from storage.schema.tables import Article, Copy, ManualDecision, fingerprints


def forget_fingerprints(c: Connection, articles: Select[Any]) -> None:
    """Delete the fingerprints of articles, given as a query of their ids. It reads the whole index.

    Should the articles stay after all, `dedup check` finds them without, and gives them new ones.
    """
    c.execute(delete(fingerprints).where(fingerprints.c.article_id.in_(articles)))
    c.execute(update(Article).where(Article.id.in_(articles)).values(fingerprint_version=None))


def withdraw(c: Connection, ids: Sequence[int], now: datetime) -> list[int]:
    """Take articles out of deduplication, before they are deleted. Their fingerprints are gone already.

    Copies of them that stay follow a new original: the first among them, by the rules for originals. Returns the ids of
    the new originals. The caller holds the writers' lock.
    """
    orphans = _orphans(c, ids)
    by_hand = _by_hand(c, [article.id for articles in orphans.values() for article in articles])
    clear_copies(c, [*ids, *(article.id for articles in orphans.values() for article in articles)])
    c.execute(delete(ManualDecision).where(or_(ManualDecision.first_id.in_(ids), ManualDecision.second_id.in_(ids))))
    return [_promote(c, articles, by_hand, now) for articles in orphans.values()]


def _orphans(c: Connection, ids: Sequence[int]) -> dict[int, list[DedupArticle]]:
    """Return the copies that stay, by their original that goes."""
    rows = c.execute(select(Article.id).where(Article.duplicate_of.in_(ids), Article.id.not_in(ids)))
    orphans: dict[int, list[DedupArticle]] = {}
    for article in load_dedup_articles(c, rows.scalars()).values():
        orphans.setdefault(article.duplicate_of or 0, []).append(article)
    return orphans


def _by_hand(c: Connection, ids: Iterable[int]) -> set[int]:
    return set(c.execute(select(Copy.article_id).where(Copy.article_id.in_(list(ids)), Copy.by_hand)).scalars())


def _promote(c: Connection, orphans: Sequence[DedupArticle], by_hand: set[int], now: datetime) -> int:
    """Make the first of these the original of the others."""
    free = list(load_dedup_articles(c, [article.id for article in orphans]).values())
    first = OriginalRanking(c, free).first(free)
    mark_pages_stored(c, [first.id])
    others = {article.id: first.id for article in free if article.id != first.id}
    if others:
        moves = Moves(others, freed=list(others), by_hand=by_hand & others.keys())
        point_to_originals(c, moves, ArticleCache(c, free), now)
    reindex(c, [first])  # a copy of an equal text was never given fingerprints of its own
    return first.id
