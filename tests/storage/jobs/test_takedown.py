"""Taken down: gone from the store and the archive, and never back, on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from storage import articles, frontier
from storage.database import Database, open_database
from storage.errors import ArchiveError, RemovalError
from storage.frontier import Extracted, FinishedPage, Rejected, end_run
from storage.jobs import (
    check_store,
    import_rows,
    removal_of_address,
    removal_of_article,
    removal_of_outlet,
    take_down,
    unfinished_removal,
)
from storage.model import Link
from storage.schema.tables import Page, RemovedText, Revision
from tests.storage.archived import PAGE, Archived, pages
from tests.storage.archived import archived as archived
from tests.storage.building import all_articles, article, begin, lease_page, put, words


def test_an_article_goes_with_its_revisions_and_every_raw_answer(archived: Archived) -> None:
    first = archived.fetch(PAGE, "first form")
    archived.fetch(PAGE, "second form")
    archived.fetch("https://example.ge/two", "another")
    plan = removal_of_article(archived.db, first.article_id or 0)
    assert (plan.articles, plan.revisions, plan.stay) == (1, 1, ())
    done = take_down(archived.db, plan, "court order", archived.places)
    assert (done.pages, done.articles, done.revisions, done.answers) == (1, 1, 1, 2)
    assert [one.title for one in all_articles(archived.db)] == ["About another"]
    assert b" form" not in archived.raw()
    assert b"another" in archived.raw()
    assert pages(archived.db, "state", "reason", "detail", "url", "next_at", "warc_file")[0] == (
        "rejected", "removed", "court order", "https://example.ge/#removed-1", None, None,
    )  # fmt: skip
    with archived.db.read() as c:
        assert c.execute(select(Revision.number)).all() == []
    assert archived.sound()


def test_the_log_tells_what_without_the_address(archived: Archived) -> None:
    archived.fetch(PAGE, "one")
    take_down(archived.db, removal_of_address(archived.db, PAGE), "asked for", archived.places)
    (line,) = archived.places.log.read_text().splitlines()
    told = json.loads(line)
    assert (told["outlet"], told["articles"], told["answers"], told["reason"]) == ("example", 1, 1, "asked for")
    assert len(told["addresses"]) == 1
    assert "example.ge" not in line


def test_the_text_is_in_no_file_of_an_sqlite_store(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/pressrun.db")
    archived = Archived(database, tmp_path)
    archived.fetch(PAGE, "secretword")
    archived.fetch("https://example.ge/two", "other")
    file = Path(str(database.url.database))
    take_down(database, removal_of_address(database, PAGE), "asked for", archived.places)
    held = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert b"secretword" not in held
    assert b"example.ge/one" not in held
    assert b"numberother" in held
    database.close()


def test_a_removal_that_lost_its_fingerprints_and_went_no_further_is_told(
    archived: Archived, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived.fetch(PAGE, "one")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("storage.jobs.takedown.remember_texts", killed)
    with pytest.raises(KeyboardInterrupt):
        take_down(archived.db, removal_of_address(archived.db, PAGE), "asked for", archived.places)
    assert any("pressrun dedup check" in line for line in check_store(archived.db, archived.places.archive))
    assert len(all_articles(archived.db)) == 1


def test_it_is_never_fetched_again_and_never_imported(archived: Archived) -> None:
    archived.fetch(PAGE, "one")
    take_down(archived.db, removal_of_address(archived.db, PAGE), "asked for", archived.places)
    run = begin(archived.db)
    frontier.discover(archived.db, run, None, [Link(PAGE)], refetch=True)
    assert frontier.lease(archived.db, run, 10, now=datetime.now(UTC)) == []
    end_run(archived.db, run.id, "completed", {})
    row = {"url": PAGE, "title": "Again", "text": words("new words"), "outlet": "example"}
    assert import_rows(archived.db, [(1, row)]).states == {"rejected": 1}
    assert all_articles(archived.db) == []
    assert archived.sound()


def test_its_text_at_another_address_of_the_outlet_is_refused(archived: Archived) -> None:
    archived.fetch(PAGE, "one")
    archived.fetch(PAGE, "later form")
    take_down(archived.db, removal_of_address(archived.db, PAGE), "asked for", archived.places)
    again = [archived.fetch(f"https://example.ge/moved/{n}", seed) for n, seed in enumerate(("one", "later form"))]
    assert {(one.state, one.reason) for one in again} == {("rejected", "removed_before")}
    elsewhere = archived.fetch("https://other.ge/1", "one", outlet="other")
    assert elsewhere.state == "stored"


def test_an_address_that_leads_to_it_is_refused(archived: Archived) -> None:
    archived.fetch(PAGE, "one")
    take_down(archived.db, removal_of_address(archived.db, PAGE), "asked for", archived.places)
    run = begin(archived.db)
    page = lease_page(archived.db, run, "https://example.ge/short")
    ended = FinishedPage(page, Extracted(article(PAGE, "new words")), datetime.now(UTC), 200, PAGE, (PAGE,))
    (outcome,) = frontier.finish(archived.db, run, [ended], datetime.now(UTC))
    assert (outcome.state, outcome.reason) == ("rejected", "removed_before")


def test_short_texts_are_not_remembered_since_others_may_say_the_same(archived: Archived) -> None:
    archived.fetch(PAGE, "one", text="The office is closed today.")
    take_down(archived.db, removal_of_address(archived.db, PAGE), "asked for", archived.places)
    with archived.db.read() as c:
        assert c.execute(select(RemovedText.text_hash)).all() == []
    assert archived.fetch("https://example.ge/2", "two", text="The office is closed today.").state == "stored"


def test_copies_stay_with_a_new_original_or_go_as_well(archived: Archived) -> None:
    for n, outlet in enumerate(("example", "second", "third")):
        archived.fetch(f"https://{outlet}.ge/{n}", "same", outlet=outlet)
    original = next(one for one in all_articles(archived.db) if one.duplicate_of is None)
    plan = removal_of_article(archived.db, original.id)
    assert {copy.outlet for copy in plan.stay} == {"second", "third"}
    done = take_down(archived.db, plan, "asked for", archived.places)
    left = {one.outlet: one for one in all_articles(archived.db)}
    assert done.promoted == [left["second"].id]
    assert left["second"].duplicate_of is None
    assert left["third"].duplicate_of == left["second"].id
    assert archived.sound()
    whole = removal_of_article(archived.db, left["third"].id, copies=True)
    assert (whole.articles, whole.stay) == (2, ())
    take_down(archived.db, whole, "asked for", archived.places)
    assert all_articles(archived.db) == []
    assert archived.sound()


def test_a_copy_that_goes_leaves_its_original_alone(archived: Archived) -> None:
    archived.fetch(PAGE, "same")
    copy = archived.fetch("https://second.ge/1", "same", outlet="second")
    take_down(archived.db, removal_of_article(archived.db, copy.article_id or 0), "asked for", archived.places)
    assert [one.outlet for one in all_articles(archived.db)] == ["example"]
    assert archived.sound()


def test_a_list_that_holds_its_text_goes_and_pages_that_wait_for_it_are_fetched(archived: Archived) -> None:
    archived.fetch(PAGE, "one")
    run = begin(archived.db)
    listed = json.dumps([{"link": PAGE, "content": "secret"}, {"link": "https://example.ge/two"}]).encode()
    place = archived.write(run, "example", "https://example.ge/api", listed, b"application/json")
    frontier.discover(archived.db, run, None, [Link("https://example.ge/two")])
    waits = {"full_text": True, "warc_file": place.file, "warc_offset": place.offset, "warc_length": place.length}
    archived.db.write(lambda c: c.execute(update(Page).where(Page.state == "waiting").values(waits)) and None)
    end_run(archived.db, run.id, "completed", {})
    take_down(archived.db, removal_of_address(archived.db, PAGE), "asked for", archived.places)
    assert b"secret" not in archived.raw()
    assert ("waiting", None, None) in pages(archived.db, "state", "full_text", "warc_file")
    assert archived.sound()


def test_a_list_of_pages_whose_addresses_begin_alike_stays(archived: Archived) -> None:
    archived.fetch("https://example.ge/news/1", "one")
    run = begin(archived.db)
    listed = json.dumps([{"link": "https://example.ge/news/12", "content": "kept"}]).encode()
    place = archived.write(run, "example", "https://example.ge/api", listed, b"application/json")
    page, now = lease_page(archived.db, run, "https://example.ge/news/12"), datetime.now(UTC)
    found = Extracted(article("https://example.ge/news/12", "twelve"))
    frontier.finish(archived.db, run, [FinishedPage(page, found, now, 200, None, (), warc=place)], now)
    end_run(archived.db, run.id, "completed", {})
    plan = removal_of_address(archived.db, "https://example.ge/news/1")
    assert take_down(archived.db, plan, "asked for", archived.places).answers == 1
    assert b"kept" in archived.raw()
    assert pages(archived.db, "warc_file")[1] == (place.file,)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://example.ge/news/?id=1&lang=en", r"https:\/\/example.ge\/news\/?id=1\u0026lang=en"),
        ("https://example.ge/?p=1", "https://example.ge/?p=1"),
        ("https://example.ge/news/%E1%83%90", r"https:\/\/example.ge\/news\/\u10d0\/"),
    ],
)
def test_a_list_goes_however_it_writes_the_address(archived: Archived, url: str, written: str) -> None:
    archived.fetch(url, "one")
    run = begin(archived.db)
    listed = f'[{{"link": "{written}", "content": "secret"}}]'.encode()
    archived.write(run, "example", "https://example.ge/api", listed, b"application/json")
    end_run(archived.db, run.id, "completed", {})
    take_down(archived.db, removal_of_address(archived.db, url), "asked for", archived.places)
    assert b"secret" not in archived.raw()


def test_a_page_that_led_to_an_article_that_stays_goes_without_it(archived: Archived) -> None:
    archived.fetch(PAGE, "kept")
    run = begin(archived.db)
    page, now = lease_page(archived.db, run, "https://example.ge/x"), datetime.now(UTC)
    ended = FinishedPage(page, Rejected("too_short"), now, 200, PAGE, ("https://example.ge/x", PAGE))
    frontier.finish(archived.db, run, [ended], now)
    end_run(archived.db, run.id, "completed", {})
    plan = removal_of_address(archived.db, "https://example.ge/x")
    assert take_down(archived.db, plan, "asked for", archived.places).answers == 0
    assert b"numberkept" in archived.raw()


def test_a_removal_that_was_interrupted_is_told_and_ended(archived: Archived) -> None:
    archived.fetch(PAGE, "one")
    (file,) = archived.places.archive.glob("*.warc.gz")
    away = file.rename(file.with_suffix(".away"))
    with pytest.raises(ArchiveError, match="missing"):
        take_down(archived.db, removal_of_address(archived.db, PAGE), "asked for", archived.places)
    assert all_articles(archived.db) == []
    (failed,) = frontier.last_runs(archived.db, "example", 1)
    assert (failed.state, failed.counts["articles"]) == ("failed", 1)
    away.rename(file)
    assert any("articles remove --resume" in line for line in check_store(archived.db, archived.places.archive))
    left = unfinished_removal(archived.db)
    assert left is not None
    assert left[1] == "asked for"
    take_down(archived.db, *left, archived.places)
    assert b"numberone" not in archived.raw()
    assert unfinished_removal(archived.db) is None
    assert archived.sound()


def test_pages_without_an_article_can_be_removed(archived: Archived) -> None:
    run = begin(archived.db)
    page = lease_page(archived.db, run, PAGE)
    now = datetime.now(UTC)
    frontier.finish(archived.db, run, [FinishedPage(page, Rejected("too_short"), now, 200)], now)
    end_run(archived.db, run.id, "completed", {})
    assert take_down(archived.db, removal_of_address(archived.db, PAGE), "x", archived.places).pages == 1


@pytest.mark.parametrize(
    ("find", "said"),
    [
        (lambda db: removal_of_article(db, 99), "there is no article 99"),
        (lambda db: removal_of_address(db, "https://example.ge/none"), "no page of this archive"),
        (lambda db: removal_of_address(db, "mailto:x"), "not an http address"),
        (lambda db: removal_of_outlet(db, "nobody"), "no outlet nobody"),
    ],
)
def test_what_is_not_there_is_told(database: Database, find: object, said: str) -> None:
    with pytest.raises(RemovalError, match=said):
        find(database)  # type: ignore[operator]


def test_an_article_of_two_addresses_goes_with_both(archived: Archived) -> None:
    run = begin(archived.db)
    put(archived.db, run, PAGE, "one")
    put(archived.db, run, "https://example.ge/one/amp2", "one", final=PAGE)
    end_run(archived.db, run.id, "completed", {})
    assert len(list(articles.iter_articles(archived.db, copies=True))) == 1
    assert take_down(archived.db, removal_of_address(archived.db, PAGE), "x", archived.places).pages == 2
    assert {reason for (reason,) in pages(archived.db, "reason")} == {"removed"}
    assert archived.sound()
