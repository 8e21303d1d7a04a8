"""Copies point at their original, never at another copy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from .tables import Article, Copy, Outlet, Page

RULE_VERSION = 1


def original_of(c: Connection, article_id: int, outlet_id: str, fields: dict[str, Any], now: datetime) -> int | None:
    """The original whose text this article holds, or None: it is new, or the known ones are copies of it.

    The original is the outlet that the copy credits, else the earliest by publication. When it arrives after its copies,
    they are pointed at it here.
    """
    same = c.execute(
        select(Article.__table__)
        .where(Article.text_hash == fields["text_hash"], Article.id != article_id)
        .order_by(Article.id)
    ).all()
    roots = [row for row in same if row.duplicate_of is None]
    if not roots:
        return same[0].duplicate_of if same else None
    mine = _claim_to_be_first(c, article_id, outlet_id, fields, roots, now)
    first = min([mine, *(_claim(c, row, fields) for row in roots)], key=lambda claim: claim[0])[1]
    if first != article_id:
        return first
    for row in roots:
        point_at(c, row.id, article_id, "same_text", 1.0, "exact_text", now)
    return None


def _claim(c: Connection, row: Any, newcomer: dict[str, Any]) -> tuple[tuple[bool, datetime, int], int]:
    credited = _credits(c, newcomer["credit"], row.outlet_id)
    return (not credited, row.published_at or row.first_seen_at, row.id), row.id


def _claim_to_be_first(
    c: Connection, article_id: int, outlet_id: str, fields: dict[str, Any], roots: list[Any], now: datetime
) -> tuple[tuple[bool, datetime, int], int]:
    credited = any(_credits(c, row.credit, outlet_id) for row in roots)
    return (not credited, fields["published_at"] or now, article_id), article_id


def _credits(c: Connection, credit: str | None, outlet_id: str) -> bool:
    """True if a text's credit names the outlet."""
    if not credit:
        return False
    name = c.execute(select(Outlet.name).where(Outlet.id == outlet_id)).scalar() or outlet_id
    return credit.casefold().strip("/ ") in (
        name.casefold(),
        outlet_id.replace("_", ".").casefold(),
        outlet_id.casefold(),
    )


def point_at(
    c: Connection, article_id: int, original: int, relation: str, similarity: float, rule: str, now: datetime
) -> None:
    """Make an article a copy of an original; its own copies follow, so that no chain forms."""
    followers = list(c.execute(select(Article.id).where(Article.duplicate_of == article_id)).scalars())
    ids = [article_id, *followers]
    c.execute(
        update(Article)
        .where(Article.id.in_(ids))
        .values(duplicate_of=original, relation=relation, similarity=similarity)
    )
    c.execute(update(Article).where(Article.id == original).values(duplicate_of=None, relation=None, similarity=None))
    c.execute(
        update(Page)
        .where(Page.article_id == article_id, Page.state.in_(("stored", "unchanged")))
        .values(state="duplicate", reason=relation)
    )
    make = pg_insert if c.dialect.name == "postgresql" else sqlite_insert
    for one in ids:
        evidence = {
            "original_id": original, "relation": relation, "similarity": similarity, "containment": similarity, "rule": rule,
            "rule_version": RULE_VERSION, "found_at": now, "by_hand": False,
        }  # fmt: skip
        c.execute(
            make(Copy)
            .values(article_id=one, **evidence)
            .on_conflict_do_update(index_elements=["article_id"], set_=evidence)
        )
