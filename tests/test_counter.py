"""Nights and backfills of an outlet with a counter, on pages of our own, on SQLite and PostgreSQL."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from storage import frontier
from storage.articles import iter_articles
from storage.database import Database, open_database
from storage.jobs import check_store
from storage.schema.tables import Page
from tests.counter_site import HOLE, START, CounterSite, Story
from tests.crawling import Crawled, balanced, crawl, kill, start

BAKU = timezone(timedelta(hours=4))
FIRST, LAST = date(2025, 1, 10), date(2025, 1, 11)


@pytest.fixture(name="where")
def a_place(database_url: str, tmp_path: Path) -> dict[str, Any]:
    return {"db": database_url, "data": tmp_path / "data", "outlets": tmp_path / "outlets"}


@pytest.fixture(name="site")
def a_site() -> Iterator[CounterSite]:
    with CounterSite() as site:
        yield site


@contextmanager
def opened(where: dict[str, Any]) -> Iterator[Database]:
    db = open_database(where["db"])
    yield db
    db.close()


def stored(where: dict[str, Any]) -> Counter[int]:
    """How many articles there are of each id."""
    with opened(where) as db:
        assert check_store(db, where["data"] / "archive") == []
        return Counter(
            int(article.url.rsplit("/", 1)[1].removesuffix(".html")) for article in iter_articles(db, copies=True)
        )


def gaps(where: dict[str, Any]) -> list[frontier.Gap]:
    with opened(where) as db:
        return frontier.list_gaps(db, closed=True)


def night(where: dict[str, Any], **job: Any) -> Crawled:
    done = crawl("counter", kind="nightly", **where, **job)
    assert done.end["state"] == "completed", done.log[-3000:]
    assert done.counts["problems"] == []
    assert balanced(done.ledger)
    return done


def a_day_passes(where: dict[str, Any], site: CounterSite) -> None:
    """For the site, and for the pages that are to be looked at again."""
    site.now += timedelta(days=1)
    with opened(where) as db, db.begin() as c:
        due = c.execute(select(Page.id, Page.next_at).where(Page.next_at.is_not(None))).all()
        for page in due:
            c.execute(update(Page).where(Page.id == page.id).values(next_at=page.next_at - timedelta(days=1)))


def backfill(where: dict[str, Any], first: date = FIRST, last: date = LAST, **job: Any) -> Crawled:
    done = crawl("counter", kind="backfill", first=first.isoformat(), last=last.isoformat(), **where, **job)
    assert done.end["state"] == "completed", done.log[-3000:]
    assert balanced(done.ledger)
    return done


def finished(where: dict[str, Any]) -> set[tuple[date, date]]:
    with opened(where) as db:
        return {(window.first, window.last) for window in frontier.finished_windows(db, "counter")}


def in_span(site: CounterSite, first: date = FIRST, last: date = LAST) -> tuple[list[Story], range]:
    """The English pages of days in the outlet's time zone, and the ids of the span, missing ones included."""
    begin = datetime(first.year, first.month, first.day, tzinfo=BAKU)
    end = datetime(last.year, last.month, last.day, tzinfo=BAKU) + timedelta(days=1)
    numbers = [page.number for language in ("en", "az", "ru") for page in site.published(begin, end, language)]
    return site.published(begin, end), range(min(numbers), max(numbers) + 1)


def wait_until(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.02)


class TestNights:
    @pytest.mark.timeout(600)
    def test_of_120_articles_a_day_and_a_feed_of_20_seven_nights_lose_none(
        self, where: dict[str, Any], site: CounterSite
    ) -> None:
        site.write_outlet(where["outlets"])
        began = site.now = START + timedelta(days=5)
        night(where)
        assert len(site.asked) == 20, "the past of an empty ledger is left to backfills"
        for _ in range(7):
            a_day_passes(where, site)
            done = night(where)
            assert done.counts["counter"]["requested"] < 500
            assert done.counts["counter"]["gaps closed"] == 1
            assert done.counts["notes"] == []
        published = {page.number for page in site.published(began, site.now)}
        assert len(published) > 7 * 110
        held = stored(where)
        assert published - held.keys() == set()
        assert set(held.values()) == {1}
        assert {how for gap in gaps(where) for how in [gap.closed_how]} == {"counter"}
        assert len(gaps(where)) == 7
        existing = [number for number in set(site.asked) if number in site.stories]
        assert sum(site.asked.count(number) - 1 for number in existing) < 7 * 5, "only drafts are looked at twice"

    def test_the_budget_of_the_outlet_file_is_kept_and_later_nights_go_on(
        self, where: dict[str, Any], site: CounterSite
    ) -> None:
        site.write_outlet(where["outlets"], budget=150)
        began = site.now = START + timedelta(days=5)
        night(where)
        a_day_passes(where, site)
        for left in (True, False):
            before = len(site.asked)
            done = night(where)
            assert done.counts["counter"]["requested"] <= 150
            assert len(site.asked) - before <= 150 + 20
            assert [gap.closed_at is None for gap in gaps(where)] == [left]
            assert len(done.counts["notes"]) == left
        assert {page.number for page in site.published(began, site.now)} <= stored(where).keys()

    def test_a_night_that_dies_leaves_the_gap_to_the_next(self, where: dict[str, Any], site: CounterSite) -> None:
        site.write_outlet(where["outlets"])
        began = site.now = START + timedelta(days=5)
        night(where)
        a_day_passes(where, site)
        child = start("counter", kind="nightly", **where)
        wait_until(lambda: len(site.asked) > 20 + 20 + 60)
        kill(child)
        night(where)
        assert {page.number for page in site.published(began, site.now)} <= stored(where).keys()
        assert [gap.closed_how for gap in gaps(where)] == ["counter"]

    def test_without_a_counter_an_overflow_is_a_gap_that_is_told_once(
        self, where: dict[str, Any], site: CounterSite
    ) -> None:
        site.write_outlet(where["outlets"], counter=False)
        site.now = START + timedelta(days=5)
        night(where)
        newest = max(page.published for page in site.published(START, site.now))
        site.now += timedelta(hours=1)
        assert night(where).counts["notes"] == []
        site.now += timedelta(days=1)
        done = night(where)
        [told] = done.counts["notes"]
        assert told.startswith(f"{site.origin}/rss: gap: ")
        assert "pressrun backfill counter --from 2025-01-06 --to 2025-01-07" in told
        assert done.end["exit_code"] == 0
        [gap] = gaps(where)
        oldest = sorted(page.published for page in site.published(START, site.now))[-20]
        assert (gap.since > newest, gap.until, gap.first_number, gap.closed_at) == (True, oldest, None, None)
        site.now += timedelta(minutes=30)
        assert night(where).counts["notes"] == []
        assert len(gaps(where)) == 1
        with opened(where) as db:
            frontier.close_gap(db, gap.id, "archive")
        assert gaps(where)[0].closed_how == "archive"


