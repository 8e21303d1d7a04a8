"""Charsets, declarations, titles, credits, languages: each by itself."""

from __future__ import annotations

import json

import pytest

from crawlers.extraction.fields.credit import read_credits
from crawlers.extraction.fields.language import find_language
from crawlers.extraction.fields.title import shown_title, weigh_title
from crawlers.extraction.page.guard import refuse_bytes
from crawlers.extraction.page.html import in_utf8, parse
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.page.metadata import read_page
from crawlers.extraction.result import Reason

RUSSIAN = "В Душанбе открылся новый рынок строительных материалов, сообщили в мэрии города. " * 4
AZERI = "Bakıda qış mövsümünə hazırlıq çərçivəsində istilik şəbəkələrinin təmiri başa çatıb. " * 4


def page_of(head: str = "", body: str = "", url: str = "https://www.courier.example.com/a"):  # type: ignore[no-untyped-def]
    tree = parse(f"<html><head>{head}</head><body>{body}</body></html>".encode())
    assert tree is not None
    return read_page(tree, url)


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


@pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1", "windows-1251"])
@pytest.mark.parametrize("charset", ["utf-8", "cp1251", "utf-8-sig", "utf-16"])
def test_text_comes_out_whatever_charset_is_declared(charset: str, declared: str) -> None:
    html = f'<html><head><meta charset="{declared}"></head><body><p>{RUSSIAN}</p></body></html>'
    assert RUSSIAN.encode() in in_utf8(html.encode(charset), f"text/html; charset={declared}")


def test_a_torn_character_does_not_change_the_charset() -> None:
    html = f"<html><body><p>{AZERI}</p></body></html>".encode()
    assert AZERI[:80].encode() in in_utf8(html[:200] + b"\xc9" + html[200:])


@pytest.mark.parametrize(
    "shape",
    [
        {"@type": "NewsArticle", "headline": "Ferry resumes"},
        [{"@type": "WebSite", "name": "Courier"}, {"@type": ["Thing", "NewsArticle"], "headline": "Ferry resumes"}],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, {"@type": "Article", "headline": "Ferry resumes"}]},
        {"@type": "WebPage", "mainEntity": {"@type": "http://schema.org/ReportageNewsArticle", "headline": "Ferry resumes"}},
        '/* <![CDATA[ */ {"@type":"NewsArticle","headline":"Ferry resumes",} /* ]]> */',
        '{"@type":"NewsArticle","headline":"Ferry\nresumes"}',
        '{"@type":"NewsArticle","headline":"Ferry resumes","description":"a "quoted" word","author":{"name":"x"}',
    ],
)  # fmt: skip
def test_json_ld_is_read_in_all_its_shapes(shape: object) -> None:
    assert text_of(page_of(ld(shape)).node.get("headline")) == "Ferry resumes"


def test_of_several_articles_the_one_of_the_address_is_the_pages() -> None:
    nodes = [
        {
            "@type": "NewsArticle",
            "headline": f"Story {n}",
            "url": f"https://courier.example.com/{n}",
            "datePublished": "2024",
        }
        for n in "abc"
    ]
    assert page_of(ld(nodes), url="https://www.courier.example.com/b?x=1").node["headline"] == "Story b"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Ferry resumes service - Lake Courier</title>", "<h1>Lake Courier</h1><h1>Ferry resumes service</h1>", "Ferry resumes service"),
        ("<title>Ferry resumes service | Courier</title>", "", "Ferry resumes service"),
        ('<meta property="og:title" content="SEO: Ferry resumes its service"><title>x</title>', "<h1>Ferry resumes service</h1>", "Ferry resumes service"),
        ('<meta property="og:title" content="Ferry resumes service now">', "<h1><span>Transport</span> Ferry resumes service now</h1>", "Ferry resumes service now"),
        ("<title>Mayor resigns | Piauí | News</title>", "<h1>Piauí</h1>", "Mayor resigns | Piauí"),
        ("", "<h1>Ferry resumes<br>service</h1>", "Ferry resumes service"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_title_is_the_one_that_a_reader_sees(head: str, body: str, title: str) -> None:
    site = (
        '<meta property="og:site_name" content="News">'
        if "Piauí" in head
        else '<meta property="og:site_name" content="Lake Courier">'
    )
    page = page_of(site + head, body)
    assert weigh_title(page, shown_title(page)) == title


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


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"%PDF-1.4 ...", Reason.NOT_HTML),
        (b'{"a": 1}', Reason.NOT_HTML),
        (b'<?xml version="1.0"?><rss version="2.0"></rss>', Reason.NOT_HTML),
        (b"just words", Reason.NOT_HTML),
        (b"\x89PNG\r\n", Reason.NOT_HTML),
        (b"<p>" + b"x" * 17_000_000, Reason.HOSTILE),
    ],
)
def test_bytes_that_are_no_page_are_refused_before_parsing(html: bytes, reason: Reason) -> None:
    refused = refuse_bytes(html, "text/html")
    assert refused is not None
    assert refused.reason is reason


def test_a_long_value_is_not_taken_for_many_attributes() -> None:
    state = '{"a": "b" c="d"} ' * 3000
    assert refuse_bytes(f"<html><script data-state='{state}'></script><p>x</p>".encode(), None) is None
