"""Persons told from what else stands in bylines."""

from __future__ import annotations

import pytest

from crawlers.extraction.names import is_person, split_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("By Jane Doe, Chief Editor, and John Roe", ["Jane Doe", "John Roe"]),
        ("Автор: Фируза Каримова", ["Фируза Каримова"]),
        ("Müəllif: Leyla Əliyeva", ["Leyla Əliyeva"]),
        ("Авторы: Олег Петров и Анна Сидорова", ["Олег Петров", "Анна Сидорова"]),
        ("Von Jana Vogt und Max Müller", ["Jana Vogt", "Max Müller"]),
        ("ABC News; Yi-Jin Yu", ["Yi-Jin Yu"]),
        ("JANE DOE", ["Jane Doe"]),
        ("Jane Doe (jane@example.com)", ["Jane Doe"]),
        ("J. K. Rowling", ["J. K. Rowling"]),
        ("Felix Schröder und Jörg Soldwisch, dpa", ["Felix Schröder", "Jörg Soldwisch"]),
        ("John O'connor The Associated Press", ["John O'connor"]),
        ("박준석 기자", ["박준석"]),
        ("Staff Reporter", []),
        ("https://www.facebook.com/azernews", []),
        ("Azernews", []),
        ("Редакция", []),
        ("View Comments", []),
        ("", []),
    ],
)
def test_a_byline_names_persons_only(text: str, names: list[str]) -> None:
    assert split_names(text) == names


def test_one_word_is_a_person_only_where_the_page_says_so() -> None:
    assert not is_person("Shams")
    assert is_person("Shams", typed=True)
    assert not is_person("AFP", typed=True)
