"""The index follows the articles: new, edited, filled in, extracted again, and built anew."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, text, update

from storage import articles, search
from storage.articles import IndexOutdatedError, Selection, search_articles
from storage.articles.write import refresh_fields
from storage.database import Database
from storage.jobs import check_store, import_rows
from storage.schema.tables import Article, SearchDocument, SearchState
from storage.search import rebuild
from tests.storage.building import begin, put, words

URL = "https://gazette.example/1"


def ids(db: Database, query: str | None = None, **more: Any) -> list[int]:
    return sorted(hit.article.id for hit in search_articles(db, Selection(query=query, **more)).hits)


def test_an_edit_replaces_the_words_that_are_found(database: Database) -> None:
    run = begin(database, "gazette")
    put(database, run, URL, 1, title="Old headline", text=f"A lantern burned. {words(1)}")
    assert ids(database, "lantern")
    put(database, run, URL, 1, title="New headline", text=f"A zeppelin landed. {words(1)}")
    assert articles.get_article(database, 1).title == "New headline"  # type: ignore[union-attr]
    assert ids(database, "lantern") == ids(database, "old") == []
    assert ids(database, "zeppelin") == ids(database, "title:new") == [1]
    assert check_store(database) == []


def test_fields_that_a_later_look_finds_are_found(database: Database) -> None:
    run = begin(database, "gazette")
    put(database, run, URL, 1, hours=None)
    put(database, run, URL, 1, authors=("Nino Example",), section="Sport", language="en")
    assert ids(database, author="nino") == ids(database, section="sport") == [1]
    assert ids(database, "number1", languages=("en",)) == [1]
    assert check_store(database) == []


def test_a_second_extraction_changes_the_index_only_where_a_field_changed(database: Database) -> None:
    run = begin(database, "gazette")
    put(database, run, URL, 1, credit="Turan")
    page = articles.get_article(database, 1)
    assert page is not None
    columns = dict.fromkeys(("authors", "section", "language", "image", "published_at", "quality"))
    database.write(lambda c: refresh_fields(c, 1, columns | {"credit": "Interfax"}))
    assert ids(database, credit="interfax") == [1]
    assert ids(database, credit="turan") == []
    assert check_store(database) == []


def test_a_transaction_that_fails_leaves_the_index_as_it_was(database: Database) -> None:
    run = begin(database, "gazette")
    put(database, run, URL, 1, text=f"lantern {words(1)}")

    def dies(c: Any) -> None:
        with search.rewritten(c, [1]):
            c.execute(update(Article).values(text=f"zeppelin {words(1)}"))
        raise KeyError

    with pytest.raises(KeyError):
        database.write(dies)
    assert ids(database, "lantern") == [1]
    assert ids(database, "zeppelin") == []
    assert check_store(database) == []


def test_what_is_removed_is_found_no_more(database: Database) -> None:
    run = begin(database, "gazette")
    for n in (1, 2):
        put(database, run, f"https://gazette.example/{n}", n, text=f"lantern {words(n)}")
    database.write(lambda c: search.remove_documents(c, [1]))
    assert ids(database, "lantern") == [2]
    if database.dialect == "sqlite":
        with database.read() as c:
            left = c.execute(text("SELECT count(*) FROM search_index WHERE search_index MATCH 'number1'")).scalar_one()
        assert left == 0, "the words are gone from the index itself, not only hidden"


def test_a_reindex_continues_where_it_was_stopped(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 2)
    run = begin(database, "gazette")
    for n in range(7):
        put(database, run, f"https://gazette.example/{n}", n, text=f"lantern {words(n)}")
    before = ids(database, "lantern")
    forget(database)
    assert "7 articles are not in the search index (pressrun db reindex remedies that)" in check_store(database)
    assert not search_articles(database, Selection(query="lantern")).complete

    class StoppedError(Exception):
        pass

    def stop(done: int, to_do: int) -> None:
        assert to_do == 7
        if done == 4:
            raise StoppedError

    with pytest.raises(StoppedError):
        search.reindex(database, on_progress=stop)
    assert len(ids(database, "lantern")) == 4
    put(database, run, "https://gazette.example/8", 8, text=f"lantern {words(8)}")  # a crawl beside it
    assert search.reindex(database) == 3
    assert ids(database, "lantern") == [*before, 8]
    assert search_articles(database, Selection(query="lantern")).complete
    assert check_store(database) == []
    assert search.reindex(database) == 0
    assert search.reindex(database, everything=True) == 8
    assert ids(database, "lantern") == [*before, 8]
    assert check_store(database) == []


def test_a_text_of_more_words_than_a_tsvector_holds_stops_no_other_article(database: Database) -> None:
    chance = random.Random(3)
    distinct = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyzəö", k=11 + n % 2)) for n in range(75_000)]
    rows = [
        {"url": "https://gazette.example/1", "title": "Neighbour", "text": f"lantern {words(1)}"},
        {"url": URL + "long", "title": f"Long {distinct[9]}", "text": " ".join(["lantern lantern", *distinct])},
    ]
    assert import_rows(database, enumerate(rows, 1)).states == {"stored": 2}
    assert ids(database, "lantern") == [1, 2]
    assert ids(database, f'"{distinct[0]} {distinct[1]}"') == ids(database, distinct[58_000]) == [2]
    assert ids(database, distinct[-1]) == [], "both databases index the same words"
    assert check_store(database) == []
    database.write(lambda c: search.remove_documents(c, [2]))
    assert ids(database, distinct[0]) == []


def test_the_words_of_a_text_that_fit_are_all_indexed() -> None:
    long = search.index._indexed_part(search.AnalysedText(["a"], ["a", "b"] * 300_000), ["lx"])
    assert len(long.body) == 600_000, "of a word that recurs, a tsvector keeps a few places"
    long = search.index._indexed_part(search.AnalysedText([], [f"{n:07}" for n in range(100_000)]), ["lx"])
    assert len(long.body) == (1_048_575 - len("$lx")) // (7 + 1 + 2 + 2)


def forget(db: Database) -> None:
    """Make the store one from before there was an index."""

    def work(c: Any) -> None:
        for statement in rebuild._EMPTY[c.dialect.name]:
            c.execute(text(statement))
        c.execute(delete(SearchDocument))
        c.execute(update(SearchState).values(analyser="", complete=False))

    db.write(work)


def test_an_index_of_another_analyser_is_not_written_and_not_believed(database: Database) -> None:
    run = begin(database, "gazette")
    put(database, run, URL, 1, text=f"lantern {words(1)}")
    database.write(lambda c: c.execute(update(SearchState).values(analyser="0/0")) and None)
    put(database, run, "https://gazette.example/2", 2, text=f"lantern {words(2)}")
    with pytest.raises(IndexOutdatedError, match="pressrun db reindex"):
        search_articles(database, Selection(query="lantern"))
    [told] = check_store(database)
    assert "another version" in told
    assert search.reindex(database) == 2
    assert ids(database, "lantern") == [1, 2]
    assert check_store(database) == []


def _lose_a_word(c: Any) -> None:
    if c.dialect.name == "postgresql":
        c.execute(text("UPDATE search_index SET tokens = ts_delete(tokens, 'lantern') WHERE article_id = 1"))
        return
    [document] = search.index.documents_of(c, [1], indexed=True)
    c.execute(search.index._DELETE["sqlite"], document.parameters("sqlite"))


def _lose_a_document(c: Any) -> None:
    c.execute(delete(SearchDocument))


@pytest.mark.parametrize(
    ("damage", "told"),
    [(_lose_a_word, "other words than their own, such as 1"), (_lose_a_document, "1 articles are not")],
)
def test_the_check_finds_an_index_that_differs(database: Database, damage: Callable[[Any], None], told: str) -> None:
    run = begin(database, "gazette")
    put(database, run, URL, 1, text=f"lantern {words(1)}")
    assert check_store(database) == []
    database.write(damage)
    assert any(told in line for line in check_store(database))
