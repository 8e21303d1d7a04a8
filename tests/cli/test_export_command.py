"""`pressrun articles export`: files for other programs, each whole or not there."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

from flows.exporting import next_since
from storage import frontier
from storage.database import open_database
from storage.frontier import Extracted, FinishedPage
from storage.jobs import RemovalFiles, removal_of_address, take_down
from storage.warc import ArchiveWriter
from tests.calling import Pressrun
from tests.storage.building import article, begin, lease_page, words

COUNT = 7


@pytest.fixture(name="store")
def a_store(tmp_path: Path) -> Path:
    """Articles of one outlet with their raw pages, and the last one without."""
    folder = tmp_path / "data"
    db = open_database(f"sqlite:///{folder}/pressrun.db")
    run = begin(db)
    archive, now = ArchiveWriter(folder / "archive", run.id, "example"), datetime.now(UTC)
    for n in range(COUNT):
        url = f"https://example.ge/{n}"
        page = lease_page(db, run, url)
        body = f"<p>{words(n)}</p>".encode()
        place = archive.write(url=url, status=200, headers=[], body=body, fetched_at=now) if n < COUNT - 1 else None
        said = {"site_rights": ("ai=no (robots.txt content-signal)",)} if n == 0 else {}
        done = FinishedPage(page, Extracted(article(url, n, **said)), now, 200, warc=place)
        frontier.finish(db, run, [done], now)
    archive.close()
    frontier.end_run(db, run.id, "completed", {})
    db.close()
    return folder


def test_a_file_of_each_format_holds_what_passes_the_filters(pressrun: Pressrun, store: Path, tmp_path: Path) -> None:
    for name in ("jsonl", "csv", "parquet"):
        said = pressrun("articles", "export", "--format", name, "--out", f"a.{name}", "--respect", "ai")
        assert (said.code, said.out) == (0, "")
        assert f"{COUNT - 1} articles in a.{name}; what comes later: --changed-since 20" in said.err
    assert not list(tmp_path.glob("*.part"))
    titles = [f"About {n}" for n in range(1, COUNT)]
    assert [json.loads(line)["title"] for line in (tmp_path / "a.jsonl").read_text().splitlines()] == titles
    with (tmp_path / "a.csv").open(newline="") as file:
        assert [row["title"] for row in csv.DictReader(file)] == titles
    assert list(pd.read_parquet(tmp_path / "a.parquet")["title"]) == titles


def test_a_script_learns_what_to_ask_for_next_time(pressrun: Pressrun, store: Path, tmp_path: Path) -> None:
    before = next_since(datetime.now(UTC))
    said = pressrun("articles", "export", "--out", "a.jsonl", "--json")
    assert (said.code, said.err) == (0, "")
    since = said.json["changed_since"]
    assert before <= since <= next_since(datetime.now(UTC))
    assert said.json == {"articles": COUNT, "file": "a.jsonl", "changed_since": since}
    parts = pressrun("articles", "export", "--out", "parts", "--parts", 3, "--json").json
    assert parts == {"articles": COUNT, "parts": 3, "file": "parts", "changed_since": parts["changed_since"]}
    texts = pressrun("articles", "export", "--out", "texts", "--format", "txt", "--json").json
    assert texts == {"articles": COUNT, "file": "texts", "changed_since": texts["changed_since"]}
    pages = pressrun("articles", "export", "--out", "a.wacz", "--format", "wacz", "--json").json
    assert pages == {"articles": COUNT, "pages": COUNT - 1, "without_page": 1, "file": "a.wacz"}


def test_what_changed_since_the_last_export_is_enough(pressrun: Pressrun, store: Path, tmp_path: Path) -> None:
    assert pressrun("articles", "export", "--changed-since", "2099-01-01").out == ""
    assert len(pressrun("articles", "export", "--changed-since", "2000-01-01T00:00+04:00").out.splitlines()) == COUNT


def test_a_folder_of_parts_goes_on_after_an_interruption(
    pressrun: Pressrun, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("articles", "export", "--out", "parts", "--parts", 3)
    monkeypatch.setattr("flows.exporting._kept", failing_at(3, sys.modules, "flows.exporting"))
    assert pressrun(*words).code == 130
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    first = (tmp_path / "parts" / "articles-00001.jsonl").stat().st_ino
    said = pressrun(*words)
    assert f"{COUNT} articles in 3 files in parts; what comes later: --changed-since" in said.err
    assert (tmp_path / "parts" / "articles-00001.jsonl").stat().st_ino == first, "it was not written again"
    rows = [
        json.loads(line)["url"]
        for file in sorted((tmp_path / "parts").glob("*.jsonl"))
        for line in file.read_text().splitlines()
    ]
    assert rows == [f"https://example.ge/{n}" for n in range(COUNT)]
    assert "is complete (7 articles); name another folder" in pressrun(*words).line
    assert "an export with other options" in pressrun(*words, "--format", "csv").line
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    assert "mine has other files" in pressrun("articles", "export", "--out", "mine", "--parts", 3).line


def failing_at(call: int, modules: dict[str, object], name: str) -> object:
    """The function of the module, which is interrupted before it does anything at its n-th call."""
    import flows.exporting

    real, calls = flows.exporting._kept, iter(range(1, 100))

    def kept(folder: Path, done: flows.exporting.FolderExport) -> flows.exporting.FolderExport:
        if next(calls) == call:
            raise KeyboardInterrupt
        return real(folder, done)

    return kept


def test_a_folder_of_parquet_is_one_table(pressrun: Pressrun, store: Path, tmp_path: Path) -> None:
    assert pressrun("articles", "export", "--format", "parquet", "--out", "parts", "--parts", 3).code == 0
    assert len(pd.read_parquet(tmp_path / "parts")) == COUNT


def test_raw_pages_of_a_selection_are_a_wacz_without_what_was_taken_down(
    pressrun: Pressrun, store: Path, tmp_path: Path
) -> None:
    words = ("articles", "export", "--format", "wacz", "--out", "a.wacz")
    said = pressrun(*words)
    assert f"{COUNT - 1} pages in a.wacz; 1 of {COUNT} articles have no raw page in" in said.err
    db = open_database(f"sqlite:///{store}/pressrun.db")
    removal = removal_of_address(db, "https://example.ge/2")
    take_down(db, removal, "asked for", RemovalFiles(store / "archive", store / "takedowns.jsonl"))
    db.close()
    pressrun(*words)
    with ZipFile(tmp_path / "a.wacz") as file:
        pages = [json.loads(line)["url"] for line in file.read("pages/pages.jsonl").decode().splitlines()[1:]]
    assert pages == [f"https://example.ge/{n}" for n in (0, 1, 3, 4, 5)]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--format", "parquet"), "--format parquet writes a binary file; name it with --out"),
        (("--format", "wacz"), "--format wacz writes a binary file; name it with --out"),
        (("--parts", "3"), "--parts writes a folder of files; name it with --out"),
        (("--parts", "3", "--out", "x", "--format", "wacz"), "--parts is for jsonl, csv and parquet, not for wacz"),
        (("--out", "."), ". is a folder; name a file, or add --parts"),
        (("--respect", "love"), "'love' is not one of 'tdm', 'ai'"),
        (("--out", "none/a.jsonl"), "cannot write none/a.jsonl: No such file or directory; name another file"),
    ],
)
def test_wrong_use_is_one_line(pressrun: Pressrun, store: Path, words: tuple[str, ...], line: str) -> None:
    said = pressrun("articles", "export", *words)
    assert said.code == 2
    assert line in said.line


@pytest.mark.parametrize("name", ["jsonl", "csv", "parquet", "wacz"])
def test_a_full_disk_leaves_the_old_file_and_no_half_one(
    pressrun: Pressrun, store: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / f"a.{name}").write_text("as it was")
    (tmp_path / f"a.{name}.part").symlink_to("/dev/full")
    said = pressrun("articles", "export", "--format", name, "--out", f"a.{name}")
    assert said.code == 2
    assert said.line == f"cannot write a.{name}: No space left on device; name another file"
    assert (tmp_path / f"a.{name}").read_text() == "as it was"


def python_path() -> dict[str, str]:
    return {"PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent)}


SIGNS = ["=", "+", "-", "@", "\t", "\r", "\n", " ", "\u00a0", "\u200b", "\ufeff", "\uff1d", "\uff0b", "\u3000="]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_begins_as_a_formula_does(sign: str) -> None:
    from storage.articles.export import _cell

    assert _cell(f"{sign}HYPERLINK(1)") == f"'{sign}HYPERLINK(1)"
    assert _cell((f"{sign}x", "y")) == f"'{sign}x; y"
    assert _cell("a = b") == "a = b"
    assert _cell(-5) == -5


MEMORY = """
import resource, sys
from storage.articles import Selection, export_articles
from storage import articles
import storage.articles.export as export

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

