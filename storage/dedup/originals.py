"""Which of several articles with the same news is the original."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, not_, or_, select

from storage.dedup.rules import COMPARABLE, PairContext
from storage.dedup.tokens import FINGERPRINT_VERSION, TOKEN
from storage.dedup.words import plain
from storage.schema.tables import Article, Outlet

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DedupArticle:
    """The fields of an article that deduplication needs. `fingerprint_version`: None if it has no fingerprints yet."""

    id: int
    outlet_id: str
    text_hash: bytes
    words: int
    published_at: datetime | None
    precision: str | None
    first_seen_at: datetime
    credit: str | None
    duplicate_of: int | None = None
    fingerprint_version: int | None = None


@lru_cache(1024)  # asked for every pair that is compared, and the same for all articles of an outlet
def _source_words(outlet_id: str, credit: str | None) -> frozenset[str]:
    """Return the words of an outlet's id and of a credit, as words of texts are compared."""
    return frozenset(plain(word) for word in TOKEN.findall(f"{outlet_id} {credit or ''}".replace("_", " ")))


DEDUP_COLUMNS = (
    Article.id, Article.outlet_id, Article.text_hash, Article.words, Article.published_at, Article.published_precision,
    Article.first_seen_at, Article.credit, Article.duplicate_of, Article.fingerprint_version,
)  # fmt: skip


def without_fingerprints() -> ColumnElement[bool]:
    """Return the predicate of articles that need fingerprints of this version and have none."""
    current = Article.fingerprint_version == FINGERPRINT_VERSION
    return and_(Article.words >= COMPARABLE, or_(Article.fingerprint_version.is_(None), not_(current)))


def dedup_article(row: Any) -> DedupArticle:
    """Return the article of a row of DEDUP_COLUMNS."""
    return DedupArticle(*row)


def load_dedup_articles(c: Connection, ids: Iterable[int]) -> dict[int, DedupArticle]:
    """Read articles. Return them by id."""
    rows = c.execute(select(*DEDUP_COLUMNS).where(Article.id.in_(list(ids))))
    return {row.id: dedup_article(row) for row in rows}


def pair_context(a: DedupArticle, b: DedupArticle) -> PairContext:
    """Return what is known of two articles besides their words."""
    same_outlet = a.outlet_id == b.outlet_id
    sources = _source_words(a.outlet_id, a.credit) | _source_words(b.outlet_id, b.credit)
    if a.published_at is None or b.published_at is None:
        return PairContext(same_outlet, timedelta.max, sources)  # undated articles may be of any two days
    return PairContext(same_outlet, abs(a.published_at - b.published_at), sources)


def published_before(a: DedupArticle, b: DedupArticle) -> bool:
    """Return True if `a` was published first, as far as that is known; else the one that was seen first counts."""
    at_a, at_b = a.published_at or a.first_seen_at, b.published_at or b.first_seen_at
    if "day" in (a.precision, b.precision) and abs(at_a - at_b) < A_DAY and a.precision != b.precision:
        # "2025-03-04" against "2025-03-04 10:30" does not say which was first.
        at_a, at_b = a.first_seen_at, b.first_seen_at
    return (at_a, a.id) < (at_b, b.id)


class OriginalRanking:
    """Ranks articles by which one is the original: the outlet that the other one credits, else the earliest."""

    def __init__(self, c: Connection, articles: Iterable[DedupArticle]) -> None:
        articles = list(articles)
        self._names = _outlet_names(c, articles) if any(article.credit for article in articles) else {}

    def precedes(self, a: DedupArticle, b: DedupArticle) -> bool:
        """Return True if `a` is the original of the two."""
        if (credited := self._credits(b, a)) != self._credits(a, b):
            return credited
        return published_before(a, b)

    def first(self, articles: Iterable[DedupArticle]) -> DedupArticle:
        """Return the original among several articles."""
        best, *others = sorted(articles, key=lambda article: article.id)
        for other in others:
            if self.precedes(other, best):
                best = other
        return best

    def _credits(self, copy: DedupArticle, original: DedupArticle) -> bool:
        if not copy.credit or copy.outlet_id == original.outlet_id:
            return False
        return _letters(copy.credit) in self._names.get(original.outlet_id, ())


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _outlet_names(c: Connection, articles: Iterable[DedupArticle]) -> dict[str, frozenset[str]]:
    """Return the names by which a credit may call each outlet: its id and its name."""
    ids = {article.outlet_id for article in articles}
    rows = c.execute(select(Outlet.id, Outlet.name).where(Outlet.id.in_(ids)))
    names = {row.id: frozenset({_letters(row.id), _letters(row.name)}) for row in rows}
    return {outlet_id: names.get(outlet_id, frozenset({_letters(outlet_id)})) for outlet_id in ids}
