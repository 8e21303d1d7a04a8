"""Building the search index again, and checking it against the articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, func, select, text, update

from storage.database import Database
from storage.schema.tables import Article, SearchDocument, SearchLanguage, SearchState
from storage.search.analyser import ANALYSER_VERSION
from storage.search.expressions import Both, Expression, Phrase, to_fts5
from storage.search.index import COLUMNS, Document, document_of, insert_documents, is_current, is_of_another_version

BATCH = 200  # articles in one transaction: a crawl beside it waits a fraction of a second
_SAMPLES = 50  # documents that are compared with their articles
_AT_ONCE = 50  # terms in one question to FTS5
_REMEDY = "(pressrun db reindex remedies that)"
_EMPTY = {
    "sqlite": ("INSERT INTO search_index (search_index) VALUES ('delete-all')",),
    "postgresql": ("DELETE FROM search_index",),
}


def reindex(db: Database, *, everything: bool = False, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Index the articles that are not in the index; return their number. What was interrupted is continued.

    An index of another version of the analyser is emptied first, and with `everything` any index. Crawls may go on
    meanwhile: each transaction indexes a few articles. `on_progress` gets the number done and the number to do.
    """
    to_do = db.write(lambda c: _begin(c, everything), alone=True)
    done = last = 0
    while batch := db.write(lambda c, after=last: _next(c, after), alone=True):  # type: ignore[misc]
        done, last = done + len(batch), batch[-1]
        if on_progress:
            on_progress(done, max(done, to_do))
    db.write(_finish, alone=True)
    return done


def _begin(c: Connection, everything: bool) -> int:
    """Empty the index if it cannot be continued. Returns the number of articles that are to be indexed."""
    if everything or not is_current(c):
        for statement in _EMPTY[c.dialect.name]:
            c.execute(text(statement))
        for table in (SearchDocument, SearchLanguage):
            c.execute(table.__table__.delete())
    c.execute(update(SearchState).values(analyser=ANALYSER_VERSION, complete=False))
    return _missing(c)


def _missing(c: Connection) -> int:
    articles, documents = (
        c.execute(select(func.count()).select_from(table)).scalar_one() for table in (Article, SearchDocument)
    )
    return int(articles - documents)


def _next(c: Connection, after: int) -> list[int]:
    """Index the next articles. Returns their ids; an empty list at the end."""
    known = select(SearchDocument.article_id).where(SearchDocument.article_id == Article.id)
    rows = c.execute(select(*COLUMNS).where(Article.id > after, ~known.exists()).order_by(Article.id).limit(BATCH))
    documents = list(map(document_of, rows))
    if documents:
        insert_documents(c, documents)
    return [document.article_id for document in documents]


def _finish(c: Connection) -> None:
    c.execute(update(SearchState).values(complete=_missing(c) == 0))


def check_index(c: Connection) -> list[str]:
    """Return a line for each way in which the search index differs from the articles."""
    if is_of_another_version(c):
        return [f"the search index was written by another version of Pressrun {_REMEDY}"]
    lines = []
    if missing := _missing(c):
        lines.append(f"{missing} articles are not in the search index {_REMEDY}")
    if c.dialect.name == "postgresql" and (loose := _loose(c)):
        lines.append(f"{loose} rows of the search index belong to no document {_REMEDY}")
    if wrong := [document.article_id for document in _samples(c) if not _is_indexed(c, document)]:
        some = ", ".join(map(str, wrong[:5]))
        lines.append(
            f"{len(wrong)} of {_SAMPLES} articles are in the search index with other words than their own, such as"
            f" {some} (pressrun db reindex --all remedies that)"
        )
    return lines


def _loose(c: Connection) -> int:
    count = "SELECT count(*) FROM search_index AS i FULL JOIN search_documents AS d ON d.article_id = i.article_id"
    return int(c.execute(text(f"{count} WHERE i.article_id IS NULL OR d.article_id IS NULL")).scalar_one())


def _samples(c: Connection) -> Iterator[Document]:
    """Yield documents of articles that are spread evenly over the index."""
    low, high = c.execute(select(func.min(SearchDocument.article_id), func.max(SearchDocument.article_id))).one()
    if low is None:
        return
    first = [low + (high - low) * n // (_SAMPLES - 1) for n in range(_SAMPLES)]
    next_id = select(SearchDocument.article_id).order_by(SearchDocument.article_id).limit(1)
    ids = {c.execute(next_id.where(SearchDocument.article_id >= each)).scalar_one() for each in first}
    for row in c.execute(select(*COLUMNS).where(Article.id.in_(ids)).order_by(Article.id)):
        yield document_of(row)


def _is_indexed(c: Connection, document: Document) -> bool:
    """Return True if the index holds the document with its words."""
    parameters = document.parameters(c.dialect.name)
    if c.dialect.name == "postgresql":
        equal = text("SELECT tokens = CAST(:tokens AS tsvector) FROM search_index WHERE article_id = :id")
        return bool(c.execute(equal, parameters).scalar())
    return all(_matches(c, document.article_id, part) for part in _questions(document))


def _questions(document: Document) -> Iterator[Expression]:
    leaves = [Phrase((term,), title=True) for term in document.text.title]
    leaves += [Phrase((term,)) for term in dict.fromkeys(document.text.body)]
    leaves += [Phrase((name,), facet=True) for name in document.facets]
    for start in range(0, len(leaves), _AT_ONCE):
        yield Both(tuple(leaves[start : start + _AT_ONCE]))


def _matches(c: Connection, article_id: int, wanted: Expression) -> bool:
    found = text("SELECT count(*) FROM search_index WHERE search_index MATCH :wanted AND rowid = :id")
    return bool(c.execute(found, {"wanted": to_fts5(wanted), "id": article_id}).scalar_one())
