"""One log file for each run, the newest ones kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import logs


def test_each_run_has_a_file_of_its_own(tmp_path: Path) -> None:
    assert logs.new_log(tmp_path, "herald") != logs.new_log(tmp_path, "herald")


def test_only_the_newest_files_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "KEPT", 3)
    made = [logs.new_log(tmp_path, "herald") for _ in range(6)]
    other = logs.new_log(tmp_path, "digest")
    assert sorted((tmp_path / "logs" / "herald").iterdir()) == made[-3:]
    assert other.exists()


def test_old_files_go_when_together_they_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "KEPT_BYTES", 1000)
    made = []
    for _ in range(4):
        made.append(logs.new_log(tmp_path, "herald"))
        made[-1].write_bytes(b"x" * 600)
    assert sorted((tmp_path / "logs" / "herald").iterdir()) == made[-2:]


def test_no_id_leads_out_of_the_folder(tmp_path: Path) -> None:
    assert logs.new_log(tmp_path, "../../etc").parent.parent == tmp_path / "logs"


def test_the_tail_is_what_was_said_last(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("first\n\nsecond   line\nthird\nfourth\n\n")
    assert logs.tail(path) == "second line | third | fourth"
    assert logs.tail(tmp_path / "missing.log") == ""
