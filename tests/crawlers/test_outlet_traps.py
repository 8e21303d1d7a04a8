"""What is odd about single outlets: one page under several addresses, translations, glued words, clocks, time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crawlers.catalog import load_outlets
from crawlers.discovery import read_seed, wants_child
from crawlers.extraction import extract
from crawlers.outlet import Outlet
from crawlers.window import Window
from storage import frontier
from storage.database import Database
from storage.model import Article, DateSource, Precision, Published
from tests.crawlers.extraction.gate import given, result
from tests.crawlers.test_outlet_pages import FOLDER
from tests.storage.building import begin, put

CATALOG = load_outlets()


def announced_by_a_sitemap(outlet: Outlet, addresses: list[str]) -> bytes:
    rows = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


def pages_in_the_ledger(database: Database, outlet: Outlet, addresses: list[str]) -> list[str]:
    """Announce addresses in one document and return those of the pages that come of it."""
    body = announced_by_a_sitemap(outlet, addresses)
    document = read_seed(outlet.seeds[0], outlet, f"{outlet.home}sitemap.xml", body, {})
    run = begin(database, outlet.id)
    frontier.discover(database, run, None, list(document.links))
    return [lease.url for lease in frontier.lease(database, run, 100, now=datetime(2036, 1, 1, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("outlet", "addresses", "known_as"),
    [
        (
            "today_az",
            [
                "http://www.today.az/news/business/239681.html",
                "http://today.az/news/business/239681.html",
                "https://today.az./news/business/239681.html",
                "https://www.today.az/news/politics/239681.html",  # the section does not matter
            ],
            "http://www.today.az/news/business/239681.html",
        ),
        (
            "report_az",
            [
                "https://report.az/en/amp/infrastructure/new-bridge-over-the-kura/",
                "https://report.az/en/infrastructure/new-bridge-over-the-kura/",
                "https://report.az/en/infrastructure/new-bridge-over-the-kura",
            ],
            "https://report.az/en/infrastructure/new-bridge-over-the-kura/",
        ),
        (
            "report_az",
            ["https://report.az/amp/idman/yarislar/", "https://report.az/idman/yarislar/"],
            "https://report.az/idman/yarislar/",
        ),
        (
            "civil_ge",
            [
                "https://oldwp.civil.ge/archives/394278",
                "https://civil.ge/archives/394278",
                "https://civil.ge/archives/394278/amp",
                "https://oldwp.civil.ge/archives/394278/amp/",
            ],
            "https://civil.ge/archives/394278",
        ),
        (
            "kazinform",
            [
                "https://www.inform.kz/en/ice-road-stays-open_a4180001",
                "https://en.inform.kz/news/ice-road-stays-open_a4180001/",
                "https://en.inform.kz/news/ice-road-stays-open_a4180001/amp",
                "https://inform.kz/en/amp/ice-road-stays-open_a4180001",
            ],
            "https://www.inform.kz/en/ice-road-stays-open_a4180001",
        ),
        (
            "kg24",
            ["https://24.kg/english/180450_Snow_is_cleared/", "https://24.kg/english/180450/"],
            "https://24.kg/english/180450_Snow_is_cleared/",
        ),
    ],
)
def test_twins_are_one_page(database: Database, outlet: str, addresses: list[str], known_as: str) -> None:
    assert pages_in_the_ledger(database, CATALOG.get(outlet), addresses) == [known_as]


@pytest.mark.parametrize(
    ("outlet", "addresses"),
    [
        ("azertag", ["https://azertag.az/en/xeber/Rain-1458949", "https://azertag.az/xeber/Yagis-1458931"]),
        ("kun_uz", ["https://kun.uz/ru/news/2024/03/05/shest-lagerey", "https://kun.uz/en/news/2024/03/05/shest-lagerey"]),
        ("report_az", ["https://report.az/en/energy/wind-2/", "https://report.az/ru/energy/wind-2/"]),
        ("asia_plus", ["https://asiaplus.news/en/2026/04/18/most/", "https://asiaplus.news/2026/04/18/most/"]),
    ],
)  # fmt: skip
def test_translations_are_pages_of_their_own(database: Database, outlet: str, addresses: list[str]) -> None:
    assert sorted(pages_in_the_ledger(database, CATALOG.get(outlet), addresses)) == sorted(addresses)


@pytest.mark.parametrize("outlet", ["panarmenian", "news_am"])
def test_a_translation_with_the_number_of_its_original_does_not_take_its_place(outlet: str) -> None:
    file = CATALOG.get(outlet)
    for code in ("arm", "rus"):
        assert not any(file.is_article(example.replace("/eng/", f"/{code}/")) for example in file.examples)


def test_azertags_translations_are_no_copies_of_each_other(database: Database) -> None:
    run = begin(database, "azertag")
    outcomes = [put_page(database, run, "azertag", name) for name in ("translation", "article")]
    assert [(ended.state, ended.duplicate_of) for ended in outcomes] == [("stored", None), ("stored", None)]


def put_page(database: Database, run: frontier.Run, outlet: str, name: str) -> frontier.Outcome:
    case = FOLDER / outlet / f"{name}.json"
    found, url = result(case), given(case)["url"]
    when = Published(datetime.fromisoformat(found["published_at"]), Precision.MINUTE, DateSource.PAGE_TEXT, "")
    return put(
        database, run, url, name, text=found["text"], title=found["title"], language=found["language"], when=when
    )


def test_one_counter_of_azertag_serves_all_languages_and_keeps_those_of_the_file() -> None:
    outlet = CATALOG.get("azertag")
    assert outlet.counter is not None
    numbers = [outlet.number(url) for url in outlet.examples]
    assert numbers == [1364135, 4034987, 1783477]
    assert outlet.number(outlet.counter.address(1364135)) == 1364135
    languages = {
        code: outlet.url_hints(f"https://azertag.az/{code}xeber/1").language for code in ("", "en/", "ru/", "de/")
    }
    assert languages == {"": "az", "en/": "en", "ru/": "ru", "de/": None}


@pytest.mark.parametrize("name", ["clock_in_the_head_2023", "wrapped_by_breaks"])
def test_words_at_line_wraps_are_not_glued(name: str) -> None:
    text = result(FOLDER / "today_az" / f"{name}.json")["text"]
    assert "worldmarket" not in text
    assert "recordedon" not in text
    assert "asin" not in text


def test_a_byline_glued_to_the_text_stays_out_of_the_feeds_hints() -> None:
    outlet = CATALOG.get("today_az")
    document = read_seed(
        outlet.seeds[0], outlet, "http://www.today.az/rss.php", (FOLDER / "today_az/feed.xml").read_bytes(), {}
    )
    assert [link.hints.authors for link in document.links] == [(), ()]
    assert not any((link.hints.title or "").startswith("By ") for link in document.links)


STORY = (
    "The two sides will open a joint office at the border station, where wagons wait for nine hours on average.",
    "Shippers ask for one document instead of five, and from next year on they are to get it, the railways said.",
)


@pytest.mark.parametrize(
    ("written", "credit", "first"),
    [
        ("By AzernewsBy Laman Ismayilova", "Azernews", STORY[0]),
        ("By TrendOfficial talks on tariffs ended on Friday.", "Trend", "Official talks on tariffs ended on Friday."),
        ("By Trend", "Trend", STORY[0]),
        ("By Trends alone nobody can tell the price of wheat.", None, "By Trends alone nobody can tell the price of wheat."),
    ],
)  # fmt: skip
def test_what_is_glued_to_the_credit_of_today_az_is_a_line_of_its_own(
    written: str, credit: str | None, first: str
) -> None:
    paragraphs = "<br><br>".join((written, *STORY))
    page = f"<html><body><h1>Talks on tariffs end</h1><div class='textarticle'>{paragraphs}</div></body></html>"
    found = extract(page.encode(), "http://www.today.az/news/business/239690.html", CATALOG.get("today_az"))
    assert isinstance(found, Article)
    assert (found.credit, found.text.partition("\n")[0]) == (credit, first)


@pytest.mark.parametrize("line", ["+ ↺ − 16 px", "+ A - 16 px", "+ - 18 px", "+ ↺ – 16px"])
def test_the_widget_of_the_font_size_of_news_az_is_no_text(line: str) -> None:
    [rule] = CATALOG.get("news_az").extract
    assert any(drop.search(line) for drop in rule.drop)
    assert not any(drop.search("Retail prices rose by 16 percent.") for drop in rule.drop)


KAZAKH = [outlet.id for outlet in CATALOG if outlet.country == "kz"]


@pytest.mark.parametrize("outlet", KAZAKH)
def test_kazakhstan_has_one_offset_since_march_2024(outlet: str) -> None:
    zone = CATALOG.get(outlet).tz
    days = [datetime(2024, 2, 29, 12, tzinfo=zone), datetime(2024, 3, 1, 12, tzinfo=zone)]
    assert [f"{day:%z}" for day in days] == ["+0600", "+0500"]


def test_cyrillic_twins_of_uzbek_articles_are_left_out() -> None:
    assert not CATALOG.get("kun_uz").is_article("https://kun.uz/kr/news/2022/10/30/hafta-dayjesti")
    asked = " ".join(seed.url for seed in CATALOG.get("gazeta_uz").seeds)
    assert "materials-oz-" in asked
    assert "materials-uz-" not in asked


def test_the_parts_of_a_month_of_report_az_are_not_taken_for_days() -> None:
    outlet = CATALOG.get("report_az")
    [index] = [seed for seed in outlet.seeds if seed.kind == "sitemap"]
    document = read_seed(index, outlet, index.url, (FOLDER / "report_az/archive_index.xml").read_bytes(), {})
    december = Window(date(2024, 12, 20), date(2024, 12, 24))
    assert [child.url[-14:] for child in document.children if wants_child(child, december)] == ["-2024-12-1.xml"]
