"""Where a page's text comes from: its own address, the answer of an API, a web archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage import frontier
from storage.database import Database
from storage.frontier import Extracted, Failed, FinishedPage, Gone, Lease, Rejected, Result, Run, SeedFetch
from storage.model import Capture, Hints, Link
from storage.warc import Place
from tests.storage.building import article, begin

SITE = "https://gazette.example.az"
URL = f"{SITE}/news/1.html"
CAPTURE = Capture("https://archive.example/web/20190304120000id_/" + URL, datetime(2019, 3, 4, 12, tzinfo=UTC))
PLACE = Place("20240501-gazette-1.warc.gz", 700, 900)
API = SeedFetch("wordpress", f"{SITE}/wp-json/wp/v2/posts", answer=PLACE)
ARCHIVE = SeedFetch("web_archive", "https://archive.example/cdx/search/cdx")


@pytest.fixture
def run(database: Database) -> Run:
    return begin(database)


def lease(db: Database, run: Run, later: timedelta = timedelta()) -> Lease | None:
    leases = frontier.lease(db, run, 1, now=datetime.now(UTC) + later)
    return leases[0] if leases else None


def end(db: Database, run: Run, leased: Lease, result: Result) -> None:
    now = datetime.now(UTC)
    frontier.finish(db, run, [FinishedPage(leased.page_id, result, now, 200)], now)


def ended(db: Database, run: Run, result: Result) -> None:
    """The page, announced by its outlet and ended so."""
    frontier.discover(db, run, None, [Link(URL)])
    leased = lease(db, run)
    assert leased is not None
    end(db, run, leased, result)


class TestWebArchive:
    def test_a_page_that_the_archive_alone_has_is_fetched_there(self, database: Database, run: Run) -> None:
        frontier.discover(database, run, ARCHIVE, [Link(URL, capture=CAPTURE)])
        leased = lease(database, run)
        assert leased is not None
        assert (leased.url, leased.fetch_url) == (URL, CAPTURE.url)

    def test_a_live_seed_that_has_the_page_too_wins(self, database: Database, run: Run) -> None:
        frontier.discover(database, run, ARCHIVE, [Link(URL, capture=CAPTURE)])
        frontier.discover(database, run, None, [Link(URL)])
        frontier.discover(database, run, ARCHIVE, [Link(URL, capture=CAPTURE)])
        leased = lease(database, run)
        assert leased is not None
        assert leased.fetch_url is None

    @pytest.mark.parametrize(
        "result",
        [Gone("http_404"), Rejected("challenge"), Rejected("soft_404"), Rejected("http_451"), Failed("http_403")],
    )
    def test_a_page_that_was_lost_is_asked_of_the_archive_once(
        self, database: Database, run: Run, result: Result
    ) -> None:
        ended(database, run, result)
        for _ in range(4):  # until it is not tried again by itself
            if (again := lease(database, run, timedelta(days=1))) is not None:
                end(database, run, again, result)
        assert frontier.discover(database, run, ARCHIVE, [Link(URL, capture=CAPTURE)]).due == 1
        leased = lease(database, run)
        assert leased is not None
        assert leased.fetch_url == CAPTURE.url
        end(database, run, leased, Gone("not_captured"))
        assert frontier.discover(database, run, ARCHIVE, [Link(URL, capture=CAPTURE)]).due == 0

    @pytest.mark.parametrize(
        "result", [Extracted(article(URL, 1)), Rejected("not_article"), Rejected("robots"), Rejected("paywall")]
    )
    @pytest.mark.parametrize("refetch", [False, True])
    def test_what_the_outlet_gave_or_forbade_is_not_sought_there(
        self, database: Database, run: Run, result: Result, refetch: bool
    ) -> None:
        ended(database, run, result)
        assert frontier.discover(database, run, ARCHIVE, [Link(URL, capture=CAPTURE)], refetch=refetch).due == 0
        assert lease(database, run) is None

    def test_a_page_that_is_to_be_tried_again_is_left_to_the_outlet(self, database: Database, run: Run) -> None:
        ended(database, run, Failed("timeout"))
        assert frontier.discover(database, run, ARCHIVE, [Link(URL, capture=CAPTURE)]).due == 0


class TestFullText:
    def test_a_page_whose_text_is_at_hand_is_leased_with_its_place(self, database: Database, run: Run) -> None:
        frontier.discover(database, run, API, [Link(URL, full_text=True), Link(f"{SITE}/news/2.html")])
        both = {one.url: one.answer for one in frontier.lease(database, run, 2, now=datetime.now(UTC))}
        assert both == {URL: PLACE, f"{SITE}/news/2.html": None}

    def test_a_page_that_waits_for_its_fetch_gets_its_text_when_an_api_has_it(
        self, database: Database, run: Run
    ) -> None:
        frontier.discover(database, run, None, [Link(URL)])
        frontier.discover(database, run, API, [Link(URL, full_text=True)])
        leased = lease(database, run)
        assert leased is not None
        assert leased.answer == PLACE

    def test_a_page_under_way_is_left_alone(self, database: Database, run: Run) -> None:
        frontier.discover(database, run, None, [Link(URL)])
        leased = lease(database, run)
        frontier.discover(database, run, API, [Link(URL, full_text=True)])
        frontier.put_back_all(database, run)
        assert leased == lease(database, run)

    def test_an_edit_comes_with_its_own_text(self, database: Database, run: Run) -> None:
        ended(database, run, Extracted(article(URL, 1)))
        edit = Link(URL, Hints(modified=datetime.now(UTC) + timedelta(minutes=5)), full_text=True)
        other = Place(PLACE.file, 4000, 800)
        assert frontier.discover(database, run, replace(API, answer=other), [edit]).due == 1
        leased = lease(database, run)
        assert leased is not None
        assert leased.answer == other

    def test_an_edit_without_text_makes_the_page_be_fetched(self, database: Database, run: Run) -> None:
        frontier.discover(database, run, API, [Link(URL, full_text=True)])
        leased = lease(database, run)
        assert leased is not None
        end(database, run, leased, Extracted(article(URL, 1)))
        frontier.discover(database, run, None, [Link(URL, Hints(modified=datetime.now(UTC) + timedelta(minutes=5)))])
        again = lease(database, run)
        assert again is not None
        assert again.answer is None

    def test_the_ledger_says_if_an_answer_brings_it_anything(self, database: Database, run: Run) -> None:
        link = Link(URL, Hints(modified=datetime(2024, 1, 1, tzinfo=UTC)), full_text=True)
        assert frontier.brings_text(database, [link])
        assert not frontier.brings_text(database, [Link(URL)])
        ended(database, run, Extracted(article(URL, 1)))
        assert not frontier.brings_text(database, [link])
        edit = replace(link, hints=Hints(modified=datetime.now(UTC) + timedelta(minutes=5)))
        assert frontier.brings_text(database, [edit])


def test_a_page_that_somebody_waits_for_is_leased_first_and_told(database: Database, run: Run) -> None:
    frontier.discover(database, run, None, [Link(f"{SITE}/news/{n}.html") for n in range(2, 9)])
    frontier.discover(database, run, None, [Link(URL)])
    frontier.lease_first(database, URL)
    assert frontier.page_now(database, run, f"{SITE}/none") is None
    before = frontier.page_now(database, run, URL)
    assert before is not None
    assert before.pending
    leased = lease(database, run)
    assert leased is not None
    assert leased.url == URL
    end(database, run, leased, Extracted(article(URL, 1)))
    after = frontier.page_now(database, run, URL)
    assert after is not None
    assert (after.state, after.pending) == ("stored", False)
    assert after.published_at is not None


def test_a_run_has_settled_when_nothing_of_it_is_due_or_under_way(database: Database, run: Run) -> None:
    assert not frontier.any_pending(database, run)
    frontier.discover(database, run, None, [Link(URL)])
    assert frontier.any_pending(database, run)
    leased = lease(database, run)
    assert leased is not None
    assert frontier.any_pending(database, run)
    end(database, run, leased, Failed("timeout"))
    assert not frontier.any_pending(database, run), "it is due again in a minute, and not waited for"


def test_the_first_links_of_a_long_document_leave_no_trace_of_the_document(database: Database, run: Run) -> None:
    sitemap = SeedFetch("sitemap", f"{SITE}/sitemap.xml", etag='"1"', final=False)
    assert frontier.discover(database, run, sitemap, [Link(URL)]).new == 1
    assert frontier.seed_state(database, run.outlet_id, sitemap.url) is None
    frontier.discover(database, run, replace(sitemap, final=True), [Link(f"{SITE}/news/2.html")])
    state = frontier.seed_state(database, run.outlet_id, sitemap.url)
    assert state is not None
    assert state.etag == '"1"'
