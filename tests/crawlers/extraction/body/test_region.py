"""Which part of a page is the article, where others stand beside it."""

from __future__ import annotations

import pytest

from crawlers.extraction import extract
from storage.model import Article
from tests.crawlers.extraction.body.story import (
    BASE,
    FIRST,
    FOURTH,
    LONG_LINE,
    SECOND,
    THIRD,
    TITLE,
    paragraphs,
    text_of,
)


def cards(count: int, inner: str = "") -> str:
    line = '<h3><a href="/news/{0}">How the old pier number {0} came to be too short</a></h3><p>{1} {0}.</p>'
    entries = (line.format(number, inner or LONG_LINE) for number in range(count))
    return "".join(f'<div class="card"><div>{entry}</div></div>' for entry in entries)


class TestOthers:
    @pytest.mark.parametrize("times", [1, 6])
    def test_an_article_that_an_endless_page_puts_into_the_first_ones_element_goes(self, times: int) -> None:
        other = (
            f"<article><h1>Another story</h1>{paragraphs(*(f'{LONG_LINE} {n}.' for n in range(4 * times)))}</article>"
        )
        page = (
            f"<html><head><title>{TITLE}</title></head><body><main><h1>{TITLE}</h1>{BASE}{paragraphs(FOURTH)}{other * 2}"
            "</main></body></html>"
        )
        found = extract(page.encode(), "https://www.pier.example/news/pier-1")
        assert isinstance(found, Article), found
        assert found.text.split("\n\n") == [FIRST, SECOND, THIRD, FOURTH]

    def test_the_texts_of_cards_beside_the_article_go(self) -> None:
        page = (
            f'<html><head><title>{TITLE}</title></head><body><div class="row"><div class="c8"><h1>{TITLE}</h1>'
            f'{BASE}{paragraphs(FOURTH)}</div><div class="c4">{cards(3)}</div></div></body></html>'
        )
        found = extract(page.encode(), "https://www.pier.example/news/pier-1")
        assert isinstance(found, Article), found
        assert found.text.split("\n\n") == [FIRST, SECOND, THIRD, FOURTH]

    @pytest.mark.parametrize("name", ["item", "similar-news", "oxsar-xeberler", "pohozhie-novosti", "row"])
    @pytest.mark.parametrize("headline", ["<a href=/n/{0}><span>{1}</span></a>", "<p><a href=/n/{0}>{1}</a></p>"])
    def test_so_do_those_whose_headline_is_no_heading(self, name: str, headline: str) -> None:
        card = f"<div class=card>{headline}<p>{{2}}</p></div>"
        title = "How the old pier number {} came to be"
        box = "".join(card.format(number, title.format(number), f"{SECOND[:60]} {number}.") for number in range(4))
        box = f'<div class="{name}">{box}</div>'
        assert text_of(BASE + paragraphs(FOURTH) + box) == [FIRST, SECOND, THIRD, FOURTH]
        assert text_of(paragraphs(FIRST, SECOND) + box + paragraphs(THIRD, FOURTH)) == [FIRST, SECOND, THIRD, FOURTH]

    def test_but_a_section_of_the_text_stays_whatever_it_announces(self) -> None:
        link = "<p><a href=/n/{0}>How the old pier number {0} came to be</a></p>"
        part = "<div class=part>{}" + paragraphs("{} {}.", "{} {}.", "{} {}.") + "</div>"
        story = [(link.format(n), FIRST[:-1], n, SECOND[:-1], n, THIRD[:-1], n) for n in range(4)]
        text = text_of("".join(part.format(*one) for one in story) + paragraphs(FOURTH))
        assert all(f"{line[:-1]} {number}." in text for line in (FIRST, SECOND, THIRD) for number in range(4))

    def test_but_a_digest_is_made_of_them(self) -> None:
        story = paragraphs(FIRST) + cards(5, SECOND[:-1])
        assert [line for line in text_of(story) if line.startswith(SECOND[:-1])] == [
            f"{SECOND[:-1]} {number}." for number in range(5)
        ]

    def test_and_two_are_no_row(self) -> None:
        assert f"{LONG_LINE} 1." in text_of(BASE + cards(2) + paragraphs(FOURTH))
