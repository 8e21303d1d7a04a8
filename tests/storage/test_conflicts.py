"""Transactions that meet others, and a write-ahead log that a power cut has torn: done again, or a whole earlier state."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text, update

from storage.database import TRIES, Database, connect, open_database
from storage.errors import DatabaseFailedError
from storage.schema.tables import Host
from tests.conftest import new_postgres_database

WAIT = 30.0  # seconds after which a test gives up
COMMITS = 40


def add(db: Database, name: str) -> None:
    db.write(lambda c: c.execute(insert(Host).values(host=name, failures=0)) and None)


def raise_failures(c: Connection, name: str) -> None:
    c.execute(update(Host).where(Host.host == name).values(failures=Host.failures + 1))


def failures(db: Database) -> dict[str, int]:
    with db.read() as c:
        return dict(c.execute(select(Host.host, Host.failures).order_by(Host.host)).all())


@pytest.fixture
def postgresql(postgres_server: str) -> Iterator[Database]:
    with new_postgres_database(postgres_server) as url:
        db = open_database(url)
        yield db
        db.close()


def test_of_two_transactions_in_a_deadlock_both_are_done(postgresql: Database) -> None:
    add(postgresql, "a.example")
    add(postgresql, "b.example")
    both_hold_one = threading.Barrier(2, timeout=WAIT)
    tries: list[str] = []

    def work(first: str, second: str) -> None:
        def in_order(c: Connection) -> None:
            tries.append(first)
            raise_failures(c, first)
            if tries.count(first) == 1:
                both_hold_one.wait()
            raise_failures(c, second)

        postgresql.write(in_order)

    threads = [
        threading.Thread(target=work, args=order) for order in (("a.example", "b.example"), ("b.example", "a.example"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert failures(postgresql) == {"a.example": 2, "b.example": 2}
    assert len(tries) == 3, "one of the two was broken off, and done again"


def serialization_failure(c: Connection) -> None:
    c.execute(text("DO $$ BEGIN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END $$"))


@pytest.mark.parametrize("times", [1, TRIES - 1])
def test_a_transaction_that_cannot_be_serialized_is_done_again(postgresql: Database, times: int) -> None:
    tries: list[int] = []

    def work(c: Connection) -> None:
        tries.append(1)
        c.execute(insert(Host).values(host="a.example", failures=0))
        if len(tries) <= times:
            serialization_failure(c)

    postgresql.write(work)
    assert failures(postgresql) == {"a.example": 0}
    assert len(tries) == times + 1


def test_conflicts_without_end_are_one_error(postgresql: Database) -> None:
    tries: list[int] = []

    def work(c: Connection) -> None:
        tries.append(1)
        serialization_failure(c)

    with pytest.raises(DatabaseFailedError, match="could not serialize access"):
        postgresql.write(work)
    assert len(tries) == TRIES


def test_a_lock_that_outlasts_the_patience_of_sqlite_is_waited_for_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    open_database(url).close()
    db = connect(url, patience=0)  # each try fails at once
    tries = threading.Semaphore(0)
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")

        def unlock_after_a_try() -> None:
            assert tries.acquire(timeout=WAIT)
            other.execute("ROLLBACK")

        begin = db._write_once

        def counted(*args: object) -> object:
            try:
                return begin(*args)  # type: ignore[arg-type]
            finally:
                tries.release()

        db._write_once = counted  # type: ignore[method-assign, assignment]
        unlocking = threading.Thread(target=unlock_after_a_try)
        unlocking.start()
        add(db, "a.example")
        unlocking.join(WAIT)
    assert failures(db) == {"a.example": 0}
    db.close()


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose commits are all in its write-ahead log, as they are when the power fails."""
    folder = tmp_path_factory.mktemp("logged")
    store = folder / "store.db"
    db = open_database(f"sqlite:///{store}")
    with closing(sqlite3.connect(store)) as reader:
        reader.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM hosts").fetchall()  # while this reads, the log is kept as it is
        for number in range(COMMITS):
            add(db, f"{number:02}.example")
        saved = tmp_path_factory.mktemp("saved")
        for name in ("store.db", "store.db-wal"):
            shutil.copy(folder / name, saved / name)
    db.close()
    return saved


@pytest.mark.parametrize("damage", ["cut", "flipped"])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.5, 0.731, 0.999])
def test_a_torn_log_leaves_a_whole_earlier_state(logged: Path, tmp_path: Path, share: float, damage: str) -> None:
    for name in ("store.db", "store.db-wal"):
        shutil.copy(logged / name, tmp_path / name)
    log = tmp_path / "store.db-wal"
    whole = log.read_bytes()
    place = int(share * (len(whole) - 1))
    flipped = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
    log.write_bytes(whole[:place] if damage == "cut" else flipped)

    db = open_database(f"sqlite:///{tmp_path}/store.db")
    kept = list(failures(db))
    assert kept == [f"{number:02}.example" for number in range(len(kept))], "the first commits, and none of the later"
    assert len(kept) < COMMITS
    if share >= 0.2:
        assert len(kept) >= int(COMMITS * share) - 2
    add(db, "later.example")
    with db.read() as c:
        assert c.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    assert [*kept, "later.example"] == list(failures(db))
    db.close()
