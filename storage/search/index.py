"""The search index as it is written: in the transaction that writes the article, by the analyser alone.

`search_documents` says which articles are in the index, on both databases. `search_index` is the index: on SQLite an
FTS5 table without content, on PostgreSQL a row with a tsvector for each article. FTS5 forgets a document only if it is
given the very terms that it was indexed by; they are computed again from the article's row before that is changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update

from storage.database import upsert
from storage.schema.tables import Article, SearchDocument, SearchLanguage, SearchState
from storage.search.analyser import ANALYSER_VERSION, terms_of
from storage.search.expressions import FACET
from storage.search.facets import date_facets, language_facet, outlet_facet, word_facets

_MAX_POSITION = 16_383  # of PostgreSQL's tsvector; later words count as being there
_MAX_PLACES = 255  # positions of one term that a tsvector keeps
_MAX_BYTES = 1_048_575  # of a tsvector; PostgreSQL refuses a longer one
_TERM_BYTES, _PLACE_BYTES = 3, 2  # beside the term itself: the number of its places, after a byte of padding; a place
# Title, authors, credit and section, as long as the store keeps them, take less than 450,000 bytes of a tsvector.
_SHORT_BYTES = 550_000
_GAP = 10  # between title and text, so that no phrase spans both

COLUMNS = (
    Article.id, Article.outlet_id, Article.title, Article.text, Article.authors, Article.credit, Article.section,
    Article.language, Article.published_at, Article.published_offset, Article.first_seen_at,
)  # fmt: skip
_INSERT = {
    "sqlite": text("INSERT INTO search_index (rowid, title, body, facets) VALUES (:id, :title, :body, :facets)"),
    "postgresql": text(
        "INSERT INTO search_index (article_id, tokens) VALUES (:id, CAST(:tokens AS tsvector))"
        " ON CONFLICT (article_id) DO UPDATE SET tokens = excluded.tokens"
    ),
}
_DELETE = {
    "sqlite": text(
        "INSERT INTO search_index (search_index, rowid, title, body, facets)"
        " VALUES ('delete', :id, :title, :body, :facets)"
    ),
    "postgresql": text("DELETE FROM search_index WHERE article_id = :id"),
}


@dataclass(frozen=True, slots=True)
class AnalysedText:
    """The terms of an article's title and text, in order."""

    title: list[str]
    body: list[str]


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the index holds it. `at`: seconds since 1970; `day`: date.toordinal()."""

    article_id: int
    text: AnalysedText
    facets: list[str]
    at: int
    day: int | None
    language: str | None

    def parameters(self, dialect: str) -> dict[str, Any]:
        """Return the parameters of the statements that add and delete it."""
        if dialect == "postgresql":
            return {"id": self.article_id, "tokens": tsvector(self.text, self.facets)}
        title, body, facets = map(" ".join, (self.text.title, self.text.body, self.facets))
        return {"id": self.article_id, "title": title, "body": body, "facets": facets}


def analyse(title: str, body: str, language: str | None) -> AnalysedText:
    """Return the terms of an article. It takes long enough to be done before the writers' lock is taken."""
    return AnalysedText(terms_of(title, language), terms_of(body, language))


def document_of(row: Any, analysed: AnalysedText | None = None) -> Document:
    """Return the document of an article's row, which has COLUMNS."""
    published, offset = row.published_at, row.published_offset or 0
    at = published or row.first_seen_at
    facets = [outlet_facet(row.outlet_id), *date_facets(at)]
    if row.language:
        facets.append(language_facet(row.language))
    for kind, value in (("a", row.authors), ("c", row.credit), ("s", row.section)):
        facets += word_facets(kind, value)
    day = (published.astimezone(UTC) + timedelta(minutes=offset)).toordinal() if published else None
    analysed = _indexed_part(analysed or analyse(row.title, row.text, row.language), facets)
    return Document(row.id, analysed, facets, _seconds(at), day, row.language)


