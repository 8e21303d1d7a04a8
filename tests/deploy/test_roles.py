"""deploy/postgres-roles.sql on a real server: each role does its part, and the database refuses the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from storage import articles
from storage.database import connect, downgrade, open_database, open_for_reading
from storage.errors import PressrunError
from storage.jobs import vacuum
from tests.conftest import new_postgres_database
from tests.storage.building import begin, put

FILE = Path(__file__).parents[2] / "deploy" / "postgres-roles.sql"


@dataclass(frozen=True)
class Store:
    """A database after the steps of the file's head: roles, tables by the owner, roles again."""

    admin: str

    def url(self, role: str) -> str:
        return make_url(self.admin).set(username=f"pressrun_{role}").render_as_string(hide_password=False)

    def apply_file(self) -> None:
        with psycopg.connect(self.admin, autocommit=True) as c:
            c.execute(FILE.read_bytes())

    def refuses(self, role: str, statement: str) -> str:
        with psycopg.connect(self.url(role), autocommit=True) as c, pytest.raises(psycopg.Error) as refused:
            c.execute(statement.encode())
        return str(refused.value)


@pytest.fixture
def store(postgres_server: str) -> Iterator[Store]:
    with new_postgres_database(postgres_server) as admin:
        made = Store(admin)
        made.apply_file()
        open_database(made.url("owner")).close()
        made.apply_file()
        yield made


def test_the_crawler_writes_articles_and_the_reader_reads_them(store: Store) -> None:
    db = open_database(store.url("crawler"))
    put(db, begin(db), "https://example.com/1", "harbour")
    db.close()
    reading = open_for_reading(store.url("reader"))
    assert [each.title for each in articles.iter_articles(reading)] == ["About harbour"]
    reading.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE articles",
        "CREATE TABLE more (a int)",
        "TRUNCATE pages",
        "UPDATE alembic_version SET version_num = '1'",
    ],
)
def test_the_crawler_may_not_change_the_store_itself(store: Store, statement: str) -> None:
    said = store.refuses("crawler", statement)
    assert "must be owner" in said or "permission denied" in said


@pytest.mark.parametrize(
    "statement", ["DELETE FROM articles", "INSERT INTO outlets (id) VALUES ('x')", "CREATE TABLE more (a int)"]
)
def test_the_reader_may_only_read(store: Store, statement: str) -> None:
    assert "permission denied" in store.refuses("reader", statement)


def test_nobody_else_gets_in(store: Store) -> None:
    with psycopg.connect(store.admin, autocommit=True) as c:
        c.execute("DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    url = make_url(store.admin).set(username="stranger").render_as_string(hide_password=False)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(url)


def test_what_only_the_owner_may_do_is_said_before_it_is_begun(store: Store) -> None:
    crawler, owner = open_database(store.url("crawler")), open_database(store.url("owner"))
    with pytest.raises(PressrunError, match=r"VACUUM needs the owner of the tables: .* role 'pressrun_owner'"):
        vacuum(crawler)
    assert vacuum(owner) >= 0
    crawler.close()
    owner.close()


def test_an_upgrade_by_another_role_names_the_one_that_may(store: Store) -> None:
    db = connect(store.url("owner"))
    downgrade(db, "0011")
    db.close()
    with pytest.raises(PressrunError, match="role 'pressrun_owner' instead of 'pressrun_crawler'"):
        open_database(store.url("crawler"))
    open_database(store.url("owner")).close()
    open_database(store.url("crawler")).close()
