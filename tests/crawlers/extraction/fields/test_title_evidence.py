"""Titles: where what is declared and what is shown disagree."""

from __future__ import annotations

import pytest

from tests.crawlers.extraction.pier import article, page

SHOWN = "Council votes for a second pier"
OTHER = "Islands: a second pier"


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


def titles(*, og: str = "", twitter: str = "", tag: str = "", more: str = "") -> str:
    metas = "".join(
        f'<meta property="{name}" content="{text}">'
        for name, text in (("og:title", og), ("twitter:title", twitter))
        if text
    )
    return f"{f'<title>{tag}</title>' if tag else ''}{metas}{more}"


class TestVoices:
    @pytest.mark.parametrize("other", [OTHER, "Zweite Mole für die Stadt, sagt der Rat", "Совет за второй причал"])
    def test_the_titles_of_a_pages_head_are_one_voice_however_many_they_are(self, other: str) -> None:
        head = titles(og=other, twitter=other, tag=f"{other} | Pier Post")
        assert article(page(head=head)).title == SHOWN

    def test_neither_outvotes_json_ld_alone_what_is_shown(self) -> None:
        assert article(page(ld={"headline": OTHER}, head=titles(og=SHOWN))).title == SHOWN
        assert article(page(ld={"headline": OTHER})).title == SHOWN

    @pytest.mark.parametrize("head", [titles(og=OTHER), titles(twitter=OTHER), titles(tag=f"{OTHER} - Pier Post")])
    def test_json_ld_and_the_head_together_do(self, head: str) -> None:
        head += '<meta property="og:site_name" content="Pier Post">'
        assert article(page(ld={"headline": OTHER}, head=head)).title == OTHER

    def test_unless_a_further_title_of_the_head_says_what_is_shown(self) -> None:
        head = titles(og=OTHER, tag=SHOWN)
        assert article(page(ld={"headline": OTHER}, head=head)).title == SHOWN

    def test_a_meta_tag_of_the_headline_speaks_as_json_ld_does(self) -> None:
        named = f'<meta name="headline" content="{OTHER}">'
        assert article(page(head=titles(og=OTHER, more=named))).title == OTHER

    def test_words_that_the_heading_glues_together_are_parted_as_declared(self) -> None:
        h1 = "<span>After the vote</span><span>Fishermen wait</span>"
        assert (
            article(page(h1, head=titles(og="After the vote / Fishermen wait"))).title
            == "After the vote / Fishermen wait"
        )


class TestHeadingsOfTheSite:
    LOGOS = (
        '<h1><a href="/">All the news of the harbour</a></h1>',
        '<h1><a href="https://www.pier.example/">Alle Nachrichten vom Hafen</a></h1>',
        '<div class="site-branding"><h1 class="site-title">Все новости порта</h1></div>',
        '<div id="logo"><h1>Limanın bütün xəbərləri</h1></div>',
    )

    @pytest.mark.parametrize("logo", LOGOS)
    @pytest.mark.parametrize("tag", ["h2", "h3"])
    def test_an_h1_that_leads_home_or_is_the_logo_is_no_title(self, logo: str, tag: str) -> None:
        html = page(before=f"<div>{logo}</div>", head=titles(og=SHOWN, tag=f"{SHOWN} | P"))
        html = html.replace(b"<article><h1>", f"<article><{tag}>".encode()).replace(
            b"pier</h1>", f"pier</{tag}>".encode()
        )
        assert article(html).title == SHOWN

    @pytest.mark.parametrize("logo", LOGOS)
    def test_nor_beside_another(self, logo: str) -> None:
        assert article(page(before=f"<div>{logo}</div>")).title == SHOWN

    @pytest.mark.parametrize("name", ["News of the outer harbour", "Новости дальнего порта"])
    def test_nor_is_one_that_ends_every_title(self, name: str) -> None:
        head = titles(og=SHOWN, tag=f"{SHOWN} | {name}")
        html = page(name, head=head, byline=f"<h2>{SHOWN}</h2>")
        assert article(html).title == SHOWN

    def test_nor_is_one_that_agrees_with_nothing_where_another_heading_shows_what_is_declared(self) -> None:
        head = titles(og=SHOWN, tag=SHOWN)
        assert article(page("Our people in the harbour", head=head, byline=f"<h2>{SHOWN}</h2>")).title == SHOWN

    def test_a_name_of_the_site_that_is_the_headline_says_nothing(self) -> None:
        more = f'<meta property="og:site_name" content="{SHOWN}">'
        assert article(page(head=titles(og=SHOWN, tag=f"{SHOWN} | P", more=more))).title == SHOWN
        assert article(page(ld={"headline": SHOWN}, head=titles(tag=SHOWN, more=more))).title == SHOWN

    def test_a_title_in_an_element_that_is_called_like_a_logo_stays_if_it_is_declared(self) -> None:
        html = page(head=titles(og=SHOWN)).replace(b"<h1>", b'<h1 class="brand">')
        assert article(html).title == SHOWN
