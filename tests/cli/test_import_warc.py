"""`pressrun import` of WARC files: options, reports, exit codes, and ends that nobody planned."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import articles, frontier
from storage.database import open_database
from storage.jobs import check_store
from tests.calling import Pressrun, clean_environment, outlet_file
from tests.fault_pages import article
from tests.file_server import FileServer
from tests.warc_files import page, zipped

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = "https://example.ge/news/"
RECORDS = [page(f"{OURS}{n}", article(n)) for n in range(3)] + [page("https://other.example/9", article(9))]


@pytest.fixture
def outlets(tmp_path: Path) -> Path:
    return outlet_file(tmp_path / "outlets")


def warc(tmp_path: Path, data: bytes = b"".join(zipped(RECORDS))) -> Path:
    (tmp_path / "news.warc.gz").write_bytes(data)
    return tmp_path / "news.warc.gz"


@pytest.mark.parametrize(
    "words",
    [
        ["--outlets", "example_ge"],
        ["--outlets", "all"],
        ["--outlets", "azernews,example_ge"],
        ["--outlets", "azernews", "example_ge"],
    ],
)
def test_only_articles_of_the_named_outlets_are_imported(
    pressrun: Pressrun, tmp_path: Path, outlets: Path, words: list[str]
) -> None:
    said = pressrun("--outlets", outlets, "import", warc(tmp_path), *words)
    assert (said.code, "Warning" in said.err) == (0, False)
    assert said.out.startswith("100%: 4 records, 3 pages extracted: 3 stored; skipped: 1 other_site")


def test_without_outlets_the_pages_of_all_sites_are_imported(pressrun: Pressrun, tmp_path: Path, outlets: Path) -> None:
    said = pressrun("import", warc(tmp_path), "--outlets", outlets, "--json")
    assert (said.code, said.json["stored"], said.json["records"], said.json["lost_bytes"]) == (0, 4, 4, 0)
    assert {row["outlet"] for row in pressrun("articles", "--json").json} == {"example_ge", "other.example"}


def test_a_damaged_file_ends_with_1_and_says_how_many_bytes_were_lost(
    pressrun: Pressrun, tmp_path: Path, outlets: Path
) -> None:
    members = zipped(RECORDS)
    members[1] = members[1][:100]
    said = pressrun("--outlets", outlets, "import", warc(tmp_path, b"".join(members)[:-10]))
    assert said.code == 1
    assert "2 stored, 1 rejected; skipped: 1 damaged" in said.out
    lost = 100 + len(members[3]) - 10
    assert f"pressrun: 100 bytes lost at byte {len(members[0])}: the gzip data is damaged" in said.err
    assert f"{lost:,} bytes of {tmp_path}/news.warc.gz are damaged or missing" in said.err
    assert "Traceback" not in said.err


def test_the_first_bytes_may_be_the_damaged_ones(pressrun: Pressrun, tmp_path: Path, outlets: Path) -> None:
    data = b"\0" * 30 + b"".join(zipped(RECORDS))[30:]
    said = pressrun("--outlets", outlets, "import", warc(tmp_path, data), "--outlets", "example_ge")
    assert (said.code, said.out.split("; ")[0]) == (1, "100%: 4 records, 2 pages extracted: 2 stored")


def test_a_file_at_an_address_is_imported(pressrun: Pressrun, outlets: Path) -> None:
    with FileServer(b"".join(zipped(RECORDS)), drop_after=[500]) as server:
        said = pressrun("--outlets", outlets, "import", server.url, "--outlets", "example_ge")
        assert (said.code, "3 stored" in said.out) == (0, True)
        assert server.asked[1] == ("/file", "bytes=500-")
        assert pressrun("import", server.url + "s").line.endswith("404 Not Found; check the address")


def test_wrong_use_is_one_line(pressrun: Pressrun, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("{}\n")
    (tmp_path / "text.warc").write_text("nothing of the kind\n")
    for words, part in (
        (("nowhere.warc.gz",), "cannot read nowhere.warc.gz"),
        (
            ("ftp://x.example/a.warc.gz",),
            "ftp://x.example/a.warc.gz is no address that can be read; give a file, or an",
        ),
        (("rows.jsonl", "--outlets", "azernews"), "--outlets is for WARC files"),
        (("text.warc",), "text.warc is no WARC file"),
        ((warc(tmp_path), "--outlets", "azernewss"), "did you mean azernews"),
        ((warc(tmp_path), "--outlets", ","), "--outlets names no outlet"),
    ):
        said = pressrun("import", *words)
        assert (said.code, part in said.line) == (2, True), said.line


def _heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(
    ("number", "code", "state"),
    [(signal.SIGTERM, 130, "stopped"), (signal.SIGINT, 130, "stopped"), (signal.SIGKILL, -9, "died")],
)
def test_an_import_that_is_stopped_or_killed_continues_and_stores_nothing_twice(
    tmp_path: Path, outlets: Path, number: signal.Signals, code: int, state: str
) -> None:
    file = warc(tmp_path, b"".join(zipped(page(f"{OURS}{n}", article(n)) for n in range(150))))
    db = f"sqlite:///{tmp_path}/p.db"
    command = [sys.executable, "-m", "tests.cli.import_with_progress", "import", file, "--db", db, "--outlets", outlets]
    env = clean_environment()
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT, "env": env}
    child = subprocess.Popen([*command, "--json"], preexec_fn=_heed_ctrl_c, **options)  # type: ignore[call-overload]
    assert child.stderr
    assert json.loads(child.stderr.readline())["progress"]["stored"] > 0  # the first batch is kept
    child.send_signal(number)
    _, err = child.communicate(timeout=60)
    assert child.returncode == code, err
    assert "Traceback" not in err
    again = subprocess.run([*command, "--json"], **options, timeout=120, check=True)  # type: ignore[call-overload]
    counts = json.loads(again.stdout)
    assert counts["resumed_at"]
    assert counts["records"] == counts["read"] + sum(counts["skipped"].values()) == 150
    store = open_database(db)
    assert [run.state for run in frontier.last_runs(store)] == ["completed", state]
    assert len(list(articles.iter_articles(store, copies=True))) == 150
    assert check_store(store) == []
    store.close()
