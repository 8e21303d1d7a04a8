"""Backups of an SQLite store that is in use, and the way back."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.backup import backup, check_replaceable, new_backup, restore, store_file
from storage.database import Database, open_database
from storage.errors import BackupError, DatabaseNewerError
from storage.frontier import end_run
from storage.jobs import check_store
from tests.storage.building import all_articles, begin, put
from tests.storage.damage import cut_off, overwrite_root


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    db = open_database(f"sqlite:///{tmp_path}/pressrun.db")
    put(db, begin(db), "https://example.ge/1", "one")
    yield db
    db.close()


def test_a_backup_holds_what_is_committed_while_a_writer_is_at_work(store: Database, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    with store.begin() as writing:
        writing.exec_driver_sql("UPDATE outlets SET name = 'half done'")
        size = backup(store, tmp_path / "copies" / "copy.db")
    assert size == (tmp_path / "copies" / "copy.db").stat().st_size
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["copy.db"], "one file, complete in itself"
    copy = open_database(f"sqlite:///{tmp_path}/copies/copy.db")
    with copy.read() as c:
        assert c.exec_driver_sql("SELECT name FROM outlets").scalar_one() == "Example"
    assert [each.url for each in all_articles(copy)] == ["https://example.ge/1"]
    copy.close()


def test_a_copy_ends_while_another_process_commits_all_the_time(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds the store as it was when the copy began."""
    monkeypatch.setattr("storage.backup.PAGES", 10)
    steps: list[tuple[int, int]] = []
    with contextlib.closing(sqlite3.connect(tmp_path / "pressrun.db", isolation_level=None)) as writer:

        def commit(done: int, total: int) -> None:
            steps.append((done, total))
            assert len(steps) <= total // 10 + 1, "the copy began anew"
            writer.execute("UPDATE outlets SET name = ?", (f"name {len(steps)}",))

        backup(store, tmp_path / "copy.db", commit)
    assert len(steps) > 5
    assert steps[-1][0] == steps[-1][1]
    with contextlib.closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT name FROM outlets").fetchall() == [("Example",)]


