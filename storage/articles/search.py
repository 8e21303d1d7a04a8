"""Search results: the best articles that a selection matches, with snippets, page by page."""

from __future__ import annotations

import base64
import binascii
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import xxhash
from sqlalchemy import Connection, func, select

from storage.articles.query import StoredArticle, articles_by_id, passes
from storage.articles.story import copies_by_outlet
from storage.database import Database
from storage.instants import second_in_range
from storage.model import MOST_ID
from storage.schema.tables import Article, SearchDocument
from storage.search import (
    Candidate,
    CursorError,
    Group,
    Prepared,
    Snippet,
    groups_of,
    is_complete,
    marked,
    newest_matches,
    parse,
    prepare,
    recency_score,
    snippet,
    text_score,
    title_score,
)
from storage.selection import Selection

_NO_CURSOR = "the cursor is none of Pressrun's; leave it out to see the first page"
TIER = 400  # of the matches, the newest so many are ranked; further pages go on with the next newest
_READ = 40  # of these, the most promising by title and age whose text is read to rank them


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article that was found. `copies`: how many copies it has in the archive; `copied_by`: the names of outlets."""

    article: StoredArticle
    score: float
    title: Snippet
    snippet: Snippet
    copies: int
    copied_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of results, best first.

    `found`: the matches that were counted, and `more`: whether there are further ones that were not. `cursor` gives the
    next page; None at the end. `complete`: False if `pressrun db reindex` has articles left to index.
    """

    hits: tuple[SearchHit, ...]
    found: int
    more: bool
    cursor: str | None
    complete: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins: in the tier of matches before `before`, behind the first `skip` results.

    `now` and `newest` (an article's id) stay those of the first page, so that the order does.
    """

    now: float
    newest: int
    before: tuple[int, int] | None = None
    skip: int = 0


@dataclass(frozen=True, slots=True)
class _Ranked:
    article_id: int
    score: float


def check_query(query: str) -> None:
    """Raise QueryError if a query cannot be understood."""
    parse(query)


def search_articles(
    db: Database, wanted: Selection, *, limit: int = 20, cursor: str | None = None, now: float | None = None
) -> SearchPage:
    """Return the best matches of a selection that has a query, an author, a credit or a section.

    Of more matches than TIER, the newest are ranked, and later pages go on with older ones. A copy is left out where
    its original is among the results. `now`: seconds since 1970, by which age is judged. Raises QueryError,
    CursorError, IndexOutdatedError.
    """
    with db.read() as c:
        prepared = prepare(c, wanted)
        place = _place_of(c, wanted, cursor, now)
        groups = groups_of(prepared.node, prepared.languages)
        ranked, found, more, following = _page(c, prepared, groups, place, limit)
        hits = tuple(_hits(c, ranked, groups))
        return SearchPage(hits, found, more, _cursor(wanted, following) if following else None, is_complete(c))


def _page(
    c: Connection, prepared: Prepared, groups: Sequence[Group], place: _Place, limit: int
) -> tuple[list[_Ranked], int, bool, _Place | None]:
    """Return the results of a page, the matches counted, whether there are more of them, and the next page's place."""
    results: list[_Ranked] = []
    found = 0
    while True:
        candidates = newest_matches(c, prepared, TIER, place.before)
        last_tier = len(candidates) < TIER
        ranked = _rank(c, prepared.wanted, candidates, groups, place)
        found += len(ranked)
        chosen = ranked[place.skip :][: limit - len(results)]
        results += chosen
        end = place.skip + len(chosen)
        if end < len(ranked):
            return results, found, not last_tier, replace(place, skip=end)
        if last_tier:
            return results, found, False, None
        place = replace(place, before=candidates[-1].place, skip=0)
        if len(results) == limit:
            return results, found, True, place


def _rank(
    c: Connection, wanted: Selection, candidates: Sequence[Candidate], groups: Sequence[Group], place: _Place
) -> list[_Ranked]:
    """Return the candidates that pass the selection, best first, without copies of others among them."""
    ages = {
        each.article_id: recency_score(each.at, place.now) for each in candidates if each.article_id <= place.newest
    }
    columns = (Article.id, Article.title, Article.language, Article.duplicate_of)
    rows = c.execute(select(*columns).where(Article.id.in_(list(ages)), passes(c, wanted.beyond_index))).all()
    there = {row.id for row in rows}
    kept = [row for row in rows if row.duplicate_of not in there]
    scored = [_Ranked(row.id, ages[row.id] + title_score(row.title, row.language, groups)) for row in kept]
    scored.sort(key=_best_first)
    return sorted(_with_text(c, scored[:_READ], groups), key=_best_first) + scored[_READ:]


def _best_first(ranked: _Ranked) -> tuple[float, int]:
    return -round(ranked.score, 6), -ranked.article_id


def _with_text(c: Connection, ranked: Sequence[_Ranked], groups: Sequence[Group]) -> Iterator[_Ranked]:
    columns = (Article.id, Article.text, Article.language)
    rows = c.execute(select(*columns).where(Article.id.in_([each.article_id for each in ranked])))
    texts = {row.id: text_score(row.text, row.language, groups) for row in rows}
    for each in ranked:
        yield replace(each, score=each.score + texts[each.article_id])


def _hits(c: Connection, ranked: Sequence[_Ranked], groups: Sequence[Group]) -> Iterator[SearchHit]:
    ids = [each.article_id for each in ranked]
    articles, copies = articles_by_id(c, ids), copies_by_outlet(c, ids)
    for result in ranked:
        article = articles[result.article_id]
        copied = copies.get(result.article_id, [])
        yield SearchHit(
            article, result.score,
            marked(article.title, article.language, groups), snippet(article.text, article.language, groups),
            sum(each.copies for each in copied), tuple(dict.fromkeys(each.name for each in copied)),
        )  # fmt: skip


def _place_of(c: Connection, wanted: Selection, cursor: str | None, now: float | None) -> _Place:
    if cursor is None:
        newest = c.execute(select(func.max(SearchDocument.article_id))).scalar_one()
        return _Place(time.time() if now is None else now, newest or 0)
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        of, since, newest, before, skip = json.loads(base64.urlsafe_b64decode(padded))
        if of != _fingerprint(wanted):
            raise CursorError("the cursor belongs to another search; repeat the one that it came from")
        at = (int(before[0]), int(before[1])) if before else None
        place = _Place(float(since), int(newest), at, int(skip))
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError, binascii.Error) as wrong:
        raise CursorError(_NO_CURSOR) from wrong
    if not _is_possible(place):
        raise CursorError(_NO_CURSOR)
    return place


def _is_possible(place: _Place) -> bool:
    """Return False if no page of results begins at a place: its cursor was made by hand."""
    if place.before and not (second_in_range(place.before[0]) and abs(place.before[1]) <= MOST_ID):
        return False
    return math.isfinite(place.now) and place.skip >= 0


def _cursor(wanted: Selection, place: _Place) -> str:
    values: list[Any] = [_fingerprint(wanted), round(place.now), place.newest, place.before, place.skip]
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _fingerprint(wanted: Selection) -> str:
    return xxhash.xxh3_64_hexdigest(repr(wanted).encode())[:8]
