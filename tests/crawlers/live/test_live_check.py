"""The live check of outlet files: on sites that are as the files say, and on sites that are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bench.outlet_stand_in import StandIn
from crawlers.catalog import load_outlets
from crawlers.fetch_client import NotFetched, WebPage
from crawlers.live import Finding, check_outlet, look_at_seed
from crawlers.outlet import Outlet
from flows.live_check import LiveCheck

NOW = datetime(2026, 11, 12, 10, tzinfo=UTC)
OUTLETS = [outlet for outlet in load_outlets() if outlet.examples]


def changed(outlet: Outlet, **values: Any) -> Outlet:
    """The outlet with other values, validated."""
    return Outlet.model_validate(outlet.model_dump(exclude_defaults=True) | values)


@pytest.mark.parametrize("outlet", OUTLETS, ids=[outlet.id for outlet in OUTLETS])
def test_nothing_is_off_at_a_site_that_is_as_its_file_says(outlet: Outlet) -> None:
    # The stand-in's listings are bare links, without the elements that `links` selects.
    plain = changed(
        outlet, seeds=[{k: v for k, v in seed.model_dump().items() if k != "links"} for seed in outlet.seeds]
    )
    found = list(check_outlet(StandIn(outlet, NOW), plain, NOW))
    assert [one for one in found if one.off] == []
    assert {one.what for one in found} >= {seed.kind for seed in outlet.seeds}
    assert any(one.what == "article" for one in found)


def test_an_id_that_leads_to_another_day_is_off() -> None:
    outlet = load_outlets().get("azernews")
    assert outlet.counter is not None
    known = outlet.counter.known | {max(outlet.counter.known) + 10: date(2026, 1, 1)}
    seeds = [seed.model_dump() for seed in outlet.seeds if seed.kind != "id_range"]
    wrong = changed(outlet, seeds=[*seeds, outlet.counter.model_dump() | {"known": known}])
    off = [one for one in check_outlet(StandIn(outlet, NOW), wrong, NOW) if one.off]
    assert [one.what for one in off] == ["id_range"]
    assert off[0].off.startswith(("HTTP 404", "`known` says"))


def test_a_web_archive_is_not_asked() -> None:
    outlet = load_outlets().get("trend")
    with_archive = changed(outlet, seeds=[*(s.model_dump() for s in outlet.seeds), {"kind": "web_archive"}])
    last = list(check_outlet(StandIn(outlet, NOW), with_archive, NOW))[-1]
    assert (last.what, last.off) == ("web_archive", "")
    assert last.result.startswith("not asked")


def test_a_dated_sitemap_that_has_none_of_today_yet_is_looked_for_among_those_of_the_days_before() -> None:
    daily = {"kind": "dated_sitemap", "url": "https://www.azernews.az/{year}-{month:02}-{day:02}.xml"}
    outlet = changed(load_outlets().get("azernews"), seeds=[daily])
    site = StandIn(outlet, NOW)
    (seed,) = outlet.seeds
    today = seed.address(NOW.astimezone(outlet.tz).date())  # type: ignore[union-attr]

    def fetch(url: str, role: Any = "page", **more: Any) -> WebPage | NotFetched:
        return WebPage(url, 404) if url == today else site(url, role, **more)

    look = look_at_seed(fetch, outlet, seed, NOW)
    assert look.links
    assert look.url != today


def test_a_language_that_the_file_does_not_name_is_off() -> None:
    outlet = changed(load_outlets().get("trend"), languages=["ru"])
    off = [one.off for one in check_outlet(StandIn(outlet, NOW), outlet, NOW) if one.what == "article"]
    assert off
    assert all("it is en" in one for one in off)


def finding(**values: Any) -> Finding:
    return replace(Finding("a", "feed", "https://a.example/rss", "3 articles"), **values)


class TestSummary:
    def test_all_is_well(self) -> None:
        checked = LiveCheck((finding(), finding(outlet="b")))
        assert (checked.exit_code, checked.message) == (0, "2 outlets checked, nothing is off")

    def test_what_is_off_comes_first(self) -> None:
        checked = LiveCheck((finding(), finding(outlet="b", off="HTTP 404", result="HTTP 404")))
        assert (checked.exit_code, checked.message) == (1, "1 of 2 lines are off, at b")
        assert [row["outlet"] for row in checked.rows()] == ["b", "a"]

    def test_a_network_that_is_down_is_no_fault_of_the_files(self) -> None:
        away = {"off": "dns (no such name)", "result": "dns", "unreachable": True}
        archive = finding(what="web_archive", result="not asked: it serves backfills only")
        checked = LiveCheck((finding(**away), archive, finding(outlet="b", **away)))
        assert checked.exit_code == 2
        assert checked.message == "no outlet of 2 could be reached (dns): is the network up?"
        one_up = LiveCheck((finding(**away), finding(outlet="b")))
        assert (one_up.exit_code, one_up.message) == (1, "1 of 2 lines are off, at a")

    def test_an_empty_check_is_done(self) -> None:
        assert LiveCheck(()).exit_code == 0


def test_silence_is_measured_from_the_newest_article() -> None:
    outlet = load_outlets().get("trend")
    later = NOW + timedelta(hours=30)
    off = [one for one in check_outlet(StandIn(outlet, NOW), outlet, later) if one.off]
    assert [one.off for one in off] == ["nothing new for 30 hours; expected within 12"]