def _indexed_part(analysed: AnalysedText, facets: Sequence[str]) -> AnalysedText:
    """Return the title and as many terms of the text, from its beginning, as a tsvector holds beside title and facets.

    SQLite has no such limit, and gets the same terms: both databases find the same articles.
    """
    title, body = analysed.title, analysed.body
    if 4 * sum(map(len, body)) + (_TERM_BYTES + _PLACE_BYTES) * len(body) <= _SHORT_BYTES:
        return analysed
    left = _MAX_BYTES - sum(len(f"{FACET}{name}".encode()) for name in facets)
    places: dict[str, int] = {}
    for n, term in enumerate(chain(title, body)):
        known = places.get(term, 0)
        left -= (0 if known else _TERM_BYTES + len(term.encode())) + (_PLACE_BYTES if known < _MAX_PLACES else 0)
        if left < 0:
            return AnalysedText(title, body[: n - len(title)])
        places[term] = known + 1
    return analysed


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def tsvector(analysed: AnalysedText, facets: Sequence[str]) -> str:
    """Return the text form of a document's tsvector. Terms of the title have the weight A."""
    places: dict[str, list[str]] = {}
    for n, term in enumerate(analysed.title, 1):
        places.setdefault(term, []).append(f"{min(n, _MAX_POSITION)}A")
    for n, term in enumerate(analysed.body, len(analysed.title) + _GAP):
        places.setdefault(term, []).append(str(n) if n < _MAX_POSITION else str(_MAX_POSITION))
    words = [f"'{term}':{','.join(at[:_MAX_PLACES])}" for term, at in places.items()]
    return " ".join(words + [f"'{FACET}{name}'" for name in facets])


def is_of_another_version(c: Connection) -> bool:
    """Return True if another version of the analyser wrote the index: its terms are not those of this one."""
    return c.execute(select(SearchState.analyser)).scalar_one() not in ("", ANALYSER_VERSION)


def is_current(c: Connection) -> bool:
    """Return True if the index may be written by this analyser. An index that nobody wrote yet becomes ours."""
    state = c.execute(select(SearchState.analyser)).scalar_one()
    if state == "":
        c.execute(update(SearchState).values(analyser=ANALYSER_VERSION))
        return True
    return bool(state == ANALYSER_VERSION)


def add_documents(c: Connection, documents: Sequence[Document]) -> None:
    """Put articles that are not in the index into it, unless another version of the analyser owns the index."""
    if documents and is_current(c):
        insert_documents(c, documents)


def insert_documents(c: Connection, documents: Sequence[Document]) -> None:
    """Put articles that are not in the index into it, whoever owns the index."""
    dialect = c.dialect.name
    c.execute(_INSERT[dialect], [document.parameters(dialect) for document in documents])
    rows = [{"article_id": each.article_id, "at": each.at, "day": each.day} for each in documents]
    c.execute(insert(SearchDocument), rows)
    languages = {each.language.split("-")[0].lower() for each in documents if each.language}
    if languages:
        rows_of_languages = [{"language": each} for each in sorted(languages)]
        c.execute(upsert(c, SearchLanguage).on_conflict_do_nothing(), rows_of_languages)


def documents_of(c: Connection, article_ids: Collection[int], *, indexed: bool) -> list[Document]:
    """Return the documents of those articles that are in the index, or of those that are not."""
    known = select(SearchDocument.article_id)
    chosen = Article.id.in_(known) if indexed else Article.id.not_in(known)
    rows = c.execute(select(*COLUMNS).where(Article.id.in_(list(article_ids)), chosen).order_by(Article.id))
    return [document_of(row) for row in rows]


@contextmanager
def rewritten(c: Connection, article_ids: Collection[int]) -> Iterator[None]:
    """Index articles anew whose rows change in the block. Articles that are not in the index stay out of it."""
    if not article_ids or not is_current(c):
        yield
        return
    before = documents_of(c, article_ids, indexed=True)
    yield
    _delete(c, before)
    kept = [each.article_id for each in before]
    if kept:
        insert_documents(c, documents_of(c, kept, indexed=False))


def remove_documents(c: Connection, article_ids: Collection[int]) -> None:
    """Take articles out of the index. Their rows must still be as they were indexed."""
    if article_ids and is_current(c):
        _delete(c, documents_of(c, article_ids, indexed=True))


def _delete(c: Connection, documents: Sequence[Document]) -> None:
    if not documents:
        return
    dialect = c.dialect.name
    c.execute(_DELETE[dialect], [document.parameters(dialect) for document in documents])
    c.execute(delete(SearchDocument).where(SearchDocument.article_id.in_([each.article_id for each in documents])))
