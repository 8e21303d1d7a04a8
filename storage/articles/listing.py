"""Articles by publication, newest first, page by page. Each page costs the same, however far back it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from storage.articles.query import CHUNK, StoredArticle, articles_by_id, passes
from storage.database import Database
from storage.instants import in_range, second_in_range
from storage.model import MOST_ID
from storage.schema.tables import Article
from storage.search import Candidate, CursorError, newest_matches, prepare
from storage.selection import Selection

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_CURSOR = "the cursor is none of Pressrun's; leave it out to see the first page"


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Articles of a selection, newest first. `cursor` gives the next page; None at the end."""

    articles: tuple[StoredArticle, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of an article in the order. `at`: its publication; None for those without a date, which come last."""

    at: datetime | None
    article_id: int

    @property
    def key(self) -> tuple[bool, datetime, int]:
        return self.at is not None, self.at or _EPOCH, self.article_id

    @property
    def cursor(self) -> str:
        return f"{self.at.isoformat() if self.at else ''}~{self.article_id}"


def list_articles(db: Database, wanted: Selection, *, limit: int = 20, cursor: str | None = None) -> ArticlePage:
    """Return articles of a selection by publication, newest first. Raises CursorError, QueryError.

    Those without a date come last, or, where words or a language are looked up in the search index, count from their
    first fetch.
    """
    if wanted.languages or wanted.needs_index:
        with db.read() as c:
            return _listed_by_index(c, wanted, limit, cursor)
    before = _place_of(cursor) if cursor else None
    with db.read() as c:
        condition = passes(c, wanted)
        outlets = wanted.outlets or (None,)
        found = [place for outlet in outlets for place in _places(c, condition, outlet, before, limit + 1)]
        found = sorted(found, key=lambda place: place.key, reverse=True)
        ids = [place.article_id for place in found[:limit]]
        articles = articles_by_id(c, ids)
    more = found[limit - 1].cursor if len(found) > limit else None
    return ArticlePage(tuple(articles[each] for each in ids), more)


def _listed_by_index(c: Connection, wanted: Selection, limit: int, cursor: str | None) -> ArticlePage:
    """Return the newest matches of the search index: a rare language or word needs no walk through all articles."""
    prepared, before = prepare(c, wanted), _index_place(cursor) if cursor else None
    kept: list[Candidate] = []
    while len(kept) <= limit:
        found = newest_matches(c, prepared, CHUNK, before)
        kept += _passing(c, wanted, found)
        if len(found) < CHUNK:
            break
        before = found[-1].place
    articles = articles_by_id(c, [each.article_id for each in kept[:limit]])
    more = "{}.{}".format(*kept[limit - 1].place) if len(kept) > limit else None
    return ArticlePage(tuple(articles[each.article_id] for each in kept[:limit]), more)


def _passing(c: Connection, wanted: Selection, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that also pass what the index does not tell."""
    ids = [each.article_id for each in found]
    passed = set(c.execute(select(Article.id).where(Article.id.in_(ids), passes(c, wanted.beyond_index))).scalars())
    return [each for each in found if each.article_id in passed]


def _index_place(cursor: str) -> tuple[int, int]:
    at, _, article_id = cursor.partition(".")
    try:
        place = int(at), int(article_id)
    except ValueError:
        place = None
    if place is None or not second_in_range(place[0]) or abs(place[1]) > MOST_ID:
        raise CursorError(_NO_CURSOR)
    return place


def _places(
    c: Connection, condition: ColumnElement[bool], outlet: str | None, before: _Place | None, most: int
) -> Iterator[_Place]:
    """Yield the first places of one outlet, or of all: dated ones by an index of the date, then the others."""
    wanted: Any = select(Article.id, Article.published_at).where(condition)
    if outlet is not None:
        wanted = wanted.where(Article.outlet_id == outlet)
    left = most
    if before is None or before.at is not None:
        for row in c.execute(_dated(wanted, before).limit(most)):
            left -= 1
            yield _Place(row.published_at, row.id)
    if left:
        undated = wanted.where(Article.published_at.is_(None)).order_by(Article.id.desc()).limit(left)
        if before is not None and before.at is None:
            undated = undated.where(Article.id < before.article_id)
        for row in c.execute(undated):
            yield _Place(None, row.id)


def _dated(wanted: Select[Any], before: _Place | None) -> Select[Any]:
    at = Article.published_at
    order = (at.desc(), Article.id.desc())
    if before is None:
        return wanted.where(at.is_not(None)).order_by(*order)
    earlier = or_(at < before.at, and_(at == before.at, Article.id < before.article_id))
    return wanted.where(at <= before.at, earlier).order_by(*order)  # the first condition is what an index serves


def _place_of(cursor: str) -> _Place:
    at, _, article_id = cursor.partition("~")
    try:
        place = _Place(datetime.fromisoformat(at) if at else None, int(article_id))
    except ValueError:
        place = None
    if place is None or (place.at and not _is_instant(place.at)) or abs(place.article_id) > MOST_ID:
        raise CursorError(_NO_CURSOR)
    return place


def _is_instant(at: datetime) -> bool:
    return at.tzinfo is not None and in_range(at) is not None
