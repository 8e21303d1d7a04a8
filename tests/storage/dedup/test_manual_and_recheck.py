"""Decisions of people, and the archive through today's rules."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete, update

from storage import search
from storage.database import Database
from storage.dedup import JoinResult, join, recheck_archive, split
from storage.errors import DecisionError
from storage.frontier import end_run
from storage.jobs import check_store
from storage.schema.tables import Article, Copy, Page, Passage, fingerprints
from tests.storage.building import all_articles, begin, put
from tests.storage.stories import FERRY, MUSEUM, edited, long_story

HERALD, XEBER, DIGEST = ("https://herald.example/n/", "https://xeber.example/n/", "https://digest.example/n/")


def pointers(db: Database) -> dict[int, int | None]:
    return {row.id: row.duplicate_of for row in all_articles(db)}


@pytest.fixture(name="pair")
def a_pair(database: Database) -> tuple[int, int]:
    """An original and its near copy."""
    herald, xeber = begin(database, "herald"), begin(database, "xeber")
    first = put(database, herald, HERALD + "1", "a", text=FERRY)
    copy = put(database, xeber, XEBER + "1", "b", text=edited(FERRY, 0.1), hours=1)
    for run in (herald, xeber):
        end_run(database, run.id, "completed", {}, None)
    assert copy.duplicate_of == first.article_id
    return first.article_id or 0, copy.article_id or 0


def test_a_copy_that_a_hand_has_split_never_comes_back(database: Database, pair: tuple[int, int]) -> None:
    first, copy = pair
    assert split(database, copy) == first
    assert pointers(database) == {first: None, copy: None}
    assert check_store(database) == []
    revised = put(database, begin(database, "xeber"), XEBER + "1", "b", text=FERRY, hours=1)
    assert revised.duplicate_of is None
    assert recheck_archive(database, apply=True).changes == []
    assert pointers(database) == {first: None, copy: None}
    assert check_store(database) == []


def test_nor_does_it_through_a_third_article_that_both_are_like(database: Database, pair: tuple[int, int]) -> None:
    first, copy = pair
    split(database, copy)
    third = put(database, begin(database, "digest"), DIGEST + "1", "c", text=edited(FERRY, 0.05), hours=2)
    assert third.state == "duplicate"
    assert pointers(database)[copy] is None
    assert pointers(database)[first] is None


def test_articles_that_a_hand_has_joined_stay_together_whatever_they_come_to_say(database: Database) -> None:
    herald, xeber = begin(database, "herald"), begin(database, "xeber")
    first = put(database, herald, HERALD + "1", "a", text=FERRY).article_id or 0
    other = put(database, xeber, XEBER + "1", "b", text=MUSEUM, hours=2).article_id or 0
    assert join(database, other, first) == JoinResult(other, first, 0)
    assert check_store(database) == []
    again = put(database, xeber, XEBER + "1", "b", text=long_story(4), hours=2)
    assert (again.state, again.duplicate_of) == ("duplicate", first)
    assert recheck_archive(database, apply=True).changes == []
    assert pointers(database) == {first: None, other: first}


def test_a_join_takes_the_copies_along_to_the_earlier_article(database: Database, pair: tuple[int, int]) -> None:
    first, copy = pair
    earlier = put(database, begin(database, "digest"), DIGEST + "1", "c", text=MUSEUM, hours=-5).article_id or 0
    assert join(database, copy, earlier) == JoinResult(first, earlier, 1)
    assert pointers(database) == {first: earlier, copy: earlier, earlier: None}
    assert check_store(database) == []


def test_a_later_decision_replaces_an_earlier_one(database: Database, pair: tuple[int, int]) -> None:
    first, copy = pair
    split(database, copy)
    join(database, copy, first)
    assert pointers(database) == {first: None, copy: first}
    split(database, copy)
    assert pointers(database) == {first: None, copy: None}
    assert check_store(database) == []


def test_decisions_that_cannot_be_taken_say_why(database: Database, pair: tuple[int, int]) -> None:
    first, copy = pair
    with pytest.raises(DecisionError, match=rf"article {first} is no copy.*lists its copies"):
        split(database, first)
    with pytest.raises(DecisionError, match="there is no article 999"):
        split(database, 999)
    with pytest.raises(DecisionError, match="name two articles"):
        join(database, first, first)
    with pytest.raises(DecisionError, match="one piece of news already"):
        join(database, first, copy)
    third = (
        put(database, begin(database, "digest"), DIGEST + "1", "c", text=edited(FERRY, 0.05), hours=2).article_id or 0
    )
    split(database, copy)
    with pytest.raises(DecisionError, match="a person has split"):
        join(database, copy, third)
    assert pointers(database) == {first: None, copy: None, third: first}


def undo_copies(db: Database) -> None:
    """As an archive was that knew no near copies."""

    def work(c):  # type: ignore[no-untyped-def]
        c.execute(delete(Copy))
        c.execute(delete(fingerprints))
        c.execute(delete(Passage))
        c.execute(update(Article).values(duplicate_of=None, relation=None, similarity=None, fingerprint_version=None))
        c.execute(update(Page).where(Page.state == "duplicate").values(state="stored", reason=None))

    db.write(work)


def test_an_archive_from_before_there_were_fingerprints_is_brought_up_to_date(
    database: Database, pair: tuple[int, int]
) -> None:
    first, copy = pair
    undo_copies(database)
    assert [line for line in check_store(database) if "cannot be found by their copies" in line] != []
    seen = recheck_archive(database, apply=False)
    assert seen.indexed == 2
    assert (1, copy) in {(len(seen.changes), change.article_id) for change in seen.changes}
    assert pointers(database) == {first: None, copy: None}
    done = recheck_archive(database, apply=True)
    assert [(change.was, change.becomes) for change in done.changes] == [(None, (first, "republished"))]
    assert pointers(database) == {first: None, copy: first}
    assert recheck_archive(database, apply=True).changes == []
    assert check_store(database) == []


def test_a_copy_that_todays_rules_no_longer_see_is_set_free(database: Database, pair: tuple[int, int]) -> None:
    first, copy = pair

    # As if rules of another day had put them together.
    def rewrite(c: Connection) -> None:
        with search.rewritten(c, [copy]):
            c.execute(update(Article).where(Article.id == copy).values(text=MUSEUM, text_hash=b"m" * 16))

    database.write(rewrite)
    assert [change.becomes for change in recheck_archive(database, apply=False).changes] == [None]
    assert pointers(database)[copy] == first
    recheck_archive(database, apply=True)
    assert pointers(database)[copy] is None
    assert check_store(database) == []
