"""Decisions of people: two articles are the same news, or not. No rule changes them, now or later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from storage.database import Database, upsert
from storage.dedup.article_cache import ArticleCache
from storage.dedup.assign import Moves, point_to_originals, reindex, separated_pairs
from storage.dedup.originals import DedupArticle, OriginalRanking, load_dedup_articles
from storage.dedup.record import clear_copies, mark_pages_stored
from storage.errors import DecisionError
from storage.schema.tables import ManualDecision


@dataclass(frozen=True, slots=True)
class JoinResult:
    """What a join changed: `copy` now points at `original`, and so do its `followed` copies."""

    copy: int
    original: int
    followed: int


def split(db: Database, article_id: int) -> int:
    """Make a copy an original from now on. Return the id of the original that it pointed at."""
    return db.write(lambda c: _split(c, article_id, datetime.now(UTC)), alone=True)


def join(db: Database, a: int, b: int) -> JoinResult:
    """Make two articles, with their copies, the same news. The earlier, or credited, one becomes the original."""
    return db.write(lambda c: _join(c, a, b, datetime.now(UTC)), alone=True)


def _split(c: Connection, article_id: int, now: datetime) -> int:
    article = _load(c, [article_id])[article_id]
    if article.duplicate_of is None:
        raise DecisionError(
            f"article {article_id} is no copy, so there is nothing to split; `pressrun articles show {article_id}` "
            "lists its copies, name the one that is none"
        )
    original = article.duplicate_of
    _save_decision(c, article_id, original, together=False, now=now)
    clear_copies(c, [article_id])
    mark_pages_stored(c, [article_id])
    reindex(c, [article])  # a copy of an equal text was never given fingerprints of its own
    return original


def _join(c: Connection, a: int, b: int, now: datetime) -> JoinResult:
    originals = _originals_to_join(c, a, b)
    _save_decision(c, a, b, together=True, now=now)
    _check_not_split(c, a, b, originals)
    both = list(_load(c, originals).values())
    first = OriginalRanking(c, both).first(both)
    copy = next(article for article in both if article.id != first.id)
    moves = Moves({copy.id: first.id}, by_hand={copy.id})
    assigned = point_to_originals(c, moves, ArticleCache(c, both), now)
    return JoinResult(copy.id, first.id, len(assigned) - 1)


def _originals_to_join(c: Connection, a: int, b: int) -> set[int]:
    """Return the originals of the two articles; DecisionError if there is nothing to join."""
    if a == b:
        raise DecisionError(f"article {a} cannot be a copy of itself; name two articles")
    originals = {article.duplicate_of or article.id for article in _load(c, [a, b]).values()}
    if len(originals) == 1:
        raise DecisionError(f"articles {a} and {b} are one piece of news already")
    return originals


def _check_not_split(c: Connection, a: int, b: int, originals: set[int]) -> None:
    if any(set(pair) == originals for pair in separated_pairs(c)):
        raise DecisionError(
            f"articles {a} and {b} belong to articles that a person has split; join those two instead, "
            "or split the copy that is in the way"
        )


def _load(c: Connection, ids: Iterable[int]) -> dict[int, DedupArticle]:
    wanted = list(ids)
    articles = load_dedup_articles(c, wanted)
    for article_id in wanted:
        if article_id not in articles:
            raise DecisionError(f"there is no article {article_id}; `pressrun articles list` names some")
    return articles


def _save_decision(c: Connection, a: int, b: int, *, together: bool, now: datetime) -> None:
    first, second = sorted((a, b))
    row = {"first_id": first, "second_id": second, "together": together, "decided_at": now}
    insert = upsert(c, ManualDecision)
    replaced = {"together": insert.excluded.together, "decided_at": insert.excluded.decided_at}
    c.execute(insert.on_conflict_do_update(index_elements=["first_id", "second_id"], set_=replaced), [row])
