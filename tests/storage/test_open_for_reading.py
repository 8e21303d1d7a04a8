"""A store that is open for reading cannot be written through, by whoever tries."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import articles, database
from storage.database import Database, open_for_reading
from storage.errors import DatabaseFailedError, DatabaseOutdatedError, DatabaseUnreachableError
from tests.storage.building import begin, put


@pytest.mark.parametrize(
    "statement", ["DELETE FROM articles", "CREATE TABLE t (a INTEGER)", "UPDATE outlets SET name = 'x'"]
)
def test_the_database_refuses_to_be_written(database: Database, database_url: str, statement: str) -> None:
    put(database, begin(database), "https://example.com/1", "a")
    reading = open_for_reading(database_url)
    with pytest.raises((DatabaseFailedError, DBAPIError)) as refused:
        reading.write(lambda c: c.execute(text(statement)) and None)
    assert "read" in str(refused.value).lower()
    assert [each.title for each in articles.iter_articles(reading)] == ["About a"]
    put(database, begin(database, "other"), "https://other.com/1", "b")
    assert len(list(articles.iter_articles(reading))) == 2
    reading.close()


def test_a_store_that_is_empty_older_or_missing_is_left_as_it_is(bare_database_url: str) -> None:
    with pytest.raises((DatabaseUnreachableError, DatabaseOutdatedError)):
        open_for_reading(bare_database_url)
    database.open_database(bare_database_url).close()
    db = database.connect(bare_database_url)
    database.downgrade(db, "0011")
    with pytest.raises(DatabaseOutdatedError, match="run: pressrun db upgrade"):
        open_for_reading(bare_database_url)
    assert database.version(db) == "0011"
    db.close()
