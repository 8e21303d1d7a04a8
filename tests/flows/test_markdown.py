"""Pieces of Markdown."""

from __future__ import annotations

import pytest

from flows.artifacts import _shown
from flows.markdown import bar, cell, code, link, many, section, table


def test_cells_of_a_table_artifact_are_shown_as_they_are() -> None:
    rows = [_shown({"address": "https://x.example/[a](javascript:b)", "off": "<img src=x>", "new": 3})]
    assert rows == [{"address": "https://x.example/\\[a\\](javascript:b)", "off": "&#60;img src=x&#62;", "new": 3}]


def test_words_from_outside_break_neither_table_nor_page() -> None:
    assert cell("a *b*\n# <c> | d") == "a \\*b\\* \\# &#60;c&#62; &#124; d"
    assert cell("x" * 600) == "x" * 499 + "…"
    assert code("a`b\nc") == "`a'b c`"


def test_an_address_ends_where_it_ends() -> None:
    assert link("a [b]", "https://x.az/?q=(1) 2|3") == "[a \\[b\\]](https://x.az/?q=%281%29%202%7C3)"
    assert link("no address", "") == "no address"


@pytest.mark.parametrize(
    ("value", "most", "drawn"),
    [(0, 10, ""), (10, 10, "████"), (5, 10, "██"), (1, 10_000, "▏"), (7, 16, "█▊"), (3, 0, ""), (20, 10, "████")],
)
def test_a_bar_is_as_long_as_its_share(value: int, most: int, drawn: str) -> None:
    assert bar(value, most, 4) == drawn


def test_a_table_without_rows_and_a_section_without_a_body_are_left_out() -> None:
    assert table(("a", "#b"), []) == section("t", "") == ""
    assert table(("a", "#b"), [["x", "1"]]) == "| a | b |\n| --- | ---: |\n| x | 1 |"


def test_numbers_agree_with_their_nouns() -> None:
    assert [many(n, "copy", "copies") for n in (0, 1, 1204)] == ["0 copies", "1 copy", "1,204 copies"]
