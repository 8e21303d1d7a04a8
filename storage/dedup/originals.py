"""Which of the articles of one piece of news is the original."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, not_, or_, select

from storage.dedup.rules import COMPARABLE, Pair
from storage.dedup.tokens import FINGERPRINT_VERSION
from storage.schema.tables import Article, Outlet

A_DAY = timedelta(days=1)


@dataclass(slots=True)
class Member:
    """An article as far as its copies and its original are concerned."""

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


MEMBER = (
    Article.id, Article.outlet_id, Article.text_hash, Article.words, Article.published_at, Article.published_precision,
    Article.first_seen_at, Article.credit, Article.duplicate_of, Article.fingerprint_version,
)  # fmt: skip


def unindexed() -> ColumnElement[bool]:
    """Articles that have no fingerprints of today's kind and should have: their copies cannot be found."""
    fresh = Article.fingerprint_version == FINGERPRINT_VERSION
    return and_(Article.words >= COMPARABLE, or_(Article.fingerprint_version.is_(None), not_(fresh)))


def member_of(row: Any) -> Member:
    """A row of the columns MEMBER."""
    return Member(*row)


def members(c: Connection, ids: Iterable[int]) -> dict[int, Member]:
    """Articles by their ids."""
    return {row.id: member_of(row) for row in c.execute(select(*MEMBER).where(Article.id.in_(list(ids))))}


def pair(a: Member, b: Member) -> Pair:
    """What is known of two articles besides their words."""
    if a.published_at is None or b.published_at is None:
        return Pair(a.outlet_id == b.outlet_id, timedelta.max)  # of one outlet and undated: may be of any two days
    return Pair(a.outlet_id == b.outlet_id, abs(a.published_at - b.published_at))


def before(a: Member, b: Member) -> bool:
    """True if `a` was published first, as far as that is known; else whichever was seen first."""
    at_a, at_b = a.published_at or a.first_seen_at, b.published_at or b.first_seen_at
    if "day" in (a.precision, b.precision) and abs(at_a - at_b) < A_DAY and a.precision != b.precision:
        # "2025-03-04" against "2025-03-04 10:30" says nothing of which was first.
        at_a, at_b = a.first_seen_at, b.first_seen_at
    return (at_a, a.id) < (at_b, b.id)


class Credits:
    """Which outlet a credit names."""

    def __init__(self, c: Connection, concerned: Iterable[Member]) -> None:
        concerned = list(concerned)
        self._names = _names(c, concerned) if any(member.credit for member in concerned) else {}

    def precedes(self, a: Member, b: Member) -> bool:
        """True if `a` is the original of the two: `b` credits its outlet, or it was published first."""
        if (credited := self._credits(b, a)) != self._credits(a, b):
            return credited
        return before(a, b)

    def first(self, concerned: Iterable[Member]) -> Member:
        """The original among several."""
        best, *others = sorted(concerned, key=lambda member: member.id)
        for other in others:
            if self.precedes(other, best):
                best = other
        return best

    def _credits(self, copy: Member, original: Member) -> bool:
        return (
            bool(copy.credit)
            and copy.outlet_id != original.outlet_id
            and _plain(copy.credit) in self._names.get(original.outlet_id, ())
        )


def _plain(name: str | None) -> str:
    return "".join(filter(str.isalnum, (name or "").casefold()))


def _names(c: Connection, concerned: Iterable[Member]) -> dict[str, frozenset[str]]:
    """What each outlet may be called in a credit."""
    ids = {member.outlet_id for member in concerned}
    rows = c.execute(select(Outlet.id, Outlet.name).where(Outlet.id.in_(ids)))
    found = {row.id: frozenset({_plain(row.id), _plain(row.name)}) for row in rows}
    return {one: found.get(one, frozenset({_plain(one)})) for one in ids}
