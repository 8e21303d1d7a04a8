"""Articles that match a selection, found by the index: all of them, or the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, cast, column, func, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.schema.tables import Article, SearchDocument, SearchLanguage, SearchState
from storage.search.errors import IndexOutdatedError
from storage.search.expressions import Both, Expression, expression_of, facets, to_fts5, to_tsquery
from storage.search.facets import MARGIN, selection_facets, span_facets
from storage.search.index import is_of_another_version
from storage.search.syntax import Node, parse
from storage.selection import Selection

_INDEX = table("search_index", column("rowid"), column("article_id"), column("search_index"), column("tokens"))
# Days that are searched before the rest: a frequent word has enough matches there.
_FIRST_WINDOW, _SECOND_WINDOW = 4, 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEWEST = {
    # CROSS JOIN keeps SQLite from walking through the documents and looking each up in the index.
    "sqlite": "SELECT d.article_id, d.at FROM search_index AS i CROSS JOIN search_documents AS d"
    " ON d.article_id = i.rowid WHERE i.search_index MATCH :wanted",
    # Materialized, since the planner would otherwise walk through the documents and test each.
    "postgresql": "WITH i AS MATERIALIZED"
    " (SELECT article_id FROM search_index WHERE tokens @@ CAST(:wanted AS tsquery))"
    " SELECT d.article_id, d.at FROM i JOIN search_documents AS d ON d.article_id = i.article_id WHERE true",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that matches. `at`: seconds since 1970 of its publication, or of its first fetch."""

    article_id: int
    at: int

    @property
    def place(self) -> tuple[int, int]:
        """Its place in the order by time."""
        return self.at, self.article_id


@dataclass(frozen=True, slots=True)
class Prepared:
    """A selection as the index is asked for it. `node`: its query; None without one."""

    wanted: Selection
    node: Node | None
    languages: tuple[str, ...]
    parts: tuple[Expression, ...]


def prepare(c: Connection, wanted: Selection) -> Prepared:
    """Read the query of a selection. Raises QueryError, or IndexOutdatedError if the index is of another version."""
    node = parse(wanted.query) if wanted.query is not None else None
    if c.dialect.name == "postgresql":
        # The planner takes the table for small, since tsvectors are stored beside it, and would read them all.
        c.execute(text("SET LOCAL enable_seqscan = off"))
    if is_of_another_version(c):
        raise IndexOutdatedError(
            "the search index was written by another version of Pressrun; build it again: pressrun db reindex"
        )
    languages = wanted.languages or tuple(c.execute(select(SearchLanguage.language)).scalars())
    words = (expression_of(node, languages),) if node else ()
    return Prepared(wanted, node, languages, (*words, *facets(selection_facets(wanted))))


def is_complete(c: Connection) -> bool:
    """Return False if `pressrun db reindex` has articles left to index."""
    return c.execute(select(SearchState.complete)).scalar_one()


def in_index(c: Connection, wanted: Selection) -> ColumnElement[bool]:
    """Return a condition on `articles.id`: query, author, credit and section match. The caller adds exact filters."""
    return Article.id.in_(matching_ids(c, wanted))


def matching_ids(c: Connection, wanted: Selection) -> Any:
    """Return a selection of the ids of articles that match in the index; of its filters, days are not exact."""
    return _ids(c, Both(prepare(c, wanted).parts))


def _ids(c: Connection, expression: Expression) -> Any:
    if c.dialect.name == "postgresql":
        return select(_INDEX.c.article_id).where(_INDEX.c.tokens.op("@@")(cast(to_tsquery(expression), TSQUERY)))
    return select(_INDEX.c.rowid).where(_INDEX.c.search_index.op("MATCH")(to_fts5(expression)))


def newest_matches(
    c: Connection, prepared: Prepared, most: int, before: tuple[int, int] | None = None
) -> list[Candidate]:
    """Return the newest matches, at most so many, newest first. `before`: only those before this place.

    Spans that grow are searched until one holds enough: of a frequent word, only the newest matches are read.
    """
    bounds = _bounds(c, prepared.wanted, before)
    if bounds is None:
        return []
    (first, last), days = bounds, _FIRST_WINDOW
    while True:
        start = last - min(last - first, timedelta(days=days))
        whole = start == first
        found = _matches_between(c, prepared, None if whole else start, last, _Limits(most, before))
        if whole or len(found) >= most:
            return found
        days = _longer(days, len(found), most)


def _longer(days: int, found: int, most: int) -> int:
    """Return the length of the next window: as long as the matches so far say, and at least four times as long."""
    if days < _SECOND_WINDOW:
        return _SECOND_WINDOW
    return max(4 * days, int(1.5 * days * most / max(found, 1)))


def _bounds(c: Connection, wanted: Selection, before: tuple[int, int] | None) -> tuple[date, date] | None:
    """Return the first and the last day (UTC) of matches; None if there can be none."""
    newest, oldest = (c.execute(select(extreme(SearchDocument.at))).scalar_one() for extreme in (func.max, func.min))
    if newest is None:
        return None
    first, last = _day(oldest), _day(newest if before is None else min(newest, before[0]))
    if wanted.first:
        first = max(first, wanted.first - MARGIN)
    if wanted.last:
        last = min(last, wanted.last + MARGIN)
    return (first, last) if first <= last else None


def _day(at: int) -> date:
    return (_EPOCH + timedelta(seconds=at)).date()


@dataclass(frozen=True, slots=True)
class _Limits:
    most: int
    before: tuple[int, int] | None


def _matches_between(
    c: Connection, prepared: Prepared, start: date | None, last: date, limits: _Limits
) -> list[Candidate]:
    """Return the newest matches from `start` on. None: from the first document on."""
    wanted = prepared.wanted
    # Without a start, the facets of the selection narrow the search down as far as it goes.
    window = facets([span_facets(start, last)]) if start else ()
    expression = Both((*prepared.parts, *window))
    conditions = {
        "d.at >= :start": {"start": int((datetime.combine(start, time.min, UTC)).timestamp())} if start else None,
        "(d.at < :at OR d.at = :at AND d.article_id < :id)": limits.before
        and {"at": limits.before[0], "id": limits.before[1]},
        "d.day >= :first": wanted.first and {"first": wanted.first.toordinal()},
        "d.day <= :last": wanted.last and {"last": wanted.last.toordinal()},
    }
    used = {sql: values for sql, values in conditions.items() if values}
    values = {name: value for each in used.values() for name, value in each.items()}
    dialect = c.dialect.name
    wording = to_tsquery(expression) if dialect == "postgresql" else to_fts5(expression)
    statement = " AND ".join([_NEWEST[dialect], *used]) + " ORDER BY d.at DESC, d.article_id DESC LIMIT :most"
    rows = c.execute(text(statement), {"wanted": wording, "most": limits.most} | values)
    return [Candidate(*row) for row in rows]
