"""Pages by their number: one number is one page, and a number that was tried is no page that was announced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import frontier
from storage.database import Database
from storage.frontier import ID_RANGE, Extracted, Failed, Gone, Rejected, Result, Run, SeedFetch
from storage.jobs import check_store
from storage.model import DateSource, Hints, Link, Precision, Published
from storage.schema.tables import UNDATED, Page
from tests.storage.building import START, article, begin, end_page, put

FEED = SeedFetch("feed", "https://a.example/rss")
COUNTER = "https://a.example/nation/{id}.html"


def link(number: int, section: str = "nation", **more: Any) -> Link:
    return Link(f"https://a.example/{section}/{number}.html", number=number, **more)


def number_of(url: str) -> int | None:
    name = url.rsplit("/", 1)[-1].removesuffix(".html")
    return int(name) if name.isdigit() else None


def rows(db: Database) -> dict[int | None, Any]:
    with db.read() as c:
        return {page.number: page for page in c.execute(select(Page.__table__))}


def try_number(db: Database, run: Run, number: int, result: Result | None = None, lane: str = "news") -> int:
    """Try a number, and end its page if there is a result; its page."""
    _, [page] = frontier.try_numbers(db, run, COUNTER, [link(number)], lane=lane)
    if result is not None:
        frontier.lease(db, run, 100, now=datetime.now(UTC), lane=None)
        end_page(db, run, page.page_id, result)
    return page.page_id


def test_addresses_that_differ_in_their_section_are_one_page(database: Database) -> None:
    run = begin(database)
    assert frontier.discover(database, run, FEED, [link(7), link(7, "business")]).new == 1
    found = frontier.discover(database, run, FEED, [link(7, "culture"), link(8)])
    assert (found.new, found.known) == (1, 1)
    assert frontier.discover(database, run, FEED, [Link("https://a.example/culture/7.html")]).known == 1
    assert {number: page.url for number, page in rows(database).items()} == {
        7: "https://a.example/nation/7.html",
        8: "https://a.example/nation/8.html",
    }
    assert check_store(database) == []


def test_the_same_number_of_another_outlet_is_another_page(database: Database) -> None:
    frontier.discover(database, begin(database, "a"), FEED, [link(7)])
    elsewhere = Link("https://b.example/news/7.html", number=7)
    assert frontier.discover(database, begin(database, "b"), None, [elsewhere]).new == 1


def test_a_tried_number_waits_for_the_run_in_the_order_of_its_estimated_date(database: Database) -> None:
    run = begin(database)
    links = [link(number, estimated_at=START + timedelta(hours=number)) for number in (5, 9, 7)]
    found, pages = frontier.try_numbers(database, run, COUNTER, links)
    assert found.new == 3
    assert all(page.due and page.state == "waiting" for page in pages)
    leases = frontier.lease(database, run, 3, now=datetime.now(UTC))
    assert [lease.url.rsplit("/", 1)[1] for lease in leases] == ["9.html", "7.html", "5.html"]
    assert all(lease.tried for lease in leases)
    _, pages = frontier.try_numbers(database, run, COUNTER, links)
    assert all(page.due for page in pages), "a leased page has no outcome yet"


def test_a_number_with_an_outcome_is_not_tried_again(database: Database) -> None:
    run = begin(database)
    at = START + timedelta(hours=3)
    try_number(database, run, 1, Gone("http_404"), "past")
    try_number(database, run, 2, Extracted(article("https://a.example/nation/2.html", "two", hours=2)), "past")
    try_number(database, run, 3, Rejected("other_language", "ru", at), "past")
    try_number(database, run, 4, Rejected("other_language", "ru"), "past")
    try_number(database, run, 5, Failed("timeout"), "past")
    _, pages = frontier.try_numbers(database, run, COUNTER, [link(number) for number in range(1, 6)], lane="past")
    assert {page.number: (page.due, page.state, page.published_at) for page in pages} == {
        1: (False, "gone", None),
        2: (False, "stored", START + timedelta(hours=2)),
        3: (False, "rejected", at),
        4: (False, "rejected", None),
        5: (False, "failed", None),
    }
    assert rows(database)[4].dated_at == UNDATED
    _, pages = frontier.try_numbers(database, run, COUNTER, [link(1), link(2)], refetch=True)
    assert all(page.due for page in pages)


@pytest.mark.parametrize("result", [Gone("http_404"), Rejected("soft_404")])
def test_a_missing_number_of_today_is_tried_once_more_since_it_may_be_a_draft(
    result: Result, database: Database
) -> None:
    run = begin(database)
    page = try_number(database, run, 7, result)
    later = rows(database)[7].next_at - datetime.now(UTC)
    assert timedelta(hours=11) < later < timedelta(hours=13)
    frontier.lease(database, run, 1, now=datetime.now(UTC) + timedelta(days=1))
    end_page(database, run, page, result)
    assert rows(database)[7].next_at is None
    try_number(database, run, 8, result, "past")
    assert rows(database)[8].next_at is None
    assert check_store(database) == []


@pytest.mark.parametrize("result", [None, Gone("http_404"), Rejected("other_language", "ru"), Failed("timeout")])
def test_a_tried_page_that_is_announced_takes_the_announced_address_and_is_due(
    result: Result | None, database: Database
) -> None:
    run = begin(database)
    try_number(database, run, 7, result)
    hints = Hints("A matter", Published(START, Precision.MINUTE, DateSource.FEED, "raw"))
    found = frontier.discover(database, run, FEED, [link(7, "business", hints=hints)])
    assert (found.new, found.known, found.due) == (0, 1, 1)
    page = rows(database)[7]
    assert (page.url, page.seed_kind) == ("https://a.example/business/7.html", "feed")
    assert (page.hints["title"], page.dated_at.replace(tzinfo=UTC)) == ("A matter", START)
    assert page.next_at is not None
    assert frontier.discover(database, run, FEED, [link(7, "business")]).due == 0
    assert check_store(database) == []


def test_a_tried_page_that_has_an_article_stays_as_it_is(database: Database) -> None:
    run = begin(database)
    try_number(database, run, 7, Extracted(article("https://a.example/nation/7.html", "seven")), "past")
    assert frontier.discover(database, run, FEED, [link(7, "business")]).due == 0
    assert rows(database)[7].url == "https://a.example/nation/7.html"


def test_pages_from_before_get_their_numbers_once_and_the_first_of_two_gets_one(database: Database) -> None:
    run, other = begin(database, "example"), begin(database, "other")
    frontier.discover(database, run, None, [Link(link(number).url) for number in range(1, 1206)])
    frontier.discover(database, run, None, [Link("https://a.example/about"), Link(link(3, "business").url)])
    frontier.discover(database, other, None, [Link("https://b.example/nation/3.html")])
    assert frontier.number_pages(database, "example", number_of) == 1207
    assert frontier.number_pages(database, "example", number_of) == 0
    with database.read() as c:
        numbers = sorted(c.execute(select(Page.number).where(Page.number.is_not(None))).scalars())
        third = c.execute(select(Page.url).where(Page.number == 3)).scalar_one()
    assert numbers == list(range(1, 1206))
    assert third == link(3).url


def test_numbering_that_was_interrupted_goes_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin(database)
    frontier.discover(database, run, None, [Link(link(number).url) for number in range(1, 2501)])

    def dies(url: str) -> int | None:
        if url.endswith("/1500.html"):
            raise KeyboardInterrupt
        return number_of(url)

    with pytest.raises(KeyboardInterrupt):
        frontier.number_pages(database, "example", dies)
    assert frontier.number_pages(database, "example", number_of) == 1500
    assert set(rows(database)) == set(range(1, 2501))


def test_the_newest_number_is_one_that_was_announced_or_has_an_article(database: Database) -> None:
    run = begin(database)
    assert frontier.newest_number(database, "example") is None
    frontier.discover(database, run, FEED, [link(10)])
    try_number(database, run, 90, Gone("http_404"))
    try_number(database, run, 80, Extracted(article("https://a.example/nation/80.html", "eighty")))
    assert frontier.newest_number(database, "example") == 80


def test_dated_numbers_are_those_near_the_instants_and_at_the_ends(database: Database) -> None:
    run = begin(database)
    for number in range(1, 121):
        put(database, run, link(number).url, number, hours=number)
    frontier.number_pages(database, "example", number_of)
    points = frontier.dated_numbers(database, "example", [START + timedelta(hours=60.5)])
    assert set(points) == {*range(1, 6), *range(31, 91), *range(116, 121)}
    assert points[60] == START + timedelta(hours=60)
    assert frontier.dated_numbers(database, "other", [START]) == {}


def test_a_number_comes_from_no_document(database: Database) -> None:
    run = begin(database)
    try_number(database, run, 7)
    assert frontier.seed_state(database, "example", COUNTER) is None
    assert (rows(database)[7].seed_kind, rows(database)[7].seed_url) == (ID_RANGE, COUNTER)
