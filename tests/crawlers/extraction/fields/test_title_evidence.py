"""Titles: where what is declared and what is shown disagree."""

from __future__ import annotations

from tests.crawlers.extraction.pier import article, page


class TestTitles:
    def test_what_is_shown_outweighs_two_declared_titles(self) -> None:
        head = '<title>Pier: all about the vote | Pier Post</title><meta property="og:title" content="Pier: all about the vote">'
        assert article(page(head=head)).title == "Council votes for a second pier"

    def test_but_not_three_that_agree(self) -> None:
        head = '<title>Islands: a second pier</title><meta property="og:title" content="Islands: a second pier">'
        assert article(page(head=head, ld={"headline": "Islands: a second pier"})).title == "Islands: a second pier"

    def test_a_kicker_in_the_heading_gets_its_colon_back(self) -> None:
        h1 = "<span>After the vote</span> <span>Fishermen wait for a second pier</span>"
        found = article(page(h1, ld={"headline": "After the vote: Fishermen wait for a second pier"}))
        assert found.title == "After the vote: Fishermen wait for a second pier"

    def test_a_sites_name_goes_wherever_it_stands(self) -> None:
        head = (
            '<meta property="og:site_name" content="Pierfact">'
            '<meta property="og:title" content="Pierfact - The pier’s long way: Pierfact’s report of the year">'
        )
        html = page(head=head).replace(b"<h1>Council votes for a second pier</h1>", b"")
        assert article(html).title == "The pier’s long way: Pierfact’s report of the year"
