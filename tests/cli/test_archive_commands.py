"""`pressrun import`, `articles`, `status` and `db` over a small store."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

import flows.cli.articles
from tests.calling import Pressrun
from tests.fault_pages import article
from tests.storage.building import WORDS


def told(number: int) -> str:
    """Five paragraphs that no other number has."""
    chance = random.Random(number)
    return "\n\n".join(f"Paragraph {n} of {number}: {' '.join(chance.choices(WORDS, k=15))}." for n in range(5))


def row(number: int, **more: Any) -> dict[str, Any]:
    day = f"2024-03-{number:02}T10:00:00+04:00"
    return {
        "url": f"https://www.example.ge/news/{number}", "title": f"Story {number}", "text": told(number),
        "authors": ["Nino Example"], "published_at": day, "language": "en",
    } | more  # fmt: skip


@pytest.fixture(name="store")
def a_store(pressrun: Pressrun, tmp_path: Path) -> Path:
    """Three articles, one of them a copy; one bad row."""
    file = tmp_path / "rows.jsonl"
    copy = row(3, url="https://copy.example/3", text=row(1)["text"], outlet="copyist", title="=Story 1, again")
    rows = [json.dumps(value) for value in (row(1), row(2, outlet="example"), copy)]
    file.write_text("\n".join([*rows, '{"url": "https://www.example.ge/news/9"}', ""]), encoding="utf-8")
    said = pressrun("import", file)
    assert said.code == 1
    assert said.out.startswith("4 rows: ")
    assert "line 4: `text` is missing" in said.err
    return tmp_path


def test_what_was_imported_is_listed_without_copies(pressrun: Pressrun, store: Path) -> None:
    lines = pressrun("articles").out.splitlines()
    assert lines[0].split("\t") == ["id", "published", "outlet", "language", "words", "title"]
    assert [line.split("\t")[2] for line in lines[1:]] == ["example", "www.example.ge"]
    rows = pressrun("articles", "list", "--copies", "--json").json
    assert len(rows) == 3
    assert "text" not in rows[0]


def test_filters_narrow_the_list(pressrun: Pressrun, store: Path) -> None:
    def ids(*words: str) -> list[int]:
        return [article["id"] for article in pressrun("articles", "list", "--json", *words).json]

    assert ids("--outlet", "example") == [2]
    assert ids("--from", "2024-03-02") == [2]
    assert ids("--to", "2024-03-01") == [1]
    assert ids("--language", "az") == []
    assert ids("--limit", "1") == [2]


def test_articles_beyond_the_limit_are_counted_as_far_as_is_worth_it(
    pressrun: Pressrun, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pressrun("articles", "list", "--limit", "1").err.startswith("1 of 2 articles; --limit lists more")
    assert pressrun("articles", "list", "--limit", "2").err == ""
    monkeypatch.setattr(flows.cli.articles, "MOST_COUNTED", 1)
    assert pressrun("articles", "list", "--limit", "1").err.startswith("1 of more than 1 articles; --limit lists more")


def test_the_review_lists_what_extraction_is_least_sure_of(pressrun: Pressrun, store: Path) -> None:
    assert "pressrun reextract" in pressrun("articles", "review").out
    scored = [row(4, quality=0.91), row(5, quality=0.4, outlet="example"), row(6, quality=0.77)]
    file = store / "scored.jsonl"
    file.write_text("\n".join(map(json.dumps, scored)), encoding="utf-8")
    assert pressrun("import", file).code == 0
    lines = [line.split("\t") for line in pressrun("articles", "review").out.splitlines()]
    assert lines[0] == ["id", "quality", "published", "outlet", "words", "address"]
    assert [line[1] for line in lines[1:]] == ["0.40", "0.77", "0.91"]
    rows = pressrun("articles", "review", "--json", "--limit", 1, "--outlet", "example").json
    assert [(each["quality"], "text" in each) for each in rows] == [(0.4, False)]
    assert "quality" in pressrun("articles", "show", rows[0]["id"]).out
    assert pressrun("articles", "show", rows[0]["id"], "--json").json["quality"] == 0.4
    assert '"quality": 0.4' in pressrun("articles", "export", "--format", "jsonl", "--outlet", "example").out


@pytest.mark.parametrize("bad", [1.5, -0.1, "high", True])
def test_a_row_with_a_quality_that_is_none_is_named(pressrun: Pressrun, tmp_path: Path, bad: object) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(json.dumps(row(4, quality=bad)), encoding="utf-8")
    assert "`quality` is no number from 0 to 1" in pressrun("import", file).err


def test_one_article_is_shown_with_its_copies(pressrun: Pressrun, store: Path) -> None:
    out = pressrun("articles", "show", 1).out
    for part in (
        "Story 1\n",
        "published  2024-03-01 10:00 +0400",
        "Nino Example",
        "copied by  copyist",
        "Paragraph 0 of 1:",
    ):
        assert part in out
    assert "copy of    article 1 (same_text)" in pressrun("articles", "show", 3).out
    assert pressrun("articles", "show", 1, "--json").json["copies"] == [3]


def test_export_gives_what_import_took(pressrun: Pressrun, store: Path) -> None:
    rows = [json.loads(line) for line in pressrun("articles", "export", "--copies").out.splitlines()]
    assert [(r["id"], r["duplicate_of"], r["relation"]) for r in rows] == [
        (1, None, None),
        (2, None, None),
        (3, 1, "same_text"),
    ]
    assert rows[0]["published_at"] == "2024-03-01T10:00:00+04:00"
    out = store / "out.jsonl"
    assert pressrun("articles", "export", "--out", out).out == ""
    assert len(out.read_text().splitlines()) == 2
    assert not list(store.glob("*.part"))
    again = pressrun("import", out, "--db", f"sqlite:///{store}/second.db", "--json")
    assert (again.code, again.json["stored"]) == (0, 2)


def test_a_table_for_spreadsheets_runs_no_formula(pressrun: Pressrun, store: Path) -> None:
    rows = list(csv.DictReader(pressrun("articles", "export", "--format", "csv", "--copies").out.splitlines()))
    assert rows[2]["title"] == "'=Story 1, again"


def test_text_files_begin_with_date_and_credit(pressrun: Pressrun, store: Path) -> None:
    assert pressrun("articles", "export", "--format", "txt", "--out", store / "texts").code == 0
    files = sorted((store / "texts").rglob("*.txt"))
    names = [str(file.relative_to(store / "texts")) for file in files]
    assert names == ["example/2024/03/2024-03-02-2.txt", "www-example-ge/2024/03/2024-03-01-1.txt"]
    assert files[1].read_text().splitlines()[:3] == ["date 2024-03-01 By www.example.ge", "By Nino Example", ""]


def test_the_store_is_in_order_and_counted(pressrun: Pressrun, store: Path) -> None:
    assert pressrun("db", "check").out == "every invariant holds\n"
    assert pressrun("db", "check", "--json").json == {"broken": []}
    figures = pressrun("db", "stats", "--json").json
    assert figures["articles"] == {"example": 1, "www.example.ge": 1}
    assert figures["copies"] == {"copyist": 1}
    assert "copyist\t1" in pressrun("db", "stats").out


def test_status_names_outlets_that_were_never_crawled_and_imported_ones(pressrun: Pressrun, store: Path) -> None:
    said = pressrun("status")
    assert said.code == 0
    lines = {line.split("\t")[0]: line.split("\t") for line in said.out.splitlines()}
    assert lines["azernews"][1] == "never"
    assert lines["example"][4] == "1"
    [only] = pressrun("status", "azernews", "--json").json
    assert only["ledger"]["discovered"] == 0


def test_an_empty_archive_says_what_to_do(pressrun: Pressrun) -> None:
    pressrun("db", "upgrade")
    assert "pressrun crawl ID" in pressrun("articles").out
    assert pressrun("reextract").out == "0 of 0 pages extracted: none kept\n"


def test_a_page_is_extracted_without_a_store(pressrun: Pressrun, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(article(5))
    said = pressrun("extract", page, "--url", "https://www.example.ge/news/5")
    assert said.code == 0
    assert said.out.startswith("The town reports matter 5\n")
    row = pressrun("extract", page, "--json").json
    assert (row["outcome"], row["published_at"]) == ("article", "2025-03-04T09:30:00+04:00")
    page.write_text("<html><body><p>Soon more.</p></body></html>")
    said = pressrun("extract", page)
    assert said.code == 1
    assert said.out.startswith("rejected: ")
    assert not (tmp_path / "data").exists()


def test_a_page_is_explained_to_people_and_to_machines(pressrun: Pressrun, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(article(5))
    plain = pressrun("extract", page, "--json").json
    said = pressrun("extract", page, "--explain")
    assert said.code == 0
    assert said.out.startswith("article: The town reports matter 5")
    for part in ("Verdict", "Fields", "Blocks of the page", "published", "repeats the title"):
        assert part in said.out
    told = pressrun("extract", page, "--explain", "--json").json
    assert {name: told[name] for name in plain} == plain
    assert told["explanation"]["fields"]["title"]["value"] == "The town reports matter 5"
    assert {block["fate"] for block in told["explanation"]["blocks"]} == {"kept", "dropped"}
    page.write_text("<html><body><p>Soon more.</p></body></html>")
    refused = pressrun("extract", page, "--explain")
    assert (refused.code, refused.out.startswith("rejected: ")) == (1, True)
    assert "decided by" in refused.out


def test_an_outlet_can_be_named_for_an_explanation(pressrun: Pressrun, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(article(5))
    told = pressrun("extract", page, "--explain", "--outlet", "azernews", "--json").json
    assert told["outcome"] == "article"
    assert pressrun("extract", page, "--explain", "--outlet", "nowhere").code == 2


def test_a_batch_gives_one_object_for_each_row(pressrun: Pressrun, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(article(6))
    (tmp_path / "empty.html").write_bytes(b"")
    files = {"a": "page.html", "b": "empty.html"}
    rows = [{"id": name, "url": "https://x.example/6", "file": str(tmp_path / file)} for name, file in files.items()]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = pressrun("extract", "--batch", tmp_path / "rows.jsonl", "--workers", 1)
    answers = {answer["id"]: answer for answer in map(json.loads, said.out.splitlines())}
    assert answers["a"]["outcome"] == "article"
    assert answers["b"]["outcome"] == "rejected"
