"""Credit lines, datelines and citations."""

from __future__ import annotations

import pytest

from crawlers.extraction.fields.credit import read_credits

LONG = "Railway officials of both countries met on Tuesday to agree on tariffs for freight."


@pytest.mark.parametrize(
    ("lines", "credit", "authors", "left"),
    [
        (["By Azernews", "By Leyla Novruzlu", LONG, LONG], "Azernews", ("Leyla Novruzlu",), 2),
        (["By Leman Zeynalova – Trend:", LONG, LONG], "Trend", ("Leman Zeynalova",), 2),
        (["BAKU, Azerbaijan, Oct. 29", "Trend:", LONG, LONG], "Trend", (), 2),
        ([LONG, LONG, "/AzerTAc/"], "AzerTAc", (), 2),
        (["/By AzerNews/", LONG, LONG], "AzerNews", (), 2),
        (["LONDON (Reuters) - " + LONG, LONG], "Reuters", (), 2),
        ([LONG, "The law was passed today, APA reports.", LONG], "APA", (), 3),
        (["Azernews reports, citing Trend, that the bridge is open.", LONG], "Trend", (), 2),
        (["The exam will be held in May, the Ministry of Education reports.", LONG], None, (), 2),
        (["Qabil Ashirov", LONG, LONG], None, ("Qabil Ashirov",), 2),
        (["Закон принят сегодня, сообщает агентство «Интерфакс».", LONG], "Интерфакс", (), 2),
        (["Закон принят сегодня, передает Report.", LONG], "Report", (), 2),
        (["По информации АПА, закон принят сегодня.", LONG], "АПА", (), 2),
        (["По информации Анны Петровой, закон принят сегодня.", LONG], None, (), 2),
        (["Баку, 12 мая, Trend: закон принят сегодня.", LONG], "Trend", (), 2),
        (["Bakı. Trend: qanun bu gün qəbul edilib.", LONG], "Trend", (), 2),
        (["Bu barədə Report-a nazirlikdən məlumat verilib.", LONG], "Report", (), 2),
        (["“APA”nın məlumatına görə, qanun bu gün qəbul edilib.", LONG], "APA", (), 2),
        (["Nazirliyin məlumatına görə, qanun bu gün qəbul edilib.", LONG], None, (), 2),
        (["Baku, May 12, AZERTAC. The law was passed today.", LONG], "AZERTAC", (), 2),
        (["Baku, the capital. Tariffs. The law was passed today.", LONG], None, (), 2),
        ([LONG, LONG, "Источник: Курьер островов"], "Курьер островов", (), 2),
        ([LONG, LONG, "Mənbə: APA"], "APA", (), 2),
        ([LONG, LONG, "Kaynak: Anadolu Ajansı."], "Anadolu Ajansı", (), 2),
        ([LONG, LONG, "Джерело: https://www.ukrinform.ua/rubric-economy/1-pirs.html"], "ukrinform.ua", (), 2),
        ([LONG, LONG, "Mənbə: Oxu.az"], "Oxu.az", (), 2),
        ([LONG, LONG, "წყარო: ინტერპრესნიუსი"], "ინტერპრესნიუსი", (), 2),
        ([LONG, LONG, "منبع: ایرنا"], "ایرنا", (), 2),
        ([LONG, LONG, "Source: the books of the town council of the last ten years"], None, (), 3),
        ([LONG, LONG, "Source: He said so himself, and nobody else did."], None, (), 3),
        ([LONG, "Mənbə: APA", LONG], None, (), 3),
        ([LONG, LONG], None, (), 2),
    ],
)
def test_credit_lines_are_taken_off_and_named(
    lines: list[str], credit: str | None, authors: tuple[str, ...], left: int
) -> None:
    found = read_credits(lines, ("Azernews",))
    assert (found.credit, found.authors, len(lines) - len(found.taken)) == (credit, authors, left)


