"""The look at a store without SQLAlchemy: sure of a good one, silent about everything else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import open_database
from storage.frontier import removed_outlets
from storage.quick_check import has_no_removed_outlets, is_current
from tests.storage.building import take_outlet_down


@pytest.fixture
def store(tmp_path: Path) -> Path:
    file = tmp_path / "a store #1.db"
    open_database(f"sqlite:///{file}").close()
    return file


def test_a_store_of_this_version_is_current(store: Path) -> None:
    assert is_current(f"sqlite:///{store}")


def _older(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")


def _without_tables(file: Path) -> None:
    file.unlink()
    sqlite3.connect(file).close()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_older, id="older"),
        pytest.param(_without_tables, id="without tables"),
        pytest.param(lambda file: file.write_bytes(b"no database" * 500), id="not a database"),
        pytest.param(lambda file: file.unlink(), id="missing"),
    ],
)
def test_any_other_file_is_left_to_whoever_opens_it(store: Path, spoil: Callable[[Path], None]) -> None:
    spoil(store)
    assert not is_current(f"sqlite:///{store}")


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    assert not is_current(f"sqlite:///{tmp_path}/none.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["postgresql://user@nowhere/press", "sqlite:///x.db?mode=ro", "sqlite://", ""])
def test_other_addresses_are_left_to_whoever_opens_them(url: str) -> None:
    assert not is_current(url)


def test_a_store_without_removed_outlets_is_known_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/pressrun.db"
    assert has_no_removed_outlets(url), "there is no store yet"
    assert not has_no_removed_outlets("postgresql://nobody@127.0.0.1:9/none"), "it has to be asked"
    take_outlet_down(url, tmp_path, "example")
    assert not has_no_removed_outlets(url)
    with closing(open_database(url)) as db:
        assert list(removed_outlets(db, ["example", "other"])) == ["example"]
