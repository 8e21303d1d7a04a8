"""Today's rules applied to the whole archive: what would change, and the change itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, select, update

from storage.database import Database
from storage.dedup.assign import Assignments, assign_originals, reindex
from storage.dedup.originals import DEDUP_COLUMNS, dedup_article, without_fingerprints
from storage.dedup.record import mark_pages_stored
from storage.dedup.rules import COMPARABLE
from storage.dedup.tokens import FINGERPRINT_VERSION
from storage.schema.tables import Article, Passage, fingerprints

CHUNK = 200  # articles in one transaction: other writers wait for half a second at most


@dataclass(frozen=True, slots=True)
class AssignmentChange:
    """An article whose (original, relation) changes; None stands for an article that is no copy."""

    article_id: int
    was: tuple[int, str] | None
    becomes: tuple[int, str] | None


@dataclass
class RecheckReport:
    """Progress and changes of a recheck. `indexed`: articles that had no fingerprints of this version."""

    total: int = 0
    indexed: int = 0
    articles: int = 0
    changes: list[AssignmentChange] = field(default_factory=list)


class _RolledBack(Exception):  # noqa: N818 - a way out of a transaction, not an error
    """Carries what a transaction that is rolled back would have changed."""

    def __init__(self, changes: list[AssignmentChange]) -> None:
        super().__init__()
        self.changes = changes


def recheck_archive(
    db: Database, *, apply: bool, on_progress: Callable[[RecheckReport], None] | None = None
) -> RecheckReport:
    """Assign every article again, as if it arrived today, among all others. Decisions of people stand.

    Without `apply` every transaction is rolled back, except for fingerprints that were missing. A recheck that is
    interrupted can be run again.
    """
    report_progress = on_progress or (lambda _: None)
    report = RecheckReport(total=_count(db))
    _index_all(db, report, report_progress)
    last = 0
    while chunk := _next_chunk(db, last):
        last = chunk[-1]
        report.changes += _recheck(db, chunk, apply)
        report.articles += len(chunk)
        report_progress(report)
    return report


def _count(db: Database) -> int:
    with db.read() as c:
        return c.execute(select(func.count()).select_from(Article).where(Article.words >= COMPARABLE)).scalar_one()


def _next_chunk(db: Database, last: int) -> list[int]:
    """Return the ids that follow `last`. The articles are read in the transaction that assigns them."""
    with db.read() as c:
        ids = select(Article.id).where(Article.id > last, Article.words >= COMPARABLE)
        return list(c.execute(ids.order_by(Article.id).limit(CHUNK)).scalars())


def _index_all(db: Database, report: RecheckReport, report_progress: Callable[[RecheckReport], None]) -> None:
    """Give fingerprints to the articles that have none of this version."""
    db.write(_delete_other_versions, alone=True)
    while count := db.write(_index_some, alone=True):
        report.indexed += count
        report_progress(report)


def _delete_other_versions(c: Connection) -> None:
    """Delete all fingerprints and passages if some are of another version: they cannot be compared."""
    other = Article.fingerprint_version != FINGERPRINT_VERSION
    if c.execute(select(Article.id).where(other).limit(1)).first():
        c.execute(delete(fingerprints))
        c.execute(delete(Passage))
        c.execute(update(Article).where(Article.fingerprint_version.is_not(None)).values(fingerprint_version=None))


def _index_some(c: Connection) -> int:
    rows = c.execute(select(*DEDUP_COLUMNS).where(without_fingerprints()).order_by(Article.id).limit(CHUNK))
    articles = list(map(dedup_article, rows))
    reindex(c, articles)
    return len(articles)


def _recheck(db: Database, ids: Sequence[int], apply: bool) -> list[AssignmentChange]:
    try:
        return db.write(lambda c: _assign_again(c, ids, apply), alone=True)
    except _RolledBack as would_be:
        return would_be.changes


def _assign_again(c: Connection, ids: Sequence[int], apply: bool) -> list[AssignmentChange]:
    rows = c.execute(select(*DEDUP_COLUMNS, Article.relation).where(Article.id.in_(ids)).order_by(Article.id)).all()
    before: Assignments = {row.id: (row.duplicate_of, row.relation) for row in rows if row.duplicate_of}
    after = assign_originals(c, [dedup_article(row[:-1]) for row in rows], {}, datetime.now(UTC))
    changes = _changes(ids, before, after)
    if not apply:
        raise _RolledBack(changes)
    mark_pages_stored(c, [change.article_id for change in changes if change.becomes is None])
    return changes


def _changes(ids: Iterable[int], before: Assignments, after: Assignments) -> list[AssignmentChange]:
    """Return the changes of these articles. Copies that only follow their original to a new one are not listed."""
    return [
        AssignmentChange(article_id, before.get(article_id), after.get(article_id))
        for article_id in sorted(ids)
        if before.get(article_id) != after.get(article_id)
    ]
