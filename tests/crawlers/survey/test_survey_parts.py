"""The parts of a survey: dated names, counters, places, expectations, front pages, selectors."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from crawlers.extraction import extract
from crawlers.fetch_client import NotFetched, WebPage
from crawlers.outlet import Outlet
from crawlers.survey import SurveyError, Wish, default_id, provisional_outlet, survey
from crawlers.survey.counter import propose_counter
from crawlers.survey.dated_names import dated_listing, dated_sitemap
from crawlers.survey.expectations import estimate_expectations
from crawlers.survey.front_page import read_front_page
from crawlers.survey.place import find_place
from crawlers.survey.sample import SampledPage
from crawlers.survey.selectors import propose_selectors
from storage.model import DateSource, Hints, Link, Precision, Published

TODAY = date(2026, 11, 12)
WORDS = "The council met and spoke of the bridge for a long time before it voted. " * 6


class TestDatedNames:
    @pytest.mark.parametrize(
        ("children", "template"),
        [
            (["https://a.az/s/2026_10.xml", "https://a.az/s/2026_11.xml"], "https://a.az/s/{year}_{month:02}.xml"),
            (["https://a.az/s-2026-9.xml", "https://a.az/s-2026-11.xml"], "https://a.az/s-{year}-{month}.xml"),
            (
                ["https://a.az/2026-11-11.xml", "https://a.az/2026-11-12.xml"],
                "https://a.az/{year}-{month:02}-{day:02}.xml",
            ),
            (["https://a.az/202610.xml", "https://a.az/202611.xml"], "https://a.az/{year}{month:02}.xml"),
            (
                ["https://a.az/s_day_2_year_2026_month_11.xml", "https://a.az/s_day_12_year_2026_month_11.xml"],
                "https://a.az/s_day_{day}_year_{year}_month_{month}.xml",
            ),
            (
                ["https://a.az/s?yyyy=2026&mm=10", "https://a.az/s?yyyy=2026&mm=11"],
                "https://a.az/s?yyyy={year}&mm={month:02}",
            ),
        ],
    )
    def test_the_names_of_children_give_the_template(self, children: list[str], template: str) -> None:
        (found,) = dated_sitemap(children, TODAY)
        assert found.seed.url == template

    def test_two_languages_are_two_templates(self) -> None:
        children = [f"https://a.az/{language}_2026_{month}.xml" for language in ("en", "ru") for month in (10, 11)]
        assert {one.seed.url[13:15] for one in dated_sitemap(children, TODAY)} == {"en", "ru"}

    @pytest.mark.parametrize(
        "children",
        [
            ["https://a.az/2019_10.xml", "https://a.az/2019_11.xml"],  # no longer filled
            ["https://a.az/posts-1.xml", "https://a.az/posts-2.xml"],
            ["https://a.az/2026_11.xml", "https://a.az/pages.xml", "https://a.az/tags.xml"],
            ["https://a.az/2026_11.xml"],
            ["https://a.az/2026-10-28.xml", "https://a.az/2026-11-04.xml", "https://a.az/2026-11-11.xml"],  # Wednesdays
            [],
        ],
    )
    def test_other_names_give_none(self, children: list[str]) -> None:
        assert dated_sitemap(children, TODAY) == []

    def test_a_link_to_the_page_of_today_gives_a_dated_listing(self) -> None:
        links = ["https://a.am/2025/01/02/", "https://a.am/news/2026/11/12/"]
        assert dated_listing(links, TODAY) == "https://a.am/news/{year}/{month:02}/{day:02}/"
        assert dated_listing(links[:1], TODAY) is None


def links(numbers: list[int], days: list[int]) -> list[Link]:
    def at(day: int) -> Published:
        return Published(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day), Precision.MINUTE, DateSource.FEED, "")

    return [Link(f"https://a.az/x/{n}.html", Hints(published=at(day))) for n, day in zip(numbers, days, strict=True)]


class TestCounter:
    def test_numbers_that_grow_with_the_date_are_a_counter(self) -> None:
        dated = links([100, 110, 120, 130, 140, 150], [0, 1, 2, 3, 4, 5])
        found = propose_counter(dated, UTC)
        assert found is not None
        assert found.url == "https://a.az/x/{id}.html"
        assert found.per_day == pytest.approx(10)
        assert found.known[150] == date(2026, 1, 6)

    @pytest.mark.parametrize(
        ("numbers", "days"),
        [
            ([150, 3, 120, 77, 140, 9], [0, 1, 2, 3, 4, 5]),  # they grow with nothing
            ([100, 110, 120], [0, 1, 2]),  # too few to tell
        ],
    )
    def test_others_are_none(self, numbers: list[int], days: list[int]) -> None:
        dated = links(numbers, days)
        assert propose_counter(dated, UTC) is None


def published(raw: str, hours: int) -> Published:
    at = datetime(2026, 3, 4, 10, tzinfo=timezone(timedelta(hours=hours)))
    return Published(at, Precision.MINUTE, DateSource.FEED, raw)


class TestPlace:
    def test_the_host_names_the_country(self) -> None:
        place = find_place("https://www.example.ge/", "", ("en",), [])
        assert (place.country, place.zone, place.country_doubt) == ("ge", "Asia/Tbilisi", "")

    def test_the_language_names_it_where_the_host_does_not_and_that_is_said(self) -> None:
        place = find_place("https://example.org/", "", ("hy", "en"), [])
        assert (place.country, place.zone) == ("am", "Asia/Yerevan")
        assert "guessed" in place.country_doubt

    def test_the_offset_of_the_dates_is_taken_where_nothing_else_tells(self) -> None:
        place = find_place("https://example.org/", "", ("en",), [published("Wed, 04 Mar 2026 10:00:00 +0400", 4)] * 3)
        assert place.zone == "Etc/GMT-4"
        assert datetime(2026, 1, 1, tzinfo=place_zone(place.zone)).utcoffset() == timedelta(hours=4)
        assert "fixed offset" in place.zone_doubt

    def test_dates_that_contradict_the_country_are_said(self) -> None:
        place = find_place("https://a.az/", "", ("az",), [published("2026-03-04T10:00:00+03:00", 3)] * 3)
        assert (place.zone, place.zone_doubt) == ("Asia/Baku", "dates have another offset: +03:00")

    def test_utc_says_nothing_of_the_zone(self) -> None:
        assert find_place("https://a.az/", "", ("az",), [published("2026-03-04T10:00:00Z", 0)]).zone_doubt == ""
        assert "UTC" in find_place("https://a.org/", "", ("en",), [published("2026-03-04T10:00:00Z", 0)]).zone_doubt


def place_zone(name: str):  # type: ignore[no-untyped-def]
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


class TestExpectations:
    def test_the_rate_of_the_dates_gives_what_is_normal(self) -> None:
        dates = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=2 * n) for n in range(25)]
        found = estimate_expectations(dates, [])
        assert (found.least, found.most, found.silent_hours) == (3, 48, 12)

    def test_too_few_dates_give_nothing_and_say_so(self) -> None:
        found = estimate_expectations([datetime(2026, 1, 1, tzinfo=UTC)] * 30, [])
        assert (found.most, found.silent_hours) == (None, None)
        assert "too few" in found.doubt


def outlet() -> Outlet:
    return provisional_outlet(Wish("https://www.gazette.ge/"))


class TestFrontPage:
    def test_marks_of_platforms_and_the_name_are_read(self) -> None:
        page = (
            '<html lang="ka-GE"><head><title>News | Gazette</title><meta property="og:site_name" content="The &amp; Gazette">'
            '<link rel="https://api.w.org/" href="/wp-json/"><script data-key="22444f78447824223cefc48062" '
            'data-api="https://www.gazette.ge/ghost/api/content/"></script></head><body></body></html>'
        )
        front = read_front_page(outlet(), "https://www.gazette.ge/", page.encode(), {})
        assert (front.name, front.language, front.region) == ("The & Gazette", "ka", "ge")
        assert front.wordpress == "https://www.gazette.ge/wp-json/wp/v2/posts"
        assert (front.ghost, front.ghost_key) == (
            "https://www.gazette.ge/ghost/api/content/posts/",
            "22444f78447824223cefc48062",
        )

    @pytest.mark.parametrize("title", ["Home | Gazette", "Gazette - Latest news of the region", "Gazette"])
    def test_the_name_is_the_part_of_the_title_that_is_in_the_host(self, title: str) -> None:
        page = f"<html><head><title>{title}</title></head><body></body></html>".encode()
        assert read_front_page(outlet(), "https://www.gazette.ge/", page, {}).name == "Gazette"


class TestSelectors:
    def _sampled(self, page: str, hints: Hints = Hints()) -> SampledPage:
        link = Link("https://www.gazette.ge/news/1", hints)
        found = extract(page.encode(), link.url, outlet(), hints)
        return SampledPage(link, WebPage(link.url, 200, {}, page.encode()), found)

    def test_a_date_line_that_extraction_misses_gets_a_selector(self) -> None:
        hints = Hints(published=Published(datetime(2026, 3, 4, tzinfo=UTC), Precision.DAY, DateSource.FEED, ""))
        pages = [
            self._sampled(
                f"<html lang=en><body><article><h1>Matter {n} of the town</h1><p>{WORDS}</p><p>{WORDS}</p></article>"
                f"<footer><span class='stamp-date'>04.03.2026 1{n}:20</span></footer></body></html>",
                hints,
            )
            for n in range(3)
        ]
        assert all(page.outcome.published.precision == "day" for page in pages)  # type: ignore[union-attr]
        assert propose_selectors(pages, outlet()) == {"date": "span.stamp-date"}

    def test_pages_that_are_read_well_get_none(self) -> None:
        page = (
            '<html lang=en><head><meta property="article:published_time" content="2026-03-04T10:00:00+04:00"></head><body>'
            f"<article><h1>Matter of the town</h1><p>{WORDS}</p><p>{WORDS}</p></article></body></html>"
        )
        assert propose_selectors([self._sampled(page)] * 3, outlet()) == {}


class TestSurvey:
    def test_no_more_than_so_many_requests_are_sent_and_each_address_once(self) -> None:
        asked: list[str] = []

        def fetch(url, role="page", *, outlet=None):  # type: ignore[no-untyped-def]
            asked.append(url)
            links = "".join(f'<a href="/news/{n}">Article {n} of many</a>' for n in range(1000, 1100))
            body = f"<html><body>{links}<a rel=next href='?page={len(asked)}'>Next</a></body></html>"
            return WebPage(url, 200, {"content-type": "text/html"}, body.encode())

        survey(fetch, Wish("https://www.gazette.ge/"))
        assert len(asked) == len(set(asked)) <= 45

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (NotFetched("u", "dns", "no such name", unreachable=True), "is the network up"),
            (NotFetched("u", "blocked_address", "10.0.0.1"), "--allow-private"),
            (NotFetched("u", "robots", "u"), "robots.txt forbids"),
            (WebPage("https://elsewhere.example/", 200, {}, b""), "leads to another site"),
        ],
    )
    def test_a_site_that_cannot_be_looked_at_is_named(self, answer: WebPage | NotFetched, said: str) -> None:
        with pytest.raises(SurveyError, match=said):
            survey(lambda *_, **__: answer, Wish("https://www.gazette.ge/"))

    def test_text_of_the_site_cannot_break_the_file(self) -> None:
        name = 'A "quoted" \\ name\' \n # [seeds] \x7f'

        def fetch(url, role="page", *, outlet=None):  # type: ignore[no-untyped-def]
            from html import escape

            links = "".join(f'<a href="/news/{n}">Article {n} of many</a>' for n in range(1000, 1020))
            head = f'<meta property="og:site_name" content="{escape(name)}">'
            return WebPage(url, 200, {"content-type": "text/html"}, f"<html><head>{head}</head>{links}</html>".encode())

        proposal = survey(fetch, Wish("https://www.gazette.ge/"))
        assert tomllib.loads(proposal.text)["name"] == " ".join(name.split())


@pytest.mark.parametrize(
    ("url", "outlet_id"),
    [
        ("https://www.example.ge/", "example_ge"),
        ("https://en.example.co.uk/x", "en_example_co_uk"),
        ("http://127.0.0.1:8765/", "127_0_0_1_8765"),
        ("https://example.ge./", "example_ge"),
    ],
)
def test_the_id_is_made_of_the_host(url: str, outlet_id: str) -> None:
    assert default_id(url) == outlet_id
