"""The ledger: every page in exactly one state, whatever happens to its lease."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage import articles, frontier
from storage.database import Database
from storage.frontier import (
    Extracted,
    Failed,
    FinishedPage,
    Gone,
    NotModified,
    Outcome,
    PutBack,
    Rejected,
    Result,
    Run,
    SeedFetch,
)
from storage.jobs import check_store
from storage.model import Article, DateSource, Hints, Link, Precision, Published

TEXT = (
    "the council of the harbour town has voted for a new ferry to the islands and against the bridge that was planned"
)
WORDS = TEXT.split()
SITE = "https://www.example.az/news"


def text(seed: int) -> str:
    """Sixty words that no other seed gives."""
    return " ".join(f"{WORDS[(seed * 7 + i) % len(WORDS)]}{seed if i % 9 == 0 else ''}" for i in range(60))


def published(day: int) -> Published:
    return Published(datetime(2025, 3, day, 9, 30, tzinfo=UTC), Precision.MINUTE, DateSource.META, f"2025-03-{day:02}")


def article(n: int, *, day: int = 1, body: str | None = None, **more: object) -> Article:
    return Article(url=f"{SITE}/{n}", title=f"Title {n}", text=body or text(n), published=published(day), **more)  # type: ignore[arg-type]


def begin(db: Database, outlet: str = "example") -> Run:
    return frontier.start_run(db, frontier.RunRequest(outlet, "Example", "crawl", {}))


def announce(db: Database, run: Run, *numbers: int) -> frontier.Discovery:
    return frontier.discover(db, run, None, [Link(f"{SITE}/{n}") for n in numbers])


def lease_all(db: Database, run: Run) -> dict[str, int]:
    """Page ids by address."""
    return {one.url: one.page_id for one in frontier.lease(db, run, 1000, now=datetime.now(UTC) + timedelta(seconds=1))}


def end(db: Database, run: Run, page: int, result: Result, *addresses: str) -> Outcome:
    now = datetime.now(UTC)
    final = addresses[-1] if addresses else None
    return frontier.finish(db, run, [FinishedPage(page, result, now, 200, final, addresses)], now)[0]


def sums(db: Database) -> bool:
    found = frontier.count_pages(db)
    return found["discovered"] == sum(found[state] for state in frontier.STATES)


def test_a_new_page_waits_is_leased_and_ends_stored(database: Database) -> None:
    run = begin(database)
    assert announce(database, run, 1).new == 1
    assert frontier.count_pages(database)["waiting"] == 1
    pages = lease_all(database, run)
    assert frontier.count_pages(database)["waiting"] == 1, "a leased page still waits"
    ended = end(database, run, pages[f"{SITE}/1"], Extracted(article(1)))
    assert ended.state == "stored"
    assert frontier.count_pages(database) | {"discovered": 1, "stored": 1, "waiting": 0} == frontier.count_pages(
        database
    )
    assert frontier.end_run(database, run.id, "completed", {}) == 0
    assert check_store(database) == []


def test_a_known_page_is_not_discovered_again_in_any_form_of_its_address(database: Database) -> None:
    run = begin(database)
    announce(database, run, 1)
    forms = [
        "http://example.az/news/1",
        "https://m.example.az/news/1/",
        f"{SITE}/1?utm_source=feed#top",
        f"{SITE}/1/amp",
    ]
    found = frontier.discover(database, run, None, [Link(form) for form in forms])
    assert (found.new, found.known) == (0, 1)


def test_pages_are_leased_newest_first_and_only_once(database: Database) -> None:
    run = begin(database)
    links = [Link(f"{SITE}/{day}", Hints(published=published(day))) for day in (3, 9, 6)] + [Link(f"{SITE}/undated")]
    frontier.discover(database, run, None, links)
    now = datetime.now(UTC)
    first = frontier.lease(database, run, 2, now=now)
    rest = frontier.lease(database, run, 10, now=now)
    assert [one.url[-1] for one in first] == ["9", "6"]
    assert [one.url.rsplit("/", 1)[1] for one in rest] == ["3", "undated"]
    assert first[0].hints.published == published(9)


@pytest.mark.parametrize(
    ("result", "state", "reason"),
    [
        (Rejected("too_short", "12 words"), "rejected", "too_short"),
        (Gone("http_404"), "gone", "http_404"),
        (Failed("timeout", "30 s"), "failed", "timeout"),
    ],
)
def test_other_ends_are_kept_with_their_reason(database: Database, result: Result, state: str, reason: str) -> None:
    run = begin(database)
    announce(database, run, 1)
    ended = end(database, run, lease_all(database, run)[f"{SITE}/1"], result)
    assert (ended.state, ended.reason) == (state, reason)
    assert frontier.count_pages(database)[state] == 1
    assert sums(database)


def pauses_between(tries: int, db: Database, run: Run, result: Result) -> Iterator[tuple[Outcome, timedelta | None]]:
    """Each outcome of the run's page, which always ends so, and the time until it is due again; None for never."""
    now = datetime.now(UTC)
    for _ in range(tries):
        page = frontier.lease(db, run, 1, now=now)[0]
        [ended] = frontier.finish(db, run, [FinishedPage(page.page_id, result, now)], now)
        due = frontier.next_due(db, run)
        yield ended, due - now if due else None
        now = due or now


