"""The readers again, given documents that atheris makes: it keeps what reaches new branches, and goes on from there.

`pip install atheris` brings it; without it the tests are skipped. Each reader is tried in a process of its own, since
atheris ends its process, for `PRESSRUN_TEST_SECONDS` (60). What it found worth keeping stays in a folder that the
output names, and a document that broke a reader is shown; it then becomes a case of the reader's own tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .test_mutations import READERS, SECONDS, SLOW

pytestmark = [pytest.mark.hours, pytest.mark.timeout(7200)]

MOST = 20_000  # bytes of a document


@pytest.mark.parametrize("name", READERS)
def test_a_document_made_by_its_coverage_is_read_or_refused(name: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="pip install atheris")
    _, documents = READERS[name]
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, document in enumerate(documents):
        (corpus / f"seed-{number}").write_bytes(document)
    options = [f"-max_total_time={SECONDS:.0f}", f"-max_len={MOST}", f"-timeout={SLOW:.0f}", "-rss_limit_mb=2048"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.long.coverage_fuzz", name, *options, f"-artifact_prefix={tmp_path}/", corpus],
        capture_output=True, text=True, timeout=SECONDS + 600, env=os.environ | {"PYTHONHASHSEED": "0"},
    )  # fmt: skip
    broken = [path.read_bytes() for path in tmp_path.glob("*-*") if path.is_file()]
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}\n{broken!r:.3000}"
    print(f"{name}: {done.stderr.strip().splitlines()[-1]}; corpus in {corpus}")
    assert len(list(corpus.iterdir())) > len(documents), "no document reached a new branch: is anything instrumented?"
