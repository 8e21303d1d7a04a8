"""The archive as a sequence of changes, which another system can follow."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage.articles.query import StoredArticle, articles_by_id
from storage.database import Database
from storage.errors import PressrunError
from storage.schema.tables import ArticleChange


class ChangeCursorError(PressrunError):
    """No change of this store has that number."""


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of an article. `article`: as it is now; None if it was removed."""

    number: int
    article_id: int
    article: StoredArticle | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes in order. `cursor`: where the next page begins. `more`: whether there are further ones by now."""

    changes: tuple[Change, ...]
    cursor: int
    more: bool


def changes_since(db: Database, since: int, limit: int) -> ChangePage:
    """Return the changes after a number; 0 is the beginning. Raises ChangeCursorError for a number still to come.

    An article comes once, by its last change. Numbers are given while the writers' lock is held, so a change never
    becomes visible after one with a higher number: whoever goes on from `cursor` misses none, and meets none twice.
    """
    columns = (ArticleChange.number, ArticleChange.article_id)
    later = select(*columns).where(ArticleChange.number > since).order_by(ArticleChange.number).limit(limit + 1)
    with db.read() as c:
        _check(c, since)
        rows = c.execute(later).all()
        articles = articles_by_id(c, [row.article_id for row in rows[:limit]])
    changes = tuple(Change(row.number, row.article_id, articles.get(row.article_id)) for row in rows[:limit])
    return ChangePage(changes, changes[-1].number if changes else since, len(rows) > limit)


def _check(c: Connection, since: int) -> None:
    newest = c.execute(select(func.coalesce(func.max(ArticleChange.number), 0))).scalar_one()
    if since > newest:
        raise ChangeCursorError(
            f"no change of this archive has the number {since}, the newest is {newest}; was it restored from a backup? "
            "begin again without `since`"
        )
