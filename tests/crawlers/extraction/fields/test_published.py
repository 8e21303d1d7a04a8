"""Dates: where what is declared and what is shown disagree."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.extraction.body.date_lines import is_preamble
from crawlers.extraction.fields.date_parser import read_moment
from storage.model import Precision
from tests.crawlers.extraction.pier import article, page


class TestDates:
    def test_a_day_that_closes_the_declared_title_is_the_pages(self) -> None:
        html = page(head='<meta property="og:title" content="Council votes for a second pier | Post | 28.04.2023">')
        published = article(html).published
        assert published is not None
        assert (published.at.date().isoformat(), published.precision) == ("2023-04-28", Precision.DAY)

    def test_twenty_four_hours_are_the_next_days_midnight(self) -> None:
        found = read_moment("2025-03-04T24:00:00Z")
        assert found is not None
        assert (found.at, found.precision) == (datetime(2025, 3, 5, tzinfo=UTC), Precision.MINUTE)
        assert read_moment("2025-03-04T24:30:00Z") is None

    @pytest.mark.parametrize(
        "line",
        ["Giriş: 17.05.2021 - 08:12 Güncelleme: 18.05.2021 - 09:40", "2022年3月9日 05時40分", "17.05.2021, 06:10"],
    )
    def test_lines_of_figures_are_date_lines(self, line: str) -> None:
        assert is_preamble(line)

    def test_a_sentence_with_a_date_is_none(self) -> None:
        assert not is_preamble("On 17.05.2021 at 06:10 the first ferry left the new pier of the town.")
