"""What a backfill would cost, by kind of seed; nothing is sent and no store is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crawlers.backfill_plan import (
    SEARCH,
    BackfillPlan,
    Known,
    counter_points,
    plan_backfill,
    seconds_a_request,
)
from crawlers.catalog import load_outlets
from crawlers.errors import NoSuchSeedError
from crawlers.outlet import Outlet
from crawlers.seed_choice import with_seeds
from crawlers.seeds import KINDS
from crawlers.window import Window

TODAY = date(2025, 6, 30)
MARCH = Window(date(2025, 3, 1), date(2025, 3, 31))
URL = "https://example.ge"
KNOWN = Known(today=TODAY, per_day=40.0, per_day_from="the archive")
OF_KIND: dict[str, dict[str, Any]] = {
    "feed": {"url": f"{URL}/rss"},
    "news_sitemap": {"url": f"{URL}/news.xml"},
    "sitemap": {"url": f"{URL}/sitemap.xml"},
    "dated_sitemap": {"url": f"{URL}/sitemap-{{year}}-{{month:02}}.xml"},
    "listing": {"url": f"{URL}/news", "pages": f"{URL}/news?page={{page}}"},
    "dated_listing": {"url": f"{URL}/{{year}}/{{month}}/{{day}}"},
    "wordpress": {"url": f"{URL}/wp-json/wp/v2/posts"},
    "ghost": {"url": f"{URL}/ghost/api/content/posts/", "key": "22444f78447824223cefc48062"},
    "web_archive": {},
    "id_range": {"url": f"{URL}/news/{{id}}", "known": {1000: date(2025, 1, 1), 7000: date(2025, 6, 30)}},
}


def outlet(*seeds: Any, **more: Any) -> Outlet:
    raw = {
        "id": "example_ge", "name": "Example", "home": f"{URL}/", "country": "ge", "languages": ("ka",),
        "timezone": "Asia/Tbilisi", "urls": {"article": rf"^{URL}/news/(?P<id>\d+)$"},
    }  # fmt: skip
    kinds = tuple({"kind": seed} | OF_KIND[seed] if isinstance(seed, str) else seed for seed in seeds)
    return Outlet.model_validate(raw | {"seeds": kinds} | more)


def plan(*seeds: Any, known: Known = KNOWN, window: Window = MARCH, windows: int = 1, **more: Any) -> BackfillPlan:
    given = outlet(*seeds, **more)
    points = counter_points(given, {})
    return plan_backfill(given, window, Known(**{**_fields(known), "points": points}), windows)


def _fields(known: Known) -> dict[str, Any]:
    return {name: getattr(known, name) for name in Known.__slots__ if name != "points"}


@pytest.mark.parametrize("kind", ["feed", "news_sitemap"])
def test_a_seed_that_holds_only_what_is_new_serves_no_backfill(kind: str) -> None:
    made = plan(kind)
    assert (made.serves, made.requests, made.seconds) == (False, 0, 0)
    assert made.seeds[0].why == "it holds only the newest entries"
    assert made.unreachable == ("nothing of 2025-03-01 to 2025-03-31: no seed reaches back",)


@pytest.mark.parametrize(
    ("kind", "documents", "requests"),
    [
        ("sitemap", 2, 2 + 1240),
        ("dated_sitemap", 1, 1 + 1240),
        ("dated_listing", 31, 31 + 1240),
        ("wordpress", 13, 13),
        ("ghost", 13, 13),
        ("listing", 1 + 62 + 6, 69 + 1240),
    ],
)
def test_documents_and_pages_are_estimated_from_the_usual_volume(kind: str, documents: int, requests: int) -> None:
    made = plan("feed", kind)
    assert [seed.serves for seed in made.seeds] == [False, True]
    assert (made.seeds[1].documents, made.articles, made.requests) == (documents, 1240, requests)


def test_a_listing_whose_pages_have_no_numbers_is_read_from_its_newest_page() -> None:
    made = plan({"kind": "listing", "url": f"{URL}/news"})
    assert made.seeds[0].documents == 1 + 62 + 182


def test_an_api_whose_text_is_not_wanted_costs_each_page() -> None:
    made = plan({"kind": "wordpress", "full_text": False} | OF_KIND["wordpress"])
    assert made.requests == 13 + 1240


def test_a_sitemap_for_each_day_is_asked_once_a_day() -> None:
    made = plan({"kind": "dated_sitemap", "url": f"{URL}/{{year}}/{{month}}/{{day}}.xml"})
    assert (made.seeds[0].documents, made.seeds[0].why) == (31, "one for each day")


def test_a_counter_costs_one_request_for_each_id_and_forty_to_find_the_ends() -> None:
    made = plan("id_range")
    ids = round(6000 / 180 * 31)
    assert made.requests == pytest.approx(ids + SEARCH, abs=1)
    assert made.unreachable == ()
    assert "rough guess" not in made.seeds[0].why


def test_a_counter_beyond_its_known_ids_is_a_guess_and_without_two_of_them_serves_nothing() -> None:
    early = Window(date(2024, 12, 20), date(2025, 1, 10))
    made = plan("id_range", window=early)
    assert "beyond the known ids, so a rough guess" in made.seeds[0].why
    assert made.unreachable == ("perhaps the days before 2025-01-01, the oldest known id",)
    made = plan({"kind": "id_range", "url": f"{URL}/news/{{id}}", "known": {1000: date(2025, 1, 1)}})
    assert not made.serves
    assert "add `known` to the outlet file" in made.seeds[0].why


def test_a_counter_beside_a_seed_that_lists_old_pages_is_not_walked_unless_asked_for_by_name() -> None:
    made = plan("sitemap", "id_range")
    assert [seed.serves for seed in made.seeds] == [True, False]
    assert "--seed id_range" in made.seeds[1].why
    assert made.requests == 2 + 1240


def test_points_come_from_the_outlet_file_and_from_articles() -> None:
    given = outlet("id_range")
    dated = {f"{URL}/news/3000": date(2025, 3, 1), f"{URL}/about": date(2025, 3, 2)}
    assert counter_points(given, dated) == {
        1000: date(2025, 1, 1), 3000: date(2025, 3, 1), 7000: date(2025, 6, 30),
    }  # fmt: skip


def test_a_listing_without_older_pages_serves_nothing() -> None:
    made = plan({"kind": "listing", "url": f"{URL}/news", "max_pages": 1})
    assert (made.serves, made.seeds[0].why) == (False, "it has no older pages (max_pages = 1)")


def test_what_is_held_already_is_not_fetched_again_and_finished_days_cost_nothing() -> None:
    held = Known(today=TODAY, per_day=40.0, per_day_from="the archive", held=1000)
    assert plan("dated_sitemap", known=held).requests == 1 + 240
    asked = Known(today=TODAY, per_day=40.0, per_day_from="the archive", ended=900)
    assert plan("id_range", known=asked).requests == (plan("id_range").requests or 0) - 900
    made = plan("dated_sitemap", windows=0)
    assert (made.requests, made.seconds) == (0, 0)
    assert "all days are finished; --refetch asks again" in made.notes


def test_an_unknown_volume_gives_no_number_but_says_why() -> None:
    made = plan("listing", known=Known(today=TODAY))
    assert (made.requests, made.seconds, made.seeds[0].documents) == (None, None, None)
    assert made.notes[0].startswith("how many articles the outlet publishes is not known")


def test_the_time_follows_the_pace_of_the_outlet_file() -> None:
    made = plan("dated_sitemap", fetch={"delay": 3.0})
    assert (made.seconds, made.pace) == (1241 * 3.0, "one request in 3 s")
    assert seconds_a_request(outlet("feed", fetch={"delay": 0.0, "concurrency": 4})) == 0.125


def test_a_web_archive_needs_a_server() -> None:
    assert plan("web_archive").seeds[0].why.startswith("no CDX server is set")
    made = plan("web_archive", known=replace(KNOWN, web_archive="https://cdx.example.org/cdx"))
    assert (made.requests, made.unreachable) == (3 + 1240, ("pages that the web archive never captured",))


def test_a_kind_without_an_estimate_is_asked_all_the_same() -> None:
    pigeon = SimpleNamespace(kind="carrier_pigeon", url=f"{URL}/coop")
    made = plan_backfill(outlet("feed").model_copy(update={"seeds": (pigeon,)}), MARCH, KNOWN, 1)
    assert (made.serves, made.requests) == (True, None)


def test_every_kind_of_seed_has_an_estimate() -> None:
    from crawlers.backfill_plan import _ESTIMATES

    assert set(_ESTIMATES) >= KINDS


@pytest.mark.parametrize("outlet_id", load_outlets().ids)
def test_every_built_in_outlet_has_a_plan_and_every_counter_with_known_ids_serves(outlet_id: str) -> None:
    given = load_outlets().get(outlet_id)
    if given.counter and given.counter.known:
        given = with_seeds(given, "id_range")
    known = Known(today=TODAY, per_day=40.0, points=counter_points(given, {}))
    made = plan_backfill(given, Window(date(2024, 3, 1), date(2024, 3, 31)), known, 1)
    counters = [seed for seed in made.seeds if seed.kind == "id_range" and known.points]
    assert all(seed.serves for seed in counters)
    assert all((seed.pages or 0) > SEARCH for seed in counters)
    assert made.as_dict()["outlet"] == outlet_id


def test_the_seeds_of_one_kind_keep_the_hosts_of_all(tmp_path: Path) -> None:
    given = outlet("feed", {"kind": "listing", "url": "https://old.example.ge/news"})
    chosen = with_seeds(given, "feed")
    assert [seed.kind for seed in chosen.seeds] == ["feed"]
    assert chosen.hosts == given.hosts
    assert with_seeds(given, None) is given
    with pytest.raises(
        NoSuchSeedError, match="example_ge has no seed of the kind wordpress; its file has: feed, listing"
    ):
        with_seeds(given, "wordpress")
