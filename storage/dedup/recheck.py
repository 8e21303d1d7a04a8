"""The archive's copies through today's rules: what would change, and the change itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from storage.database import Database
from storage.dedup import record as evidence
from storage.dedup.assign import Settled, index_anew, settle
from storage.dedup.originals import MEMBER, member_of, unindexed
from storage.dedup.rules import COMPARABLE
from storage.dedup.tokens import FINGERPRINT_VERSION
from storage.schema.tables import Article, Passage, fingerprints

CHUNK = 200  # articles in a transaction: writers wait for half a second at most


@dataclass(frozen=True, slots=True)
class Change:
    """An article that is a copy of another original than before, or of none (None), or in another relation."""

    article_id: int
    was: tuple[int, str] | None
    becomes: tuple[int, str] | None


@dataclass
class Examined:
    """How far the examination has come, and what it found. `indexed`: articles that had no fingerprints of today."""

    total: int = 0
    indexed: int = 0
    articles: int = 0
    changes: list[Change] = field(default_factory=list)


class _Undone(Exception):  # noqa: N818 - a way out of a transaction, not an error
    """What a transaction that is rolled back would have done."""

    def __init__(self, changes: list[Change]) -> None:
        super().__init__()
        self.changes = changes


def examine(db: Database, *, apply: bool, on_progress: Callable[[Examined], None] | None = None) -> Examined:
    """Look at every article as if it arrived today, among all others. Decisions by hand stand.

    Without `apply` every transaction is rolled back, but for the fingerprints of articles that have none of today's.
    An examination that is interrupted may simply be run again.
    """
    told = on_progress or (lambda _: None)
    done = Examined(total=_count(db))
    _index(db, done, told)
    last = 0
    while True:
        chunk = _chunk(db, last)
        if not chunk:
            return done
        last = chunk[-1]
        done.changes += _looked_at(db, chunk, apply)
        done.articles += len(chunk)
        told(done)


def _count(db: Database) -> int:
    with db.read() as c:
        return c.execute(select(func.count()).select_from(Article).where(Article.words >= COMPARABLE)).scalar_one()


def _chunk(db: Database, last: int) -> list[int]:
    """The ids that follow; what the articles are is read in the transaction that looks at them."""
    with db.read() as c:
        ids = select(Article.id).where(Article.id > last, Article.words >= COMPARABLE)
        return list(c.execute(ids.order_by(Article.id).limit(CHUNK)).scalars())


def _index(db: Database, done: Examined, told: Callable[[Examined], None]) -> None:
    """Fingerprints for the articles that have none of this version: they came before there were any."""
    db.write(_forget_old, alone=True)
    while count := db.write(_index_some, alone=True):
        done.indexed += count
        told(done)


def _forget_old(c: Connection) -> None:
    """Fingerprints and passages that were made another way cannot be compared, so all of them go."""
    other = Article.fingerprint_version != FINGERPRINT_VERSION
    if c.execute(select(Article.id).where(other).limit(1)).first():
        c.execute(delete(fingerprints))
        c.execute(delete(Passage))
        c.execute(update(Article).where(Article.fingerprint_version.is_not(None)).values(fingerprint_version=None))


def _index_some(c: Connection) -> int:
    rows = c.execute(select(*MEMBER).where(unindexed()).order_by(Article.id).limit(CHUNK))
    articles = list(map(member_of, rows))
    index_anew(c, articles)
    return len(articles)


def _looked_at(db: Database, ids: Sequence[int], apply: bool) -> list[Change]:
    try:
        return db.write(lambda c: _examine(c, ids, apply), alone=True)
    except _Undone as undone:
        return undone.changes


def _examine(c: Connection, ids: Sequence[int], apply: bool) -> list[Change]:
    rows = c.execute(select(*MEMBER, Article.relation).where(Article.id.in_(ids)).order_by(Article.id)).all()
    was: dict[int, Any] = {row.id: (row.duplicate_of, row.relation) for row in rows if row.duplicate_of}
    touched = [member_of(row[:-1]) for row in rows]
    settled = settle(c, touched, {}, datetime.now(UTC))
    changes = _changes(ids, was, settled)
    if not apply:
        raise _Undone(changes)
    evidence.stand_alone(c, [change.article_id for change in changes if change.becomes is None])
    return changes


def _changes(ids: Iterable[int], was: dict[int, tuple[int, str]], settled: Settled) -> list[Change]:
    """What follows a former original is not told one by one: it only points where that points now."""
    return [Change(one, was.get(one), settled.get(one)) for one in sorted(ids) if was.get(one) != settled.get(one)]
