"""The wordings of articles at hand: read from the store once, without what recurs on their outlets."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from itertools import chain
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Connection, select

from storage.dedup.boilerplate import Recurring, recurring
from storage.dedup.originals import Member, members, pair
from storage.dedup.rules import Verdict, judge
from storage.dedup.similarity import overlap
from storage.dedup.tokens import Wording, wording_of
from storage.schema.tables import Article, Revision

V = TypeVar("V")

OVER = 0.3  # of the words of two texts within a third: common enough to be two cuts of it
MOST_OF_IT = 0.6


class _Recent(Generic[V]):
    """The values that were used last, up to a number; several threads may share it."""

    def __init__(self, most: int) -> None:
        self._most, self._values, self._lock = most, OrderedDict[Hashable, V](), Lock()

    def get(self, key: Hashable) -> V | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: V) -> V:
        with self._lock:
            self._values[key] = value
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


# What a text says does not change, so it is kept from one transaction to the next. About 30 kB for 600 words.
_wordings: _Recent[Wording] = _Recent(1000)


class Bookshelf:
    """Articles of one transaction, with their wordings and what was found of them. All look-ups go by article id."""

    def __init__(self, c: Connection, at_hand: Iterable[Member], wordings: Mapping[int, Wording]) -> None:
        self._c = c
        self.members = {member.id: member for member in at_hand}
        self._whole = dict(wordings)
        self._recurring: dict[str, Recurring] = {}
        self._read: dict[int, Wording] = {}
        self._verdicts: dict[tuple[int, int], Verdict] = {}
        self._earlier: dict[int, list[Wording]] = {}

    def fetch(self, ids: Iterable[int]) -> None:
        """Have these articles at hand."""
        if missing := set(ids) - self.members.keys():
            self.members |= members(self._c, missing)
        wanted = [self.members[one] for one in set(ids) if one in self.members and one not in self._whole]
        for member in wanted:
            if known := _wordings.get(member.text_hash):
                self._whole[member.id] = known
        if unread := [member.id for member in wanted if member.id not in self._whole]:
            for row in self._c.execute(
                select(Article.id, Article.text_hash, Article.text).where(Article.id.in_(unread))
            ):
                self._whole[row.id] = _wordings.put(row.text_hash, wording_of(row.text))

    def whole(self, article: int) -> Wording:
        """All words of an article."""
        self.fetch([article])
        return self._whole[article]

    def wording(self, article: int) -> Wording:
        """The words of an article but for what recurs on its outlet."""
        if article not in self._read:
            member, whole = self.members[article], self.whole(article)
            recurs = self._of_outlet(member.outlet_id)
            self._read[article] = whole.without(recurs.of_counted if member.fingerprint_version else recurs.of_new)
        return self._read[article]

    def _of_outlet(self, outlet: str) -> Recurring:
        if outlet not in self._recurring:
            outlets = {member.outlet_id for member in self.members.values()} - self._recurring.keys()
            self._recurring |= recurring(self._c, outlets)
        return self._recurring[outlet]

    def verdict(self, a: int, b: int) -> Verdict:
        """Whether two articles are one piece of news; an earlier text of `b` counts as well as the present one."""
        if (a, b) not in self._verdicts:
            self.fetch([a, b])
            circumstances = pair(self.members[a], self.members[b])
            found = judge(self.wording(a), self.wording(b), circumstances)
            if not found.same:
                then = (judge(self.wording(a), earlier, circumstances) for earlier in self._before(b))
                found = next((verdict for verdict in then if verdict.same), found)
            self._verdicts[a, b] = found
        return self._verdicts[a, b]

    def beside(self, article: int, others: list[int]) -> list[int]:
        """Of what an article is alike to, what may be put together.

        Two cuts of one story lie over each other in its whole text, and belong together. A digest holds stories side by
        side: it belongs to none of them, unless one fills most of it.
        """
        groups: list[list[int]] = []
        for other in others:
            near = [group for group in groups if any(self._over(article, other, one) for one in group)]
            groups = [group for group in groups if group not in near]
            groups.append([*chain.from_iterable(near), other])
        if len(groups) < 2:
            return others
        mine = next(group for group in groups if others[0] in group)  # what it shares the most fingerprints with
        return mine if self.verdict(article, others[0]).like.cover_a >= MOST_OF_IT else []

    def _over(self, whole: int, one: int, other: int) -> bool:
        """Two texts belong to one original, or what they share with a third lies at one place of it."""
        if (self.members[one].duplicate_of or one) == (self.members[other].duplicate_of or other):
            return True
        return overlap(self.wording(whole), self.wording(one), self.wording(other)) >= OVER

    def look_back(self, ids: Iterable[int]) -> None:
        """Have the earlier texts of these articles at hand, in one question."""
        missing = [one for one in set(ids) if one not in self._earlier]
        self._earlier |= {one: [] for one in missing}
        if missing:
            rows = self._c.execute(
                select(Revision.article_id, Revision.text_hash, Revision.text)
                .where(Revision.article_id.in_(missing))
                .order_by(Revision.article_id, Revision.number.desc())
            )
            for row in rows:
                then = _wordings.get(row.text_hash) or _wordings.put(row.text_hash, wording_of(row.text))
                self._earlier[row.article_id].append(then)

    def _before(self, article: int) -> list[Wording]:
        self.look_back([article])
        recurs = self._of_outlet(self.members[article].outlet_id).of_counted
        return [then.without(recurs) for then in self._earlier[article]]
