"""Bylines: labels and roles beside names, boxes about the author, and who only helped."""

from __future__ import annotations

import pytest

from crawlers.extraction.fields.bylines import of_writers, parts_of
from crawlers.extraction.fields.person_names import split_names
from tests.crawlers.extraction.pier import article, page


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Jane Doe Staff Writer", ["Jane Doe"]),
        ("By JANE DOE Staff Writer", ["Jane Doe"]),
        ("Jane Doe Senior Political Correspondent", ["Jane Doe"]),
        ("Staff Writer Jane Doe", ["Jane Doe"]),
        ("Специальный корреспондент Иван Петров", ["Иван Петров"]),
        ("Redaktör Bo Ek", ["Bo Ek"]),
        ("Muhabir: Ali Veli", ["Ali Veli"]),
        ("Article by Jane Doe", ["Jane Doe"]),
        ("Ein Beitrag von Jana Vogt", ["Jana Vogt"]),
        ("Article écrit par Jeanne Dubois", ["Jeanne Dubois"]),
        ("Napsal: Jan Novák", ["Jan Novák"]),
        ("John Roe, Jr.", ["John Roe, Jr."]),
        ("Jane Doe Harbour Reporter", []),
        ("Pier Post Staff", []),
        ("Full Bio", []),
        ("Fact Checked", []),
        ("Medical Reviewer", []),
        ("Senior Editor", []),
        ("Minutes Read", []),
        ("Mehr Lesen", []),
        ("Читать Подробнее", []),
        ("خبرگزاری بندر", []),
        ("وكالة الميناء", []),
        ("Redakcja Portalu", []),
        ("Náš Tým", []),
        ("María del Mar", ["María del Mar"]),
        ("Les Holm", ["Les Holm"]),
        ("Per Olof Hansen", ["Per Olof Hansen"]),
    ],
)
def test_labels_and_roles_beside_a_name_are_no_person(line: str, names: list[str]) -> None:
    assert split_names(line) == names


@pytest.mark.parametrize(
    ("text", "name"), [("Doe, Jane", "Jane Doe"), ("Vogt, Jana M.", "Jana M. Vogt"), ("Петров, Иван", "Иван Петров")]
)
def test_a_declared_name_may_begin_with_the_surname(text: str, name: str) -> None:
    assert split_names(text, declared=True) == [name]
    assert name not in split_names(text)


@pytest.mark.parametrize(
    ("line", "writers", "helper"),
    [
        ("Medically reviewed by John Roe — Written by Jane Doe", "Jane Doe", "John Roe"),
        ("Written by Jane Doe | Fact checked by John Roe", "Jane Doe", "John Roe"),
        ("By Jane Doe; edited by John Roe", "By Jane Doe", "John Roe"),
        ("Par Jeanne Dubois, photos par Jean Roux", "Par Jeanne Dubois", "Jean Roux"),
        ("Автор: Иван Петров. Перевод: Анна Ли", "Иван Петров", "Анна Ли"),
        ("Yazan: Ali Veli Çeviri: Ayşe Kaya", "Ali Veli", "Ayşe Kaya"),
        ("Geprüft von Max Otto, geschrieben von Jana Vogt", "Jana Vogt", "Max Otto"),
    ],
)
def test_a_byline_is_divided_at_its_labels(line: str, writers: str, helper: str) -> None:
    assert of_writers(line) == writers
    assert any(helper in part for part in parts_of(line).helpers)


class TestPages:
    @pytest.mark.parametrize(
        "byline",
        [
            '<div class="byline"><span>Medically reviewed by</span> <a>John Roe</a> — <span>Written by</span> <a>Jane Doe</a></div>',
            '<div class="byline"><span>Written by</span> <a>Jane Doe</a> <span>Fact checked by</span> <a>John Roe</a></div>',
            '<div class="byline"><a>Jane Doe</a> <i>Full Bio</i> <span>Reviewed by</span> <a>John Roe</a></div>',
            '<p class="author">Vérifié par <b>John Roe</b>. Écrit par <b>Jane Doe</b></p>',
        ],
    )
    @pytest.mark.parametrize("ld", [{}, {"author": {"@type": "Person", "name": "Jane Doe"}}])
    def test_who_reviewed_it_is_no_author(self, byline: str, ld: dict[str, object]) -> None:
        assert article(page(ld=ld, byline=byline)).authors == ("Jane Doe",)

    @pytest.mark.parametrize(
        "byline",
        [
            '<aside class="post-author"><img alt=""><span>Jane Doe</span></aside>',
            '<aside class="article-author">By <a href="/x">Jane Doe</a></aside>',
            '<footer class="entry-meta"><span itemprop="author">Jane Doe</span></footer>',
            "<p>Article by Jane Doe</p>",
            "<div><span>Автор</span> <b>Jane Doe</b></div>",
        ],
    )
    def test_bylines_stand_in_asides_and_footers_of_the_article(self, byline: str) -> None:
        assert article(page(ld={}, byline=byline)).authors == ("Jane Doe",)

    @pytest.mark.parametrize("label", ["Author", "Autor", "Автор", "Yazar", "Müəllif"])
    @pytest.mark.parametrize("line", ["<p>Jane Doe</p>", "<div><a href='/x'>Jane Doe</a></div>"])
    def test_a_heading_may_label_the_line_under_it(self, label: str, line: str) -> None:
        assert article(page(ld={}, after=f"</div><div><h4>{label}</h4>{line}")).authors == ("Jane Doe",)
        assert article(page(ld={}, byline=f"<dl><dt>{label}</dt><dd>Jane Doe</dd></dl>")).authors == ("Jane Doe",)

    @pytest.mark.parametrize(
        "line", ["<p>Jane Doe writes of ships and of those who build them.</p>", "<p>More articles</p>", "<p>Admin</p>"]
    )
    def test_but_not_sentences(self, line: str) -> None:
        assert article(page(ld={}, after=f"</div><div><h4>Author</h4>{line}")).authors == ()

    @pytest.mark.parametrize(
        "box",
        [
            '<div class="author-box"><h4>Jane Doe</h4><p>Writes of ships.</p></div>',
            '<section class="about-author"><a href="/author/jane-doe">Jane Doe</a><p>Writes of ships.</p></section>',
            '<div class="post-author-info"><strong>About Jane Doe</strong><p>Writes of ships.</p></div>',
        ],
    )
    def test_a_box_about_the_author_names_one_where_nothing_else_does(self, box: str) -> None:
        assert article(page(ld={}, after=f"</div>{box}<div>")).authors == ("Jane Doe",)
        byline = '<div class="byline">By John Roe</div>'
        assert article(page(ld={}, byline=byline, after=f"</div>{box}<div>")).authors == ("John Roe",)
        other = f"</div><div class='testimonials'>{box}</div><div>"
        assert article(page(ld={}, after=other)).authors == ()

    def test_who_reviews_a_thing_is_not_who_wrote_of_it(self) -> None:
        review = '<div itemprop="review"><span itemprop="author">John Roe</span><p>Good boots.</p></div>'
        assert article(page(ld={}, after=f"</div>{review}<div>")).authors == ()

    @pytest.mark.parametrize("account", ["Jdoe", "Jane"])
    def test_the_byline_gives_the_full_name_of_an_account(self, account: str) -> None:
        ld = {"author": {"@type": "Person", "name": account}}
        byline = '<div class="byline">By Jane Doe</div>'
        assert article(page(ld=ld, byline=byline)).authors == ("Jane Doe",)
        assert article(page(ld=ld)).authors == (account,)
