"""The tables of the search index, which itself has no form that SQLAlchemy knows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, BigInteger, Boolean, ForeignKey, Index, Integer, String, event

from storage.schema.base import Base, BigId
from storage.schema.columns import Mapped, mapped_column


def _ddl(statement: str) -> Any:
    return DDL(statement)  # type: ignore[no-untyped-call]


class SearchDocument(Base):
    """An article that is in the search index. The index itself, `search_index`, is storage.search's own."""

    __tablename__ = "search_documents"
    __table_args__ = (Index("search_documents_newest", "at", "article_id"),)
    article_id: Mapped[int] = mapped_column(BigId, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigInteger)  # seconds since 1970 of its publication, or of its first fetch
    day: Mapped[int | None] = mapped_column(Integer)  # of its publication in its outlet's zone, as date.toordinal()


class SearchState(Base):
    """One row: by which analyser the search index is written, and whether it holds every article."""

    __tablename__ = "search_state"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    analyser: Mapped[str]
    complete: Mapped[bool] = mapped_column(Boolean)


class SearchLanguage(Base):
    """A language of articles in the search index: a word of a query is tried in each."""

    __tablename__ = "search_languages"
    language: Mapped[str] = mapped_column(String(12), primary_key=True)


# The index has no form that SQLAlchemy knows on both databases. `ascii` splits at blanks and leaves all else as the
# analyser has written it; FTS5's own ranking, which columnsize serves, is not used.
for _dialect, _statement in (
    (
        "sqlite",
        "CREATE VIRTUAL TABLE search_index USING fts5(title, body, facets, content='', columnsize=0, tokenize='ascii')",
    ),
    ("postgresql", "CREATE TABLE search_index (article_id BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL)"),
    ("postgresql", "CREATE INDEX search_index_tokens ON search_index USING gin (tokens)"),
):
    event.listen(SearchDocument.__table__, "after_create", _ddl(_statement).execute_if(dialect=_dialect))


event.listen(
    SearchState.__table__,
    "after_create",
    _ddl("INSERT INTO search_state (id, analyser, complete) VALUES (1, '', true)"),
)
