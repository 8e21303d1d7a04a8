"""The flows maintain, check and reextract, under a real Prefect server."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.maintenance import count
from flows.upkeep import _in_store
from storage.errors import PressrunError
from tests.loopback import loopback

from .conftest import Prefect

pytestmark = pytest.mark.prefect


def test_upkeep_after_a_crawl_finds_nothing_wrong_and_leaves_a_backup(prefect: Prefect) -> None:
    assert prefect.run("crawl", {"outlet": "demo_herald"}).completed
    done = prefect.run("maintain", {"crawl": False})
    assert done.completed, done.message
    assert done.name.startswith("maintain ")
    assert "archive: every answer is where the ledger says" in done.message
    assert "check: every invariant holds" in done.message
    (backup, *_) = sorted((prefect.settings.data / "backups").iterdir(), reverse=True)
    assert f"backup: {backup}" in done.message
    query = {"artifacts": {"flow_run_id": {"any_": [str(done.flow_run_id)]}}}
    (table,) = loopback.post(f"{prefect.api}/artifacts/filter", json=query).json()
    assert '"step": "backup"' in table["data"]


def test_a_step_on_a_store_that_is_not_there_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_DB", f"sqlite:///{tmp_path}/typo.db")
    monkeypatch.setenv("PRESSRUN_DATA", str(tmp_path))
    with pytest.raises(PressrunError, match="there is no database at"):
        _in_store(count)
    assert list(tmp_path.iterdir()) == []


def test_the_archive_is_extracted_again(prefect: Prefect) -> None:
    assert prefect.run("crawl", {"outlet": "demo_herald"}).completed
    done = prefect.run("reextract", {"outlets": ["demo_herald"]})
    assert done.completed, done.message
    assert "pages extracted: " in done.message
    assert "unchanged" in done.message


def test_the_archive_is_extracted_again_in_shards(prefect: Prefect) -> None:
    assert prefect.run("crawl", {"outlet": "demo_herald"}).completed
    done = prefect.run("reextract", {"outlets": ["demo_herald"], "shards": 2})
    assert done.completed, done.message
    assert done.message.endswith("; 2 shards")
    query = {"artifacts": {"flow_run_id": {"any_": [str(done.flow_run_id)]}, "key": {"any_": ["reextract-shards"]}}}
    (report,) = loopback.post(f"{prefect.api}/artifacts/filter", json=query).json()
    assert report["data"].count("| completed |") == 2


def test_an_import_of_files_that_are_not_there_fails_and_names_them(prefect: Prefect) -> None:
    done = prefect.run("import", {"files": ["/nowhere/*.warc.gz"]})
    assert (done.state, "/nowhere/*.warc.gz" in done.message) == ("Failed", True)


def test_a_check_fails_when_an_archived_answer_is_gone(prefect: Prefect) -> None:
    assert prefect.run("crawl", {"outlet": "demo_digest"}).completed
    assert prefect.run("check", {}).completed
    file = next((prefect.settings.data / "archive").glob("*digest*.warc.gz"))
    aside = file.rename(Path(f"{file}.aside"))
    try:
        done = prefect.run("check", {})
        assert (done.state, file.name in done.message) == ("Failed", True)
    finally:
        aside.rename(file)
