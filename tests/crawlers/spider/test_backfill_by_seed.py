"""A span of the past by each kind of seed, killed in the middle and resumed: all of it stored once, nothing else fetched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from math import log2
from pathlib import Path
from typing import Any

import pytest

from crawlers.archived_pages import Archive, reextract
from crawlers.catalog import load_outlets
from storage import articles
from storage.articles import StoredArticle
from storage.database import open_database
from storage.jobs import check_store
from tests.crawling import Crawled, balanced, crawl, kill, start
from tests.past import sitemaps
from tests.past.listings import BESIDE, PER_PAGE
from tests.past.site import ArchiveSite, PastSite
from tests.past.stories import ZONE, Story, stories

FIRST, LAST = date(2024, 3, 10), date(2024, 4, 20)  # across a month's end
OUTSIDE = timedelta(days=60)
SEEDS = {
    "dated_sitemap": "url = 'ORIGIN/sitemaps/{year}_{month:02}.xml'",
    "sitemap": "url = 'ORIGIN/sitemap-index.xml'",
    "wordpress": "url = 'ORIGIN/wp-json/wp/v2/posts'",
    "ghost": "url = 'ORIGIN/ghost/api/content/posts/'\nkey = '22444f78447824223cefc48062'",
    "dated_listing": "url = 'ORIGIN/archive/{year}/{month:02}/{day:02}'",
    "listing": "url = 'ORIGIN/timed'\npages = 'ORIGIN/timed?page={page}'",
}


def seed(kind: str, body: str | None = None) -> str:
    return f"[[seeds]]\nkind = '{kind}'\n{body or SEEDS[kind]}\n"


class Backfill:
    """A span of one outlet, on one database."""

    def __init__(self, database_url: str, tmp_path: Path) -> None:
        self.db, self.data, self.outlets = database_url, tmp_path / "data", tmp_path / "outlets"

    def job(self, **more: Any) -> dict[str, Any]:
        span = {"first": FIRST.isoformat(), "last": LAST.isoformat()}
        whole = {"db": self.db, "data": self.data, "outlets": self.outlets, "kind": "backfill"} | span | more
        return {name: value for name, value in whole.items() if value is not None}

    def run(self, **more: Any) -> Crawled:
        done = crawl("gazette", **self.job(**more))
        assert done.end["state"] == "completed", done.log[-3000:]
        assert balanced(done.ledger)
        return done

    def killed_when(self, ready: Callable[[], None]) -> None:
        """A run that is killed (kill -9) as soon as `ready` returns."""
        child = start("gazette", **self.job())
        try:
            ready()
        finally:
            kill(child)

    def stored(self) -> list[StoredArticle]:
        db = open_database(self.db)
        try:
            assert check_store(db, self.data / "archive") == []
            return list(articles.iter_articles(db, copies=True))
        finally:
            db.close()


@pytest.fixture
def backfill(database_url: str, tmp_path: Path) -> Backfill:
    return Backfill(database_url, tmp_path)


def of_span(site: PastSite) -> list[Story]:
    return [story for story in site.stories if FIRST <= story.day <= LAST]


def the_past(per_day: int = 2, **how: Any) -> list[Story]:
    return stories(FIRST - OUTSIDE, LAST + OUTSIDE, per_day, **how)


def assert_stored_once(backfill: Backfill, site: PastSite, wanted: list[Story]) -> None:
    kept = backfill.stored()
    assert sorted(one.url for one in kept) == sorted(site.origin + story.path for story in wanted)
    at = {site.origin + story.path: story for story in wanted}
    for one in kept:
        assert one.published_at == at[one.url].at
        assert one.title == at[one.url].title


@pytest.mark.parametrize("kind", ["dated_sitemap", "sitemap", "dated_listing", "listing"])
def test_a_span_by_links_survives_a_kill(backfill: Backfill, kind: str) -> None:
    with PastSite(the_past()) as site:
        site.write_outlet(backfill.outlets, seed(kind))
        wanted = of_span(site)
        backfill.killed_when(lambda: site.wait_for(len(wanted) // 2, lambda hit: hit.startswith("/news/")))
        done = backfill.run()
        hits = site.article_hits()
    assert_stored_once(backfill, site, wanted)
    assert set(hits) == {story.path for story in wanted}
    assert max(hits.values()) <= 2, "once more at the most, since it was under way at the kill"
    assert done.counts["problems"] == []


@pytest.mark.parametrize("kind", ["wordpress", "ghost"])
def test_a_span_by_an_api_survives_a_kill_and_fetches_no_page(backfill: Backfill, kind: str) -> None:
    with PastSite(the_past(6)) as site:
        site.write_outlet(backfill.outlets, seed(kind))
        wanted = of_span(site)
        backfill.killed_when(lambda: site.wait_for(3, lambda hit: "page" in hit))
        done = backfill.run()
        assert site.article_hits() == {}
    assert_stored_once(backfill, site, wanted)
    assert {one.authors for one in backfill.stored()} == {(story.author,) for story in wanted}
    assert {one.section for one in backfill.stored()} == {story.section.title() for story in wanted}
    assert done.counts["problems"] == []


def test_a_listing_without_dates_is_searched_by_its_articles(backfill: Backfill) -> None:
    with PastSite(the_past()) as site:
        site.write_outlet(
            backfill.outlets, seed("listing", "url = 'ORIGIN/latest'\npages = 'ORIGIN/latest?page={page}'")
        )
        wanted = of_span(site)
        first = len([story for story in site.stories if story.day > LAST]) // PER_PAGE + 1  # the page of the span's end
        backfill.killed_when(lambda: site.wait_for(len(wanted) // 2, lambda hit: hit.startswith("/news/")))
        done = backfill.run()
        outside = set(site.article_hits()) - {story.path for story in wanted}
    kept = backfill.stored()
    assert {site.origin + story.path for story in wanted} <= {one.url for one in kept}
    assert len(kept) == len({one.url for one in kept}) == len(wanted) + len(outside)
    # One article for each page of the search, and at both ends of the span those of one page by halves.
    assert len(outside) <= 2 * log2(first) + 2 * (log2(PER_PAGE) + 2)
    assert done.counts["problems"] == []


def test_posts_whose_text_is_not_whole_are_fetched(backfill: Backfill) -> None:
    with PastSite(the_past(1), teaser=lambda story: story.number % 5 == 0) as site:
        site.write_outlet(backfill.outlets, seed("wordpress"))
        wanted = of_span(site)
        backfill.run()
        assert set(site.article_hits()) == {story.path for story in wanted if story.number % 5 == 0}
    assert_stored_once(backfill, site, wanted)


def test_what_came_by_an_api_is_read_again_from_the_archive(backfill: Backfill) -> None:
    with PastSite(the_past(1)) as site:
        site.write_outlet(backfill.outlets, seed("wordpress"))
        backfill.run()
    before = backfill.stored()
    db = open_database(backfill.db)
    db.write(lambda c: c.exec_driver_sql("UPDATE articles SET section = 'lost', image = 'lost'") and None)
    done = reextract(Archive(db, backfill.data / "archive", load_outlets(backfill.outlets)))
    db.close()
    assert (done.read, dict(done.skipped)) == (len(before), {})
    assert set(done.states) == {"unchanged"}
    assert [(one.text, one.section, one.published_at) for one in backfill.stored()] == [
        (one.text, one.section, one.published_at) for one in before
    ]


def test_a_night_takes_new_posts_and_edits_from_the_api_and_fetches_no_page(backfill: Backfill) -> None:
    night = {"kind": "nightly", "first": None, "last": None}
    told = the_past(1)
    with PastSite(told[:60]) as site:
        site.write_outlet(backfill.outlets, seed("wordpress"))
        assert backfill.run(**night).counts["stored"] == 60
        again = backfill.run(**night)
        assert (again.counts["discovered"], again.counts["due"]) == (0, 0)
        archived = sorted((backfill.data / "archive").iterdir())
        assert len(archived) == 1, "an answer that brings nothing new is not archived"
        site.edit(told[59], datetime.now(UTC))
        edited = backfill.run(**night)
        assert (edited.counts["due"], edited.counts["stored"]) == (1, 1)
        assert site.article_hits() == {}
    assert sum("edited" in one.text for one in backfill.stored()) == 1


class TestWebArchive:
    """What the outlet no longer gives comes from a web archive, and nothing that it still gives."""

    def seeds(self, archive: ArchiveSite, live: str = "", path: str = "/cdx/search/cdx") -> str:
        return live + seed("web_archive", f"url = '{archive.origin}{path}'")

    @pytest.mark.parametrize("path", ["/cdx/search/cdx", "/news/cdx"], ids=["wayback", "pywb"])
    def test_an_outlet_that_blocks_is_read_from_the_archive_and_survives_a_kill(
        self, backfill: Backfill, path: str
    ) -> None:
        told = the_past(2, dated=True)
        with PastSite(told, blocks=True) as site, ArchiveSite(site, told) as archive:
            site.write_outlet(backfill.outlets, self.seeds(archive, path=path))
            wanted = of_span(site)
            backfill.killed_when(lambda: archive.wait_for(len(wanted) // 2, lambda hit: "id_/" in hit))
            done = backfill.run()
            assert site.hits == []
            hits = archive.page_hits()
            assert "/robots.txt" in archive.hits
        assert_stored_once(backfill, site, wanted)
        assert set(hits) == {site.origin + story.path for story in wanted}
        assert max(hits.values()) <= 2
        assert done.counts["problems"] == []

    def test_only_pages_that_are_gone_are_asked_of_the_archive_and_only_once(self, backfill: Backfill) -> None:
        told = the_past(2, dated=True)
        with PastSite(told, gone=lambda story: story.number % 4 == 0) as site, ArchiveSite(site, told) as archive:
            site.write_outlet(backfill.outlets, self.seeds(archive, seed("dated_sitemap")))
            wanted = of_span(site)
            backfill.run()
            gone = {site.origin + story.path for story in wanted if story.number % 4 == 0}
            assert archive.page_hits() == dict.fromkeys(gone, 1)
            assert set(site.article_hits().values()) == {1}
            backfill.run()
            assert archive.page_hits() == dict.fromkeys(gone, 1)
        assert_stored_once(backfill, site, wanted)

    def test_without_days_in_addresses_what_was_captured_before_the_span_is_left_out(self, backfill: Backfill) -> None:
        told = the_past(2)
        with PastSite(told, blocks=True) as site, ArchiveSite(site, told) as archive:
            body = f"url = '{archive.origin}/cdx/search/cdx'\nlate = 3"
            site.write_outlet(backfill.outlets, seed("web_archive", body))
            backfill.run()
            asked = {url.removeprefix(site.origin) for url in archive.page_hits()}
        # All were captured a day after they were published, and until the third day behind the span, in UTC.
        days = {story.day for story in told if story.path in asked}
        assert (min(days), max(days)) == (FIRST - timedelta(days=1), LAST + timedelta(days=3))
        assert {story.path for story in of_span(site)} <= asked
        assert {one.published_at for one in backfill.stored()} == {story.at for story in told if story.path in asked}

    def test_the_address_of_the_server_may_come_from_the_settings(self, backfill: Backfill) -> None:
        told = the_past(1, dated=True)
        with PastSite(told, blocks=True) as site, ArchiveSite(site, told) as archive:
            site.write_outlet(backfill.outlets, "[[seeds]]\nkind = 'web_archive'\n")
            done = backfill.run()
            assert "PRESSRUN_CDX" in done.counts["problems"][0]
            assert archive.hits == []
            backfill.run(cdx=f"{archive.origin}/cdx/search/cdx")
        assert_stored_once(backfill, site, of_span(site))


def test_of_an_index_only_the_parts_are_read_that_can_hold_the_span(backfill: Backfill) -> None:
    with PastSite(the_past(8)) as site:
        site.write_outlet(backfill.outlets, seed("sitemap"), concurrency=4)
        parts = sitemaps.parts(site.stories)
        backfill.run(first=LAST.isoformat())
        asked = {hit for hit in site.hits if hit.startswith("/part-")}
    assert asked == {f"/part-{n}.xml" for n, part in enumerate(parts, 1) if part[-1].day >= LAST - timedelta(days=1)}
    assert 0 < len(asked) < len(parts)
    assert {one.published_at for one in backfill.stored()} == {story.at for story in site.stories if story.day == LAST}


def test_a_night_takes_what_a_dated_listing_shows_of_the_last_days(backfill: Backfill) -> None:
    today = datetime.now(ZONE).date()
    told = stories(today - timedelta(days=6), today - timedelta(days=1), 3)
    with PastSite(told) as site:
        site.write_outlet(backfill.outlets, seed("dated_listing"))
        backfill.run(kind="nightly", first=None, last=None)
    recent = {story.at for story in told if story.day >= today - timedelta(days=2)}
    most_read = {story.at for story in told[::-1][len(told) // 2 :][:BESIDE]}
    # The latest news stand beside each list, and are of the last days all the same.
    assert {one.published_at for one in backfill.stored()} == recent | most_read


def test_what_stands_beside_the_lists_and_in_one_of_them_is_of_that_day(backfill: Backfill) -> None:
    told = stories(FIRST, LAST, 2)  # nothing is younger than the span: the latest news are of its last days
    with PastSite(told) as site:
        site.write_outlet(backfill.outlets, seed("dated_listing"))
        backfill.run()
    assert_stored_once(backfill, site, told)
