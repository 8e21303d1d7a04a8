"""Near copies in the store: found as they arrive, in any order, and undone when they are none."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from storage import articles
from storage.database import Database
from storage.dedup import assign
from storage.jobs import check_store
from storage.schema.tables import Article, Passage, fingerprints
from tests.storage.building import all_articles, begin, put
from tests.storage.stories import FERRY, MUSEUM, cut, edited, long_story, report

HERALD, XEBER, DIGEST = ("https://herald.example/n/", "https://xeber.example/n/", "https://digest.example/n/")


def originals(db: Database) -> dict[str, str | None]:
    """The address of each article's original, by the article's own; None for originals."""
    rows = all_articles(db)
    address = {row.id: row.url for row in rows}
    return {row.url: address[row.duplicate_of] if row.duplicate_of else None for row in rows}


def test_a_near_copy_points_at_its_original_with_the_evidence(database: Database) -> None:
    first = put(database, begin(database, "herald"), HERALD + "1", "a", text=FERRY)
    copy = put(database, begin(database, "xeber"), XEBER + "1", "b", text=edited(FERRY, 0.1), hours=5, credit="Herald")
    assert (copy.state, copy.reason, copy.duplicate_of) == ("duplicate", "republished", first.article_id)
    row = articles.copies_of(database, first.article_id or 0)[0]
    assert (row.relation, row.rule, row.rule_version, row.by_hand) == ("republished", "same_wording", 2, False)
    assert row.similarity is not None
    assert row.containment is not None
    assert 0.4 < row.similarity < row.containment <= 1
    assert check_store(database) == []


def test_excerpts_and_extended_copies_are_told_apart(database: Database) -> None:
    put(database, begin(database, "herald"), HERALD + "1", "a", text=FERRY)
    short = put(database, begin(database, "xeber"), XEBER + "1", "b", text=cut(FERRY, 0.4), hours=1)
    long = put(database, begin(database, "digest"), DIGEST + "1", "c", text=f"{FERRY}\n\n{long_story(1, 3)}", hours=2)
    assert (short.reason, long.reason) == ("excerpt", "extended")


def test_an_original_that_arrives_last_gets_the_copies_of_all_kinds(database: Database) -> None:
    xeber, digest = begin(database, "xeber"), begin(database, "digest")
    put(database, xeber, XEBER + "1", "a", text=cut(FERRY, 0.35), hours=5)
    put(database, digest, DIGEST + "1", "b", text="\n\n".join(FERRY.split("\n\n")[1:]), hours=6)
    put(database, begin(database, "herald"), HERALD + "1", "c", text=FERRY, hours=0)
    assert originals(database) == {XEBER + "1": HERALD + "1", DIGEST + "1": HERALD + "1", HERALD + "1": None}
    assert {row.url: row.relation for row in all_articles(database)}[XEBER + "1"] == "excerpt"
    assert check_store(database) == []


def test_a_copy_of_a_copy_points_at_the_original(database: Database) -> None:
    put(database, begin(database, "herald"), HERALD + "1", "a", text=FERRY)
    put(database, begin(database, "xeber"), XEBER + "1", "b", text=cut(FERRY, 0.75), hours=1)
    last = put(database, begin(database, "digest"), DIGEST + "1", "c", text=edited(cut(FERRY, 0.6), 0.1), hours=2)
    assert last.state == "duplicate"
    assert originals(database)[DIGEST + "1"] == HERALD + "1"
    assert check_store(database) == []


def test_a_digest_belongs_to_none_of_its_stories(database: Database) -> None:
    herald = begin(database, "herald")
    put(database, herald, HERALD + "1", "a", text=FERRY)
    put(database, herald, HERALD + "2", "b", text=long_story(2))
    both = put(database, begin(database, "digest"), DIGEST + "1", "c", text=f"{FERRY}\n\n{long_story(2)}", hours=3)
    assert both.state == "stored"


def test_a_series_stays_a_series(database: Database) -> None:
    herald, xeber = begin(database, "herald"), begin(database, "xeber")
    for day in range(1, 6):
        assert put(database, herald, f"{HERALD}{day}", day, text=report(day), hours=24 * day).state == "stored"
    copy = put(database, xeber, XEBER + "4", "x", text=edited(report(4), 0.05), hours=24 * 4 + 1)
    assert copy.state == "duplicate"
    assert originals(database)[XEBER + "4"] == HERALD + "4"


def test_what_two_issues_of_a_series_have_in_common_brings_them_not_together(database: Database) -> None:
    first = long_story(7, 4)
    other = first
    for n, word in enumerate(sorted({word for word in first.split() if word.startswith("number")})):
        other = other.replace(word, f"number{n}00{n}.")
    put(database, begin(database, "herald"), HERALD + "1", "a", text=first)
    put(database, begin(database, "xeber"), XEBER + "1", "b", text=other, hours=30)
    assert originals(database) == {HERALD + "1": None, XEBER + "1": None}
    bare = "\n\n".join(" ".join(w for w in line.split() if not w.startswith("number")) for line in first.split("\n\n"))
    put(database, begin(database, "digest"), DIGEST + "1", "c", text=bare, hours=40)
    assert [originals(database)[url] for url in (HERALD + "1", XEBER + "1")] == [None, None]


def test_what_recurs_on_an_outlet_is_learned_and_left_out(database: Database) -> None:
    tail = (
        "The Herald has covered the coast since 1904. Subscribe to our morning letter, follow us on every network, and "
        "write to the desk with tips, photographs and complaints. All times in this edition are given in local time, "
        "and prices include tax unless we say otherwise. The opinions of columnists are their own and nobody else's."
    )
    herald = begin(database, "herald")
    for n in range(4):
        put(database, herald, f"{HERALD}{n}", n, text=f"{long_story(n, 3)}\n\n{tail}", hours=n)
    with database.read() as c:
        assert c.execute(select(func.max(Passage.seen))).scalar_one() == 4
    brief = "The harbour office closed its doors on Friday after a pipe burst in the cellar, and nobody was hurt there."
    for n in (8, 9):
        text = f"{brief} {long_story(n, 1)}\n\n{tail}"
        assert put(database, herald, f"{HERALD}{n}", n, text=text, hours=n).state == "stored"


def test_a_copy_that_is_revised_into_other_news_stands_for_itself(database: Database) -> None:
    put(database, begin(database, "herald"), HERALD + "1", "a", text=FERRY)
    xeber = begin(database, "xeber")
    put(database, xeber, XEBER + "1", "b", text=edited(FERRY, 0.1), hours=1)
    again = put(database, xeber, XEBER + "1", "b", text=MUSEUM, hours=1)
    assert (again.state, again.duplicate_of) == ("stored", None)
    assert check_store(database) == []


def test_a_copy_of_what_its_original_said_before_an_edit_is_found(database: Database) -> None:
    herald = begin(database, "herald")
    first = put(database, herald, HERALD + "1", "a", text=FERRY)
    put(database, herald, HERALD + "1", "a", text=MUSEUM)
    late = put(database, begin(database, "xeber"), XEBER + "1", "b", text=edited(FERRY, 0.05), hours=9)
    assert (late.state, late.duplicate_of) == ("duplicate", first.article_id)


def test_an_equal_text_needs_no_fingerprints_of_its_own(database: Database) -> None:
    put(database, begin(database, "herald"), HERALD + "1", "a", text=FERRY)
    put(database, begin(database, "xeber"), XEBER + "1", "a", text=FERRY, hours=1)
    with database.read() as c:
        assert c.execute(select(func.count()).select_from(fingerprints)).scalar_one() == 16
        assert set(c.execute(select(Article.fingerprint_version)).scalars()) == {1}
    assert check_store(database) == []


def test_a_failed_transaction_leaves_neither_article_nor_fingerprints(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, begin(database, "herald"), HERALD + "1", "a", text=FERRY)
    xeber = begin(database, "xeber")
    monkeypatch.setattr(assign, "save_evidence", _fails)
    with pytest.raises(RuntimeError, match="power"):
        put(database, xeber, XEBER + "1", "b", text=edited(FERRY, 0.1))
    with database.read() as c:
        assert c.execute(select(func.count()).select_from(fingerprints)).scalar_one() == 16
        assert c.execute(select(func.count()).select_from(Article)).scalar_one() == 1


def _fails(*_: object) -> None:
    raise RuntimeError("power cut")
