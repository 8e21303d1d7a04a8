"""Links to other articles of the outlet within an article."""

from __future__ import annotations

import pytest
from lxml import html

from crawlers.extraction.body.region import find_region
from crawlers.extraction.body.related_links import is_related
from crawlers.extraction.page.blocks import read_blocks
from tests.crawlers.extraction.body.story import (
    BASE,
    FIRST,
    HEADLINES,
    SECOND,
    THIRD,
    TITLE,
    items,
    paragraphs,
    text_of,
)


class TestRelated:
    @pytest.mark.parametrize("href", ["/news/pier-2", "https://pier.example/news/2", "//sport.pier.example/2"])
    def test_a_list_of_the_outlets_own_headlines_goes(self, href: str) -> None:
        story = paragraphs(FIRST, SECOND) + items(*HEADLINES, href=href) + paragraphs(THIRD)
        assert text_of(story) == [FIRST, SECOND, THIRD]

    def test_one_that_leads_elsewhere_is_content(self) -> None:
        story = paragraphs(FIRST, SECOND) + items(*HEADLINES, href="https://boats.example/offer") + paragraphs(THIRD)
        assert [f"Islands and harbours: {line}" for line in HEADLINES] == text_of(story)[2:5]

    @pytest.mark.parametrize("href", ["/news/2", "https://pier.example/news/2", "//pier.example/news/2"])
    def test_linked_headlines_in_a_row_go(self, href: str) -> None:
        assert related(*(f'<h3><a href="{href}">{line}</a></h3>' for line in HEADLINES)) == [True] * 3

    @pytest.mark.parametrize(
        "href", ["https://boats.example/2", "mailto:a@pier.example", "tel:123", "/topics/boats/", "/tags/pier?page=2"]
    )
    def test_what_leads_to_no_article_of_the_outlet_does_not(self, href: str) -> None:
        assert related(*(f'<h3><a href="{href}">{line}</a></h3>' for line in HEADLINES)) == [False] * 3

    def test_two_are_no_row(self) -> None:
        lines = [f'<h3><a href="/news/2">{line}</a></h3>' for line in HEADLINES]
        assert related(*lines[:2], paragraphs(FIRST), lines[2]) == [False] * 4

    def test_each_of_several_lines_of_an_element_has_its_own_link(self) -> None:
        hrefs = "/news/2", "https://boats.example/2", "/news/3"
        lines = [f'<a href="{href}">{line}</a><br>' for href, line in zip(hrefs, HEADLINES, strict=True)]
        assert related(f"<div>{''.join(lines)}</div>") == [True, False, True]

    def test_people_linked_to_what_is_known_of_them_are_content(self) -> None:
        people = "Jane Doe, mayor of the harbour town", "John Roe, master of the harbour", "Ann Poe, who built the pier"
        entries = "".join(f'<li><a href="/people/{number}">{line}</a></li>' for number, line in enumerate(people))
        assert related(f"<ul>{entries}</ul>") == [False] * 3

    @pytest.mark.parametrize("href", ["/people/2023/04/pier", "/people/what-they-think-of-the-pier-today"])
    def test_but_not_articles_of_a_section_called_so(self, href: str) -> None:
        assert related(items(*HEADLINES, href=href)) == [True] * 3

    def test_headlines_beside_the_article_need_less_of_a_link(self) -> None:
        entry = '<li><div><p>The long and stormy story <a href="/news/3">of a pier and its lights</a></p></div></li>'
        found = text_of(BASE, after=f'<div class="stack"><h2>From the archive</h2><ul>{entry * 3}</ul></div>')
        assert found == [FIRST, SECOND, THIRD]


def related(*lines: str) -> list[bool]:
    """Which lines between the paragraphs of a page of pier.example announce other articles."""
    root = html.fromstring(f"<div><h1>{TITLE}</h1><div>{paragraphs(FIRST, SECOND)}{''.join(lines)}{BASE}</div></div>")
    region = find_region(read_blocks(root).blocks, TITLE)
    region.site = "pier.example"
    return [is_related(region, place) for place in range(3, len(region.blocks) - 3)]
