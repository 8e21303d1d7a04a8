"""A flow run finds the store wherever it runs, or says that it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawlers.environment import read_settings
from flows.errors import RelativeDatabaseError
from flows.places import absolute, environment, settings_of_flow_run


@pytest.mark.parametrize(
    ("given", "there"),
    [
        ("sqlite:///data/pressrun.db", "sqlite:////srv/data/pressrun.db"),
        ("sqlite:///data/pressrun.db?timeout=5", "sqlite:////srv/data/pressrun.db?timeout=5"),
        ("sqlite:////var/pressrun.db", "sqlite:////var/pressrun.db"),
        ("postgresql://me@host/news", "postgresql://me@host/news"),
    ],
)
def test_the_address_of_the_database_becomes_absolute(
    given: str, there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute(read_settings({}, db=given)).db == there.replace("/srv", str(tmp_path))


def test_settings_survive_as_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings({}, outlets=tmp_path, contact="press@example.org")
    there = read_settings(environment(settings))
    assert there == absolute(settings)
    assert "PRESSRUN_OUTLETS" not in environment(read_settings({}))


def test_a_flow_run_refuses_a_relative_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_DB", "sqlite:///data/pressrun.db")
    with pytest.raises(RelativeDatabaseError, match=r"PRESSRUN_DB is sqlite:///data/pressrun\.db, a relative path"):
        settings_of_flow_run()
