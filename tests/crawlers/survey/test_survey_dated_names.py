"""Dated names: templates of sitemaps and listings, read off the addresses of some days."""

from __future__ import annotations

from datetime import date

import pytest

from crawlers.survey.dated_names import dated_listing, dated_sitemap

TODAY = date(2026, 11, 12)


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
def test_the_names_of_children_give_the_template(children: list[str], template: str) -> None:
    (found,) = dated_sitemap(children, TODAY)
    assert found.seed.url == template


def test_two_languages_are_two_templates() -> None:
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
def test_other_names_give_none(children: list[str]) -> None:
    assert dated_sitemap(children, TODAY) == []


def test_a_link_to_the_page_of_today_gives_a_dated_listing() -> None:
    links = ["https://a.am/2025/01/02/", "https://a.am/news/2026/11/12/"]
    assert dated_listing(links, TODAY) == "https://a.am/news/{year}/{month:02}/{day:02}/"
    assert dated_listing(links[:1], TODAY) is None
