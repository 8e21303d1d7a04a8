"""Copies get their original, in the transaction that stores the article. A copy never points at another copy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.dedup.article_cache import ArticleCache
from storage.dedup.boilerplate import count_passages, uncount_passages
from storage.dedup.clusters import Clusters
from storage.dedup.fingerprint_index import add_fingerprints
from storage.dedup.originals import DedupArticle, OriginalRanking
from storage.dedup.record import (
    CopyEvidence,
    clear_copies,
    evidence_of_equal_texts,
    evidence_of_verdict,
    save_evidence,
)
from storage.dedup.rules import COMPARABLE
from storage.dedup.similar import Similar, find_similar, mark_indexed
from storage.dedup.tokens import TokenizedText
from storage.schema.tables import Article, Copy, ManualDecision

Assignments = dict[int, tuple[int, str]]  # (original, relation) by the copy's id


@dataclass(frozen=True, slots=True)
class Moves:
    """Articles that get an original: its id by the copy's id.

    `freed`: articles that follow no original any more, whatever the store still says. `by_hand`: articles that a person
    has moved.
    """

    originals: Mapping[int, int]
    freed: Collection[int] = ()
    by_hand: Collection[int] = ()


def assign_originals(
    c: Connection, touched: Sequence[DedupArticle], texts: Mapping[int, TokenizedText], now: datetime
) -> Assignments:
    """Find the originals of articles that are new or whose text changed. Return what each copy among them became.

    The original is the outlet that the other one credits, else the earliest by publication. When an original arrives
    after its copies, they point at it from then on. A copy whose text is no longer similar to its original becomes an
    original. Decisions of people stand. The caller holds the writers' lock, so two writers see each other's articles.
    """
    decided = _decided_by_hand(c, [article.id for article in touched if article.duplicate_of is not None])
    undecided = [article for article in touched if article.id not in decided]
    freed = [article.id for article in undecided if article.duplicate_of is not None]
    free = [replace(article, duplicate_of=None) for article in undecided]
    cache = ArticleCache(c, free, texts)
    assigned = _cluster(c, free, find_similar(c, free, cache), cache, now)
    clear_copies(c, [article_id for article_id in freed if article_id not in assigned])
    _count_originals(c, free, assigned, cache)
    _uncount_copies(c, assigned.keys() - set(freed), cache)
    return decided | assigned


def reindex(c: Connection, articles: Sequence[DedupArticle]) -> None:
    """Give articles their fingerprints, and count the passages of their outlets. Nothing is compared."""
    cache = ArticleCache(c, articles)
    cache.fetch([article.id for article in articles])
    copies = {article.id: (article.duplicate_of, "") for article in articles if article.duplicate_of is not None}
    prints = {article.id: cache.lookup_fingerprints(article.id) for article in articles}
    add_fingerprints(c, prints, again=True)
    _count_originals(c, articles, copies, cache)
    mark_indexed(c, [article.id for article in articles])


def separated_pairs(c: Connection, freed: Iterable[int] = ()) -> list[tuple[int, int]]:
    """Return the pairs that people have split, each article replaced by its original; `freed` ones have none."""
    without_original = set(freed)
    a, b = Article.__table__.alias(), Article.__table__.alias()
    rows = c.execute(
        select(a.c.id.label("a"), a.c.duplicate_of.label("of_a"), b.c.id.label("b"), b.c.duplicate_of.label("of_b"))
        .select_from(ManualDecision)
        .join(a, a.c.id == ManualDecision.first_id)
        .join(b, b.c.id == ManualDecision.second_id)
        .where(ManualDecision.together.is_(False))
    )
    return [(_head(row.a, row.of_a, without_original), _head(row.b, row.of_b, without_original)) for row in rows]


def _head(article_id: int, original_id: Any, without_original: set[int]) -> int:
    return article_id if article_id in without_original or original_id is None else int(original_id)


def _cluster(
    c: Connection, free: Sequence[DedupArticle], similar: Similar, cache: ArticleCache, now: datetime
) -> Assignments:
    """Join similar articles, and save what that changed."""
    free_ids = {article.id for article in free}
    matched = {article_id for ids in similar.values() for article_id in ids}
    cache.fetch(matched)
    originals = {each: of for each in matched - free_ids if (of := cache.article(each).duplicate_of) is not None}
    cache.fetch(originals.values())
    ranking = OriginalRanking(c, cache.articles())
    clusters = Clusters(cache.articles(), originals, ranking, separated_pairs(c, free_ids) if similar else ())
    for article in free:
        clusters.join(article.id, similar.get(article.id, ()))
    moved = {copy: clusters.original(copy) for copy in clusters.moved}
    return point_to_originals(c, Moves(moved, freed=free_ids), cache, now)


def point_to_originals(c: Connection, moves: Moves, cache: ArticleCache, now: datetime) -> Assignments:
    """Point articles at their originals, and with them their own copies. Return what each copy became."""
    copies = select(Article.id, Article.duplicate_of).where(Article.duplicate_of.in_(list(moves.originals)))
    following = {row.id: moves.originals[row.duplicate_of] for row in c.execute(copies) if row.id not in moves.freed}
    originals = {**following, **moves.originals}
    by_hand = {*moves.by_hand, *_decided_by_hand(c, [each for each in originals if each not in moves.freed])}
    cache.fetch([*originals, *originals.values()])
    evidence = [_evidence(cache, copy, original, copy in by_hand) for copy, original in originals.items()]
    save_evidence(c, evidence, now)
    return {each.article_id: (each.original_id, each.relation) for each in evidence}


def _evidence(cache: ArticleCache, copy_id: int, original_id: int, by_hand: bool) -> CopyEvidence:
    copy, original = cache.article(copy_id), cache.article(original_id)
    if copy.text_hash == original.text_hash and not by_hand:
        return evidence_of_equal_texts(copy_id, original_id)
    verdict = cache.verdict(copy_id, original_id)
    return evidence_of_verdict(copy_id, original_id, verdict, (copy.words, original.words), by_hand=by_hand)


def _count_originals(c: Connection, articles: Sequence[DedupArticle], copies: Assignments, cache: ArticleCache) -> None:
    """Count the passages of articles that are compared for the first time and are no copies."""
    by_outlet: dict[str, list[TokenizedText]] = {}
    for article in articles:
        if article.fingerprint_version is None and article.id not in copies and article.words >= COMPARABLE:
            by_outlet.setdefault(article.outlet_id, []).append(cache.full_text(article.id))
    if by_outlet:
        count_passages(c, by_outlet)


def _uncount_copies(c: Connection, copies: Iterable[int], cache: ArticleCache) -> None:
    """Subtract the passages of articles that were counted as originals: their own lines would recur otherwise."""
    by_outlet: dict[str, list[TokenizedText]] = {}
    for copy in copies:
        article = cache.article(copy)
        if article.fingerprint_version is not None and article.duplicate_of is None:
            by_outlet.setdefault(article.outlet_id, []).append(cache.full_text(copy))
    uncount_passages(c, by_outlet)


def _decided_by_hand(c: Connection, copies: list[int]) -> Assignments:
    """Return the assignments of these copies that people made."""
    if not copies:
        return {}
    columns = (Copy.article_id, Copy.original_id, Copy.relation)
    rows = c.execute(select(*columns).where(Copy.article_id.in_(copies), Copy.by_hand))
    return {row.article_id: (row.original_id, row.relation) for row in rows}
