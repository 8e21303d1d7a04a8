"""A file is there when it is complete; a link is followed, and what is no file is written to and stays what it is."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import IO

import pytest

from flows.cli.whole_file import write_whole
from storage.errors import FolderNotWritableError


def two_lines(stream: IO[str]) -> int:
    stream.write("one\ntwo\n")
    return 2


def test_a_file_that_fails_is_as_it_was(tmp_path: Path) -> None:
    def half(stream: IO[str]) -> None:
        stream.write("half")
        raise ValueError

    file = tmp_path / "out.txt"
    file.write_text("before")
    with pytest.raises(ValueError):  # noqa: PT011 - the one above
        write_whole(file, half)
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    file, link = tmp_path / "elsewhere" / "out.txt", tmp_path / "out.txt"
    link.symlink_to(file)
    for _ in range(2):  # the second time the file is there
        assert write_whole(link, two_lines) == 2
        assert link.is_symlink()
        assert file.read_text() == "one\ntwo\n"


def test_a_pipe_gets_the_bytes_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    assert write_whole(pipe, two_lines) == 2
    reader.join()
    assert read == ["one\ntwo\n"]
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no names for open files on this system")
def test_a_pipe_without_a_name_of_its_own_is_written_to() -> None:
    reads, writes = os.pipe()
    assert write_whole(Path(f"/dev/fd/{writes}"), two_lines) == 2
    os.close(writes)
    with os.fdopen(reads) as stream:
        assert stream.read() == "one\ntwo\n"


@pytest.mark.parametrize("name", [".", "", "folder"])
def test_a_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FolderNotWritableError, match="Is a directory; name another file"):
        write_whole(Path(name), two_lines)
