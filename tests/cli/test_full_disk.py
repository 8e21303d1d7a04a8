"""A disk that fills up while outlets are crawled: one line says what is full, and the next crawl goes on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.press import Press
from tests.calling import Pressrun

pytestmark = pytest.mark.long

SMALL = 2_000_000  # bytes of the disk; an empty store has some 500,000


@pytest.fixture(name="press")
def a_press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    with Press() as press:
        monkeypatch.setenv("PRESSRUN_OUTLETS", str(press.outlet_folder))
        yield press


@pytest.fixture(name="small_disk")
def a_small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", folder]
    if subprocess.run(mounting, capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path, but: int = 0) -> Path:
    """Write a file that takes what is left, but for so many bytes."""
    path = folder / "filler"
    free = os.statvfs(folder)
    with path.open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, free.f_bavail * free.f_bsize - but)
    return path


def test_a_full_disk_of_the_store_is_one_line_and_no_trace(pressrun: Pressrun, press: Press, small_disk: Path) -> None:
    store = f"sqlite:///{small_disk}/p.db"
    assert pressrun("db", "upgrade", "--db", store).code == 0
    filler = fill(small_disk, but=100_000)  # what SQLite needs to open it
    said = pressrun("crawl", "demo_xeber", "--db", store)
    assert said.code
    assert said.line == f"the database {store} failed: database or disk is full"
    assert "Traceback" not in said.out
    filler.unlink()
    assert "10 stored" in pressrun("crawl", "demo_xeber", "--db", store).out


def test_a_full_disk_of_the_archive_is_one_line_and_no_trace(
    pressrun: Pressrun, press: Press, small_disk: Path, tmp_path: Path
) -> None:
    words = ("crawl", "demo_xeber", "--db", f"sqlite:///{tmp_path}/p.db", "--data", small_disk)
    assert pressrun(*words, "--limit", 1).code == 0
    for log in (small_disk / "logs").rglob("*.log"):
        log.write_bytes(b"")  # what room it had is for the filler
    filler = fill(small_disk)
    said = pressrun(*words)
    assert said.code == 1
    assert said.line == f"cannot write the archive in {small_disk}/archive: No space left on device"
    assert "Error" not in said.out
    filler.unlink()
    assert "9 stored" in pressrun(*words).out


def test_no_room_for_a_new_store_is_one_line_with_the_remedy(pressrun: Pressrun, small_disk: Path) -> None:
    fill(small_disk)
    said = pressrun("db", "upgrade", "--db", f"sqlite:///{small_disk}/p.db")
    assert said.code == 2
    assert said.line.endswith("is full; make room on its disk, or name another with --db")
