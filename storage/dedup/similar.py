"""Similar articles: those with an equal text, and those among the neighbours in the fingerprint index that match."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, update

from storage.dedup.article_cache import ArticleCache
from storage.dedup.fingerprint_index import add_fingerprints, find_neighbours
from storage.dedup.originals import DEDUP_COLUMNS, DedupArticle, dedup_article, published_before
from storage.dedup.rules import COMPARABLE
from storage.dedup.tokens import FINGERPRINT_VERSION
from storage.schema.tables import Article, Revision

Similar = dict[int, list[int]]  # ids of similar articles, by article id


def find_similar(c: Connection, touched: Sequence[DedupArticle], cache: ArticleCache) -> Similar:
    """Return for each touched article those that are the same news; nothing for texts too short to compare."""
    comparable = [article for article in touched if article.words >= COMPARABLE]
    similar, rest = _equal_texts(c, comparable, frozenset(article.id for article in touched))
    # An equal text needs no fingerprints of its own: its original's fingerprints find the same articles.
    mark_indexed(c, [article.id for article in comparable])
    for article_id, neighbours in _neighbours(c, rest, cache).items():
        similar[article_id] = _matching(article_id, neighbours, cache)
    return similar


def mark_indexed(c: Connection, ids: Sequence[int]) -> None:
    """Record that the articles are in the fingerprint index."""
    c.execute(update(Article).where(Article.id.in_(ids)).values(fingerprint_version=FINGERPRINT_VERSION))


def _equal_texts(
    c: Connection, articles: Sequence[DedupArticle], touched: frozenset[int]
) -> tuple[Similar, list[DedupArticle]]:
    """Return the articles whose text another one holds, and the rest."""
    hashes = {article.text_hash for article in articles}
    originals = _originals_of_texts(c, hashes, touched)
    earlier = _originals_of_earlier_texts(c, hashes - originals.keys(), touched)
    similar: Similar = {}
    rest = []
    for article in articles:
        known = originals.get(article.text_hash, earlier.get(article.text_hash))
        if known is not None and known != article.id:
            similar[article.id] = [known]
        else:
            originals[article.text_hash] = article.id
            rest.append(article)
    return similar, rest


def _neighbours(c: Connection, articles: Sequence[DedupArticle], cache: ArticleCache) -> Similar:
    prints = {article.id: cache.lookup_fingerprints(article.id) for article in articles}
    indexed = {article.id for article in articles if article.fingerprint_version is not None}
    # A text that changed keeps the fingerprints of its earlier form: a copy of that may still come.
    add_fingerprints(c, {article_id: prints[article_id] for article_id in prints.keys() - indexed})
    add_fingerprints(c, {article_id: prints[article_id] for article_id in indexed}, again=True)
    neighbours = find_neighbours(c, prints)
    ids = {neighbour for near in neighbours.values() for neighbour in near}
    cache.fetch(ids)
    cache.fetch_earlier(ids)
    return neighbours


def _matching(article_id: int, neighbours: Sequence[int], cache: ArticleCache) -> list[int]:
    """Return the neighbours that are the same news; one for each original."""
    originals: dict[int, int] = {}
    for neighbour in neighbours:
        original = cache.original_of(neighbour)
        if original not in originals.values() and cache.verdict(article_id, neighbour).same:
            originals[neighbour] = original
    cache.fetch(originals.values())
    # An article may match a copy of another day's report and not the report itself: a series must not join that way.
    matching = [
        neighbour
        for neighbour, original in originals.items()
        if original == neighbour or not cache.verdict(article_id, original).other_issue
    ]
    return _without_other_issues(article_id, cache.joinable(article_id, matching), cache)


def _without_other_issues(article_id: int, matching: list[int], cache: ArticleCache) -> list[int]:
    """Drop articles that are another issue of a series: an article similar to two issues must not join them.

    The issue stays that it is most similar to.
    """
    kept: list[int] = []
    matching.sort(key=lambda other: -cache.verdict(article_id, other).similarity.jaccard)
    for other_id in matching:
        original = cache.original_of(other_id)
        others = {cache.original_of(each) for each in kept} - {original}
        if not any(cache.verdict(original, other).other_issue for other in others):
            kept.append(other_id)
    return kept


def _originals_of_texts(c: Connection, hashes: set[bytes], touched: frozenset[int]) -> dict[bytes, int]:
    """Return the id of the original that holds each text."""
    if not hashes:
        return {}
    originals = select(*DEDUP_COLUMNS).where(
        Article.text_hash.in_(hashes),
        Article.duplicate_of.is_(None),
        Article.words >= COMPARABLE,
        Article.id.not_in(touched),
    )
    by_hash: dict[bytes, DedupArticle] = {}
    for article in map(dedup_article, c.execute(originals)):
        if article.text_hash not in by_hash or published_before(article, by_hash[article.text_hash]):
            by_hash[article.text_hash] = article
    return {text_hash: article.id for text_hash, article in by_hash.items()}


def _originals_of_earlier_texts(c: Connection, hashes: set[bytes], touched: frozenset[int]) -> dict[bytes, int]:
    """Return the originals of copies with these texts, and of articles that held these texts before an edit."""
    if not hashes:
        return {}
    copies = (
        select(Article.text_hash, func.min(Article.duplicate_of).label("original"))
        .where(Article.text_hash.in_(hashes), Article.duplicate_of.is_not(None), Article.id.not_in(touched))
        .group_by(Article.text_hash)
    )
    revised = (
        select(Revision.text_hash, func.min(func.coalesce(Article.duplicate_of, Article.id)).label("original"))
        .join(Article, Article.id == Revision.article_id)
        .where(Revision.text_hash.in_(hashes))
        .group_by(Revision.text_hash)
    )
    by_hash = {row.text_hash: row.original for row in c.execute(revised)}
    return by_hash | {row.text_hash: row.original for row in c.execute(copies)}
