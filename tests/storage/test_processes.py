"""Which processes live, whatever the wall clock shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from storage.processes import process_lives, process_start


@pytest.fixture
def set_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/proc after `date -s` by three hours back: Linux computes the boot time, and with it all starts, from the clock."""
    if not Path("/proc/stat").exists():
        pytest.skip("not Linux")
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            (tmp_path / entry.name).symlink_to(entry)
    lines = Path("/proc/stat").read_text().splitlines()
    moved = [f"btime {int(line.split()[1]) - 10_800}" if line.startswith("btime") else line for line in lines]
    (tmp_path / "stat").write_text("\n".join(moved) + "\n")
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path))


def test_a_process_lives_on_when_the_wall_clock_is_set(set_back: None) -> None:
    assert abs(psutil.Process().create_time() - psutil.boot_time() - process_start()) < 1, "the fixture moves both"
    assert process_lives(os.getpid(), process_start())


def test_a_start_that_an_earlier_release_kept_is_understood() -> None:
    assert process_lives(os.getpid(), psutil.Process().create_time())
    assert not process_lives(os.getpid(), psutil.Process().create_time() - 60)


def test_the_same_id_with_another_start_is_another_process() -> None:
    assert not process_lives(os.getpid(), process_start() - 60)


def test_a_process_that_ended_does_not_live() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        started = process_start(child.pid)
        assert process_lives(child.pid, started)
        child.kill()
        psutil.wait_procs([psutil.Process(child.pid)], timeout=10)
    assert not process_lives(child.pid, started)
