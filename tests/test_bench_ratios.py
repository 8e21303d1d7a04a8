"""The check of speed: what counts as worse, and the file that it is measured against."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bench.ratios import Kept, RatiosFileError, as_entry, last_kept, middle, read_kept, worsened


@pytest.mark.parametrize(("now", "fails"), [(0.40, False), (0.50, False), (0.574, False), (0.576, True), (1.0, True)])
def test_a_ratio_may_grow_by_fifteen_percent(now: float, fails: bool) -> None:
    assert bool(worsened({"layouts.scrapy": 0.5}, {"layouts.scrapy": now})) is fails


def test_a_failure_names_the_ratio_and_both_values() -> None:
    lines = worsened({"a.peer": 0.5, "b.peer": 1.0}, {"a.peer": 0.75, "b.peer": 1.0})
    assert lines == ["a.peer: 0.750 to the peer, 50% worse than 0.500"]


def test_a_kept_ratio_that_was_not_measured_is_a_failure() -> None:
    assert worsened({"a.peer": 0.5}, {"b.peer": 0.1}) == ["a.peer: kept as 0.500, and not measured"]


def test_a_new_ratio_is_compared_with_nothing() -> None:
    assert worsened({}, {"a.peer": 9.0}) == []


def test_the_latest_entry_counts_for_each_name() -> None:
    kept = [Kept(date(2026, 1, 1), "", {"a": 1.0, "b": 2.0}), Kept(date(2026, 2, 1), "", {"a": 0.5})]
    assert last_kept(kept) == {"a": 0.5, "b": 2.0}


def test_several_runs_give_their_median() -> None:
    assert middle([{"a": 1.0}, {"a": 9.0}, {"a": 2.0}]) == {"a": 2.0}


def test_an_entry_can_be_read_again(tmp_path: Path) -> None:
    file = tmp_path / "ratios.toml"
    first, second = {"a.peer": 0.5}, {"a.peer": 0.25, "b.peer": 1.125}
    file.write_text(as_entry(date(2026, 1, 1), 'said "so"', first) + as_entry(date(2026, 2, 1), "faster", second))
    assert read_kept(file) == [Kept(date(2026, 1, 1), 'said "so"', first), Kept(date(2026, 2, 1), "faster", second)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("kept = [", "ratios.toml"),
        ('[[kept]]\nday = 2026-01-01\nnote = ""\n', "entry 1 needs"),
        ('[[kept]]\nday = "today"\nnote = ""\n[kept.ratios]\na = 1\n', "entry 1 needs"),
        ('[[kept]]\nday = 2026-01-01\nnote = ""\n[kept.ratios]\na = "fast"\n', "the ratio a must be a number above 0"),
        ('[[kept]]\nday = 2026-01-01\nnote = ""\n[kept.ratios]\na = 0\n', "the ratio a must be a number above 0"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_the_entry(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "ratios.toml"
    file.write_text(text)
    with pytest.raises(RatiosFileError, match=fault):
        read_kept(file)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RatiosFileError, match=r"none\.toml"):
        read_kept(tmp_path / "none.toml")


def test_the_kept_ratios_of_the_project_can_be_read() -> None:
    assert last_kept(read_kept())
