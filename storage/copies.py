"""Copies point at their original, never at another copy. Here by equal text alone; the evidence is kept in `copies`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from .database import upsert
from .tables import Article, Copy, Outlet, Page, Revision

RULE = "exact_text"
RULE_VERSION = 1
RELATION = "same_text"
COMPARABLE = 40  # words; shorter texts are equal too often to be copies
A_DAY = timedelta(days=1)


@dataclass(slots=True)
class Member:
    """An article as far as the choice of an original is concerned."""

    id: int
    outlet_id: str
    text_hash: bytes
    words: int
    published_at: datetime | None
    precision: str | None
    first_seen_at: datetime
    credit: str | None
    duplicate_of: int | None = None


_MEMBER = (
    Article.id, Article.outlet_id, Article.text_hash, Article.words, Article.published_at, Article.published_precision,
    Article.first_seen_at, Article.credit, Article.duplicate_of,
)  # fmt: skip


def settle(c: Connection, touched: Sequence[Member], now: datetime) -> dict[int, int]:
    """Find the originals of articles that are new or whose text changed; returns original ids by the copies' ids.

    The original is the outlet that the other one credits, else the earliest by publication. One that arrives after its
    copies gets them pointed at it; a copy whose text is no longer its original's stands for itself. Decisions by hand
    stand. The caller holds the writers' lock.
    """
    kept = _by_hand(c, [member.id for member in touched if member.duplicate_of is not None])
    free = [member for member in touched if member.id not in kept]
    groups = _Groups(c, [member for member in free if member.words >= COMPARABLE])
    for member in free:
        if member.words >= COMPARABLE:
            groups.place(member)
    _write(c, free, groups, now)
    return kept | groups.original_of


class _Groups:
    """The texts that the touched articles hold, each with its original so far, and what is to be changed."""

    def __init__(self, c: Connection, touched: Sequence[Member]) -> None:
        mine = frozenset(member.id for member in touched)
        self._root = _standing(c, {member.text_hash for member in touched}, mine)
        self._former = _earlier(c, {member.text_hash for member in touched} - self._root.keys(), mine)
        members = [*touched, *self._root.values()]
        self._names = _names(c, members) if any(member.credit for member in members) else {}
        self.original_of: dict[int, int] = {}
        self.moved: list[tuple[int, int]] = []  # (an original that was, the one that is): its copies follow

    def place(self, member: Member) -> None:
        root, former = self._root.get(member.text_hash), self._former.get(member.text_hash)
        if root is None and former is not None and former != member.id:
            self._point(
                member, self.original_of.get(former, former)
            )  # it holds what its original's outlet has changed since
        elif root is None:
            self._root[member.text_hash] = member
        elif self._precedes(member, root):
            self._point(root, member.id)
            self._root[member.text_hash] = member
        else:
            self._point(member, root.id)

    def _point(self, copy: Member, original: int) -> None:
        self.original_of[copy.id] = original
        for one, root in self.original_of.items():
            if root == copy.id:
                self.original_of[one] = original
        self.moved.append((copy.id, original))

    def _precedes(self, a: Member, b: Member) -> bool:
        if (credits_a := self._credits(b, a)) != self._credits(a, b):
            return credits_a
        return _before(a, b)

    def _credits(self, copy: Member, original: Member) -> bool:
        return (
            bool(copy.credit)
            and copy.outlet_id != original.outlet_id
            and _plain(copy.credit) in self._names[original.outlet_id]
        )


def _before(a: Member, b: Member) -> bool:
    """True if `a` was published first, as far as that is known; else whichever was seen first."""
    at_a, at_b = a.published_at or a.first_seen_at, b.published_at or b.first_seen_at
    if "day" in (a.precision, b.precision) and abs(at_a - at_b) < A_DAY and a.precision != b.precision:
        # "2025-03-04" against "2025-03-04 10:30" says nothing of which was first.
        at_a, at_b = a.first_seen_at, b.first_seen_at
    return (at_a, a.id) < (at_b, b.id)


def _plain(name: str | None) -> str:
    return "".join(filter(str.isalnum, (name or "").casefold()))


def _names(c: Connection, members: Iterable[Member]) -> dict[str, frozenset[str]]:
    """What each outlet may be called in a credit."""
    ids = {member.outlet_id for member in members}
    rows = c.execute(select(Outlet.id, Outlet.name).where(Outlet.id.in_(ids)))
    found = {row.id: frozenset({_plain(row.id), _plain(row.name)}) for row in rows}
    return {one: found.get(one, frozenset({_plain(one)})) for one in ids}


def _standing(c: Connection, hashes: set[bytes], touched: frozenset[int]) -> dict[bytes, Member]:
    """The article that stands as the original of each text."""
    if not hashes:
        return {}
    rows = c.execute(
        select(*_MEMBER).where(
            Article.text_hash.in_(hashes),
            Article.duplicate_of.is_(None),
            Article.words >= COMPARABLE,
            Article.id.not_in(touched),
        )
    )
    found: dict[bytes, Member] = {}
    for row in rows:
        member = Member(*row)
        if member.text_hash not in found or _before(member, found[member.text_hash]):
            found[member.text_hash] = member
    return found


def _earlier(c: Connection, hashes: set[bytes], touched: frozenset[int]) -> dict[bytes, int]:
    """The originals that held these texts before their outlet changed them."""
    if not hashes:
        return {}
    copies = (
        select(Article.text_hash, func.min(Article.duplicate_of).label("root"))
        .where(Article.text_hash.in_(hashes), Article.duplicate_of.is_not(None), Article.id.not_in(touched))
        .group_by(Article.text_hash)
    )
    revised = (
        select(Revision.text_hash, func.min(func.coalesce(Article.duplicate_of, Article.id)).label("root"))
        .join(Article, Article.id == Revision.article_id)
        .where(Revision.text_hash.in_(hashes))
        .group_by(Revision.text_hash)
    )
    found = {row.text_hash: row.root for row in c.execute(revised)}
    return found | {row.text_hash: row.root for row in c.execute(copies)}


def _by_hand(c: Connection, copies: list[int]) -> dict[int, int]:
    if not copies:
        return {}
    rows = c.execute(select(Copy.article_id, Copy.original_id).where(Copy.article_id.in_(copies), Copy.by_hand))
    return {row.article_id: row.original_id for row in rows}


def _write(c: Connection, touched: Sequence[Member], groups: _Groups, now: datetime) -> None:
    freed = [member.id for member in touched if member.duplicate_of is not None and member.id not in groups.original_of]
    if freed:
        c.execute(delete(Copy).where(Copy.article_id.in_(freed)))
        c.execute(
            update(Article).where(Article.id.in_(freed)).values(duplicate_of=None, relation=None, similarity=None)
        )
    for copy, original in groups.moved:  # in this order: what followed a copy follows on to the copy's own original
        c.execute(update(Article).where(Article.duplicate_of == copy).values(duplicate_of=original))
        c.execute(update(Copy).where(Copy.original_id == copy).values(original_id=original))
    if groups.original_of:
        _mark(c, groups.original_of, now)


def _mark(c: Connection, original_of: dict[int, int], now: datetime) -> None:
    c.execute(
        update(Article)
        .where(Article.id == bindparam("one"))
        .values(duplicate_of=bindparam("original"), relation=RELATION, similarity=1.0)
        .execution_options(synchronize_session=False),
        [{"one": one, "original": original} for one, original in original_of.items()],
    )
    rows: list[dict[str, Any]] = [
        {
            "article_id": one, "original_id": original, "relation": RELATION, "similarity": 1.0, "containment": 1.0,
            "rule": RULE, "rule_version": RULE_VERSION, "found_at": now, "by_hand": False,
        }
        for one, original in original_of.items()
    ]  # fmt: skip
    made = upsert(c, Copy)
    fresh = {name: made.excluded[name] for name in rows[0] if name != "article_id"}
    c.execute(made.on_conflict_do_update(index_elements=["article_id"], set_=fresh), rows)
    holders = select(Article.page_id).where(Article.id.in_(original_of))
    c.execute(
        update(Page)
        .where(Page.id.in_(holders), Page.state.in_(("stored", "unchanged")))
        .values(state="duplicate", reason=RELATION)
    )
