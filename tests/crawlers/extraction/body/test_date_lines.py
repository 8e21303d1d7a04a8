"""Lines that say when a text was published, changed or read, by their words alone."""

from __future__ import annotations

import pytest

from crawlers.extraction.body.date_lines import is_preamble, is_stamp


@pytest.mark.parametrize(
    "line",
    [
        "Uppdaterad 12.30 | Publicerad 11.05",
        "3/4/2022 7:15 AM PT",
        "Updated Mar. 4, 2022 7:15 am ET",
        "Last updated: 12 May 2023 at 14:30 by Jane Doe",
        "Friday 4 March 2022 07:15, UK",
        "mercredi 12 mai 2023 à 14h30",
        "12 de mayo de 2023 a las 14:30",
        "Опубликовано 12 мая 2023 г. в 14:30",
        "Güncelleme: 12 Mart 2023 14:30",
        "Dərc edilib: 12 may 2023",
        "Zuletzt aktualisiert am 12. Mai 2023 um 14:30 Uhr",
        "Aktualisiert am",
        "14:30",
        "12-05-2024, 14:30",
        "14:30 / 12.05.2024",
        "2024-05-12",
        "۱۴۰۳/۰۲/۲۳ - ۱۴:۳۰",
        "5 min read",
        "Lesezeit: 3 Minuten",
        "Сегодня, 10:20",
        "Вчера в 18:05",
        "Dünən 18:05",
        "Tarix: 12.05.2024",
        "Chop etildi: 12.05.2024",
        "345 просмотров",
        "👁 345",
        "345 dəfə oxunub",
        "Оқу уақыты: 3 мин",
        "Час читання: 3 хв",
    ],
)
def test_a_stamp_is_told_by_its_words(line: str) -> None:
    assert is_stamp(line)


def test_a_few_words_with_a_month_are_a_date_only_at_the_very_top() -> None:
    assert is_preamble("Seit Mai 2022 Lotse")
    assert is_preamble("2024-жылдын 12-майы")
    assert is_preamble("۲۳ اردیبهشت ۱۴۰۳")
    assert not is_stamp("Seit Mai 2022 Lotse")
