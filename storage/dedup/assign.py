"""Copies point at their original, never at another copy: found when an article arrives, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import aliased

from storage.dedup import fingerprint_index as neighbours
from storage.dedup import record as evidence
from storage.dedup.article_cache import Bookshelf
from storage.dedup.boilerplate import learn, unlearn
from storage.dedup.clusters import Clusters
from storage.dedup.originals import MEMBER, Credits, Member, before, member_of
from storage.dedup.record import Evidence
from storage.dedup.rules import COMPARABLE, serial
from storage.dedup.tokens import FINGERPRINT_VERSION, Wording
from storage.schema.tables import Article, Copy, HandDecision, Revision

Settled = dict[int, tuple[int, str]]  # (original, relation) by the copy's id


def settle(c: Connection, touched: Sequence[Member], wordings: Mapping[int, Wording], now: datetime) -> Settled:
    """Find the originals of articles that are new or whose text changed; what each copy among them came to be.

    The original is the outlet that the other one credits, else the earliest by publication. One that arrives after its
    copies gets them pointed at it; a copy whose text is no longer like its original's stands for itself. Decisions by
    hand stand. The caller holds the writers' lock, so two writers never overlook each other's article.
    """
    kept = _by_hand(c, [member.id for member in touched if member.duplicate_of is not None])
    freed = [member.id for member in touched if member.duplicate_of is not None and member.id not in kept]
    free = [replace(member, duplicate_of=None) for member in touched if member.id not in kept]
    matched, shelf = _Search(c, free, wordings).run()
    settled = _cluster(c, free, matched, shelf, now)
    evidence.erase(c, [one for one in freed if one not in settled])
    _learn(c, free, settled, shelf)
    _unlearn(c, settled.keys() - set(freed), shelf)
    return kept | settled


def index_anew(c: Connection, articles: Sequence[Member]) -> None:
    """Give articles their fingerprints, and count what recurs on their outlets; nothing is compared."""
    shelf = Bookshelf(c, articles, {})
    shelf.fetch([member.id for member in articles])
    copies = {member.id: (member.duplicate_of, "") for member in articles if member.duplicate_of is not None}
    neighbours.note(c, {member.id: shelf.wording(member.id).fingerprints for member in articles}, again=True)
    _learn(c, articles, copies, shelf)
    _mark_indexed(c, [member.id for member in articles])


def _mark_indexed(c: Connection, ids: Sequence[int]) -> None:
    c.execute(update(Article).where(Article.id.in_(ids)).values(fingerprint_version=FINGERPRINT_VERSION))


def separated(c: Connection, touched: Iterable[int] = ()) -> list[tuple[int, int]]:
    """What hands have separated, each by the original that it now belongs to; the touched belong to none yet."""
    none_yet = set(touched)
    one, other = aliased(Article), aliased(Article)
    rows = c.execute(
        select(one.id.label("a"), one.duplicate_of.label("up_a"), other.id.label("b"), other.duplicate_of.label("up_b"))
        .select_from(HandDecision)
        .join(one, one.id == HandDecision.first_id)
        .join(other, other.id == HandDecision.second_id)
        .where(HandDecision.together.is_(False))
    )
    return [(_belongs(row.a, row.up_a, none_yet), _belongs(row.b, row.up_b, none_yet)) for row in rows]


class _Search:
    """What the touched articles are alike to: of equal text, or near."""

    def __init__(self, c: Connection, free: Sequence[Member], wordings: Mapping[int, Wording]) -> None:
        self._c, self._free = c, [member for member in free if member.words >= COMPARABLE]
        self._touched = frozenset(member.id for member in free)
        self._shelf = Bookshelf(c, free, wordings)
        self._matched: dict[int, list[int]] = {}

    def run(self) -> tuple[dict[int, list[int]], Bookshelf]:
        unequal = self._equal()
        # An equal text needs no fingerprints of its own: what is found by them is found by its original's.
        _mark_indexed(self._c, [member.id for member in self._free])
        for member_id, others in self._neighbours(unequal).items():
            self._matched[member_id] = self._alike(member_id, others)
        return self._matched, self._shelf

    def _equal(self) -> list[Member]:
        """Match what has the text of another; the rest comes back."""
        hashes = {member.text_hash for member in self._free}
        holder = _standing(self._c, hashes, self._touched)
        former = _earlier(self._c, hashes - holder.keys(), self._touched)
        rest = []
        for member in self._free:
            known = holder.get(member.text_hash, former.get(member.text_hash))
            if known is not None and known != member.id:
                self._matched[member.id] = [known]
            else:
                holder[member.text_hash] = member.id
                rest.append(member)
        return rest

    def _neighbours(self, unequal: Sequence[Member]) -> dict[int, list[int]]:
        prints = {member.id: self._shelf.wording(member.id).fingerprints for member in unequal}
        known = {member.id for member in unequal if member.fingerprint_version is not None}
        # A text that changed keeps the fingerprints of what it was: a copy of that may still come.
        neighbours.note(self._c, {one: prints[one] for one in prints.keys() - known})
        neighbours.note(self._c, {one: prints[one] for one in known}, again=True)
        found = neighbours.near(self._c, prints)
        others = {one for near in found.values() for one in near}
        self._shelf.fetch(others)
        self._shelf.look_back(others)
        return found

    def _alike(self, member_id: int, others: Sequence[int]) -> list[int]:
        """Those of the neighbours that are the same piece of news."""
        heads: dict[int, int] = {}
        for other in others:
            head = self._head(other)
            if head not in heads.values() and self._shelf.verdict(member_id, other).same:
                heads[other] = head
        self._shelf.fetch(heads.values())
        # A copy of another day's report is like this one, but the report itself is not: a series does not creep in.
        good = [
            one for one, head in heads.items() if head == one or not serial(self._shelf.verdict(member_id, head).like)
        ]
        return self._of_one_day(self._shelf.beside(member_id, good))

    def _of_one_day(self, others: Sequence[int]) -> list[int]:
        """What two issues of a series have in common may be a copy of either: it does not bring the two together."""
        kept: list[int] = []
        for other in others:
            heads = {self._head(one) for one in kept} - {self._head(other)}
            if not any(serial(self._shelf.verdict(self._head(other), head).like) for head in heads):
                kept.append(other)
        return kept

    def _head(self, article: int) -> int:
        return self._shelf.members[article].duplicate_of or article


def _cluster(
    c: Connection, free: Sequence[Member], matched: Mapping[int, list[int]], shelf: Bookshelf, now: datetime
) -> Settled:
    """Put together what matches, and write down what that changed."""
    involved = {one for others in matched.values() for one in others}
    shelf.fetch(involved)
    mine = {member.id for member in free}
    up = {one: head for one in involved - mine if (head := shelf.members[one].duplicate_of) is not None}
    shelf.fetch(up.values())
    clusters = Clusters(
        shelf.members.values(), up, Credits(c, shelf.members.values()), separated(c, mine) if matched else ()
    )
    for member in free:
        clusters.join(member.id, matched.get(member.id, ()))
    return _write(c, mine, clusters, shelf, now)


def _write(c: Connection, mine: set[int], clusters: Clusters, shelf: Bookshelf, now: datetime) -> Settled:
    """Point copies at their originals; what followed an original that is one no more follows on to the new one."""
    moved = {copy: clusters.original(copy) for copy, _ in clusters.moved}
    return point(c, moved, shelf, now, free=mine)


def point(
    c: Connection, moved: Mapping[int, int], shelf: Bookshelf, now: datetime, *,
    free: Collection[int] = (), by_hand: Collection[int] = (),
) -> Settled:  # fmt: skip
    """Point articles at their originals, and with them what followed them; what each copy came to be.

    `free`: articles that follow nobody any more, whatever the store still says. `by_hand`: those that a hand has moved.
    """
    followers = select(Article.id, Article.duplicate_of).where(Article.duplicate_of.in_(list(moved)))
    following = {row.id: moved[row.duplicate_of] for row in c.execute(followers) if row.id not in free}
    pointed = {**following, **moved}
    decided = {*by_hand, *_by_hand(c, [one for one in pointed if one not in free])}
    shelf.fetch([*pointed, *pointed.values()])
    found = [_evidence(shelf, copy, original, copy in decided) for copy, original in pointed.items()]
    evidence.write(c, found, now)
    return {one.article_id: (one.original_id, one.relation) for one in found}


def _evidence(shelf: Bookshelf, copy: int, original: int, by_hand: bool) -> Evidence:
    a, b = shelf.members[copy], shelf.members[original]
    if a.text_hash == b.text_hash and not by_hand:
        return evidence.of_equal_texts(copy, original)
    return evidence.of_verdict(copy, original, shelf.verdict(copy, original), (a.words, b.words), by_hand=by_hand)


def _learn(c: Connection, free: Sequence[Member], settled: Settled, shelf: Bookshelf) -> None:
    """Only what is looked at for the first time, and is no copy, tells what recurs on its outlet."""
    arrived: dict[str, list[Wording]] = {}
    for member in free:
        if member.fingerprint_version is None and member.id not in settled and member.words >= COMPARABLE:
            arrived.setdefault(member.outlet_id, []).append(shelf.whole(member.id))
    if arrived:
        learn(c, arrived)


def _unlearn(c: Connection, copies: Iterable[int], shelf: Bookshelf) -> None:
    """An article that was counted as an original and is a copy after all would make its own lines recur."""
    found: dict[str, list[Wording]] = {}
    for one in copies:
        member = shelf.members[one]
        if member.fingerprint_version is not None and member.duplicate_of is None:
            found.setdefault(member.outlet_id, []).append(shelf.whole(one))
    unlearn(c, found)


def _standing(c: Connection, hashes: set[bytes], touched: frozenset[int]) -> dict[bytes, int]:
    """The article that stands as the original of each text."""
    if not hashes:
        return {}
    rows = c.execute(
        select(*MEMBER).where(
            Article.text_hash.in_(hashes),
            Article.duplicate_of.is_(None),
            Article.words >= COMPARABLE,
            Article.id.not_in(touched),
        )
    )
    found: dict[bytes, Member] = {}
    for row in rows:
        member = member_of(row)
        if member.text_hash not in found or before(member, found[member.text_hash]):
            found[member.text_hash] = member
    return {text_hash: member.id for text_hash, member in found.items()}


def _earlier(c: Connection, hashes: set[bytes], touched: frozenset[int]) -> dict[bytes, int]:
    """The originals of copies with these texts, and those that held these texts before their outlet changed them."""
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


def _by_hand(c: Connection, copies: list[int]) -> Settled:
    if not copies:
        return {}
    columns = (Copy.article_id, Copy.original_id, Copy.relation)
    rows = c.execute(select(*columns).where(Copy.article_id.in_(copies), Copy.by_hand))
    return {row.article_id: (row.original_id, row.relation) for row in rows}


def _belongs(article: int, up: Any, touched: set[int]) -> int:
    return article if article in touched or up is None else int(up)
