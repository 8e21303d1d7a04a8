"""The keys that docs/command-line.md lists are those that the commands print: neither more nor fewer."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from storage.schema.ledger import STATES
from tests.calling import Pressrun
from tests.fault_pages import article
from tests.warc_files import page, zipped

ROOT = Path(__file__).resolve().parent.parent.parent
REFERENCE = " ".join((ROOT / "docs" / "command-line.md").read_text(encoding="utf-8").split())
ROW = {"url": "https://example.ge/1", "text": "The council met and spoke of the bridge. " * 20, "title": "The bridge"}


def listed(before: str, after: str = ".") -> set[str]:
    """The names in code or in quotes of the reference between two texts."""
    _, found, tail = REFERENCE.partition(before)
    assert found, f"{before!r} is not in docs/command-line.md"
    return set(re.findall(r'[`"](\w+)[`"]', tail.partition(after)[0]))


def imported(pressrun: Pressrun, folder: Path) -> dict[str, object]:
    (folder / "a.jsonl").write_text(json.dumps(ROW) + "\nno row\n")
    counts: dict[str, object] = pressrun("import", folder / "a.jsonl", "--json").json
    return counts


def test_of_an_import_of_rows(pressrun: Pressrun, tmp_path: Path) -> None:
    keys = listed("With `--json`, an import of JSONL prints")
    assert set(imported(pressrun, tmp_path)) - set(STATES) == keys - set(STATES)


def test_of_an_import_of_pages(pressrun: Pressrun, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"".join(zipped([page("https://example.ge/news/1", article(1))])))
    counts = pressrun("import", tmp_path / "a.warc.gz", "--json").json
    assert set(counts) - set(STATES) == listed("the counts at the end are on standard output:")


def test_of_a_reextraction(pressrun: Pressrun) -> None:
    pressrun("db", "upgrade")
    assert set(pressrun("reextract", "--json").json) == listed("`reextract --json` prints")


def test_of_exported_articles(pressrun: Pressrun, tmp_path: Path) -> None:
    imported(pressrun, tmp_path)
    keys = listed("`export --format jsonl` gives each article with")
    assert set(json.loads(pressrun("articles", "export").out)) == keys
    table = csv.DictReader(io.StringIO(pressrun("articles", "export", "--format", "csv").out))
    assert set(table.fieldnames or ()) == keys


def test_of_found_articles(pressrun: Pressrun, tmp_path: Path) -> None:
    imported(pressrun, tmp_path)
    found = pressrun("articles", "search", "bridge", "--json").json
    assert set(found) == listed("`search --json` gives")
    more = listed("A result has the fields of an exported article but `text`, and")
    exported = listed("`export --format jsonl` gives each article with")
    assert set(found["results"][0]) == exported - {"text"} | more


def test_of_a_batch_of_pages(pressrun: Pressrun, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(article(1))
    (tmp_path / "rows.jsonl").write_text(json.dumps({"id": 1, "url": "https://example.ge/1", "file": "a.html"}) + "\n")
    row = json.loads(pressrun("extract", "--batch", tmp_path / "rows.jsonl").out)
    assert set(row) == listed("(HTML, or HTML in gzip) and prints", "}`")


def test_of_what_writing_commands_print(pressrun: Pressrun, tmp_path: Path) -> None:
    imported(pressrun, tmp_path)
    export = ("articles", "export", "--json", "--out")
    first = listed("| `articles export --out` |", ": the value")
    assert set(pressrun(*export, "a.jsonl").json) == first
    assert set(pressrun(*export, "parts", "--parts", 3).json) == first | {"parts"}
    assert set(pressrun(*export, "a.wacz", "--format", "wacz").json) == row_of("articles export --out --format wacz")
    added = pressrun("watch", "add", "bridges", "bridge", "--json").json
    assert set(added) == row_of("watch add`, and each object of `watch list")
    tried = pressrun("watch", "test", "bridges", "--json").json
    assert set(tried) | set(tried["stories"][0]) == row_of("watch test")
    assert set(pressrun("watch", "run", "--json").json[0]) == row_of("watch run")
    assert set(pressrun("watch", "remove", "bridges", "--json").json) == row_of("watch remove")
    assert set(pressrun("identity", "new", "id.pem", "--json").json) == row_of("identity new")


def row_of(command: str) -> set[str]:
    return listed(f"| `{command}` |", " |")
