"""The language of a text."""

from __future__ import annotations

import pytest

from crawlers.extraction.fields.language import find_language

RUSSIAN = "В Душанбе открылся новый рынок строительных материалов, сообщили в мэрии города. " * 4


AZERI = "Bakıda qış mövsümünə hazırlıq çərçivəsində istilik şəbəkələrinin təmiri başa çatıb. " * 4


@pytest.mark.parametrize(
    ("text", "declared", "possible", "expected"),
    [
        (AZERI, ["en"], [], "az"),
        (RUSSIAN, ["en-US"], [], "ru"),
        (RUSSIAN, [], [], "ru"),
        (
            "The ferry across the lake resumed service on Monday after a break of four months. " * 3,
            ["az"],
            ["az", "en"],
            "en",
        ),
        ("The ferry across the lake resumed service on Monday after a break of four months. " * 3, [], [], "en"),
        (
            "Бакыда гыш мөвсүмүнә һазырлыг чәрчивәсиндә ҝөрүлән ишләр баша чатды, дејә мәлумат верилди. " * 3,
            [],
            [],
            "az",
        ),
        ("მერიის ინფორმაციით, ხაზზე ოცი ელექტროავტობუსი იმუშავებს.", ["en"], [], "ka"),
        ("Шаҳар ҳокимлиги янги боғ очилишини маълум қилди, унда болалар учун ўйингоҳ бор. " * 3, ["ru"], [], "uz"),
        ("", ["pt-BR"], [], "pt"),
        # what statistics find out
        (
            "Köl boýunça paromlar dört aýdan soň ýene hereket edip başlady diýip häkimlik habar berýär. " * 3,
            [],
            [],
            "tk",
        ),
        ("Feri ziwani imeanza tena safari siku ya Jumatatu baada ya miezi minne, mji umesema. " * 3, [], [], "sw"),
        ("Паром көлдө төрт айдан кийин кайра жүрө баштады деп мэрия билдирди, эл кубанды. " * 3, [], [], "ky"),
        ("کشتی دریاچه پس از چهار ماه دوباره به راه افتاد، شهرداری در بیانیه‌ای گفت. " * 3, [], [], "fa"),
        ("Fergen over innsjøen er i gang igjen etter fire måneder, opplyser kommunen. " * 3, [], [], "no"),
        ("Trajekt cez jazero opäť premáva,\x00\x85 oznámilo\ufdd0 mesto vo svojom vyhlásení. " * 3, [], [], "sk"),
    ],
)
def test_the_language_is_what_the_text_bears_out(
    text: str, declared: list[str], possible: list[str], expected: str
) -> None:
    assert find_language(text, declared, possible) == expected
