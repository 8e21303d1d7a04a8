"""The command line, called as the installed program calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.cli.root import run
from tests.calling import Pressrun, Said

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def pressrun(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pressrun:
    """`pressrun("outlets", "list")` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for its child processes, where this checkout is not installed

    def call(*words: object) -> Said:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call