def test_a_passing_failure_is_tried_again_with_growing_pauses_and_then_given_up(database: Database) -> None:
    run = begin(database)
    announce(database, run, 1)
    pauses = [pause for _, pause in pauses_between(5, database, run, Failed("http_500"))]
    assert pauses == [*(timedelta(minutes=m) for m in (1, 4, 16, 64)), None]
    assert frontier.next_due(database, run) is None
    assert frontier.count_pages(database)["failed"] == 1


@pytest.mark.parametrize("reason", ["robots", "blocked_address", "challenge", "consent", "offsite_redirect"])
def test_a_page_that_its_host_refused_is_tried_on_another_night(database: Database, reason: str) -> None:
    run = begin(database)
    announce(database, run, 1)
    pauses = []
    for ended, pause in pauses_between(5, database, run, Rejected(reason)):
        assert (ended.state, ended.reason) == ("rejected", reason)
        assert not frontier.any_undecided(database, run), "the run need not wait for it"
        pauses.append(pause)
    assert pauses == [*(timedelta(hours=h) for h in (20, 80, 320, 1280)), None]
    assert frontier.next_due(database, run) is None


def test_a_page_of_a_host_that_recovers_becomes_an_article(database: Database) -> None:
    run = begin(database)
    announce(database, run, 1)
    end(database, run, lease_all(database, run)[f"{SITE}/1"], Rejected("challenge"))
    [page] = frontier.lease(database, run, 5, now=datetime.now(UTC) + timedelta(days=1))
    assert end(database, run, page.page_id, Extracted(article(1))).state == "stored"
    assert frontier.count_pages(database)["rejected"] == 0
    assert sums(database)
    assert check_store(database) == []


def test_a_page_that_is_no_article_is_not_tried_again(database: Database) -> None:
    run = begin(database)
    announce(database, run, 1)
    end(database, run, lease_all(database, run)[f"{SITE}/1"], Rejected("not_article"))
    assert frontier.next_due(database, run) is None


def test_the_outlets_own_retry_time_is_kept(database: Database) -> None:
    run = begin(database)
    announce(database, run, 1)
    when = datetime.now(UTC) + timedelta(hours=3)
    end(database, run, lease_all(database, run)[f"{SITE}/1"], Failed("http_503", "", when))
    assert frontier.next_due(database, run) == when


