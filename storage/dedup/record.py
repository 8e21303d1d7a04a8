"""The evidence for a copy: its relation to the original, how similar they are, and the rule that decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.database import upsert
from storage.dedup.rules import RULE_VERSION, Verdict, copy_relation
from storage.schema.tables import Article, Copy, Page

SAME_TEXT, EXACT_RULE = "same_text", "exact_text"
BY_ANOTHER = "by_another_copy"  # similar to a copy of the original, and less similar to the original itself
BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class CopyEvidence:
    """Why an article is a copy. `similarity` and `containment` are explained in docs/deduplication.md."""

    article_id: int
    original_id: int
    relation: str
    similarity: float
    containment: float
    rule: str
    by_hand: bool = False


def evidence_of_equal_texts(copy: int, original: int) -> CopyEvidence:
    """Return the evidence for articles whose normalised words are the same."""
    return CopyEvidence(copy, original, SAME_TEXT, 1.0, 1.0, EXACT_RULE)


def evidence_of_verdict(
    copy: int, original: int, verdict: Verdict, words: tuple[int, int], *, by_hand: bool = False
) -> CopyEvidence:
    """Return the evidence of a comparison of the copy with the original, in this order. `words`: of each."""
    rule = BY_HAND if by_hand else verdict.rule if verdict.same else BY_ANOTHER
    similarity = verdict.similarity
    shares = round(similarity.jaccard, 4), round(similarity.contained, 4)
    return CopyEvidence(copy, original, copy_relation(similarity, *words), *shares, rule, by_hand)


def save_evidence(c: Connection, evidence: Sequence[CopyEvidence], now: datetime) -> None:
    """Save the evidence, and mark the articles and the pages that hold them as copies."""
    if evidence:
        _mark_articles(c, evidence)
        _save_rows(c, evidence, now)
        _mark_pages(c, evidence)


def _mark_articles(c: Connection, evidence: Sequence[CopyEvidence]) -> None:
    marked = update(Article).where(Article.id == bindparam("copy_id")).execution_options(synchronize_session=False)
    values: dict[str, Any] = {
        "duplicate_of": bindparam("new_original"),
        "relation": bindparam("new_relation"),
        "similarity": bindparam("new_similarity"),
    }
    rows = [
        {
            "copy_id": each.article_id, "new_original": each.original_id, "new_relation": each.relation,
            "new_similarity": each.similarity,
        }
        for each in evidence
    ]  # fmt: skip
    c.execute(marked.values(values), rows)


def _save_rows(c: Connection, evidence: Sequence[CopyEvidence], now: datetime) -> None:
    rows: list[dict[str, Any]] = [asdict(each) | {"rule_version": RULE_VERSION, "found_at": now} for each in evidence]
    insert = upsert(c, Copy)
    replaced = {name: insert.excluded[name] for name in rows[0] if name != "article_id"}
    c.execute(insert.on_conflict_do_update(index_elements=["article_id"], set_=replaced), rows)


def _mark_pages(c: Connection, evidence: Sequence[CopyEvidence]) -> None:
    for relation in sorted({each.relation for each in evidence}):
        copies = [each.article_id for each in evidence if each.relation == relation]
        holders = select(Article.page_id).where(Article.id.in_(copies))
        c.execute(
            update(Page)
            .where(Page.id.in_(holders), Page.state.in_(("stored", "unchanged", "duplicate")))
            .values(state="duplicate", reason=relation)
        )


def clear_copies(c: Connection, articles: Iterable[int]) -> None:
    """Make copies originals again. Their pages are updated when their leases end, or by `mark_pages_stored`."""
    ids = list(articles)
    if ids:
        c.execute(delete(Copy).where(Copy.article_id.in_(ids)))
        c.execute(update(Article).where(Article.id.in_(ids)).values(duplicate_of=None, relation=None, similarity=None))


def mark_pages_stored(c: Connection, articles: Iterable[int]) -> None:
    """Set the pages of articles that were copies to the state `stored`."""
    holders = select(Article.page_id).where(Article.id.in_(list(articles)))
    c.execute(update(Page).where(Page.id.in_(holders), Page.state == "duplicate").values(state="stored", reason=None))
