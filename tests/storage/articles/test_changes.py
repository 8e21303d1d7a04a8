"""The archive followed by its changes: each once, in order, also with several writers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import articles
from storage.articles import ChangeCursorError, changes_since
from storage.database import WRITERS_LOCK, Database, open_database
from storage.jobs import RemovalFiles, removal_of_article, take_down
from storage.migrations.versions import __name__ as versions
from tests.storage.building import begin, end_page, lease_page, put
from tests.storage.stories import FERRY


def follow(db: Database, since: int = 0, limit: int = 100) -> tuple[list[tuple[int, str | None]], int]:
    """All changes after a cursor, as id and title, and where they end."""
    found: list[tuple[int, str | None]] = []
    while True:
        page = changes_since(db, since, limit)
        found += [(each.article_id, each.article and each.article.title) for each in page.changes]
        since = page.cursor
        if not page.more:
            return found, since


def test_new_articles_edits_copies_and_removals_come_once(database: Database, tmp_path: Path) -> None:
    run, other = begin(database), begin(database, "other")
    put(database, run, "https://example.com/1", "a")
    put(database, run, "https://example.com/2", "b")
    first, cursor = follow(database, limit=1)
    assert [title for _, title in first] == ["About a", "About b"]
    assert follow(database, cursor) == ([], cursor)

    put(database, run, "https://example.com/1", "a", title="Another title")
    edited, cursor = follow(database, cursor)
    assert edited == [(first[0][0], "Another title")]

    put(database, run, "https://example.com/3", "c", text=FERRY, hours=2)
    put(database, other, "https://other.com/3", "c", text=FERRY, hours=1)  # the earlier one: it becomes the original
    found, cursor = follow(database, cursor)
    assert sorted(title or "" for _, title in found) == ["About c", "About c"]
    late = next(each for each, _ in found if articles.get_article(database, each).outlet == "example")  # type: ignore[union-attr]
    assert articles.get_article(database, late).duplicate_of is not None  # type: ignore[union-attr]

    for each in (run, other):
        _end(database, each)
    gone = first[1][0]
    take_down(database, removal_of_article(database, gone), "test", RemovalFiles(tmp_path, tmp_path / "log"))
    assert follow(database, cursor)[0] == [(gone, None)]
    assert (gone, None) in follow(database)[0]


def _end(db: Database, run: object) -> None:
    from storage import frontier

    frontier.end_run(db, run.id, "completed", {})  # type: ignore[attr-defined]


def test_a_page_seen_unchanged_is_no_change(database: Database) -> None:
    run = begin(database)
    put(database, run, "https://example.com/1", "a")
    _, cursor = follow(database)
    put(database, run, "https://example.com/1", "a")
    assert follow(database, cursor) == ([], cursor)


def test_a_number_still_to_come_is_an_error_that_names_the_remedy(database: Database) -> None:
    assert changes_since(database, 0, 10).changes == ()
    with pytest.raises(ChangeCursorError, match="begin again without `since`"):
        changes_since(database, 1, 10)


def test_a_follower_misses_nothing_while_several_write(database_url: str) -> None:
    """Writers that hold the lock and a bare one that does not; a follower that reads all the time."""
    seen: list[int] = []
    writing = threading.Event()
    db = open_database(database_url)
    run = begin(db)
    pages = [lease_page(db, run, f"https://example.com/{n}") for n in range(12)]

    def write(own: list[int]) -> None:
        from storage.frontier import Extracted
        from tests.storage.building import article

        mine = open_database(database_url)
        for page in own:
            end_page(mine, run, page, Extracted(article(f"https://example.com/p{page}", f"text {page}")))
            mine.write(lambda c: c.execute(text("UPDATE articles SET section = 'x' WHERE id = 1")) and None)
        mine.close()

    def read() -> None:
        mine, cursor = open_database(database_url), 0
        while True:
            last = writing.is_set()
            found, cursor = follow(mine, cursor, 3)
            seen.extend(each for each, _ in found)
            if last and not found:
                break
        mine.close()

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(pages[n::3],)) for n in range(3)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    writing.set()
    reader.join()
    assert {each.id for each in articles.iter_articles(db, copies=True)} == set(seen)
    once = [each for each in seen if each != 1]  # article 1 was changed again and again
    assert len(once) == len(set(once)) == 11
    db.close()


def test_the_migration_knows_the_writers_lock() -> None:
    from importlib import import_module

    assert str(WRITERS_LOCK) in import_module(f"{versions}.0013_article_changes")._FUNCTION


def test_numbers_are_not_used_again_and_a_change_by_hand_counts(database: Database) -> None:
    run = begin(database)
    put(database, run, "https://example.com/1", "a")
    before = changes_since(database, 0, 10).cursor
    now = datetime.now(UTC)
    database.write(lambda c: c.execute(text("UPDATE articles SET title = 'By hand'")) and None)
    page = changes_since(database, before, 10)
    assert page.cursor > before
    assert [each.article and each.article.title for each in page.changes] == ["By hand"]
    assert page.changes[0].article is not None
    assert page.changes[0].article.first_seen_at <= now