def watched(found):
    for n, one in enumerate(found, 1):
        if n == 20_000:
            print("begin", peak())
        yield one

db = __import__("storage.database").database.open_database(sys.argv[1])
with open(sys.argv[3], "wb" if sys.argv[2] == "parquet" else "w") as out:
    number = export.write_articles(watched(articles.iter_articles(db)), out, sys.argv[2])
print("number", number)
print("end", peak())
"""


@pytest.mark.long
@pytest.mark.parametrize("name", ["jsonl", "parquet"])
def test_memory_stays_flat_over_a_hundred_thousand_articles(store: Path, tmp_path: Path, name: str) -> None:
    url = f"sqlite:///{store}/pressrun.db"
    multiply(url, 100_000)
    said = subprocess.run(
        [sys.executable, "-c", MEMORY, url, name, str(tmp_path / "out")],
        env=os.environ | python_path(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = dict(line.split() for line in said.stdout.splitlines())
    assert int(told["number"]) >= 100_000
    assert float(told["end"]) - float(told["begin"]) < 32, told  # MiB, of 120 MiB of text that came since


def multiply(url: str, number: int) -> None:
    """Fill the store with articles of 1,500 characters, by statements alone: it is about reading them."""
    text = " ".join(random.Random(1).choices(words(1).split(), k=1500 // 7))
    db = open_database(url)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
    with db.begin() as c:
        for table, own in (
            ("pages", {"url_key": "CAST('k' || i AS BLOB)"}),
            ("articles", {"page_id": "i", "text": ":text || i"}),
        ):
            names = [row[1] for row in c.exec_driver_sql(f"PRAGMA table_info({table})")]
            changed = {"id": "i", "number": "NULL"} | own
            values = ", ".join(changed.get(each, f"t.{each}") for each in names)
            c.exec_driver_sql(
                f"{numbers} INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM n, {table} AS t WHERE t.id = 1",
                {"last": 999 + number, "text": text},
            )
    db.close()
