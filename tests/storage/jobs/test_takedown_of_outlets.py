"""Whole outlets are taken down, pages of others that lead to them, and runs that work meanwhile; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage import frontier
from storage.errors import OutletBusyError, OutletRemovedError
from storage.frontier import Extracted, FinishedPage, end_run, start_run
from storage.jobs import (
    import_rows,
    removal_of_address,
    removal_of_outlet,
    take_down,
    unfinished_removal,
)
from tests.storage.archived import PAGE, Archived, pages
from tests.storage.archived import archived as archived
from tests.storage.building import all_articles, article, begin, lease_page, words


def test_an_outlet_goes_whole_and_is_not_crawled_again(archived: Archived) -> None:
    for n in range(3):
        archived.fetch(f"https://example.ge/{n}", n)
    archived.fetch("https://other.ge/1", "kept", outlet="other")
    plan = removal_of_outlet(archived.db, "example")
    assert plan.articles == 3
    take_down(archived.db, plan, "asked for", archived.places)
    assert [one.outlet for one in all_articles(archived.db)] == ["other"]
    assert b"example.ge" not in archived.raw()
    with pytest.raises(OutletRemovedError, match=r"was removed from this archive on .* `enabled = false`"):
        begin(archived.db)
    assert list(frontier.removed_outlets(archived.db, ["example", "other", "unknown"])) == ["example"]
    row = {"url": "https://example.ge/9", "title": "Nine", "text": words(9), "outlet": "example"}
    assert import_rows(archived.db, [(1, row)]).states == {"rejected": 1}
    assert archived.sound()


def test_an_outlet_whose_id_is_written_alike_keeps_its_answers(archived: Archived) -> None:
    kept = "https://civil.ge/archives/1"
    archived.fetch(kept, "kept", outlet="civil_ge")
    row = {"url": "https://civil.ge/old/8", "title": "Old", "text": words("old")}  # no outlet: the host stands in
    assert import_rows(archived.db, [(1, row)]).states == {"stored": 1}
    archived.fetch("https://civil.ge/gone", "gone", outlet="civil.ge")
    plan = removal_of_outlet(archived.db, "civil.ge")
    assert take_down(archived.db, plan, "asked for", archived.places).answers == 1
    assert b"numberkept" in archived.raw()
    assert b"numbergone" not in archived.raw()
    assert [url for url, file in pages(archived.db, "url", "warc_file") if file] == [kept]
    assert archived.sound()


def test_pages_of_other_outlets_that_lead_to_its_articles_go_with_an_outlet(archived: Archived) -> None:
    archived.fetch(PAGE, "secret")
    archived.redirect("https://other.ge/x", PAGE, "secret", "other")
    archived.redirect("https://other.ge/x", PAGE, "secret", "other")  # its place is no longer in the ledger
    archived.fetch("https://other.ge/kept", "kept", outlet="other")
    plan = removal_of_outlet(archived.db, "example")
    assert [(part.outlet_id, part.pages) for part in plan.parts] == [("example", None), ("other", (2,))]
    done = take_down(archived.db, plan, "asked for", archived.places)
    assert (done.pages, done.answers) == (2, 3)
    assert b"numbersecret" not in archived.raw()
    assert b"numberkept" in archived.raw()
    assert pages(archived.db, "url", "final_url", "warc_file")[1] == ("https://other.ge/#removed-2", None, None)
    assert unfinished_removal(archived.db) is None
    assert archived.sound()


def test_earlier_answers_of_pages_that_lead_to_an_article_go_with_it(archived: Archived) -> None:
    archived.fetch(PAGE, "secret")
    for _ in range(2):
        archived.redirect("https://another.ge/x", PAGE, "secret", "another")
    plan = removal_of_address(archived.db, PAGE)
    assert [part.outlet_id for part in plan.parts] == ["another", "example"]
    assert take_down(archived.db, plan, "asked for", archived.places).answers == 3
    assert b"numbersecret" not in archived.raw()


def test_a_page_that_comes_to_lead_to_it_after_the_plan_is_left_for_a_second_call(archived: Archived) -> None:
    archived.fetch(PAGE, "secret")
    plan = removal_of_outlet(archived.db, "example")
    archived.redirect("https://other.ge/x", PAGE, "secret", "other")
    take_down(archived.db, plan, "asked for", archived.places)
    left = unfinished_removal(archived.db)
    assert left is not None
    take_down(archived.db, *left, archived.places)
    assert b"numbersecret" not in archived.raw()
    assert unfinished_removal(archived.db) is None


def test_a_run_that_works_on_the_outlet_is_not_disturbed(archived: Archived) -> None:
    archived.fetch(PAGE, "one")
    start_run(archived.db, frontier.RunRequest("example", "Example", "crawl"))
    with pytest.raises(OutletBusyError):
        take_down(archived.db, removal_of_address(archived.db, PAGE), "asked for", archived.places)
    assert len(all_articles(archived.db)) == 1


def test_nothing_is_removed_while_a_run_works_on_one_of_its_outlets(archived: Archived) -> None:
    archived.fetch(PAGE, "one")
    run = begin(archived.db, "other")
    page, now = lease_page(archived.db, run, "https://other.ge/x"), datetime.now(UTC)
    frontier.finish(archived.db, run, [FinishedPage(page, Extracted(article(PAGE, "one")), now, 200, PAGE, ())], now)
    removal = removal_of_outlet(archived.db, "example")
    assert [part.outlet_id for part in removal.parts] == ["example", "other"]
    with pytest.raises(OutletBusyError):
        take_down(archived.db, removal, "asked for", archived.places)
    assert len(all_articles(archived.db)) == 1
    assert unfinished_removal(archived.db) is None
    end_run(archived.db, run.id, "completed", {})
    assert take_down(archived.db, removal, "asked for", archived.places).articles == 1
    assert unfinished_removal(archived.db) is None
