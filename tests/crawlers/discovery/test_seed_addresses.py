"""Which documents a night and a backfill ask for, and which links belong to a window."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crawlers.discovery import Child, link_in_window, seed_addresses, serving_seeds, wants_child
from crawlers.outlet import DatedSitemap, Feed, IdRange, Listing, Outlet, Sitemap, WordPress
from crawlers.window import Window
from storage.model import DateSource, Hints, Link, Precision, Published

TODAY = date(2026, 3, 1)
LEAP = Window(date(2024, 2, 27), date(2024, 3, 2))
MONTHLY = DatedSitemap(kind="dated_sitemap", url="https://x.az/s_{year}_{month:02}.xml")
DAILY = DatedSitemap(kind="dated_sitemap", url="https://x.az/s-{year}-{month:02}-{day:02}.xml")
OUTLET = Outlet.model_validate(
    {
        "id": "x", "name": "X", "home": "https://x.az/", "country": "az", "languages": ["en"], "timezone": "Asia/Baku",
        "urls": {"article": r"^https://x\.az/(?:(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)/)?(?P<id>\d+)$"},
    }
)  # fmt: skip


def test_a_night_asks_for_today_and_two_days_back() -> None:
    assert seed_addresses(MONTHLY, None, TODAY) == ("https://x.az/s_2026_03.xml", "https://x.az/s_2026_02.xml")
    assert len(seed_addresses(DAILY, None, TODAY)) == 3


def test_a_backfill_asks_for_its_periods_newest_first() -> None:
    assert seed_addresses(MONTHLY, LEAP, TODAY) == ("https://x.az/s_2024_03.xml", "https://x.az/s_2024_02.xml")
    days = seed_addresses(DAILY, LEAP, TODAY)
    assert (len(days), days[0], days[-1]) == (5, "https://x.az/s-2024-03-02.xml", "https://x.az/s-2024-02-27.xml")


def test_a_weekly_sitemap_is_named_by_its_monday() -> None:
    weekly = DatedSitemap(kind="dated_sitemap", url=DAILY.url, weekly=True)
    assert seed_addresses(weekly, LEAP, TODAY) == ("https://x.az/s-2024-02-26.xml",)
    assert seed_addresses(weekly, Window(date(2024, 2, 25), date(2024, 3, 4)), TODAY) == (
        "https://x.az/s-2024-03-04.xml", "https://x.az/s-2024-02-26.xml", "https://x.az/s-2024-02-19.xml",
    )  # fmt: skip
    assert seed_addresses(weekly, None, date(2026, 3, 3)) == (
        "https://x.az/s-2026-03-02.xml", "https://x.az/s-2026-02-23.xml",
    )  # fmt: skip


def test_a_sitemap_of_the_whole_past_is_asked_by_backfills_alone() -> None:
    everything = Sitemap(kind="sitemap", url="https://x.az/sitemap.xml", backfill_only=True)
    feed = Feed(kind="feed", url="https://x.az/rss")
    assert serving_seeds((feed, everything), None) == (feed,)
    assert seed_addresses(everything, None, TODAY) == ()
    assert serving_seeds((feed, everything), LEAP) == (everything,)
    assert seed_addresses(everything, LEAP, TODAY) == ("https://x.az/sitemap.xml",)


def test_seeds_that_do_not_reach_back_serve_no_backfill() -> None:
    feed = Feed(kind="feed", url="https://x.az/rss")
    home = Listing(kind="listing", url="https://x.az/", max_pages=1)
    counter = IdRange(kind="id_range", url="https://x.az/{id}", known={1: date(2020, 1, 1)})
    assert [seed_addresses(seed, LEAP, TODAY) for seed in (feed, home, counter)] == [(), (), ()]
    assert seed_addresses(feed, None, TODAY) == ("https://x.az/rss",)


def test_a_counter_serves_a_backfill_where_no_other_seed_lists_old_pages() -> None:
    feed = Feed(kind="feed", url="https://x.az/rss")
    home = Listing(kind="listing", url="https://x.az/", max_pages=1)
    counter = IdRange(kind="id_range", url="https://x.az/{id}", known={1: date(2020, 1, 1)})
    assert serving_seeds((feed, home, counter), LEAP) == (counter,)
    assert serving_seeds((feed, MONTHLY, counter), LEAP) == (MONTHLY,)
    assert serving_seeds((feed, home), LEAP) == ()
    assert serving_seeds((feed, counter), None) == (feed,)


def test_the_wordpress_api_is_asked_for_the_days() -> None:
    (address,) = seed_addresses(
        WordPress(kind="wordpress", url="https://x.az/posts", query={"lang": "en"}), LEAP, TODAY
    )
    assert "after=2024-02-26" in address
    assert "before=2024-03-04" in address
    assert "lang=en" in address


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("sitemap-2024-02.xml", True), ("sitemap_2024_3.xml", True), ("2024/02/28.xml", True), ("posts-202403.xml", True),
        ("sitemap-2024-01.xml", False), ("sitemap-2024-04.xml", False), ("2024/02/26.xml", False), ("s-2023.xml", False),
        ("s-2024.xml", True), ("sitemap-posts-17.xml", True), ("archive-2024-2-29.xml.gz", True),
        ("sitemap-pt-post-2023-06.xml", False), ("sitemap-pt-post-2024-02.xml", True), ("sitemap_2023_6.xml", False),
        ("sitemap202401.xml", False), ("sitemap2024-03.xml", True), ("news20240226.xml", False), ("map.xml?yyyy=2023&mm=02", False),
        # numbers of parts
        ("post-sitemap1999.xml", True), ("post-sitemap2023.xml", True), ("sitemap20123.xml", True), ("post-sitemap2023-6.xml", True),
        ("sitemap-20123.xml", True), ("sitemap-20455.xml", True),
        # the last number of "posts-2024-2-1" is that of a part of the month
        ("posts-2024-2-1.xml", True), ("posts-2024-3-17.xml", True), ("posts-2024-1-28.xml", False), ("posts-2024-10-3.xml", False),
    ],
)  # fmt: skip
def test_children_whose_names_lie_outside_the_window_are_not_read(name: str, wanted: bool) -> None:
    assert wants_child(Child(f"https://x.az/{name}"), LEAP) is wanted
    assert wants_child(Child(f"https://x.az/{name}"), None)


def test_a_child_last_changed_before_the_window_is_not_read() -> None:
    assert not wants_child(Child("https://x.az/s1.xml", datetime(2023, 5, 1, tzinfo=UTC)), LEAP)
    assert wants_child(Child("https://x.az/s1.xml", datetime(2025, 5, 1, tzinfo=UTC)), LEAP)


def link(url: str, *, published: str | None = None, modified: str | None = None) -> Link:
    told = Published(datetime.fromisoformat(published), Precision.MINUTE, DateSource.FEED, "") if published else None
    return Link(url, Hints(published=told, modified=datetime.fromisoformat(modified) if modified else None))


@pytest.mark.parametrize(
    ("one", "document", "answer"),
    [
        (link("https://x.az/1", published="2024-02-26T21:00:00+00:00"), "https://x.az/s.xml", True),  # the 27th in Baku
        (link("https://x.az/1", published="2024-02-26T19:00:00+00:00"), "https://x.az/s.xml", False),
        (link("https://x.az/2024/02/28/1"), "https://x.az/s.xml", True),
        (link("https://x.az/2024/03/28/1"), "https://x.az/s.xml", False),
        (link("https://x.az/1", modified="2024-02-28T10:00:00+00:00"), "https://x.az/s.xml", True),
        (link("https://x.az/1", modified="2025-02-28T10:00:00+00:00"), "https://x.az/s.xml", False),
        (
            link("https://x.az/1", modified="2025-02-28T10:00:00+00:00"),
            "https://x.az/s-2024-02-28.xml",
            True,
        ),  # edited later
        (link("https://x.az/1"), "https://x.az/s.xml", None),
    ],
)
def test_a_link_belongs_to_a_window_by_the_best_that_is_known(one: Link, document: str, answer: bool | None) -> None:
    assert link_in_window(one, OUTLET, LEAP, document) is answer


@pytest.mark.parametrize("name", ["sitemap2024-5.xml", "news2024_5.xml", "s-2024-05.xml", "s202405.xml"])
def test_a_name_that_may_be_that_of_a_month_leaves_none_of_its_links_out(name: str) -> None:
    may = Window(date(2024, 5, 1), date(2024, 5, 31))
    edited_later = link("https://x.az/1", modified="2026-03-01T10:00:00+00:00")
    assert link_in_window(edited_later, OUTLET, may, f"https://x.az/{name}")
    assert link_in_window(edited_later, OUTLET, may, "https://x.az/s.xml") is False
