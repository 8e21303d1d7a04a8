"""Saved searches find each story once, lose none, and go on where they were."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from storage import watches
from storage.articles import Selection, Which, stories
from storage.database import Database, open_database
from storage.frontier import Extracted
from storage.watches import Watch, WatchError
from tests.storage.building import article, begin, end_page, lease_page, put, words

NOW = datetime.now(UTC)
HOOK = "json://hooks.example/1"


def saved(db: Database, selection: Selection | None = None, *to: str, name: str = "ferries") -> Watch:
    selection = selection or Selection(query="number7", which=Which.ALL)
    now = datetime.now(UTC)
    watches.add_watch(db, Watch(name, selection, to or (HOOK,), False, now, 0, now, None))
    return watches.get_watch(db, name)


def look(db: Database, name: str = "ferries") -> int:
    return watches.look(db, watches.get_watch(db, name), datetime.now(UTC))


def found(db: Database, name: str = "ferries") -> list[int]:
    return [one.story_id for one in watches.waiting(db, name)]


def test_filters_come_back_as_they_were_saved(database: Database) -> None:
    wanted = Selection(
        outlets=("a", "b"), languages=("az",), first=date(2026, 1, 2), last=date(2026, 3, 4), author="X", credit="Y",
        section="Z", which=Which.ALL, changed_since=NOW, respect=("ai",), query="w -v",
    )  # fmt: skip
    assert saved(database, wanted).selection == wanted
    assert saved(database, Selection(which=Which.ALL), name="all").selection == Selection(which=Which.ALL)


def test_only_what_comes_later_is_found_and_each_story_once(database: Database) -> None:
    run = begin(database)
    put(database, run, "https://example.ge/old", 7)
    saved(database)
    assert look(database) == 0
    put(database, run, "https://example.ge/new", "other", text=f"{words(1)} number7")
    put(database, run, "https://example.ge/no", 8)
    assert look(database) == 1
    assert look(database) == 0
    [one] = stories(database, found(database)).values()
    assert one.article.url == "https://example.ge/new"


def test_an_article_that_an_edit_makes_a_match_is_found(database: Database) -> None:
    run = begin(database)
    put(database, run, "https://example.ge/1", 1)
    saved(database)
    put(database, run, "https://example.ge/1", 1, text=f"{words(1)} number7")
    assert look(database) == 1


def test_copies_are_one_story_that_names_their_outlets(database: Database) -> None:
    saved(database)
    for n, outlet in enumerate(("first", "second", "third")):
        put(database, begin(database, outlet), f"https://{outlet}.ge/1", 7, hours=n)
    assert look(database) == 1
    [one] = stories(database, found(database)).values()
    assert (one.article.outlet, one.copies, one.copied_by) == ("first", 2, ("Second", "Third"))
    put(database, begin(database, "fourth"), "https://fourth.ge/1", 7, hours=9)
    assert look(database) == 0, "a later copy is no new story"


def test_a_story_whose_original_arrives_later_is_told_once(database: Database) -> None:
    saved(database)
    put(database, begin(database, "late"), "https://late.ge/1", 7, hours=5)
    assert look(database) == 1
    put(database, begin(database, "early"), "https://early.ge/1", 7, hours=0)
    assert look(database) == 0
    [one] = stories(database, found(database)).values()
    assert one.article.outlet == "early", "it is told by its original of today"


def test_a_writer_that_commits_during_a_look_is_waited_for(database: Database, database_url: str) -> None:
    """Its id is below those that a look would otherwise have passed."""
    run = begin(database)
    saved(database)
    page = lease_page(database, run, "https://example.ge/slow")
    second = open_database(database_url)
    written, may_commit = threading.Event(), threading.Event()

    def slowly() -> None:
        real = second._write_once

        def held(work, alone):  # type: ignore[no-untyped-def]
            def and_wait(c):  # type: ignore[no-untyped-def]
                done = work(c)
                written.set()
                may_commit.wait(30)
                return done

            return real(and_wait, alone)

        second._write_once = held  # type: ignore[method-assign]
        end_page(second, run, page, Extracted(article("https://example.ge/slow", 7)))

    writer = threading.Thread(target=slowly)
    writer.start()
    assert written.wait(30)
    threading.Timer(0.3, may_commit.set).start()
    assert look(database) == 1, "the look began while the article was not committed"
    writer.join()
    second.close()


def test_a_destination_that_has_a_story_does_not_get_it_again(database: Database) -> None:
    watch = saved(database, None, HOOK, "json://hooks.example/2")
    put(database, begin(database), "https://example.ge/1", 7)
    look(database)
    [story] = found(database)
    watches.note_sent(database, watch, [story], HOOK, NOW)
    [one] = watches.waiting(database, "ferries")
    assert one.sent_to == (watches.destination_key(HOOK),)
    watches.note_sent(database, watch, [story], "json://hooks.example/2", NOW)
    assert found(database) == []


def test_two_processes_do_not_send_at_once_and_a_dead_one_is_replaced(database: Database) -> None:
    saved(database)
    assert watches.begin_telling(database, "ferries", NOW)
    assert not watches.begin_telling(database, "ferries", NOW + timedelta(minutes=1))
    assert watches.begin_telling(database, "ferries", NOW + timedelta(minutes=11))
    watches.end_telling(database, "ferries", None)
    assert watches.begin_telling(database, "ferries", NOW)


def test_names_are_taken_once_and_can_be_freed(database: Database) -> None:
    saved(database)
    put(database, begin(database), "https://example.ge/1", 7)
    look(database)
    with pytest.raises(WatchError, match="there is a saved search 'ferries'"):
        saved(database)
    watches.remove_watch(database, "ferries")
    assert watches.all_watches(database) == []
    with pytest.raises(WatchError, match="there is no saved search 'ferries'; `pressrun watch list` lists them"):
        watches.remove_watch(database, "ferries")
