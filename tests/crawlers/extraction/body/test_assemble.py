"""The top and the end of the text."""

from __future__ import annotations

from tests.crawlers.extraction.body.story import (
    BASE,
    FIRST,
    HEADLINES,
    SECOND,
    SUMMARY,
    THIRD,
    TITLE,
    items,
    paragraphs,
    text_of,
)


class TestEnds:
    def test_the_title_goes_from_the_top_with_what_stands_above_it(self) -> None:
        assert text_of(f"<h2>Harbour: {TITLE}</h2>" + BASE) == [FIRST, SECOND, THIRD]

    def test_the_time_of_publication_goes_below_a_standfirst_too(self) -> None:
        stamp = "<p>Uppdaterad 12.30 | Publicerad 11.05</p>"
        assert text_of(paragraphs(SUMMARY) + stamp + BASE) == [SUMMARY, FIRST, SECOND, THIRD]

    def test_a_heading_with_nothing_under_it_goes(self) -> None:
        story = BASE + "<h2>More from the harbour</h2>" + items(*HEADLINES, href="/news/2")
        assert text_of(story) == [FIRST, SECOND, THIRD]

    def test_a_table_beside_the_article_goes(self) -> None:
        rows = "".join(f"<tr><td>Pier {number} in metres</td><td>{90 + number}</td></tr>" for number in range(9))
        assert text_of(BASE, after=f"<div><table>{rows}</table></div>") == [FIRST, SECOND, THIRD]