TOLD = [
    ("BAKI, 12 may – AZƏRTAC. Şura bu gün körpü üçün səs verib.", "AZƏRTAC"),
    ("AZƏRTAC xəbər verir ki, şura bu gün körpü üçün səs verib.", "AZƏRTAC"),
    ("Report xəbər verir ki, şura bu gün körpü üçün səs verib.", "Report"),
    ("APA-nın məlumatına görə, şura körpü üçün səs verib.", "APA"),
    ("Musavat.com xəbər verir ki, şura körpü üçün səs verib.", "Musavat.com"),
    ("Oxu.Az-a istinadən xəbər verilir ki, şura səs verib.", "Oxu.Az"),
    ("“Qafqazinfo” xəbər verir ki, şura səs verib.", None),
    ("Bu barədə APA məlumat verir.", "APA"),
    ("Şura səs verib. Trend xəbər verir.", "Trend"),
    ("TASS-a istinadən APA xəbər verir ki, şura səs verib.", "APA"),
    ("МОСКВА, 12 мая - РИА Новости. Совет проголосовал за пирс.", "РИА Новости"),
    ("Баку. 12 мая. REPORT.AZ/ Совет проголосовал за пирс.", "REPORT.AZ"),
    ("БАКУ, 12 мая. /ТАСС/. Совет проголосовал за пирс.", "ТАСС"),
    ("БАКУ, 12 мая — Sputnik. Совет проголосовал за пирс.", "Sputnik"),
    ("Совет проголосовал за пирс, сообщает ТАСС со ссылкой на мэрию.", "ТАСС"),
    ("Совет проголосовал за пирс, передает Trend со ссылкой на Report.", "Report"),
    ("Как сообщает «Казинформ», совет проголосовал за пирс.", "Казинформ"),
    ("Об этом сообщает «Интерфакс».", "Интерфакс"),
    ("Об этом пишет газета «Коммерсантъ».", None),
    ("АСТАНА. KAZINFORM – Кеңес пирс үшін дауыс берді.", "KAZINFORM"),
    ("Кеңес пирс үшін дауыс берді, деп хабарлайды Kazinform.", "Kazinform"),
    ("Кеңеш пирс үчүн добуш берди, деп билдирет Кабар.", "Кабар"),
    ("Бишкек, 12-май. /Кабар/. Кеңеш пирс үчүн добуш берди.", "Кабар"),
    ("Kengash pirs uchun ovoz berdi, deb xabar beradi Kun.uz.", "Kun.uz"),
    ("Bu haqda Kun.uz xabar berdi.", "Kun.uz"),
    ("O‘zA xabariga ko‘ra, kengash pirs uchun ovoz berdi.", "O‘zA"),
    ("ДУШАНБЕ, 12.05.2024 /АМИТ «Ховар»/. Шӯро барои пирс овоз дод.", "Ховар"),
    ("Խորհուրդը քվեարկեց, հաղորդում է Արմենպրեսը։", "Արմենպրես"),
    ("ԵՐԵՎԱՆ, 12 ՄԱՅԻՍԻ, ԱՐՄԵՆՊՐԵՍ։ Խորհուրդը քվեարկեց։", "ԱՐՄԵՆՊՐԵՍ"),
    ("YEREVAN, MAY 12, ARMENPRESS. The council voted for a pier.", "ARMENPRESS"),
    ("ამის შესახებ „ინტერპრესნიუსი“ იუწყება.", "ინტერპრესნიუსი"),
    ("به گزارش ایرنا، شورا به اسکله رأی داد.", "ایرنا"),
    ("به گزارش خبرگزاری تسنیم، شورا به اسکله رأی داد.", "تسنیم"),
    ("به گزارش خبرنگار مهر، شورا رأی داد.", "مهر"),
    ("AA'nın haberine göre, meclis iskele için oy kullandı.", "AA"),
    ("İHA'nın aktardığına göre meclis oy kullandı.", "İHA"),
    ("ANKARA (AA) - Meclis iskele için oy kullandı.", "AA"),
    ("Рада проголосувала за пірс, повідомляє Укрінформ.", "Укрінформ"),
    ("Про це повідомляє УНІАН.", "УНІАН"),
    ("КИЇВ, 12 травня. /УКРІНФОРМ/. Рада проголосувала.", "УКРІНФОРМ"),
    ("BAKU, Azerbaijan, May 12. The council voted, Trend reports.", "Trend"),
    ("TASHKENT (Reuters) — The council voted.", "Reuters"),
    ("The council voted, AZERTAC reports citing Reuters.", "Reuters"),
    ("According to Interfax, the council voted.", "Interfax"),
    ("The council voted, Interfax said.", "Interfax"),
    ("The council voted, the Kazinform news agency reported.", "Kazinform"),
    ("Tbilisi. May 12. INTERPRESSNEWS. The council voted.", "INTERPRESSNEWS"),
    ("Şura səs verib, - deyə nazir bildirib.", None),
    ("Prezident xəbər verir ki, şura səs verib.", None),
    ("Совет проголосовал, сообщает министр Иван Петров.", None),
    ("به گزارش وزارت کشور، شورا رأی داد.", None),
]


@pytest.mark.parametrize(("line", "credit"), TOLD)
def test_who_is_cited_is_told_in_many_languages(line: str, credit: str | None) -> None:
    found = read_credits([line, LONG, LONG], ())
    assert (found.credit, found.taken) == (credit, {})


def test_a_dateline_of_its_own_that_ends_with_an_agency_is_a_credit_line() -> None:
    found = read_credits(["Bakı, 12 may, AZƏRTAC", LONG, LONG], ())
    assert (found.credit, list(found.taken)) == ("AZƏRTAC", [0])


def test_an_outlets_own_credit_lines_are_known() -> None:
    assert read_credits(["Report:", LONG, LONG], ()).credit == "Report"
    assert read_credits(["Valley Wire", LONG, LONG], ("Valley Wire",)).credit == "Valley Wire"