def test_an_interrupted_copy_leaves_nothing_behind(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.backup.PAGES", 10)
    steps: list[int] = []
    (tmp_path / "copies").mkdir()

    def press_ctrl_c(done: int, _total: int) -> None:
        steps.append(done)
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            backup(store, tmp_path / "copies" / "copy.db", press_ctrl_c)
    finally:
        signal.signal(signal.SIGINT, before)
    assert steps == [10]
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_restored_store_is_the_one_of_the_backup_and_sound(store: Database, tmp_path: Path) -> None:
    backup(store, tmp_path / "copy.db")
    put(store, begin(store, "other"), "https://example.ge/2", "two")
    store.close()
    kept = restore(tmp_path / "copy.db", tmp_path / "pressrun.db")
    assert kept is not None
    restored, earlier = open_database(f"sqlite:///{tmp_path}/pressrun.db"), open_database(f"sqlite:///{kept}")
    assert (len(all_articles(restored)), len(all_articles(earlier))) == (1, 2)
    assert (tmp_path / "copy.db").exists(), "the backup stays"
    restored.close()
    earlier.close()


def test_nothing_is_lost_of_recent_writes_when_a_store_is_put_aside(store: Database, tmp_path: Path) -> None:
    """They may still be in the -wal file, which must move with its store and never serve the restored one."""
    backup(store, tmp_path / "copy.db")
    put(store, begin(store, "other"), "https://example.ge/2", "two")
    assert (tmp_path / "pressrun.db-wal").stat().st_size > 0
    kept = restore(tmp_path / "copy.db", tmp_path / "pressrun.db")
    store.close()
    restored, earlier = open_database(f"sqlite:///{tmp_path}/pressrun.db"), open_database(f"sqlite:///{kept}")
    assert (len(all_articles(restored)), len(all_articles(earlier))) == (1, 2)
    assert check_store(restored) == []
    restored.close()
    earlier.close()


def test_recent_writes_of_a_store_that_was_deleted_do_not_come_into_the_restored_one(
    store: Database, tmp_path: Path
) -> None:
    backup(store, tmp_path / "copy.db")
    put(store, begin(store, "other"), "https://example.ge/2", "two")
    writes = (tmp_path / "pressrun.db-wal").read_bytes()
    store.close()
    (tmp_path / "pressrun.db").unlink()
    (tmp_path / "pressrun.db-wal").write_bytes(writes)
    assert restore(tmp_path / "copy.db", tmp_path / "pressrun.db") is None
    (aside,) = tmp_path.glob("pressrun.db.before-*")
    assert (aside.name.endswith("-wal"), aside.read_bytes() == writes) == (True, True)
    restored = open_database(f"sqlite:///{tmp_path}/pressrun.db")
    assert len(all_articles(restored)) == 1
    assert check_store(restored) == []
    restored.close()


@pytest.mark.parametrize(
    "spoil", [cut_off, lambda file: overwrite_root(file, "runs"), lambda file: overwrite_root(file, "alembic_version")]
)
def test_a_damaged_store_is_replaced_and_kept(store: Database, tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    file = tmp_path / "pressrun.db"
    backup(store, tmp_path / "copy.db")
    store.close()
    spoil(file)
    damaged = file.read_bytes()
    assert check_replaceable(f"sqlite:///{file}") is False
    kept = restore(tmp_path / "copy.db", file)
    assert kept is not None
    assert kept.read_bytes() == damaged
    restored = open_database(f"sqlite:///{file}")
    assert check_store(restored) == []
    restored.close()


def test_a_sound_store_is_replaced_unless_a_live_run_uses_it(store: Database, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/pressrun.db"
    run = begin(store, "other")
    with pytest.raises(BackupError, match=rf"is in use by run .*{run.id}"):
        check_replaceable(url)
    for number in (run.id, 1):
        end_run(store, number, "completed", {})
    assert check_replaceable(url) is True
    assert check_replaceable(f"sqlite:///{tmp_path}/none.db") is True


def test_what_is_no_store_of_this_version_is_never_replaced(store: Database, tmp_path: Path) -> None:
    """It may be another file of its user's: a name that was typed wrong must not cost it its place."""
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be looked at " * 40)
    with contextlib.closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE bookmarks (url)")
    before = {name: (tmp_path / name).read_bytes() for name in ("notes.txt", "other.db")}
    with pytest.raises(BackupError, match=r"notes\.txt is no SQLite database, .*rename it and restore again"):
        check_replaceable(f"sqlite:///{tmp_path}/notes.txt")
    with pytest.raises(BackupError, match=r"other\.db holds tables of another program"):
        check_replaceable(f"sqlite:///{tmp_path}/other.db")
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert list(tmp_path.glob("other.db-*")) == []
    with store.begin() as c:
        c.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewerError):
        check_replaceable(f"sqlite:///{tmp_path}/pressrun.db")


def test_a_damaged_backup_is_refused_and_the_store_stays(store: Database, tmp_path: Path) -> None:
    backup(store, tmp_path / "copy.db")
    whole = (tmp_path / "copy.db").read_bytes()
    (tmp_path / "copy.db").write_bytes(whole[:5000] + b"\xff" * 8192 + whole[13192:])
    with pytest.raises(BackupError, match=r"copy\.db cannot be restored: .*take an earlier backup"):
        restore(tmp_path / "copy.db", tmp_path / "pressrun.db")
    assert len(all_articles(store)) == 1
    assert not (tmp_path / "pressrun.db.restoring").exists()


def test_a_file_is_never_overwritten_by_a_backup(store: Database, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(BackupError, match="exists; name another file"):
        backup(store, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_named(store: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupError, match=r"file is no folder; make it, or mount its disk"):
        backup(store, tmp_path / "file" / "copy.db")
    with pytest.raises(BackupError, match=r"cannot make the folder .*file/backups: Not a directory; name a file"):
        new_backup(tmp_path / "file" / "backups")


def test_postgresql_is_left_to_its_own_tools(postgres_template: str, postgres_server: str) -> None:
    with pytest.raises(BackupError, match="pg_restore"):
        store_file("postgresql://someone@host/pressrun")
    db = open_database(postgres_server.replace("/postgres?", f"/{postgres_template}?"))
    with pytest.raises(BackupError, match="pg_dump"):
        backup(db, Path("copy.db"))
    db.close()


def test_a_backup_of_a_damaged_store_is_not_kept(store: Database, tmp_path: Path) -> None:
    store.close()
    raw = sqlite3.connect(tmp_path / "pressrun.db")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    with (tmp_path / "pressrun.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff" * 8192)
    with pytest.raises(BackupError, match="cannot write the backup"):
        backup(store, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
    assert not (tmp_path / "copy.db.part").exists()
