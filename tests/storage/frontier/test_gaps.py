"""Gaps between what a seed announced and what it announced the last time, and in the ids of a counter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import frontier
from storage.database import Database
from storage.frontier import Gap, Gone, Run, SeedFetch
from storage.model import Link
from tests.storage.building import START, begin, end_page

URL = "https://a.example/rss"
COUNTER = "https://a.example/{id}"


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


def look(
    db: Database, run: Run, first: int, last: int, *, numbers: bool = False, may_overflow: bool = True
) -> tuple[Gap, ...]:
    """Read a feed whose items are those of these hours."""
    links = [Link(f"https://a.example/{n}", number=n if numbers else None) for n in range(first, last + 1)]
    seed = SeedFetch("feed", URL, newest_at=hours(last), oldest_at=hours(first), may_overflow=may_overflow)
    return frontier.discover(db, run, seed, links).gaps


def test_a_feed_that_holds_nothing_of_the_last_look_is_a_gap(database: Database) -> None:
    run = begin(database)
    assert look(database, run, 1, 20) == ()
    assert look(database, run, 10, 29) == ()
    [gap] = look(database, run, 40, 59)
    assert (gap.since, gap.until, gap.seed_url, gap.first_number) == (hours(29), hours(40), URL, None)
    assert look(database, run, 40, 59) == ()
    assert frontier.list_gaps(database, "example") == frontier.list_gaps(database) == [gap]
    assert frontier.list_gaps(database, "other") == []


def test_an_older_item_that_is_new_is_no_gap(database: Database) -> None:
    run = begin(database)
    look(database, run, 10, 20)
    seed = SeedFetch("feed", URL, newest_at=hours(40), oldest_at=hours(15), may_overflow=True)
    assert frontier.discover(database, run, seed, [Link("https://a.example/x")]).gaps == ()


def test_a_seed_that_lists_all_its_pages_has_no_gaps(database: Database) -> None:
    run = begin(database)
    look(database, run, 1, 20)
    assert look(database, run, 40, 59, may_overflow=False) == ()


def test_an_answer_that_failed_or_has_no_dates_leaves_the_dates_of_the_last_one(database: Database) -> None:
    run = begin(database)
    look(database, run, 1, 20)
    frontier.discover(database, run, SeedFetch("feed", URL, status=500, problem="http_500"), [])
    assert len(look(database, run, 40, 59)) == 1


def test_a_date_in_the_future_hides_no_gap(database: Database) -> None:
    run = begin(database)
    later = datetime.now(UTC) + timedelta(days=300)
    seed = SeedFetch("feed", URL, newest_at=later, oldest_at=hours(1), may_overflow=True)
    frontier.discover(database, run, seed, [Link("https://a.example/1")])
    seed = SeedFetch(
        "feed", URL, newest_at=later, oldest_at=datetime.now(UTC) + timedelta(minutes=1), may_overflow=True
    )
    assert len(frontier.discover(database, run, seed, [Link("https://a.example/2")]).gaps) == 1


def test_where_the_outlet_has_a_counter_the_gap_has_its_ids(database: Database) -> None:
    run = begin(database)
    look(database, run, 1, 20, numbers=True)
    [gap] = look(database, run, 40, 59, numbers=True)
    assert (gap.first_number, gap.last_number) == (21, 39)


def test_a_gap_is_closed_once(database: Database) -> None:
    run = begin(database)
    look(database, run, 1, 20)
    [gap] = look(database, run, 40, 59)
    frontier.close_gap(database, gap.id, "backfill")
    frontier.close_gap(database, gap.id, "archive")
    assert frontier.list_gaps(database) == []
    [closed] = frontier.list_gaps(database, closed=True)
    assert (closed.closed_how, closed.closed_at is None) == ("backfill", False)


@pytest.fixture(name="run")
def a_run(database: Database) -> Run:
    return begin(database)


class TestPlans:
    """`plan_walk`: the ids that no seed announced."""

    def announce(self, db: Database, run: Run, *numbers: int) -> None:
        links = [Link(f"https://a.example/{n}", number=n, estimated_at=hours(n)) for n in numbers]
        frontier.discover(db, run, SeedFetch("feed", URL), links)

    def plan(self, db: Database, run: Run, newest: int, before: int | None) -> list[tuple[int | None, int | None]]:
        gaps = frontier.plan_walk(db, run, COUNTER, newest, before)
        return [(gap.first_number, gap.last_number) for gap in gaps]

    def test_an_empty_ledger_has_no_gap_but_a_past(self, database: Database, run: Run) -> None:
        self.announce(database, run, 50, 90)
        assert self.plan(database, run, 90, None) == []
        self.announce(database, run, 100)
        assert self.plan(database, run, 100, 90) == [(91, 99)]

    def test_the_first_plan_of_an_older_ledger_begins_at_what_it_knew(self, database: Database, run: Run) -> None:
        self.announce(database, run, 50, 60, 90)
        assert self.plan(database, run, 90, 60) == [(61, 89)]
        [gap] = frontier.list_gaps(database)
        assert (gap.since, gap.until) == (hours(60), hours(90))

    def test_ids_that_are_all_pages_are_no_gap(self, database: Database, run: Run) -> None:
        self.announce(database, run, 50)
        self.plan(database, run, 50, None)
        self.announce(database, run, 51, 52, 53)
        assert self.plan(database, run, 53, 50) == []

    def test_a_gap_stays_until_it_is_closed_and_the_newest_comes_first(self, database: Database, run: Run) -> None:
        self.announce(database, run, 50)
        self.plan(database, run, 50, None)
        self.announce(database, run, 60)
        assert self.plan(database, run, 60, 50) == [(51, 59)]
        assert self.plan(database, run, 60, 60) == [(51, 59)]
        self.announce(database, run, 70)
        assert self.plan(database, run, 70, 60) == [(61, 69), (51, 59)]
        old = frontier.list_gaps(database)[1]
        frontier.shrink_gap(database, old.id, 55)
        assert self.plan(database, run, 70, 70) == [(61, 69), (51, 55)]

    def test_a_gap_that_a_feed_showed_is_told_once(self, database: Database, run: Run) -> None:
        look(database, run, 1, 20, numbers=True)
        self.plan(database, run, 20, None)
        [gap] = look(database, run, 40, 59, numbers=True)
        assert self.plan(database, run, 59, 20) == [(21, 58)]
        assert [each.id for each in frontier.list_gaps(database)] == [gap.id]

    def test_missing_ids_that_were_tried_count_as_pages(self, database: Database, run: Run) -> None:
        self.announce(database, run, 50)
        self.plan(database, run, 50, None)
        self.announce(database, run, 53)
        links = [Link(f"https://a.example/{n}", number=n) for n in (51, 52)]
        _, pages = frontier.try_numbers(database, run, COUNTER, links)
        frontier.lease(database, run, 10, now=datetime.now(UTC))
        for page in pages:
            end_page(database, run, page.page_id, Gone("http_404"))
        assert self.plan(database, run, 53, 50) == []
