"""One page, one article: addresses in all their forms, edits, and what only looks like one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage import articles, frontier
from storage.articles.prepare import preferred_url
from storage.database import Database
from storage.frontier import Extracted
from storage.jobs import check_store
from storage.model import Article, DateSource, Link, Precision, Published
from tests.storage.building import all_articles, article, begin, end_page, lease_page, put, words

SITE = "https://example.az/news/"


def test_a_redirect_to_a_known_page_is_no_second_article(database: Database) -> None:
    run = begin(database)
    first = put(database, run, SITE + "1", "a")
    second = put(database, run, SITE + "old-1", "a", final=SITE + "1", hops=(SITE + "old-1",))
    assert (second.state, second.reason, second.article_id) == ("duplicate", "same_page", first.article_id)
    assert second.duplicate_of is None, "a page that leads to an article is no copy of it"
    assert len(all_articles(database)) == 1
    assert articles.addresses_of(database, first.article_id or 0) == [SITE + "1", SITE + "old-1"]
    assert check_store(database) == []


def test_two_pages_that_redirect_to_one_address_in_one_round_make_one_article(database: Database) -> None:
    run = begin(database)
    pages = [lease_page(database, run, SITE + name) for name in ("x", "y")]
    ends = [end_page(database, run, page, Extracted(article(SITE + "1", "a")), final=SITE + "1") for page in pages]
    assert [one.state for one in ends] == ["stored", "duplicate"]
    assert len(all_articles(database)) == 1


def test_an_address_that_a_page_was_met_at_is_not_discovered_again(database: Database) -> None:
    run = begin(database)
    put(database, run, SITE + "old-1", "a", final=SITE + "1", hops=(SITE + "old-1", SITE + "hop"))
    found = frontier.discover(database, run, None, [Link(SITE + "1"), Link(SITE + "hop")])
    assert (found.new, found.known) == (0, 2)


def test_a_declared_address_is_believed_if_the_text_agrees(database: Database) -> None:
    run = begin(database)
    first = put(database, run, SITE + "1", "a")
    second = put(database, run, SITE + "1/print-view", "a", canonical_url=SITE + "1")
    assert (second.state, second.reason, second.article_id) == ("duplicate", "same_page", first.article_id)


def test_a_declared_address_is_recognised_when_its_page_comes_later(database: Database) -> None:
    run = begin(database)
    first = put(database, run, SITE + "1/print-view", "a", canonical_url=SITE + "1")
    assert frontier.discover(database, run, None, [Link(SITE + "1")]).new == 1, "it may be wrong, so it is looked at"
    second = put(database, run, SITE + "1", "a")
    assert (second.state, second.article_id) == ("duplicate", first.article_id)
    assert check_store(database) == []


def test_a_site_that_declares_one_address_for_all_pages_loses_none(database: Database) -> None:
    run = begin(database)
    ends = [put(database, run, f"{SITE}{n}", n, canonical_url="https://example.az/news") for n in range(4)]
    assert [one.state for one in ends] == ["stored"] * 4


def test_a_declared_address_of_another_site_means_nothing(database: Database) -> None:
    run = begin(database)
    put(database, run, SITE + "1", "a")
    other = put(
        database, begin(database, "other"), "https://other.example/1", "b", canonical_url=SITE + "1", title="About a"
    )
    assert other.state == "stored"


def test_another_form_of_a_page_that_is_cut_shorter_is_no_edit(database: Database) -> None:
    run = begin(database)
    first = put(database, run, SITE + "1", "a")
    put(database, run, SITE + "amp-of-1", "a", title="About a", text=words("a", 60)[:200], canonical_url=SITE + "1")
    assert articles.revisions_of(database, first.article_id or 0) == []


def test_an_edit_keeps_what_was_there_before_and_when(database: Database) -> None:
    run = begin(database)
    first = put(database, run, SITE + "1", "a")
    for n, text in enumerate((words("b"), words("c"))):
        assert put(database, run, SITE + "1", "a", text=text).state == "stored", n
    earlier = articles.revisions_of(database, first.article_id or 0)
    assert [(one.number, one.text) for one in earlier] == [(1, words("a")), (2, words("b"))]
    assert earlier[0].replaced_at == earlier[1].seen_from
    assert articles.get_article(database, first.article_id or 0).text == words("c")  # type: ignore[union-attr]


def test_another_title_is_an_edit_and_other_quotation_marks_are_none(database: Database) -> None:
    run = begin(database)
    first = put(database, run, SITE + "1", "a", title='The "ferry"')
    assert put(database, run, SITE + "1", "a", title="The “ferry”").state == "unchanged"
    assert put(database, run, SITE + "1", "a", title="The bridge").state == "stored"
    assert [one.title for one in articles.revisions_of(database, first.article_id or 0)] == ['The "ferry"']


def test_a_later_look_adds_what_the_first_did_not_find_and_takes_nothing_away(database: Database) -> None:
    run = begin(database)
    first = put(database, run, SITE + "1", "a", hours=None, section="economy")
    assert put(database, run, SITE + "1", "a", authors=("A. Writer",), credit="APA").state == "unchanged"
    kept = articles.get_article(database, first.article_id or 0)
    assert kept is not None
    assert (kept.authors, kept.credit, kept.section) == (("A. Writer",), "APA", "economy")
    assert kept.published_at is not None


def test_a_first_publication_date_is_not_moved_by_an_edit(database: Database) -> None:
    run = begin(database)
    first = put(database, run, SITE + "1", "a", hours=0)
    put(database, run, SITE + "1", "a", hours=30, text=words("b"))
    kept = articles.get_article(database, first.article_id or 0)
    assert kept is not None
    assert kept.published_at == datetime(2025, 3, 4, 9, 30, tzinfo=UTC)


def test_an_instant_comes_back_with_the_offset_of_its_outlet(database: Database) -> None:
    at = datetime(2019, 10, 30, 13, 48, tzinfo=timezone(timedelta(hours=4)))
    when = Published(at, Precision.MINUTE, DateSource.PAGE_TEXT, "30 October 2019 [13:48]")
    first = put(database, begin(database), SITE + "1", "a", when=when)
    kept = articles.get_article(database, first.article_id or 0)
    assert kept is not None
    assert kept.published_at is not None
    assert kept.published_at.isoformat() == "2019-10-30T13:48:00+04:00"


def test_the_plainest_form_of_an_address_becomes_the_articles(database: Database) -> None:
    run = begin(database)
    put(database, run, "https://m.example.az/news/1?utm_source=feed", "a")
    again = frontier.discover(database, run, None, [Link(SITE + "1")], refetch=True)
    assert (again.known, again.due) == (1, 1)
    late = datetime.now(UTC) + timedelta(days=2)
    [lease] = frontier.lease(database, run, 5, now=late)
    end_page(database, run, lease.page_id, Extracted(article(SITE + "1", "a")), final=SITE + "1")
    assert [row.url for row in all_articles(database)] == [SITE + "1"]


@pytest.mark.parametrize(
    ("new", "old", "best"),
    [
        ("https://a.example/1", "https://m.a.example/1", "https://a.example/1"),
        ("https://www.a.example/1?fbclid=x", "https://www.a.example/1", "https://www.a.example/1"),
        ("https://a.example/2", "https://a.example/1", "https://a.example/1"),
        ("no address", "https://a.example/1", "https://a.example/1"),
    ],
)
def test_plainest_prefers_the_form_nearer_to_the_canonical_one(new: str, old: str, best: str) -> None:
    assert preferred_url(new, old) == best


def test_what_pages_say_is_made_fit_for_both_databases(database: Database) -> None:
    foul = "a\x00b\ud800c\u202ed"
    hostile = Article(
        SITE + "1", foul + "t" * 5000, foul + words("a"), (foul,), language=foul, section=foul, image=foul, credit=foul,
        published=Published(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), Precision.DAY, DateSource.META, foul),
    )  # fmt: skip
    run = begin(database)
    ended = end_page(database, run, lease_page(database, run, SITE + "1"), Extracted(hostile))
    kept = articles.get_article(database, ended.article_id or 0)
    assert kept is not None
    assert (kept.authors, kept.section, kept.published_at) == (("abcd",), "abcd", None)
    assert len(kept.title) == 1000
