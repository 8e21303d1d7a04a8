"""Dates in the text of a page: the line under the title, clocks in the page's head, microformats, dates of changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.extraction import extract
from storage.model import Article, DateSource, Precision, Published
from tests.crawlers.extraction.pier import TEXT, page

NOW = datetime(2026, 6, 9, 12, tzinfo=UTC)
STORY = "".join(f"<p>{line}</p>" for line in TEXT)
H1 = "<h1>Council votes for a second pier</h1>"


def published(html: str | bytes, url: str = "https://www.pier.example/news/1.html") -> Published | None:
    found = extract(html.encode() if isinstance(html, str) else html, url, now=NOW)
    assert isinstance(found, Article), found
    return found.published


def day(html: str | bytes) -> str | None:
    found = published(html)
    return found.at.date().isoformat() if found else None


TABLES = (
    "<table><tr><td><a href='/'>PIER.AZ</a></td><td>{clock}</td></tr><tr><td><a href='/a'>Politics</a> "
    "<a href='/b'>Business</a></td><td>{h1}<div>{line}</div><div>{story}</div></td></tr></table>"
)
HEADER = (
    "<header><div>{clock}</div><ul><li><a href='/a'>Siyasət</a></li><li><a href='/b'>İqtisadiyyat</a></li></ul></header>"
    "<main><article>{h1}<span class='x'>{line}</span>{story}</article></main>"
)
TIME = "<div class='top-bar'><time>{clock}</time></div><div id='c'>{h1}<p>{line}</p>{story}</div>"
CALLED = (
    "<div class='date'>{clock}</div><div id='menu'><a href='/a'>A</a></div><div id='c'>{h1}<p>{line}</p>{story}</div>"
)


class TestClocks:
    @pytest.mark.parametrize("frame", [TABLES, HEADER, TIME, CALLED])
    @pytest.mark.parametrize(
        ("clock", "line"),
        [
            ("Tuesday, 9 June 2026", "8 June 2026 [13:48] - PIER.AZ"),
            ("Çərşənbə axşamı, 9 iyun 2026 16:00", "8 iyun 2026, 13:48"),
            ("вторник, 09.06.2026", "08.06.2026 13:48"),
            ("9 Haziran 2026 Salı", "Giriş: 08.06.2026 - 13:48"),
        ],
    )
    def test_todays_date_in_the_pages_head_never_wins_against_the_line_under_the_title(
        self, frame: str, clock: str, line: str
    ) -> None:
        assert day(frame.format(clock=clock, h1=H1, line=line, story=STORY)) == "2026-06-08"

    @pytest.mark.parametrize("frame", [TABLES, HEADER, TIME])
    def test_nor_is_it_taken_where_there_is_no_other(self, frame: str) -> None:
        assert day(frame.format(clock="Tuesday, 9 June 2026", h1=H1, line="By Jane Doe", story=STORY)) is None

    @pytest.mark.parametrize("above", ["<p>8 June 2026</p>", "<time datetime='2026-06-08'>Monday</time>"])
    def test_a_date_right_above_the_title_is_the_articles(self, above: str) -> None:
        assert day(f"<article>{above}{H1}<div>{STORY}</div></article>") == "2026-06-08"
        assert day(f"{above}<article>{H1}<div>{STORY}</div></article>") == "2026-06-08"


class TestMarkedDates:
    @pytest.mark.parametrize(
        "mark",
        [
            '<span property="dc:date dc:created" content="2026-06-08T13:48:00+04:00">Mon</span>',
            '<span property="schema:dateCreated" content="2026-06-08T13:48:00+04:00"></span>',
            '<div property="datePublished" content="2026-06-08T13:48:00+04:00">8. Juni</div>',
            '<abbr class="published" title="2026-06-08T13:48:00+04:00">Montag</abbr>',
            '<abbr itemprop="datePublished" title="2026-06-08T13:48:00+04:00">8 июня</abbr>',
            '<span class="dt-published" title="2026-06-08T13:48:00+04:00">pazartesi</span>',
            '<time property="schema:dateCreated" content="2026-06-08T13:48:00+04:00">8/6</time>',
        ],
    )
    def test_attributes_give_the_instant_in_full(self, mark: str) -> None:
        found = published(page(byline=f"<div>{mark}</div>"))
        assert found is not None
        assert found.at.isoformat() == "2026-06-08T13:48:00+04:00"

    def test_those_of_other_articles_are_not_the_articles(self) -> None:
        mark = '<span property="schema:dateCreated" content="2026-06-08T13:48:00+04:00"></span>'
        assert published(page(after=f"</div><div class='related'>{mark}</div><div>")) is None

    @pytest.mark.parametrize("line", ["08.06.26", "08.06.26, 13:48", "8 iyun 26"])
    def test_two_figures_of_a_year_do_for_a_date_line(self, line: str) -> None:
        assert day(page(byline=f"<div>{line}</div>")) == "2026-06-08"


class TestChanges:
    @pytest.mark.parametrize(
        "line",
        [
            "Published 8 June 2026, updated 9 June 2026",
            "Updated 9 June 2026, 10:00 | Published 8 June 2026",
            "Giriş: 08.06.2026 - 13:48 Güncelleme: 09.06.2026 - 10:00",
            "Обновлено: 09.06.2026 10:00. Опубликовано: 08.06.2026 13:48",
            "Publicado el 08/06/2026 Actualizado el 09/06/2026",
        ],
    )
    def test_a_line_that_tells_both_tells_of_publication(self, line: str) -> None:
        assert day(page(byline=f"<div>{line}</div>")) == "2026-06-08"

    @pytest.mark.parametrize(
        "mark",
        [
            "<div>Last updated: 8 June 2026 13:48</div>",
            "<p>Güncelleme: 08.06.2026 13:48</p>",
            "<div>Yenilənib: 8 iyun 2026, 13:48</div>",
            "<p>Обновлено 8 июня 2026, 13:48</p>",
            "<div>Zuletzt aktualisiert am 8. Juni 2026 um 13:48</div>",
            '<time class="updated" datetime="2026-06-08T13:48">yesterday</time>',
        ],
    )
    def test_where_only_a_change_is_shown_it_is_given_as_one(self, mark: str) -> None:
        found = published(page(byline=mark))
        assert found is not None
        assert (found.at.strftime("%d %H:%M"), found.source) == ("08 13:48", DateSource.MODIFIED)
        assert published(page(byline=f"{mark}<p>07.06.2026</p>")) != found

    def test_a_declared_change_counts_too_and_less_than_the_address(self) -> None:
        html = page(head='<meta property="article:modified_time" content="2026-06-08T13:48:00+04:00">')
        found = published(html)
        assert found is not None
        assert (found.source, found.precision) == (DateSource.MODIFIED, Precision.MINUTE)
        dated = published(html, "https://www.pier.example/2026/06/07/pier")
        assert dated is not None
        assert dated.source is DateSource.URL
