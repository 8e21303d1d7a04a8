"""What is kept of a copy: what it is to its original, how alike they are, and by which rule of which version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.database import upsert
from storage.dedup.rules import RULE_VERSION, Verdict, relation
from storage.schema.tables import Article, Copy, Page

SAME_TEXT, EXACT_RULE = "same_text", "exact_text"
BY_ANOTHER = "by_another_copy"  # it is like a copy of the original, more than like the original itself
BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an article is a copy. `similarity`: shared three-word shingles of all; `containment`: see docs."""

    article_id: int
    original_id: int
    relation: str
    similarity: float
    containment: float
    rule: str
    by_hand: bool = False


def of_equal_texts(copy: int, original: int) -> Evidence:
    """The normalised words are the same."""
    return Evidence(copy, original, SAME_TEXT, 1.0, 1.0, EXACT_RULE)


def of_verdict(copy: int, original: int, found: Verdict, words: tuple[int, int], *, by_hand: bool = False) -> Evidence:
    """From the comparison of the copy with the original, in this order; `words`: of each."""
    rule = BY_HAND if by_hand else found.rule if found.same else BY_ANOTHER
    like = found.like
    shares = round(like.jaccard, 4), round(like.contained, 4)
    return Evidence(copy, original, relation(like, *words), *shares, rule, by_hand)


def write(c: Connection, evidence: Iterable[Evidence], now: datetime) -> None:
    """Keep it, and mark the articles and the pages that hold them."""
    evidence = list(evidence)
    if not evidence:
        return
    c.execute(
        update(Article)
        .where(Article.id == bindparam("one"))
        .values(duplicate_of=bindparam("original"), relation=bindparam("how"), similarity=bindparam("alike"))
        .execution_options(synchronize_session=False),
        [
            {"one": one.article_id, "original": one.original_id, "how": one.relation, "alike": one.similarity}
            for one in evidence
        ],
    )
    rows: list[dict[str, Any]] = [
        {
            "article_id": one.article_id, "original_id": one.original_id, "relation": one.relation,
            "similarity": one.similarity, "containment": one.containment, "rule": one.rule,
            "rule_version": RULE_VERSION, "found_at": now, "by_hand": one.by_hand,
        }
        for one in evidence
    ]  # fmt: skip
    made = upsert(c, Copy)
    fresh = {name: made.excluded[name] for name in rows[0] if name != "article_id"}
    c.execute(made.on_conflict_do_update(index_elements=["article_id"], set_=fresh), rows)
    for how in sorted({one.relation for one in evidence}):
        holders = select(Article.page_id).where(
            Article.id.in_([one.article_id for one in evidence if one.relation == how])
        )
        c.execute(
            update(Page)
            .where(Page.id.in_(holders), Page.state.in_(("stored", "unchanged", "duplicate")))
            .values(state="duplicate", reason=how)
        )


def erase(c: Connection, articles: Iterable[int]) -> None:
    """These articles are copies no longer. Their pages are marked by whoever ends them, or by `stand_alone`."""
    ids = list(articles)
    if ids:
        c.execute(delete(Copy).where(Copy.article_id.in_(ids)))
        c.execute(update(Article).where(Article.id.in_(ids)).values(duplicate_of=None, relation=None, similarity=None))


def stand_alone(c: Connection, articles: Iterable[int]) -> None:
    """The pages of articles that were copies count as stored."""
    holders = select(Article.page_id).where(Article.id.in_(list(articles)))
    c.execute(update(Page).where(Page.id.in_(holders), Page.state == "duplicate").values(state="stored", reason=None))
