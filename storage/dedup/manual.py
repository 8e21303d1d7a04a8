"""Decisions by hand: two articles are one piece of news, or two. No rule overrules them, now or later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from storage.database import Database, upsert
from storage.dedup import record as evidence
from storage.dedup.article_cache import Bookshelf
from storage.dedup.assign import index_anew, point, separated
from storage.dedup.originals import Credits, Member, members
from storage.errors import DecisionError
from storage.schema.tables import HandDecision


@dataclass(frozen=True, slots=True)
class Joined:
    """What a join did: `copy` and all that followed it now point at `original`."""

    copy: int
    original: int
    followed: int


def split(db: Database, article_id: int) -> int:
    """Let a copy stand for itself from now on; returns the id of the original that it pointed at."""
    return db.write(lambda c: _split(c, article_id, datetime.now(UTC)), alone=True)


def join(db: Database, one_id: int, other_id: int) -> Joined:
    """Make two articles, with what follows them, one piece of news; the earlier, or credited, one is the original."""
    return db.write(lambda c: _join(c, one_id, other_id, datetime.now(UTC)), alone=True)


def _split(c: Connection, article_id: int, now: datetime) -> int:
    article = _known(c, [article_id])[article_id]
    if article.duplicate_of is None:
        raise DecisionError(
            f"article {article_id} is no copy, so there is nothing to split; `pressrun articles show {article_id}` "
            "lists its copies, name the one that is none"
        )
    original = article.duplicate_of
    _decide(c, article_id, original, together=False, now=now)
    evidence.erase(c, [article_id])
    evidence.stand_alone(c, [article_id])
    index_anew(c, [article])  # a copy of equal text was never given fingerprints of its own
    return original


def _join(c: Connection, one_id: int, other_id: int, now: datetime) -> Joined:
    if one_id == other_id:
        raise DecisionError(f"article {one_id} cannot be a copy of itself; name two articles")
    found = _known(c, [one_id, other_id])
    heads = {one: member.duplicate_of or one for one, member in found.items()}
    if heads[one_id] == heads[other_id]:
        raise DecisionError(f"articles {one_id} and {other_id} are one piece of news already")
    _decide(c, one_id, other_id, together=True, now=now)
    if any({a, b} == set(heads.values()) for a, b in separated(c)):
        raise DecisionError(
            f"articles {one_id} and {other_id} belong to articles that a hand has split; join those two instead, "
            "or split the copy that is in the way"
        )
    both = list(_known(c, heads.values()).values())
    original = Credits(c, both).first(both)
    copy = next(member for member in both if member.id != original.id)
    moved = point(c, {copy.id: original.id}, Bookshelf(c, both, {}), now, by_hand={copy.id})
    return Joined(copy.id, original.id, len(moved) - 1)


def _known(c: Connection, ids: Iterable[int]) -> dict[int, Member]:
    wanted = list(ids)
    found = members(c, wanted)
    for one in wanted:
        if one not in found:
            raise DecisionError(f"there is no article {one}; `pressrun articles list` names some")
    return found


def _decide(c: Connection, a: int, b: int, *, together: bool, now: datetime) -> None:
    first, second = sorted((a, b))
    row = {"first_id": first, "second_id": second, "together": together, "decided_at": now}
    decided = upsert(c, HandDecision)
    fresh = {"together": decided.excluded.together, "decided_at": decided.excluded.decided_at}
    c.execute(decided.on_conflict_do_update(index_elements=["first_id", "second_id"], set_=fresh), [row])
