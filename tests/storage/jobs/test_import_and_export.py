"""Articles in and out again: nothing is lost in silence."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from storage import frontier
from storage.articles import Selection, Which, export_articles, export_texts, outlet_names
from storage.database import Database
from storage.errors import FolderNotWritableError, ImportRowError
from storage.jobs import ImportReport, check_store, import_rows, read_rows, store_stats
from storage.model import DateSource, Precision, Published
from tests.storage.building import begin, lease_page, put, words

A = {
    "url": "https://www.herald.example/n/1", "title": "A", "text": words("a"), "authors": ["A. Writer"],
    "published_at": "2025-03-04T09:30:00+04:00", "outlet": "herald", "language": "en",
}  # fmt: skip


def load(db: Database, *rows: Any) -> ImportReport:
    return import_rows(db, enumerate(rows, 1))


def exported(db: Database, *, copies: bool = False, **wanted: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    which = Which.ALL if copies else Which.ORIGINALS
    export_articles(db, out, "jsonl", Selection(which=which, **wanted))
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_article_comes_back_as_it_went_in(database: Database) -> None:
    done = load(database, A)
    [row] = exported(database)
    assert {name: row[name] for name in A} == A
    assert (row["duplicate_of"], row["similarity"], row["relation"]) == (None, None, None)
    assert done.as_counts() == {"rows": 1, "stored": 1, "refused_rows": 0, "problems": []}
    assert frontier.count_pages(database)["stored"] == 1
    assert check_store(database) == []


def test_copies_are_given_on_request_with_their_original(database: Database) -> None:
    load(database, A | {"url": "https://late.example/1", "outlet": None, "published_at": "2025-03-06"}, A)
    assert [row["url"] for row in exported(database)] == [A["url"]]
    copy, original = exported(database, copies=True)
    assert (copy["outlet"], copy["duplicate_of"], copy["relation"], copy["similarity"]) == (
        "late.example", original["id"], "same_text", 1.0,
    )  # fmt: skip


def test_one_page_under_two_addresses_and_an_edit_are_one_article(database: Database) -> None:
    done = load(database, A, A | {"url": "https://m.herald.example/n/1?utm_source=x"}, A | {"text": words("b")})
    [row] = exported(database, copies=True)
    assert (row["url"], row["text"]) == (A["url"], words("b"))
    assert done.states == {"stored": 2, "unchanged": 1}
    assert store_stats(database)["rows"]["revisions"] == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({}, "`url` is missing"),
        (A | {"text": None}, "`text` is missing"),
        (A | {"text": " \x00 "}, "`text` is empty"),
        (A | {"title": 7}, "`title` is not text"),
        (A | {"authors": [1]}, "`authors`"),
        (A | {"url": "ftp://x/1"}, "not an http address"),
        (A | {"url": "https://[bad/1"}, "not an address"),
        (A | {"outlet": "../../../etc/x"}, "`outlet` is '../../../etc/x', which looks like a path"),
        (A | {"outlet": "\u200b..\\up"}, "looks like a path"),
        (A | {"outlet": ".hidden"}, "looks like a path"),
        (A | {"published_at": "yesterday"}, "`published_at` is not an ISO 8601 instant"),
        (A | {"published_at": "0001-01-01T00:00:00+05:00"}, "out of range"),
        (["a list"], "not an object"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_others_go_on(database: Database, row: Any, why: str) -> None:
    done = load(database, row, A)
    assert (done.rows, done.refused, done.states) == (2, 1, {"stored": 1})
    assert done.bad[0].startswith("line 1: ")
    assert why in done.bad[0]
    assert [kept["url"] for kept in exported(database)] == [A["url"]]


def test_lines_that_are_no_json_or_no_utf8_are_bad_rows(database: Database, tmp_path: Path) -> None:
    lines = [
        json.dumps(A).encode(),
        b"{not json",
        b"\xff\xfe",
        b"",
        b"[" * 100_000,
        b"\xef\xbb\xbf" + json.dumps(A).encode(),
    ]
    (tmp_path / "rows.jsonl").write_bytes(b"\n".join(lines))
    done = import_rows(database, read_rows(tmp_path / "rows.jsonl"))
    assert (done.rows, done.refused, done.states) == (5, 3, {"stored": 1, "unchanged": 1})
    assert [line.split(":")[0] for line in done.bad] == ["line 2", "line 3", "line 5"]
    with pytest.raises(ImportRowError, match="none"):
        list(read_rows(tmp_path / "none.jsonl"))


def test_an_import_names_outlets_as_it_is_told_and_keeps_a_name_that_a_crawl_has_read(database: Database) -> None:
    begin(database, "herald", "The Herald")
    rows = (A, A | {"url": "https://xeber.example/1", "outlet": "xeber", "text": words("x")})
    import_rows(database, enumerate(rows, 1), names={"xeber": "Xəbər"})
    assert outlet_names(database) == {"herald": "The Herald", "xeber": "Xəbər"}


def test_an_import_and_a_crawl_of_one_page_do_not_hurt_each_other(database: Database) -> None:
    run = begin(database, "herald")
    page = lease_page(database, run, str(A["url"]))
    load(database, A)
    assert put(database, run, str(A["url"]), "a", title="A").state == "unchanged", "the crawl finds it stored"
    assert len(exported(database, copies=True)) == 1
    assert page
    assert check_store(database) == []


def test_an_import_in_batches_gives_the_same_as_one_in_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.jobs.import_articles.BATCH", 3)
    told: list[int] = []
    rows = [A | {"url": f"https://herald.example/{n}", "text": words(n % 7)} for n in range(20)]
    import_rows(database, enumerate(rows, 1), lambda done: told.append(done.rows))
    assert told[-1] == 20
    assert sum(row["duplicate_of"] is None for row in exported(database, copies=True)) == 7
    assert check_store(database) == []


def test_cells_that_a_spreadsheet_would_run_are_disarmed(database: Database) -> None:
    load(
        database,
        A | {"title": "=HYPERLINK(1)", "authors": ["@me"]},
        A | {"url": "https://herald.example/2", "title": "\t+1"},
    )
    out = io.StringIO()
    export_articles(database, out, "csv", Selection(which=Which.ALL))
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [row["title"] for row in rows] == ["'=HYPERLINK(1)", "'\t+1"]
    assert rows[0]["authors"] == "'@me"


def test_texts_are_one_file_each(database: Database, tmp_path: Path) -> None:
    load(database, A | {"credit": "Azernews", "text": "One.\n\nTwo.", "outlet": "Qonşu: xəbər"})
    assert export_texts(database, tmp_path / "out", Selection()) == 1
    [file] = (tmp_path / "out").rglob("*.txt")
    assert re.fullmatch(r"[a-z0-9-]+/2025/03/2025-03-04-\d+\.txt", str(file.relative_to(tmp_path / "out")))
    assert file.read_text() == "date 2025-03-04 By Azernews\nBy A. Writer\n\nOne.\n\nTwo.\n"


def test_a_text_without_credit_names_the_outlet_and_the_day_of_its_zone(database: Database, tmp_path: Path) -> None:
    run = begin(database, "herald_am", "The Herald")
    night = Published(
        datetime(2025, 3, 5, 1, 30, tzinfo=timezone(timedelta(hours=4))), Precision.MINUTE, DateSource.META, ""
    )
    put(database, run, "https://herald.example/1", "a", when=night)
    put(database, run, "https://herald.example/2", "b", hours=None)
    assert export_texts(database, tmp_path, Selection()) == 2
    [dated] = (tmp_path / "herald_am" / "2025" / "03").iterdir()
    assert dated.read_text().startswith("date 2025-03-05 By The Herald\n\n"), "in UTC it is still the 4th"
    [undated] = (tmp_path / "herald_am" / "undated").iterdir()
    assert undated.read_text().startswith("date unknown By The Herald\n\n")
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderNotWritableError):
        export_texts(database, tmp_path / "file" / "below", Selection())
