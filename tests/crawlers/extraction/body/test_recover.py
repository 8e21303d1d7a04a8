"""Blocks that trafilatura dropped and that are put back."""

from __future__ import annotations

import pytest

from tests.crawlers.extraction.body.story import (
    FIRST,
    FOURTH,
    LONG_LINE,
    SECOND,
    SUMMARY,
    THIRD,
    lost,
    paragraphs,
    text_of,
)


class TestLost:
    def test_a_heading_comes_back_with_its_paragraph(self) -> None:
        story = paragraphs(FIRST) + "<h2>A decade of talk</h2>" + paragraphs(SECOND) + "<h2>More of this</h2>"
        assert lost(story, [FIRST, SECOND]) == ["A decade of talk"]

    def test_a_list_comes_back_beside_its_paragraph(self) -> None:
        story = paragraphs(FIRST) + "<ul><li>nine ferries</li><li>two piers</li></ul>" + paragraphs(SECOND)
        assert lost(story, [FIRST, SECOND]) == ["nine ferries", "two piers"]

    @pytest.mark.parametrize(
        "heading",
        [
            '<h2><a href="#a-decade">A decade of talk</a></h2>',
            '<h2>A decade of talk <a href="#a-decade">¶</a></h2>',
            '<div class="story__subheadline">A decade of talk</div>',
            '<p class="Zwischentitel">A decade of talk</p>',
            "<h1>A decade of talk</h1>",
        ],
    )
    def test_so_does_one_that_links_to_itself_or_is_only_called_a_heading(self, heading: str) -> None:
        story = paragraphs(FIRST) + heading + paragraphs(SECOND, THIRD)
        assert text_of(story)[1].removesuffix(" ¶") == "A decade of talk"

    @pytest.mark.parametrize(
        "story",
        [
            "<div>{first}</div><div><h2>{line}</h2></div><div>{rest}</div>",
            "<div>{first}</div><div><h2>{line}</h2><div>{rest}</div></div>",
            "{first}<div><ul><li>{line}</li></ul></div>{rest}",
            "<div>{first}</div><div><div><ul><li>{line}</li></ul></div></div><div>{rest}</div>",
        ],
    )
    def test_paragraph_heading_and_list_may_be_in_boxes_of_their_own(self, story: str) -> None:
        page = story.format(first=paragraphs(FIRST), line="A decade of talk", rest=paragraphs(SECOND))
        assert lost(page, [FIRST, SECOND]) == ["A decade of talk"]

    @pytest.mark.parametrize(
        "line",
        [
            '<div class="note">A decade of talk</div>',
            '<div class="subheadline"><a href="/talk">A decade of talk</a></div>',
            '<ul><li><a href="#talk">A decade of talk</a></li></ul>',
            "<aside><ul><li>A decade of talk</li></ul></aside>",
        ],
    )
    def test_other_lines_between_two_paragraphs_do_not(self, line: str) -> None:
        assert lost(paragraphs(FIRST) + line + paragraphs(SECOND), [FIRST, SECOND]) == []

    def test_a_list_of_links_within_the_site_does_not(self) -> None:
        story = paragraphs(FIRST) + "<ul><li><a href=/a>nine ferries</a></li></ul>" + paragraphs(SECOND)
        assert lost(story, [FIRST, SECOND]) == []

    def test_what_is_named_like_furniture_comes_back_if_it_is_a_paragraph_like_the_others(self) -> None:
        classed = [f'<p class="graf">{text}</p>' for text in (FIRST, SECOND, THIRD, FOURTH)]
        story = f'<div class="teaser"><div class="story">{classed[0]}</div></div>' + "".join(classed[1:])
        assert lost(story, [SECOND, THIRD, FOURTH]) == [FIRST]

    @pytest.mark.parametrize(
        "stray",
        [
            "{}",
            "{}<br><br>",
            "<span>{}</span>",
            "<b>{}</b><br>",
            "<div>{}</div>",
            "<section>{}</section>",
            "<center>{}</center>",
        ],
    )
    def test_a_paragraph_marked_up_unlike_the_others_comes_back(self, stray: str) -> None:
        for place in range(4):
            forms = [*["<p>{}</p>"] * place, stray, *["<p>{}</p>"] * (3 - place)]
            texts = FIRST, SECOND, THIRD, FOURTH
            assert text_of("".join(form.format(text) for form, text in zip(forms, texts, strict=True))) == list(texts)

    @pytest.mark.parametrize(
        "other",
        [
            f'<div class="card">{THIRD}</div>',  # named
            f'<span class="note">{THIRD}</span>',
            f"<div>{THIRD[:-1]}</div>",  # no sentence
            f'<div><a href="/news/2">{THIRD}</a></div>',
            f"<div><div>{THIRD}</div></div>",  # not beside them
        ],
    )
    def test_but_not_what_has_a_name_or_is_no_sentence(self, other: str) -> None:
        assert lost(paragraphs(FIRST) + other + paragraphs(SECOND), [FIRST, SECOND]) == []

    def test_all_of_it_comes_back_where_little_was_kept(self) -> None:
        story = "".join(f'<div class="graf">{text}</div>' for text in (FIRST, SECOND, THIRD, FOURTH))
        assert lost(f"<p>{SUMMARY}</p>{story}", [SUMMARY]) == [FIRST, SECOND, THIRD, FOURTH]

    def test_but_not_where_the_article_was_found_beside_it(self) -> None:
        others = THIRD, FOURTH, SUMMARY, f"{LONG_LINE}."
        story = "".join(f'<p class="graf">{text}</p>' for text in others)
        header = f"<div><div><div>Harbour{paragraphs(FIRST, SECOND)}</div></div></div>"
        assert lost(story, [FIRST, SECOND], header) == []
        assert lost(story, ["Harbour"], header) == list(others)

    @pytest.mark.parametrize(("times", "found"), [(200, []), (20, [FIRST, SECOND, THIRD, FOURTH])])
    def test_nor_where_enough_was_kept(self, times: int, found: list[str]) -> None:
        kept = "All about piers " * times
        story = "".join(f'<div class="graf">{text}</div>' for text in (FIRST, SECOND, THIRD, FOURTH))
        assert lost(f"<p><a href=/piers>{kept}</a></p>{story}", [kept]) == found

    @pytest.mark.timeout(30)
    @pytest.mark.parametrize("tag", ["li", "h2"])
    def test_lists_without_end_are_read(self, tag: str) -> None:
        """It takes a second; comparing each line with each, or counting all of them for each, takes a minute or more."""
        lines = "".join(f"<{tag}>Pier {number}</{tag}>" for number in range(60_000))
        lines = f"<ul>{lines}</ul>" if tag == "li" else lines
        assert len(lost(paragraphs(FIRST) + lines + paragraphs(SECOND), [FIRST, SECOND])) > 50_000
