"""Opening the store, its transactions, and what it says when it cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from storage import database as databases
from storage.database import Database, open_database
from storage.errors import (
    DatabaseFailedError,
    DatabaseNewerError,
    DatabaseOutdatedError,
    DatabaseUnreachableError,
    FolderNotWritableError,
    PressrunError,
)
from storage.schema.tables import Host, Outlet

NOW = datetime(2025, 3, 4, 10, 30, tzinfo=timezone(timedelta(hours=4)))


def host(name: str, failures: int = 0) -> dict[str, object]:
    return {"host": name, "failures": failures, "paused_until": NOW}


def test_instants_come_back_aware_and_in_utc(database: Database) -> None:
    database.write(lambda c: c.execute(insert(Host).values(host("a.example"))) and None)
    with database.read() as c:
        back = c.execute(select(Host.paused_until)).scalar_one()
    assert back == NOW
    assert back.tzinfo is UTC


def test_a_naive_datetime_is_refused(database: Database) -> None:
    naive = host("a.example") | {"paused_until": datetime(2025, 1, 1)}  # noqa: DTZ001 - the point of it
    with pytest.raises(StatementError, match="aware"):
        database.write(lambda c: c.execute(insert(Host).values(naive)) and None)


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def work(c: Connection) -> None:
        c.execute(insert(Host).values(host("a.example")))
        raise KeyError

    with pytest.raises(KeyError):
        database.write(work)
    with database.read() as c:
        assert c.execute(select(Host.host)).all() == []


def test_a_read_sees_one_state_and_holds_no_writer_up(database: Database) -> None:
    with database.read() as c:
        assert c.execute(select(Host.host)).all() == []
        database.write(lambda w: w.execute(insert(Host).values(host("a.example"))) and None)
        assert c.execute(select(Host.host)).all() == [], "the view does not change while it is used"
    with database.read() as c:
        assert len(c.execute(select(Host.host)).all()) == 1


def test_writers_that_meet_wait_for_each_other(database: Database) -> None:
    database.write(lambda c: c.execute(insert(Host).values(host("a.example"))) and None)

    def add(c: Connection) -> None:
        seen = c.execute(select(Host.failures).where(Host.host == "a.example")).scalar_one()
        time.sleep(0.002)
        c.execute(update(Host).where(Host.host == "a.example").values(failures=seen + 1))

    threads = [threading.Thread(target=lambda: [database.write(add, alone=True) for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as c:
        assert c.execute(select(Host.failures)).scalar_one() == 40


def test_work_whose_connection_breaks_is_done_again(postgres_server: str, tmp_path: Path) -> None:
    from tests.conftest import new_postgres_database

    with new_postgres_database(postgres_server) as url:
        db = open_database(url)
        broken = []

        def work(c: Connection) -> None:
            c.execute(insert(Host).values(host("a.example")))
            if not broken:
                broken.append(True)
                c.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

        db.write(work)
        with db.read() as c:
            assert c.execute(select(Host.host)).scalars().all() == ["a.example"]
        db.close()


def test_an_error_of_ours_is_not_tried_again_and_shows_no_values(database: Database) -> None:
    tries = []

    def work(c: Connection) -> None:
        tries.append(1)
        c.execute(insert(Outlet).values(id="a", name="secret-token-in-a-value", first_seen_at=NOW))
        c.execute(insert(Outlet).values(id="a", name="secret-token-in-a-value", first_seen_at=NOW))

    with pytest.raises(IntegrityError) as told:
        database.write(work)
    assert len(tries) == 1
    assert "secret-token-in-a-value" not in str(told.value)


def test_a_full_disk_is_one_line_and_what_was_committed_stays(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path}/full.db")
    db.write(lambda c: c.execute(insert(Host).values(host("kept.example"))) and None)

    def work(c: Connection) -> None:
        pages = c.exec_driver_sql("PRAGMA page_count").scalar_one()
        c.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        c.execute(insert(Host), [host(f"{'x' * 200}{n}.example") for n in range(5000)])

    with pytest.raises(DatabaseFailedError, match="full"):
        db.write(work)
    with db.read() as c:
        assert c.execute(select(Host.host)).scalars().all() == ["kept.example"]
    db.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("no address at all", "cannot be read"),
        ("mysql://me:hunter2@host/db", "mysql"),
        ("postgresql+foo://me:hunter2@host/db", "has no driver .postgresql.foo."),
        (
            "postgresql://me:hunter2@127.0.0.1:1/db?sslmode=disable&password=hunter2",
            r"postgresql://me:\*\*\*@127.0.0.1:1/db: .*refused",
        ),
        ("postgresql://me:hunter2@127.0.0.1:notaport/db", "cannot be read"),
        ("sqlite:///:memory:", "name a file"),
    ],
)
def test_an_unusable_address_is_one_line_without_its_password(url: str, said: str) -> None:
    with pytest.raises(DatabaseUnreachableError, match="(?s)" + said) as told:
        open_database(url)
    assert "hunter2" not in str(told.value)
    assert "\n" not in str(told.value)


def test_no_password_is_shown_when_a_database_is_printed() -> None:
    db = databases.connect("postgresql://me:hunter2@127.0.0.1/db?password=hunter2")
    assert f"{db!r} {db.shown}" == "Database(postgresql://me:***@127.0.0.1/db) postgresql://me:***@127.0.0.1/db"
    db.close()


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be looked at " * 40)
    with pytest.raises(DatabaseUnreachableError, match="no SQLite database"):
        open_database(f"sqlite:///{tmp_path}/notes.txt")
    with pytest.raises(DatabaseUnreachableError, match="folder"):
        open_database(f"sqlite:///{tmp_path}")
    with pytest.raises(DatabaseUnreachableError, match="there is no database"):
        open_database(f"sqlite:///{tmp_path}/none.db", create=False)
    assert not (tmp_path / "none.db").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderNotWritableError, match="file"):
        open_database(f"sqlite:///{tmp_path}/file/below/x.db")
    with pytest.raises(PressrunError):
        open_database("sqlite:////proc/pressrun/x.db")


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")) and None)
    with pytest.raises(DatabaseNewerError, match="9999"):
        open_database(database.url.render_as_string(hide_password=False))


def test_an_older_one_is_upgraded_or_named(bare_database_url: str) -> None:
    db = open_database(bare_database_url)
    databases.downgrade(db, "base")
    assert databases.version(db) is None
    with pytest.raises(DatabaseOutdatedError, match="db upgrade"):
        open_database(bare_database_url, create=False)
    open_database(bare_database_url).close()
    assert databases.version(db) == databases.head()
    db.close()


def test_several_processes_may_create_one_database_at_once(bare_database_url: str) -> None:
    code = "import sys; from storage.database import open_database; open_database(sys.argv[1]).close()"
    children = [
        subprocess.Popen([sys.executable, "-c", code, bare_database_url], stderr=subprocess.PIPE) for _ in range(4)
    ]
    errors = [child.communicate()[1].decode() for child in children]
    assert [child.returncode for child in children] == [0] * 4, errors


def test_sqlite_is_durable_and_checks_references(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path}/x.db")
    with db.read() as c:
        asked = {
            name: c.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    db.close()
    with closing(sqlite3.connect(tmp_path / "x.db")) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
