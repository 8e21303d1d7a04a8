"""Authors: where what is declared and what is shown disagree."""

from __future__ import annotations

import pytest

from crawlers.extraction.fields.credit import read_credits
from tests.crawlers.extraction.pier import TEXT, article, page

BOTH = {"author": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "John Roe"}]}


# What else a page says of a name that stands beside its date.
SIGNS = (
    '<script type="application/json">{"page":{"authors":[{"id":7,"name":"Jane Doe","bio":"x"}]}}</script>',
    '<script data-state=\'{\\"author\\":\\"Jane Doe\\"}\'></script>',
    f'<p>{TEXT[0]} So writes <a href="/authors/jane-doe">Jane Doe</a>, and in other words: {TEXT[1]}</p>',
    '<img src="/a.png" alt="Jane Doe">',
)


class TestAuthors:
    @pytest.mark.parametrize(
        "byline",
        [
            "By Jane Doe. Photographs by John Roe",
            "By Jane Doe Contributions from John Roe published 4 March 2025",
            "Jane Doe | Editor: John Roe",
        ],
    )
    def test_whom_the_byline_names_for_another_part_is_no_author(self, byline: str) -> None:
        assert article(page(ld=BOTH, byline=f'<div class="byline">{byline}</div>')).authors == ("Jane Doe",)

    @pytest.mark.parametrize("of_another", ["<aside class=related>{}</aside>", "<div>{}</div>"])
    def test_what_bylines_of_other_articles_say_counts_for_these(self, of_another: str) -> None:
        head = '<meta name="author" content="John Roe">'
        card = '<div class="byline">By Max Otto, photos by John Roe</div>'
        after = f"</div>{of_another.format(card)}<div>"
        own = '<div class="byline">By John Roe</div>'
        assert article(page(head=head, byline=own, after=after)).authors == ("John Roe",)
        if "aside" in of_another:
            assert article(page(ld=BOTH, after=after)).authors == ("Jane Doe", "John Roe")

    def test_who_alone_is_declared_stays_whatever_part_the_byline_gives(self) -> None:
        head = '<meta name="author" content="John Roe">'
        assert article(page(head=head, byline='<div class="byline">Edited by John Roe</div>')).authors == ("John Roe",)
        byline = '<div class="byline">By Jane Doe; photos by John Roe</div>'
        assert article(page(head=head, byline=byline)).authors == ("Jane Doe",)

    def test_but_nobody_is_an_author_for_the_pictures_alone(self) -> None:
        assert article(page(ld={}, byline='<div class="byline">Photos by John Roe</div>')).authors == ()

    def test_who_edits_as_well_is_an_author_all_the_same(self) -> None:
        byline = '<div class="byline">By Jane Doe and John Roe</div><div class="author-desk">Edited by John Roe</div>'
        assert article(page(ld=BOTH, byline=byline)).authors == ("Jane Doe", "John Roe")

    def test_a_helper_in_an_element_of_its_own_is_no_author(self) -> None:
        byline = '<div class="byline">By Jane Doe, with contributions from <span class="author">John Roe</span></div>'
        assert article(page(ld=BOTH, byline=byline)).authors == ("Jane Doe",)

    @pytest.mark.parametrize(
        "byline",
        [
            "By Jane Doe. Photographs by John Roe",
            "By Jane Doe photographs by John Roe",
            "By Jane Doe; edited by John Roe",
            "By Jane Doe. Our man at the harbour",
        ],
    )
    def test_a_byline_of_one_text_ends_where_another_part_begins(self, byline: str) -> None:
        assert article(page(ld={}, byline=f'<div class="byline">{byline}</div>')).authors == ("Jane Doe",)
        if "Roe" in byline:
            assert article(page(head=f'<meta name="author" content="{byline}">')).authors == ("Jane Doe",)

    def test_a_byline_that_names_more_completes_what_is_declared(self) -> None:
        declared = {"author": {"@type": "Person", "name": "Jane Doe"}}
        byline = '<div class="byline__names">By <span>Jane Doe</span> and Oscar Holm</div>'
        assert article(page(ld=declared, byline=byline)).authors == ("Jane Doe", "Oscar Holm")

    def test_first_and_last_name_may_stand_in_elements_of_their_own(self) -> None:
        byline = '<div class="byline"><span>Marlene Lund</span> <span>Holm</span></div>'
        assert article(page(ld={}, byline=byline)).authors == ("Marlene Lund Holm",)

    def test_the_footer_of_a_headline_is_no_footer(self) -> None:
        byline = '<div class="headline__footer"><div class="byline">By Jane Doe</div></div>'
        assert article(page(ld={}, byline=byline)).authors == ("Jane Doe",)

    def test_the_outlet_signs_only_its_own_news_where_it_says_so_and_nobody_is_named(self) -> None:
        head = '<meta property="og:site_name" content="Pier Post">'
        outlet = {"author": {"@type": "Organization", "name": "Pier Post"}}
        assert article(page(ld=outlet, head=head)).authors == ("Pier Post",)
        agency = {"author": {"@type": "Organization", "name": "Northern Press Agency"}}
        assert article(page(ld=agency, head=head)).authors == ()
        byline = '<div class="byline">By Jane Doe</div>'
        assert article(page(ld=outlet, head=head, byline=byline)).authors == ("Jane Doe",)

    @pytest.mark.parametrize("kind", ["Organization", "Person"])
    @pytest.mark.parametrize("name", ["Pier Post", "pier post", "The Pier Post", "Pier Post Sport"])
    @pytest.mark.parametrize("of", ["Article", "BlogPosting", "WebPage"])
    def test_of_other_pages_it_is_no_author(self, kind: str, name: str, of: str) -> None:
        head = '<meta property="og:site_name" content="Pier Post">'
        outlet = {"@type": of, "author": {"@type": kind, "name": name}}
        assert article(page(ld=outlet, head=head)).authors == ()

    def test_but_an_outlet_and_an_agency_together_sign(self) -> None:
        head = '<meta property="og:site_name" content="Pier Post">'
        signed = {"@type": "Article", "author": {"@type": "Person", "name": "Pier Post and AFP"}}
        assert article(page(ld=signed, head=head)).authors == ("Pier Post and AFP",)

    def test_nor_is_the_publisher(self) -> None:
        outlet = {"author": {"@type": "Person", "name": "Sea Breeze"}, "publisher": {"name": "Sea Breeze"}}
        assert article(page(ld={"@type": "BlogPosting", **outlet})).authors == ()
        head = '<meta name="author" content="Sea Breeze"><meta property="og:site_name" content="Sea Breeze">'
        assert article(page(head=head)).authors == ()

    @pytest.mark.parametrize("url", ["https://www.janedoe.example/pier", "https://blog.example/pier"])
    @pytest.mark.parametrize("declared", ["ld", "meta"])
    def test_a_person_who_is_declared_and_shown_is_the_author_though_the_site_bears_the_name(
        self, url: str, declared: str
    ) -> None:
        head = '<meta property="og:site_name" content="Jane Doe">'
        if declared == "meta":
            head += '<meta name="author" content="Jane Doe">'
        ld = {"author": {"@type": "Person", "name": "Jane Doe"}} if declared == "ld" else {}
        shown = '<p class="byline">By Jane Doe</p>'
        assert article(page(ld=ld, head=head, byline=shown), url).authors == ("Jane Doe",)
        assert article(page(ld=ld and {"@type": "Article", **ld}, head=head), url).authors == ()

    def test_georgian_names_need_no_capitals(self) -> None:
        head = '<meta name="author" content="ნინო გელაშვილი">'
        assert article(page(head=head)).authors == ("ნინო გელაშვილი",)

    def test_bylines_side_by_side_name_all_authors(self) -> None:
        cards = "".join(f'<div class="byline"><a>{name}</a></div>' for name in ("Ines Holm", "Jane Doe"))
        declared = {"author": {"@type": "Person", "name": "Jane Doe"}}
        assert article(page(ld=declared, byline=f'<div class="bylines">{cards}</div>')).authors == (
            "Ines Holm",
            "Jane Doe",
        )

    def test_what_stands_before_by_is_the_name_of_the_column(self) -> None:
        byline = '<div class="byline"><b>Harbour Notes</b> <span>By</span> <a>Jane Doe</a></div>'
        assert article(page(ld={}, byline=byline)).authors == ("Jane Doe",)

    def test_what_follows_the_date_in_a_byline_is_no_author(self) -> None:
        byline = '<div class="byline"><a>Jane Doe</a> <i>27/09/2024</i> <a>Open Waters</a></div>'
        assert article(page(ld={}, byline=byline)).authors == ("Jane Doe",)

    def test_an_editor_of_one_name_is_no_author_either(self) -> None:
        declared = {"author": {"@type": "Person", "name": "Suhardi"}}
        byline = '<div class="author-left">Ines Holm</div><div class="author-right">Editor : Suhardi</div>'
        assert article(page(ld=declared, byline=byline)).authors == ("Ines Holm",)

    def test_a_byline_of_an_agency_is_the_only_one(self) -> None:
        byline = '<div class="author-line">dpa</div><p>x</p><div class="next-author">Jana Vogt</div>'
        assert article(page(ld={}, byline=byline)).authors == ()

    def test_an_author_may_stand_in_a_caption_if_it_is_an_address(self) -> None:
        link = '<a rel="author" href="/a/1">Jane Doe</a>'
        assert article(
            page(ld={}, byline=f"<figure><figcaption><address>{link}</address></figcaption></figure>")
        ).authors
        assert not article(page(ld={}, byline=f"<figure><figcaption>{link}</figcaption></figure>")).authors

    def test_a_header_that_counts_comments_is_no_comment(self) -> None:
        byline = '<div class="meta with-comments"><a rel="author" href="/a/1">Jane Doe</a></div>'
        html = (
            page(ld={}, byline=byline)
            .replace(b"<h1>", b"<header><h1>")
            .replace(b"<div class=story>", b"</header><div class=story>")
        )
        assert article(html).authors == ("Jane Doe",)

    @pytest.mark.parametrize("date", ["4 March 2025", "04.03.2025 - 09:30"])
    @pytest.mark.parametrize("sign", SIGNS)
    def test_a_name_alone_beside_the_date_is_the_author_if_the_page_says_so_elsewhere(
        self, date: str, sign: str
    ) -> None:
        byline = f"<div>{{}}<span>Jane Doe |</span> <span>{date}</span></div>"
        if sign.startswith("<img"):
            found = article(page(ld={}, byline=byline.format(sign)))
        else:
            found = article(page(ld={}, byline=byline.format(""), after=f"</div>{sign}<div>"))
        assert found.authors == ("Jane Doe",)

    @pytest.mark.parametrize(
        "beside",
        ["Jane Doe", "World Politics", "San Marino", "Harbour Life", "Print Article", "Artikel Merken", "Aus Aller Welt",
         "Южный Кавказ", "Son Dakika", "Çap Et"],
    )  # fmt: skip
    def test_but_not_on_its_own(self, beside: str) -> None:
        data = f'<script>{{"author":"","section":"{beside}","articles":[{{"name":"{beside}"}}]}}</script>'
        for byline in (
            f"<div><span>{beside}</span> <span>04.03.2025</span></div>",
            f"<p>{beside}</p><p>4 March 2025</p>",
        ):
            assert article(page(ld={}, byline=byline, after=data)).authors == ()

    @pytest.mark.parametrize(
        "byline",
        [
            "<div><a href='/x'>Jane Doe</a> <span>4 March 2025</span></div>",
            "<ul><li><span>Jane Doe</span> <span>4 March 2025</span></li></ul>",
            "<aside><span>Jane Doe</span> <span>4 March 2025</span></aside>",
            "<div class=related><span>Jane Doe</span> <span>4 March 2025</span></div>",
        ],
    )
    def test_nor_in_links_lists_and_boxes(self, byline: str) -> None:
        assert article(page(ld={}, byline=byline, after=f"</div>{SIGNS[0]}<div>")).authors == ()

    def test_nor_whom_the_pictures_of_the_article_show(self) -> None:
        byline = '<img alt="Jane Doe"><div><span>Jane Doe</span> <span>4 March 2025</span></div>'
        assert article(page(ld={}, byline=byline)).authors == ()

    def test_nor_whom_the_article_is_about(self) -> None:
        text = [
            "Mayor Jane Doe of the harbour town has opened the second pier for the ferries to the outer islands.",
            *TEXT,
        ]
        byline = "<div><span>Jane Doe</span> <span>4 March 2025</span></div>"
        assert article(page(ld={}, byline=byline, text=text, after=f"</div>{SIGNS[0]}<div>")).authors == ()

    @pytest.mark.parametrize(
        "line", ['<p style="text-align: right"><b>Jane Doe</b></p>', '<p align="right"><em>Jane Doe</em></p>']
    )
    def test_the_last_line_may_be_a_signature(self, line: str) -> None:
        assert article(page(ld={}, after=line)).authors == ("Jane Doe",)
        told = ["Mayor Jane Doe of the harbour town has opened the second pier for the ferries to the islands.", *TEXT]
        assert article(page(ld={}, after=line, text=told)).authors == ()

    @pytest.mark.parametrize(
        "line",
        [
            "<p><b>Global Shipping Alliance</b></p>",
            "<p><b>Weitere Informationen</b></p>",
            "<p><em>War And Peace</em></p>",
            "<p><em>Der Zauberberg</em></p>",
            "<p style='text-align:right'><b>Haus Der Kulturen</b></p>",
            "<p style='text-align:right'><b>Bild Max Otto</b></p>",
            "<p class='right'><b>Open Waters</b></p>",
            "<p style='margin-right:1em'><b>Open Waters</b></p>",
            "<p style='text-align:right'>Open Waters</p>",
        ],
    )
    def test_but_titles_headings_and_notes_are_none(self, line: str) -> None:
        found = article(page(ld={}, after=line))
        assert found.authors == ()

    @pytest.mark.parametrize("line", ["Baku Grand Prix", "Grand Slam"])
    def test_a_first_line_is_a_heading_and_stays(self, line: str) -> None:
        for first in (line, f"<b>{line}</b>"):
            found = article(page(ld={}, text=[first, *TEXT]))
            assert (found.authors, found.text.split("\n\n")[0]) == ((), line)

    def test_of_an_outlet_that_we_know_it_is_a_name_unless_the_text_speaks_of_it(self) -> None:
        assert read_credits(["Ines Holm", *TEXT], ("Pier Post",)).authors == ("Ines Holm",)
        assert read_credits(["Outer Islands", *TEXT], ("Pier Post",)).authors == ()

    def test_names_stand_above_where_the_outlets_account_posts_what_others_wrote(self) -> None:
        head = '<meta property="og:site_name" content="Pier Post"><meta name="author" content="Pier Post">'
        assert article(page(head=head, text=["<b>Jane Doe/John Roe</b>", *TEXT])).authors == ("Jane Doe", "John Roe")
        assert article(page(head=head, text=["<b>Outer Islands</b>", *TEXT])).authors == ()
        assert article(page(head=head, after="<p><b>Open Waters</b></p>")).authors == ()

    def test_what_the_keepers_account_posts_is_by_whom_it_is_signed(self) -> None:
        account = {
            "author": {"@type": "Person", "name": "Pier Keeper", "url": "https://www.pier.example/author/admin/"}
        }
        assert article(page(ld=account)).authors == ("Pier Keeper",)
        assert article(page(ld=account, after="<p><b>Jane Doe/John Roe</b></p>")).authors == ("Jane Doe", "John Roe")

    def test_a_label_of_the_writer_counts_wherever_it_stands(self) -> None:
        facts = "<ul><li><b>Datum</b> 04.03.2025</li><li><b>Autorin/Autor</b> Jana Vogt</li></ul>"
        assert article(page(ld={}, after=f"</div>{facts}<div>")).authors == ("Jana Vogt",)

    def test_it_stands_between_title_and_text(self) -> None:
        for byline in ("<div><span>Text:</span> Jana Vogt</div>", "<ul><li>Autorin: Jana Vogt</li></ul>"):
            assert article(page(ld={}, byline=byline)).authors == ("Jana Vogt",)

    def test_or_is_the_last_line_of_the_text(self) -> None:
        assert article(page(ld={}, after="<p>Autorin: Jana Vogt</p>")).authors == ("Jana Vogt",)
        told = ["The town has named its second pier after Jana Vogt, who wrote of its ferries to the islands.", *TEXT]
        found = article(page(ld={}, after="<p>Autorin: Jana Vogt</p>", text=told))
        assert (found.authors, found.text.split("\n\n")[-1]) == ((), "Autorin: Jana Vogt")

    @pytest.mark.parametrize(
        "box",
        [
            "<div>Text: Arial Sans</div>",
            "<div><span>Text:</span> Klein Mittel Gross</div>",
            "<ul><li>Autor: Thomas Mann</li></ul>",
            "<table><tr><td>Autor: Thomas Mann</td></tr></table>",
            "<div>Текст: Лев Толстой</div>",
            "<div class='columns'><div>Yazar: Ali Veli</div></div>",
            "<aside><div>Autor: Max Otto</div><div>04.03.2025</div></aside>",
            "<div class='related'><div>Autor: Max Otto</div><div>04.03.2025</div></div>",
        ],
    )
    def test_boxes_behind_the_text_are_about_others(self, box: str) -> None:
        assert article(page(ld={}, after=f"</div>{box}<div>")).authors == ()

    @pytest.mark.parametrize(
        "author",
        [["Jane Doe"] * 100_000, f"Jane{' ' * 100_000}Doe", {"@type": "Person", "name": f"Jane{' ' * 100_000}Doe"}],
    )
    def test_what_is_declared_without_end_is_read_all_the_same(self, author: object) -> None:
        assert article(page(ld={"author": author})).authors == ("Jane Doe",)

    def test_one_word_is_an_author_where_it_is_declared_and_shown(self) -> None:
        head, byline = '<meta name="author" content="Seagull">', '<div class="byline">By Seagull</div>'
        assert article(page(head=head, byline=byline)).authors == ("Seagull",)
        assert article(page(head=head)).authors == ()
