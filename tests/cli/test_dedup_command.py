"""`pressrun dedup` and what `articles show` and `export` say of copies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.calling import Pressrun
from tests.storage.stories import FERRY, MUSEUM, cut


@pytest.fixture(name="store")
def a_store(pressrun: Pressrun, tmp_path: Path) -> Path:
    """1 an original, 2 its near copy elsewhere, 3 another story, 4 an excerpt of 1."""
    at = "2024-03-01T10:00:00+04:00"
    rows = [
        {"url": "https://herald.example/1", "title": "Ferries", "text": FERRY, "published_at": at, "outlet": "herald"},
        {"url": "https://xeber.example/2", "title": "Boats", "text": FERRY.replace("two new ferries", "a pair of boats"),
         "published_at": "2024-03-01T12:30:00+04:00", "outlet": "xeber", "credit": "Herald"},
        {"url": "https://xeber.example/3", "title": "Coins", "text": MUSEUM, "published_at": at, "outlet": "xeber"},
        {"url": "https://digest.example/4", "title": "Short", "text": cut(FERRY, 0.5), "published_at": "2024-03-05",
         "outlet": "digest"},
    ]  # fmt: skip
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert pressrun("import", file).out.splitlines()[-1].startswith("4 rows: 2 stored, 2 duplicate")
    return tmp_path


def test_an_article_is_shown_with_outlet_delay_and_difference_of_each_copy(pressrun: Pressrun, store: Path) -> None:
    out = pressrun("articles", "show", 1).out
    assert "copied by  xeber, 2 h 30 min later (article 2, republished, 9" in out
    assert "on [-two new ferries-] {+a pair of boats+} for the line to" in out
    assert "(article 4, excerpt, " in out
    copies = pressrun("articles", "show", 1, "--json").json["copied_by"]
    assert [(one["id"], one["outlet"], one["delay_seconds"], one["rule"]) for one in copies] == [
        (2, "xeber", 9000, "same_wording"), (4, "digest", 3 * 86400 + 18 * 3600, "large_part"),
    ]  # fmt: skip
    assert copies[0]["credit"] == "Herald"
    assert copies[0]["differences"][0]["removed"] == "two new ferries"
    assert "copy of    article 1 (republished, " in pressrun("articles", "show", 2).out


def test_revisions_are_shown_with_what_changed(pressrun: Pressrun, store: Path) -> None:
    again = {
        "url": "https://herald.example/1",
        "title": "Ferries",
        "text": FERRY.replace("63 days", "64 days"),
        "outlet": "herald",
    }
    (store / "again.jsonl").write_text(json.dumps(again), encoding="utf-8")
    assert pressrun("import", store / "again.jsonl").code == 0
    assert "has been out of service for" not in pressrun("articles", "show", 1).out.split("[-63-]")[0][-20:]
    assert "[-63-] {+64+} days since January." in pressrun("articles", "show", 1).out
    assert pressrun("articles", "show", 1, "--json").json["revised"][0]["differences"][0]["added"] == "64"


def test_export_carries_the_evidence(pressrun: Pressrun, store: Path) -> None:
    rows = {row["id"]: row for row in map(json.loads, pressrun("articles", "export", "--copies").out.splitlines())}
    assert [rows[n]["duplicate_of"] for n in (1, 2, 3, 4)] == [None, 1, None, 1]
    assert [rows[n]["relation"] for n in (1, 2, 3, 4)] == [None, "republished", None, "excerpt"]
    assert (rows[2]["rule"], rows[2]["rule_version"], rows[2]["by_hand"]) == ("same_wording", 2, False)
    assert 0.8 < rows[2]["similarity"] < rows[2]["containment"] < 1


def test_a_hand_splits_and_joins_and_the_check_respects_it(pressrun: Pressrun, store: Path) -> None:
    assert pressrun("dedup", "check").out == "4 articles checked; the current rules change nothing\n"
    assert pressrun("dedup", "split", 2).out == "article 2 is no copy any more; it was a copy of 1\n"
    assert pressrun("dedup", "join", 3, 2).out == "article 2 is now a copy of 3\n"
    done = pressrun("dedup", "check", "--apply", "--json")
    assert (done.code, done.json["changes"], done.json["articles"]) == (0, [], 4)
    assert pressrun("articles", "show", 2).out.count("joined by hand") == 1
    assert pressrun("db", "check").code == 0


def test_what_todays_rules_would_change_is_told_and_then_done(pressrun: Pressrun, store: Path) -> None:
    import sqlite3

    with sqlite3.connect("data/pressrun.db") as db:  # as if the rules of another day had missed the copy
        db.execute("DELETE FROM copies WHERE article_id = 2")
        db.execute("UPDATE articles SET duplicate_of = NULL, relation = NULL, similarity = NULL WHERE id = 2")
        db.execute("UPDATE pages SET state = 'stored', reason = NULL WHERE article_id = 2")
    said = pressrun("dedup", "check")
    assert said.code == 1
    assert said.out.splitlines() == ["article\twas\twould become", "2\tno copy\trepublished: copy of 1"]
    assert "1 of 4 articles would change; --apply changes them" in said.err
    assert pressrun("dedup", "check", "--apply").code == 0
    assert pressrun("dedup", "check").code == 0
    assert pressrun("db", "check").code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("split", 1), "article 1 is no copy, so there is nothing to split"),
        (("split", 99), "there is no article 99"),
        (("join", 1, 1), "cannot be a copy of itself"),
        (("join", 1, 2), "are one piece of news already"),
        (("join", 1), "Missing argument"),
    ],
)
def test_bad_input_is_one_line_that_says_the_remedy(
    pressrun: Pressrun, store: Path, words: tuple[object, ...], told: str
) -> None:
    said = pressrun("dedup", *words)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert len(said.err.splitlines()) == 1
