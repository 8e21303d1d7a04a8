"""The scores of the extraction bench, and how it reads folders of pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.extraction import OWN, NoPagesError, read_pages
from bench.extraction_scores import overlap, scores
from bench.extraction_systems import SYSTEMS, System, SystemFailedError, answers

TRUTH: dict[str, Any] = {
    "title": "A – B", "text": "one two three four five", "authors": ["Jane Doe"],
    "published_at": "2025-03-04T23:30:00+04:00", "precision": "minute",
}  # fmt: skip
ROW = {"id": "1", "truth": TRUTH}


def test_right_answers_score_one_and_none_score_zero() -> None:
    right = scores([ROW], {"1": TRUTH | {"title": "a - b", "authors": ["jane  doe"]}})
    assert {name: value for name, value in right.items() if value is not None} == {
        "body F1": 1.0, "title": 1.0, "authors": 1.0, "day": 1.0, "instant": 1.0, "answered": 1.0,
    }  # fmt: skip
    nothing = scores([ROW], {})
    assert {value for value in nothing.values() if value is not None} == {0.0}
    assert scores([{"id": "2", "truth": {"authors": []}}], {"2": {"authors": ["X"]}})["nobody"] == 0.0


def test_a_day_counts_in_the_pages_offset_or_in_utc_and_an_instant_needs_an_offset() -> None:
    found = scores([ROW], {"1": {"published_at": "2025-03-04"}})
    assert (found["day"], found["instant"]) == (1.0, 0.0)


def test_overlap_is_that_of_four_word_shingles() -> None:
    assert overlap("a b c d e", "a b c d") == (1.0, 0.5)
    assert overlap("a b c d", "a b c d e") == (0.5, 1.0)
    assert overlap("a b c d", "") == (1.0, 0.0)


def test_the_projects_own_pages_are_read_and_other_folders_say_what_is_missing(tmp_path: Path) -> None:
    rows = read_pages(OWN)
    assert len(rows) > 15
    assert all(Path(row["file"]).exists() and row["truth"]["title"] for row in rows)
    with pytest.raises(NoPagesError, match="there is no folder"):
        read_pages(tmp_path / "none")
    with pytest.raises(NoPagesError, match="neither"):
        read_pages(tmp_path)
    row = {"id": "1", "url": "https://a.example/", "file": "1.html", "truth": {"title": "T", "body_text": "b"}}
    (tmp_path / "meta.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert read_pages(tmp_path)[0]["truth"] == {"title": "T", "text": "b", "published_at": None}


def test_trafilatura_and_ourselves_answer_on_the_same_pages() -> None:
    rows = [{key: row[key] for key in ("id", "url", "file")} for row in read_pages(OWN)[:6]]
    for name in ("pressrun", "trafilatura"):
        found, _ = answers(SYSTEMS[name], rows)
        assert set(found) == {row["id"] for row in rows}
        assert sum(bool(one["text"]) for one in found.values()) >= 5


def test_what_pages_cost_is_counted_and_neither_the_start_nor_the_first_of_a_form() -> None:
    start_and_pages = """
import json, sys, time
def burn(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
burn(1.0)
for number, line in enumerate(sys.stdin):
    burn(2.0 if number == 2 else 0.2)  # a form of page that is met for the first time
    print(json.dumps({"id": json.loads(line)["id"]}), flush=True)
"""
    rows = [{"id": str(number)} for number in range(8)]
    found, cpu = answers(System("slow", ("-c", start_and_pages)), rows)
    assert set(found) == {row["id"] for row in rows}
    assert 100 < cpu < 400  # 200 ms of CPU a page; with the start it would be 450, with the third page 650


def test_a_system_that_fails_is_named() -> None:
    with pytest.raises(SystemFailedError, match="broken ended with exit code 3: no reason"):
        answers(System("broken", ("-c", "import sys; print('no reason', file=sys.stderr); sys.exit(3)")), [{"id": "1"}])
