"""What is handed to trafilatura, and what comes back."""

from __future__ import annotations

import pytest
from lxml.etree import _Element, tostring

from crawlers.extraction.body.trafilatura_adapter import cleaned_lines
from crawlers.extraction.page.blocks import read_blocks
from crawlers.extraction.page.html import parse
from tests.crawlers.extraction.ferry import MORE, PROSE, text_of


@pytest.mark.parametrize("empty", ["<span> </span>", "<span>&nbsp;</span>", "<span></span> ", " <span></span> "])
def test_an_empty_box_between_two_words_leaves_a_space(empty: str) -> None:
    assert "The council of the harbour town met" in text_of(
        f"<p>The council{empty}of the harbour{empty}town met on Monday to hear of the ferry and its timetable.</p>"
        + MORE
    )


def test_an_empty_box_within_a_word_leaves_none() -> None:
    assert "lakefront" in text_of(f"<p>The lake<span></span>front is to be closed. {PROSE}</p>{MORE}")


def scope_of(inner: str) -> tuple[_Element, list[_Element]]:
    """The element that holds an article around `inner`, and the furniture of it that can be done without."""
    tree = parse(f"<html><body><article><p>{PROSE}</p>{inner}{MORE}</article></body></html>".encode())
    assert tree is not None
    return tree[0][0], read_blocks(tree).furniture


class TestFurniture:
    def test_a_small_box_is_not_handed_on_but_what_follows_it_is(self) -> None:
        inner = "<div class='promo'><p>Share it with whom you like.</p></div>Then nine boats came, to the joy of all."
        scope, furniture = scope_of(inner)
        assert "Share it with whom you like." in cleaned_lines(scope)
        assert "Share it with whom you like." not in cleaned_lines(scope, furniture)
        assert "Then nine boats came, to the joy of all." in text_of(f"<p>{PROSE}</p>{inner}{MORE}").split("\n\n")

    def test_the_page_is_as_before(self) -> None:
        scope, furniture = scope_of("<p>One <span class='share'>two</span> three</p><div class='promo'>Four</div>five")
        before = tostring(scope)
        assert [box.tag for box in furniture] == ["div"]  # a word in a line is no box
        cleaned_lines(scope, furniture)
        assert tostring(scope) == before

    @pytest.mark.parametrize(
        "inner",
        [
            f"<div class='widget'><p>{PROSE}</p><p>{PROSE}</p></div>",  # as much as the rest
            "<div class='widget'><table><tr><td>Pier</td><td>90 m</td></tr></table></div>",
            "<table><tr class='player'><td>Jane Doe</td><td>3</td></tr></table>",
            "<div class='promo' hidden><p>Only for those who pay</p></div>",
            "<div class='promo' style='display: none'><p>Only for those who pay</p></div>",
            "<p class='story'>No furniture at all</p>",
        ],
    )
    def test_what_may_be_the_articles_is_not_left_out(self, inner: str) -> None:
        assert scope_of(inner)[1] == []

    def test_of_boxes_within_boxes_the_outermost_small_one_is_named(self) -> None:
        inner = "<div class='share'><div class='tags'>Ferry</div></div>"
        assert [box.get("class") for box in scope_of(inner)[1]] == ["share"]
        large = f"<div class='widget'><p>{PROSE}</p><p>{PROSE}</p><div class='tags'>Ferry</div></div>"
        assert [box.get("class") for box in scope_of(large)[1]] == ["tags"]