def test_a_page_that_is_put_back_waits_without_losing_a_try(database: Database) -> None:
    run = begin(database)
    announce(database, run, 1)
    when = datetime.now(UTC) + timedelta(minutes=5)
    ended = end(database, run, lease_all(database, run)[f"{SITE}/1"], PutBack("host_paused", when))
    assert ended.state == "put_back"
    assert frontier.count_pages(database)["waiting"] == 1
    assert frontier.lease(database, run, 5, now=datetime.now(UTC)) == []
    assert frontier.lease(database, run, 5, now=when)[0].attempts == 0


def test_an_end_whose_lease_was_lost_changes_nothing(database: Database) -> None:
    run = begin(database)
    announce(database, run, 1)
    page = lease_all(database, run)[f"{SITE}/1"]
    frontier.put_back_all(database, run)
    assert end(database, run, page, Extracted(article(1))).state == "put_back"
    assert frontier.count_pages(database)["waiting"] == 1
    assert list(articles.iter_articles(database, copies=True)) == []


def test_leases_without_an_outcome_are_found_at_the_end_of_the_run(database: Database) -> None:
    run = begin(database)
    announce(database, run, 1, 2, 3)
    lease_all(database, run)
    assert frontier.end_run(database, run.id, "completed", {}) == 3
    again = begin(database)
    assert len(lease_all(database, again)) == 3


class TestSecondLook:
    def test_a_fresh_article_is_looked_at_again_after_a_day_and_then_no_more(self, database: Database) -> None:
        run = begin(database)
        announce(database, run, 1)
        now = datetime.now(UTC)
        fresh = Article(
            f"{SITE}/1", "Title 1", text(1), published=Published(now, Precision.SECOND, DateSource.META, "now")
        )
        end(database, run, lease_all(database, run)[f"{SITE}/1"], Extracted(fresh))
        due = frontier.next_due(database, run)
        assert due is not None
        assert timedelta(hours=23) < due - now < timedelta(hours=25)
        page = frontier.lease(database, run, 5, now=due)[0]
        assert page.known_article
        assert end(database, run, page.page_id, NotModified()).state == "unchanged"
        assert frontier.next_due(database, run) is None
        assert check_store(database) == []

    def test_an_old_article_is_not(self, database: Database) -> None:
        run = begin(database)
        announce(database, run, 1)
        end(database, run, lease_all(database, run)[f"{SITE}/1"], Extracted(article(1)))
        assert frontier.next_due(database, run) is None

    def test_a_second_look_that_finds_a_wall_leaves_the_article_in_place(self, database: Database) -> None:
        run = begin(database)
        announce(database, run, 1)
        page = lease_all(database, run)[f"{SITE}/1"]
        end(database, run, page, Extracted(article(1)))
        frontier.discover(database, run, None, [Link(f"{SITE}/1")], refetch=True)
        lease_all(database, run)
        assert end(database, run, page, Rejected("challenge", "")).state == "unchanged"
        assert len(list(articles.iter_articles(database))) == 1


class TestEdits:
    def _stored(self, db: Database, run: Run, n: int = 1) -> None:
        frontier.discover(db, run, None, [Link(f"{SITE}/{i}") for i in range(n)])
        for url, page in lease_all(db, run).items():
            end(db, run, page, Extracted(article(int(url.rsplit("/", 1)[1]))))

    def test_a_page_that_its_sitemap_says_was_edited_is_due_again(self, database: Database) -> None:
        run = begin(database)
        self._stored(database, run)
        before = Link(f"{SITE}/0", Hints(modified=datetime.now(UTC) - timedelta(days=300)))
        after = Link(f"{SITE}/0", Hints(modified=datetime.now(UTC) + timedelta(minutes=5)))
        assert frontier.discover(database, run, None, [before]).due == 0
        assert frontier.discover(database, run, None, [after]).due == 1
        page = lease_all(database, run)[f"{SITE}/0"]
        edited = article(0, body=text(0) + " and a correction")
        assert end(database, run, page, Extracted(edited)).state == "stored"
        kept = next(articles.iter_articles(database))
        assert kept.text.endswith("a correction")
        assert [revision.text for revision in articles.revisions_of(database, kept.id)] == [text(0)]
        assert frontier.discover(database, run, None, [after]).due == 0, "the same edit is not news twice"

    def test_a_sitemap_that_stamps_every_entry_with_now_is_not_believed(self, database: Database) -> None:
        run = begin(database)
        self._stored(database, run, 30)
        now = datetime.now(UTC) + timedelta(minutes=5)
        found = frontier.discover(database, run, None, [Link(f"{SITE}/{i}", Hints(modified=now)) for i in range(30)])
        assert (found.due, found.distrusted) == (0, 30)

    def test_other_typography_is_no_revision(self, database: Database) -> None:
        run = begin(database)
        self._stored(database, run)
        frontier.discover(database, run, None, [Link(f"{SITE}/0")], refetch=True)
        page = lease_all(database, run)[f"{SITE}/0"]
        same = article(0, body=text(0).replace(" ", "  ", 3) + " …")
        assert end(database, run, page, Extracted(same)).state == "unchanged"