class TestBackfills:
    def test_a_span_is_stored_whole_with_a_request_for_each_id_and_few_more(
        self, where: dict[str, Any], site: CounterSite
    ) -> None:
        site.write_outlet(where["outlets"])
        done = backfill(where)
        wanted, ids = in_span(site)
        held = stored(where)
        assert {page.number for page in wanted} <= held.keys()
        assert set(held.values()) == {1}
        assert len(site.asked) <= len(ids) + 40
        assert max(Counter(site.asked).values()) == 1
        assert done.counts["counter"]["probes"] <= 2 * 12
        assert done.counts["problems"] == []
        assert done.counts["reasons"].keys() == {"rejected:other_language", "gone:http_404"}
        assert finished(where) == {(FIRST, LAST)}

    def test_a_hole_in_the_span_is_stepped_over(self, where: dict[str, Any], site: CounterSite) -> None:
        site.write_outlet(where["outlets"])
        below = max(number for number in site.stories if number < HOLE.start)
        day = site.stories[below].published.astimezone(BAKU).date()
        done = backfill(where, day, day)
        wanted, ids = in_span(site, day, day)
        assert HOLE.start in ids
        assert {page.number for page in wanted} <= stored(where).keys()
        assert len([number for number in site.asked if number in HOLE]) < len(HOLE) / 10
        assert any("stepped over" in note for note in done.counts["notes"])
        assert finished(where) == {(day, day)}

    def test_a_backfill_that_is_killed_goes_on_where_it_was(self, where: dict[str, Any], site: CounterSite) -> None:
        site.write_outlet(where["outlets"])
        child = start("counter", kind="backfill", first=FIRST.isoformat(), last=LAST.isoformat(), **where)
        wait_until(lambda: len(site.asked) > 200)
        kill(child)
        with opened(where) as db, db.read() as c:
            known = set(c.execute(select(Page.number).where(Page.fetched_at.is_not(None))).scalars())
        assert known
        assert finished(where) == set()
        backfill(where)
        wanted, ids = in_span(site)
        held = stored(where)
        assert {page.number for page in wanted} <= held.keys()
        assert set(held.values()) == {1}
        assert all(site.asked.count(number) == 1 for number in known), "a known page is not requested again"
        assert len(set(site.asked)) <= len(ids) + 40
        assert finished(where) == {(FIRST, LAST)}

    def test_a_budget_ends_a_run_and_the_next_one_goes_on(self, where: dict[str, Any], site: CounterSite) -> None:
        site.write_outlet(where["outlets"])
        done = backfill(where, LAST, LAST, budget=120)
        assert sum(done.counts["requests"].values()) <= 120
        assert len(site.asked) > 100
        assert done.counts["notes"] == ["the budget of 120 requests is used up; the rest waits"]
        assert done.counts["problems"] == []
        assert finished(where) == set()
        done = backfill(where, LAST, LAST, budget=2000)
        assert not any("budget" in note for note in done.counts["notes"])
        wanted, ids = in_span(site, LAST, LAST)
        assert {page.number for page in wanted} <= stored(where).keys()
        assert len(site.asked) == len(set(site.asked)) <= len(ids) + 40
        assert finished(where) == {(LAST, LAST)}

    def test_pages_that_fail_are_left_to_a_later_run(self, where: dict[str, Any], site: CounterSite) -> None:
        site.write_outlet(where["outlets"])
        wanted, _ = in_span(site, LAST, LAST)
        site.failing = {wanted[10].number, wanted[40].number}
        done = backfill(where, LAST, LAST)
        assert done.counts["failed"] == 2
        assert {page.number for page in wanted} - stored(where).keys() == site.failing
        assert finished(where) == set()
        site.failing = set()
        with opened(where) as db, db.begin() as c:
            c.execute(update(Page).where(Page.state == "failed").values(next_at=datetime.now(UTC)))
        backfill(where, LAST, LAST)
        assert {page.number for page in wanted} <= stored(where).keys()
        assert finished(where) == {(LAST, LAST)}

    def test_a_window_beside_one_that_is_done_needs_no_probes(self, where: dict[str, Any], site: CounterSite) -> None:
        site.write_outlet(where["outlets"])
        backfill(where, LAST, LAST)
        before = set(site.asked)
        done = backfill(where, FIRST, FIRST)
        wanted, ids = in_span(site, FIRST, FIRST)
        assert {page.number for page in wanted} <= stored(where).keys()
        assert done.counts["counter"]["probes"] <= 2
        assert len(set(site.asked) - before - set(ids)) <= 25
