"""Captions, fact boxes and other boxes within an article."""

from __future__ import annotations

import pytest
from lxml import html

from crawlers.extraction.body.asides import is_aside
from crawlers.extraction.page.blocks import read_blocks
from tests.crawlers.extraction.body.story import BASE, FIRST, FOURTH, LONG_LINE, SECOND, THIRD, paragraphs, text_of


class TestAsides:
    @pytest.mark.parametrize(
        "aside",
        [
            f'<div class="fact-box"><h3>The pier</h3><p>{LONG_LINE}.</p></div>',
            f'<div class="story__faktaboks"><ul><li>{LONG_LINE}.</li></ul></div>',
            f"<figure><img src=a.jpg><figcaption><p>{LONG_LINE}</p></figcaption></figure>",
            f'<div><img src=a.jpg><p class="imageCaption">{LONG_LINE}</p></div>',
            f'<div class="image-description"><p>{LONG_LINE}.</p></div>',
            f'<p class="article-disclaimer">{LONG_LINE}.</p>',
            f'<p class="obfuscated">{LONG_LINE}.</p>',
            f'<div class="d-none"><p>{LONG_LINE}.</p></div>',
            f'<section id="sources"><p>{LONG_LINE}.</p></section>',
        ],
    )
    def test_what_has_a_box_of_its_own_is_no_text(self, aside: str) -> None:
        assert text_of(paragraphs(FIRST, SECOND) + aside + paragraphs(THIRD, FOURTH)) == [FIRST, SECOND, THIRD, FOURTH]

    @pytest.mark.parametrize(
        "name",
        [
            "d-none d-md-block",
            "d-md-block d-none",
            "d-none d-md-grid",
            "d-none d-lg-table-cell",
            "disclosure-panel",
            "accordion disclosure",
            "no-boilerplate",
        ],
    )
    def test_what_is_shown_at_some_width_or_folds_out_is_text(self, name: str) -> None:
        story = f'{paragraphs(FIRST, SECOND)}<div class="{name}">{paragraphs(THIRD)}</div>{paragraphs(FOURTH)}'
        assert text_of(story) == [FIRST, SECOND, THIRD, FOURTH]

    @pytest.mark.parametrize("name", ["d-none d-md-none", "d-none d-print-block", "affiliate-disclosure", "scrambled"])
    def test_what_is_shown_at_none_is_not(self, name: str) -> None:
        story = f'{paragraphs(FIRST, SECOND)}<div class="{name}">{paragraphs(THIRD)}</div>{paragraphs(FOURTH)}'
        assert text_of(story) == [FIRST, SECOND, FOURTH]

    @pytest.mark.parametrize(("around", "aside"), [("blockquote", False), ("div", True)])
    def test_a_quotation_is_no_box_wherever_it_stands(self, around: str, aside: bool) -> None:
        root = html.fromstring(f'<div><div class="fact-box"><{around}><p>{THIRD}</p></{around}></div></div>')
        (block,) = read_blocks(root).blocks
        assert is_aside(block, root) is aside

    def test_a_name_without_end_is_read(self) -> None:
        """Within the time that the runner of these tests gives one; a search that goes back takes hours."""
        story = f'{paragraphs(FIRST, SECOND)}<p class="{"image" * 200_000}">{THIRD}</p>'
        assert text_of(story) == [FIRST, SECOND, THIRD]

    @pytest.mark.parametrize("name", ["infobox", "story hasCaption", "d-none d-md-block", "image-info"])
    def test_but_what_holds_the_paragraphs_is_no_box_whatever_it_is_called(self, name: str) -> None:
        assert text_of(BASE, holder=name) == [FIRST, SECOND, THIRD]