class TestSeeds:
    def test_validators_are_kept_with_the_links(self, database: Database) -> None:
        run = begin(database)
        index = SeedFetch("sitemap", "https://www.example.az/sitemap.xml", etag='"a"', status=200)
        child = SeedFetch(
            "sitemap", "https://www.example.az/sitemap-1.xml", index.url, '"b"', "Mon, 03 Mar 2025 10:00:00 GMT", 200, 1
        )
        frontier.discover(database, run, index, [])
        frontier.discover(database, run, child, [Link(f"{SITE}/1")])
        state = frontier.seed_state(database, "example", index.url)
        assert state is not None
        assert (state.etag, state.children) == ('"a"', (child.url,))
        assert frontier.seed_state(database, "example", "https://www.example.az/other.xml") is None

    def test_the_documents_that_an_index_leads_to_are_known_with_it(self, database: Database) -> None:
        run = begin(database)
        children = ("https://www.example.az/sitemap-1.xml", "https://www.example.az/sitemap-2.xml")
        index = SeedFetch("sitemap", "https://www.example.az/sitemap.xml", etag='"a"', children=children)
        frontier.discover(database, run, index, [])
        frontier.discover(database, run, SeedFetch("sitemap", children[0], index.url, '"b"'), [])
        state = frontier.seed_state(database, "example", index.url)
        assert state is not None
        assert (state.children, state.unread) == (children, children[1:])
        frontier.discover(database, run, index, [])
        again = frontier.seed_state(database, "example", children[0])
        assert again is not None
        assert again.etag == '"b"', "what is known of a child is not forgotten when its index is read again"

    def test_a_document_read_in_part_keeps_none(self, database: Database) -> None:
        run = begin(database)
        frontier.discover(
            database, run, SeedFetch("feed", "https://www.example.az/rss", etag='"a"', keep_validators=False), []
        )
        state = frontier.seed_state(database, "example", "https://www.example.az/rss")
        assert state is not None
        assert state.etag is None


def test_a_backfill_leaves_what_it_did_not_announce_and_news_leaves_the_past(database: Database) -> None:
    run = begin(database)
    announce(database, run, 1)
    frontier.end_run(database, run.id, "completed", {})
    past = frontier.start_run(database, frontier.RunRequest("example", "Example", "backfill", {}))
    frontier.discover(database, past, None, [Link(f"{SITE}/2")], lane="past")
    now = datetime.now(UTC)
    assert [one.url for one in frontier.lease(database, past, 9, now=now, only_seen_by_run=True, lane=None)] == [
        f"{SITE}/2"
    ]
    frontier.end_run(database, past.id, "stopped", {})
    news = begin(database)
    assert list(lease_all(database, news)) == [f"{SITE}/1"]
    frontier.put_back_all(database, news)
    announce(database, news, 2)
    assert set(lease_all(database, news)) == {f"{SITE}/1", f"{SITE}/2"}
