"""A store whose content is damaged: what it says, and what still works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text

from storage.backup import backup
from storage.database import Database, open_database
from storage.errors import BackupError, DatabaseDamagedError, DatabaseFailedError
from storage.jobs import check, check_rules, check_store, find_damage
from storage.schema.tables import Page
from storage.search import reindex
from tests.storage.building import begin, put
from tests.storage.damage import cut_off, overwrite_root


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A closed store with one article."""
    db = open_database(f"sqlite:///{tmp_path}/pressrun.db")
    put(db, begin(db), "https://example.ge/1", "one")
    db.close()
    return tmp_path / "pressrun.db"


@pytest.fixture
def damaged(file: Path) -> Iterator[Database]:
    """A store whose table of pages is overwritten."""
    overwrite_root(file, "pages")
    db = open_database(f"sqlite:///{file}")
    yield db
    db.close()


def _count_pages(c: Connection) -> int:
    return c.execute(select(func.count(Page.url))).scalar_one()


def test_damage_is_named_with_its_remedy(damaged: Database) -> None:
    remedy = r"pressrun\.db is damaged: .*malformed; stop all crawls and restore a backup: pressrun db restore FILE$"
    with pytest.raises(DatabaseDamagedError, match=remedy), damaged.read() as c:
        _count_pages(c)
    with pytest.raises(DatabaseDamagedError, match=remedy):
        damaged.write(_count_pages)


def test_a_check_tells_the_damage_and_nothing_else(damaged: Database) -> None:
    (line,) = check_store(damaged)
    assert line.startswith("the store is damaged (stop all crawls, then pressrun db restore FILE): ")
    assert "Page " in line
    assert find_damage(damaged) == [line]
    with pytest.raises(DatabaseDamagedError):
        check_rules(damaged)


def test_what_newer_sqlite_says_of_the_search_index_is_no_damage_of_the_store(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Since 3.44, its check looks at the full-text index too."""
    integrity = check._integrity
    said = 'fts5: corruption found reading blob 137438953473 from table "search_index"'
    monkeypatch.setattr(check, "_integrity", lambda c, of: said if of == "1" else integrity(c, of))
    db = open_database(f"sqlite:///{file}")
    assert find_damage(db) == []
    db.close()
    overwrite_root(file, "pages")
    db = open_database(f"sqlite:///{file}")
    (line,) = find_damage(db)
    assert "pressrun db restore" in line
    db.close()


def test_a_backup_of_a_damaged_store_names_the_check(damaged: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"; run: pressrun db check$"):
        backup(damaged, tmp_path / "copy.db")


def test_a_store_that_was_cut_off_is_damaged(file: Path) -> None:
    cut_off(file)
    with pytest.raises(DatabaseDamagedError, match="db restore"):
        open_database(f"sqlite:///{file}")


def test_a_store_that_is_overwritten_while_it_is_open_fails_in_one_line(file: Path) -> None:
    db = open_database(f"sqlite:///{file}")
    file.write_bytes(b"\xff" * file.stat().st_size)
    with pytest.raises((DatabaseFailedError, DatabaseDamagedError)):
        db.write(_count_pages)
    db.close()


def test_a_damaged_search_index_is_built_again(file: Path) -> None:
    db = open_database(f"sqlite:///{file}")
    db.write(lambda c: c.execute(text("UPDATE search_index_data SET block = x'ffffffffffffffff' WHERE id > 10")))
    db.close()
    db = open_database(f"sqlite:///{file}")
    assert find_damage(db) == []
    (line,) = check_store(db)
    assert "build the search index again: pressrun db reindex --all; if that fails too, stop all crawls" in line
    reindex(db, everything=True)
    assert check_store(db) == []
    db.close()


@pytest.mark.parametrize("code", ["data_corrupted", "index_corrupted"])
def test_damage_that_postgresql_reports_is_named(postgres_server: str, postgres_template: str, code: str) -> None:
    db = open_database(postgres_server.replace("/postgres?", f"/{postgres_template}?"))
    raised = f"DO $$ BEGIN RAISE EXCEPTION 'invalid page in block 7' USING ERRCODE = '{code}'; END $$"
    with pytest.raises(DatabaseDamagedError, match=r"is damaged: invalid page in block 7; .*pg_restore"):
        db.write(lambda c: c.exec_driver_sql(raised))
    assert find_damage(db) == []
    db.close()
