"""The summary between title and text."""

from __future__ import annotations

import pytest

from tests.crawlers.extraction.body.story import (
    BASE,
    FIRST,
    FOURTH,
    LONG_LINE,
    SECOND,
    SUMMARY,
    THIRD,
    lost,
    paragraphs,
)


class TestStandfirst:
    HALVES = "After ten years of talk the harbour gets its pier.", "The islands of the outer ring gain from it too."

    @pytest.mark.parametrize("shown", [SUMMARY, f"Harbour. {SUMMARY}", SUMMARY[:-26]])
    def test_it_is_what_the_page_declares_as_its_summary(self, shown: str) -> None:
        assert lost(BASE, [FIRST, SECOND, THIRD], f"<div><div class=x1>{shown}</div></div>", SUMMARY) == [shown]

    def test_it_may_be_of_several_paragraphs(self) -> None:
        header = f"<div class=x1>{paragraphs(*self.HALVES)}</div>"
        assert lost(BASE, [FIRST, SECOND, THIRD], header, " ".join(self.HALVES)) == list(self.HALVES)

    def test_it_is_known_where_the_title_is_not(self) -> None:
        header = f"<div><div class=x1>{SUMMARY}</div></div>"
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY, title="All about the harbour") == [SUMMARY]

    def test_where_the_title_is_not_it_is_looked_for_from_the_text_upwards(self) -> None:
        header = "".join(f"<div>Pier {number}</div>" for number in range(40)) + f"<div class=x1>{SUMMARY}</div>"
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY, title="All about the harbour") == [SUMMARY]

    @pytest.mark.parametrize("name", ["standfirst", "article__lead", "storyLead", "sub-title"])
    def test_it_may_be_called_so(self, name: str) -> None:
        header = f'<div><div class="x1">Harbour</div><div class="{name}">{FOURTH}</div></div>'
        assert lost(BASE, [FIRST, SECOND, THIRD], header) == [FOURTH]

    @pytest.mark.parametrize("name", ["leading-6", "leaderboard", "misleading", "valid", "solid", "mobile-solid"])
    def test_but_other_words_that_begin_or_end_alike_say_nothing(self, name: str) -> None:
        header = f'<div><div class="x1">Harbour</div><div class="{name}">{FOURTH}</div></div>'
        assert lost(BASE, [FIRST, SECOND, THIRD], header) == []

    @pytest.mark.parametrize(
        ("header", "found"),
        [
            (f"<h2>{FOURTH}</h2>", FOURTH),
            (f"<div><div class=x1>{FOURTH}</div></div>", FOURTH),
            (f"<h2>{FOURTH[:-1]}</h2>", FOURTH[:-1]),
            (f"<p>{FOURTH[:-1]}</p>", FOURTH[:-1]),
            (
                "<h2>What The Harbour Master And The Town Council Said</h2>",
                "What The Harbour Master And The Town Council Said",
            ),
            ("<div><p>Nine ferries from Monday on.</p></div>", "Nine ferries from Monday on."),
        ],
    )
    def test_a_sentence_a_clause_or_a_heading_right_under_the_title_is_it(self, header: str, found: str) -> None:
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY) == [found]

    @pytest.mark.parametrize(
        "header",
        [
            f"<div>Harbour</div><div>{FOURTH}</div>",
            f"<div class=share>{FOURTH}</div>",
            "<div>What The Harbour Master And The Town Council Said</div>",
            "<div>By Jane Doe and Richard Roe in the old harbour</div>",
            "<div>Monday-morning, 22 May 2024, at 10 past 8 o'clock, by one of the staff of the desk</div>",
            "<h3>The ferries</h3>",
            "<p>Nine ferries from Monday on</p>",
        ],
    )
    def test_other_lines_there_are_none(self, header: str) -> None:
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY) == []

    def test_a_digest_of_the_text_in_its_own_words_is_none(self) -> None:
        assert lost(BASE, [FIRST, SECOND, THIRD], f"<div>{FIRST} {THIRD}</div>", f"{FIRST} {THIRD}") == []

    def test_it_stands_above_a_text_that_trafilatura_found_elsewhere_than_we(self) -> None:
        """Where the wrong element was taken for the article's, what was kept tells where the text begins."""
        story = f"<div class=a>{paragraphs(FIRST)}</div><div class=b>{paragraphs(*[LONG_LINE + '.'] * 6)}</div>"
        assert SUMMARY in lost(story, [FIRST], f"<div class=x1>{SUMMARY}</div>", SUMMARY)

    @pytest.mark.parametrize(("shown", "found"), [(SUMMARY, [SUMMARY]), (f"{SUMMARY} Photograph of March", [])])
    def test_in_a_caption_it_must_be_all_there_is(self, shown: str, found: list[str]) -> None:
        header = f"<figure><figcaption>{shown}</figcaption></figure>"
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY) == found
