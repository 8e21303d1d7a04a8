"""Persons told from what else stands in bylines."""

from __future__ import annotations

import pytest

from crawlers.extraction.fields.person_names import before_date, is_person, is_signature, split_names, tidy


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("By Jane Doe, Chief Editor, and John Roe", ["Jane Doe", "John Roe"]),
        ("Автор: Фируза Каримова", ["Фируза Каримова"]),
        ("Müəllif: Leyla Əliyeva", ["Leyla Əliyeva"]),
        ("Hazırladı: Leyla Əliyeva", ["Leyla Əliyeva"]),
        ("Автору: Айгүл Асанова", ["Айгүл Асанова"]),
        ("Авторка: Олена Шевченко", ["Олена Шевченко"]),
        ("Awtor: Maral Ataýewa", ["Maral Ataýewa"]),
        ("خبرنگار: مریم احمدی", ["مریم احمدی"]),
        ("Авторы: Олег Петров и Анна Сидорова", ["Олег Петров", "Анна Сидорова"]),
        ("Von Jana Vogt und Max Müller", ["Jana Vogt", "Max Müller"]),
        ("Pier News; Mei-Lin Tan", ["Mei-Lin Tan"]),
        ("JANE DOE", ["Jane Doe"]),
        ("Jane Doe (jane@example.com)", ["Jane Doe"]),
        ("J. K. Rowling", ["J. K. Rowling"]),
        ("Fritz Schöller und Jürgen Weidlich, dpa", ["Fritz Schöller", "Jürgen Weidlich"]),
        ("John O'roe The Associated Press", ["John O'roe"]),
        ("홍길동 기자", ["홍길동"]),
        ("JANE DOE AND JOHN ROE", ["Jane Doe", "John Roe"]),
        ("By Jane Doe with Dan Roe", ["Jane Doe", "Dan Roe"]),
        ("João Silva e Maria Costa", ["João Silva", "Maria Costa"]),
        ("Jan Kowalski i Anna Nowak", ["Jan Kowalski", "Anna Nowak"]),
        ("Santiago Ramón y Lopez", ["Santiago Ramón y Lopez"]),
        ("Karim al-Sayed, Jean d'Orval", ["Karim al-Sayed", "Jean d'Orval"]),
        ("Di Nguyen", ["Di Nguyen"]),
        ("Von Jana Vogt in Berlin", ["Jana Vogt"]),
        ("Jane Doe For Pierpost.Com", ["Jane Doe"]),
        ("Jane Doe, New York", ["Jane Doe"]),
        ("Jane Doe, AFP Sports", ["Jane Doe"]),
        ("Jane Doe@janedoe", ["Jane Doe"]),
        ("Jane Doe - Reporter", ["Jane Doe"]),
        ("Jane Doe Jane Doe", ["Jane Doe"]),
        ("ByJane Doe", ["Jane Doe"]),
        ("Text: Jane Doe Foto: John Roe", ["Jane Doe"]),
        ("Redaktion: Karl Weber und Max Otto", []),
        ("Fotos: Max Otto", []),
        ("John Roe as told to Jane Doe", ["Jane Doe"]),
        ("Jane Doe Pier Staff", ["Jane Doe"]),
        ("Jane Doe Staff", []),
        ("Jane Doe, Fort Holm", ["Jane Doe"]),
        ("Северный Берег", []),
        ("Bild Max Otto", []),
        ("Von der Aue Jana", ["Von der Aue Jana"]),
        ("von der Redaktion", []),
        ("Pieter in 't Hout", ["Pieter in 't Hout"]),
        ("Leben in den Bergen", []),
        ("María de los Ríos", ["María de los Ríos"]),
        ("JANE DOE OCH BO EK", ["Jane Doe", "Bo Ek"]),
        ("JD ROE", ["JD Roe"]),
        ("The Harbour", []),
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


@pytest.mark.parametrize(
    ("text", "shown", "declared"),
    [
        ("Di Marlo Luca", "Marlo Luca", "Di Marlo Luca"),
        ("De Waal Robin", "Waal Robin", "De Waal Robin"),
        ("di Luca Marlo", "Luca Marlo", "Luca Marlo"),
        ("De: Luca Marlo", "Luca Marlo", "Luca Marlo"),
        ("Von Jana Vogt", "Jana Vogt", "Jana Vogt"),
    ],
)
def test_what_is_declared_as_a_name_may_begin_like_a_label(text: str, shown: str, declared: str) -> None:
    assert split_names(text) == [shown]
    assert split_names(text, declared=True) == [declared]


def test_one_word_is_a_person_only_where_the_page_says_so() -> None:
    assert not is_person("Shams")
    assert is_person("Shams", typed=True)
    assert not is_person("AFP", typed=True)


def test_a_name_like_a_places_is_a_person_only_where_the_page_says_so() -> None:
    assert not is_person("North Holm")
    assert is_person("North Holm", typed=True)
    assert not is_person("New York", typed=True)


@pytest.mark.parametrize("line", ["Jane Doe November 19th, 2024 at 8:40", "Jane Doe | Updated 3.5.2024", "Jane Doe"])
def test_a_name_ends_where_its_date_begins(line: str) -> None:
    assert before_date(line) == "Jane Doe"


N = 100_000


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(f"Jane{' ' * N}Doe", ["Jane Doe"], id="spaces"),
        pytest.param(f"Jane{' ' * N}x", [], id="spaces before a small letter"),
        pytest.param(f"Jane Doe{' ' * N}, {' ' * N}John Roe", ["Jane Doe", "John Roe"], id="spaces around a comma"),
        pytest.param(f"Jane Doe{chr(10) * N}John Roe", ["Jane Doe", "John Roe"], id="breaks"),
        pytest.param("(" * N, [], id="parentheses"),
        pytest.param("jane@" * N, [], id="addresses"),
        pytest.param(" and" * N, [], id="joins"),
        pytest.param(" e " * N, [], id="joins that may be parts of names"),
        pytest.param("," * N, [], id="commas"),
        pytest.param("By " * N, [], id="labels"),
        pytest.param(" (photo" * N, [], id="pictures"),
        pytest.param("記" + " " * N + "x", [], id="roles in Chinese"),
        pytest.param("Jane Doe" + " the" * N, [], id="agencies"),
    ],
)
def test_hostile_texts_end(text: str, names: list[str]) -> None:
    assert split_names(text) == names
    assert len(tidy(text)) <= len(text)
    assert not is_person(text[:1_000] * 100)
    assert not is_signature(text[:1_000] * 100)
    assert len(before_date(text)) <= len(text)


def test_of_an_endless_list_the_first_names_are_read_whole() -> None:
    found = split_names("Jane Doe, " * N)
    assert set(found) == {"Jane Doe"}
