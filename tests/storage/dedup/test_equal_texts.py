"""Equal texts: one original, however and in whatever order they arrive, and evidence that can be undone."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select, update

from storage import articles, frontier
from storage.database import Database
from storage.frontier import Extracted, FinishedPage
from storage.jobs import check_store, import_rows
from storage.model import Link, Precision
from storage.schema.tables import Copy, Page
from tests.storage.building import all_articles, article, begin, published, put, words

HERALD, XEBER, DIGEST = ("https://herald.example/n/", "https://xeber.example/n/", "https://digest.example/n/")


def originals(db: Database) -> dict[str, str | None]:
    """The address of each article's original, by the article's own; None for originals."""
    rows = all_articles(db)
    address = {row.id: row.url for row in rows}
    return {row.url: address[row.duplicate_of] if row.duplicate_of else None for row in rows}


def states(db: Database) -> dict[str, str]:
    with db.read() as c:
        return {row.url: row.state for row in c.execute(select(Page.url, Page.state))}


def test_the_same_text_elsewhere_is_a_copy_of_the_earlier_one(database: Database) -> None:
    first = put(database, begin(database, "herald"), HERALD + "1", "a", hours=0)
    second = put(database, begin(database, "xeber"), XEBER + "1", "a", hours=2, title="Another headline")
    assert (first.state, second.state, second.reason, second.duplicate_of) == (
        "stored",
        "duplicate",
        "same_text",
        first.article_id,
    )
    copy = articles.copies_of(database, first.article_id or 0)[0]
    assert (copy.relation, copy.similarity) == ("same_text", 1.0)
    assert check_store(database) == []


def test_an_original_that_arrives_after_its_copies_gets_them_pointed_at_it(database: Database) -> None:
    xeber, digest = begin(database, "xeber"), begin(database, "digest")
    put(database, xeber, XEBER + "1", "a", hours=5)
    put(database, digest, DIGEST + "1", "a", hours=6)
    assert put(database, begin(database, "herald"), HERALD + "1", "a", hours=0).state == "stored"
    assert originals(database) == {XEBER + "1": HERALD + "1", DIGEST + "1": HERALD + "1", HERALD + "1": None}
    assert states(database) == {XEBER + "1": "duplicate", DIGEST + "1": "duplicate", HERALD + "1": "stored"}
    assert check_store(database) == []


def test_the_outlet_that_a_copy_credits_is_the_original_even_if_it_seems_later(database: Database) -> None:
    put(database, begin(database, "today_az", "Today.Az"), XEBER + "1", "a", hours=0, credit="Azernews")
    put(database, begin(database, "azernews", "AzerNews"), HERALD + "1", "a", hours=1)
    assert originals(database) == {XEBER + "1": HERALD + "1", HERALD + "1": None}


def test_a_day_without_an_hour_is_not_taken_for_midnight(database: Database) -> None:
    put(database, begin(database, "herald"), HERALD + "1", "a", hours=3)
    day = published(-9.5, Precision.DAY)  # the same day, of which the hour is not known
    assert put(database, begin(database, "xeber"), XEBER + "1", "a", when=day).state == "duplicate"


def test_short_texts_are_equal_too_often_to_be_copies(database: Database) -> None:
    put(database, begin(database, "herald"), HERALD + "1", "a", text=words("a", 39))
    assert put(database, begin(database, "xeber"), XEBER + "1", "b", text=words("a", 39)).state == "stored"
    put(database, begin(database, "digest"), DIGEST + "1", "a", text=words("b", 40))
    assert originals(database) == dict.fromkeys([HERALD + "1", XEBER + "1", DIGEST + "1"])


def test_characters_count_as_words_where_scripts_put_no_spaces(database: Database) -> None:
    text = "议会星期三投票通过新渡轮预算并否决大桥方案市长说冬季之前必须完成码头的修缮工作居民表示欢迎" * 2
    put(database, begin(database, "herald"), HERALD + "1", "a", text=text)
    assert put(database, begin(database, "xeber"), XEBER + "1", "b", text=text, hours=1).state == "duplicate"


def test_typography_does_not_hide_a_copy(database: Database) -> None:
    text = words("a") + " don't"
    put(database, begin(database, "herald"), HERALD + "1", "a", text=text)
    other = text.replace("don't", "DON’T").replace(" ", "\u00a0 ", 5) + " …"
    assert put(database, begin(database, "xeber"), XEBER + "1", "b", text=other, hours=1).state == "duplicate"


def test_three_copies_in_one_batch_end_with_one_original(database: Database) -> None:
    run = begin(database)
    urls = [f"{HERALD}{n}" for n in range(3)]
    frontier.discover(database, run, None, [Link(url) for url in urls])
    now = datetime.now(UTC)
    leases = {one.url: one.page_id for one in frontier.lease(database, run, 9, now=now)}
    ends = [
        FinishedPage(leases[url], Extracted(article(url, "a", hours=3 - n)), now, 200, url, (url,))
        for n, url in enumerate(urls)
    ]
    ended = frontier.finish(database, run, ends, now)
    assert [one.state for one in ended] == ["duplicate", "duplicate", "stored"]
    assert {one.duplicate_of for one in ended[:2]} == {ended[2].article_id}
    assert check_store(database) == []


def test_a_copy_whose_text_changes_stands_for_itself(database: Database) -> None:
    put(database, begin(database, "herald"), HERALD + "1", "a")
    xeber = begin(database, "xeber")
    put(database, xeber, XEBER + "1", "a", hours=1)
    again = put(database, xeber, XEBER + "1", "a", hours=1, text=words("quite another"))
    assert (again.state, again.duplicate_of) == ("stored", None)
    assert originals(database)[XEBER + "1"] is None
    assert check_store(database) == []


def test_an_original_that_comes_to_hold_another_ones_text_takes_its_copies_along(database: Database) -> None:
    herald, xeber, digest = (begin(database, name) for name in ("herald", "xeber", "digest"))
    put(database, herald, HERALD + "1", "a", hours=0)
    put(database, xeber, XEBER + "1", "b", hours=1)
    put(database, digest, DIGEST + "1", "b", hours=2)
    put(database, xeber, XEBER + "1", "b", hours=1, text=words("a"))
    assert originals(database) == {HERALD + "1": None, XEBER + "1": HERALD + "1", DIGEST + "1": HERALD + "1"}
    assert check_store(database) == []


def test_a_copy_of_what_its_original_held_before_an_edit_is_still_its_copy(database: Database) -> None:
    herald = begin(database, "herald")
    first = put(database, herald, HERALD + "1", "a")
    put(database, herald, HERALD + "1", "a", text=words("corrected"))
    late = put(database, begin(database, "xeber"), XEBER + "1", "a", hours=1)
    assert (late.state, late.duplicate_of) == ("duplicate", first.article_id)
    assert check_store(database) == []


def test_so_is_one_that_arrives_in_the_same_batch_as_the_edit(database: Database) -> None:
    put(database, begin(database, "herald"), HERALD + "1", "a")
    row = {"title": "About a", "text": words("a"), "published_at": "2025-03-05", "outlet": "xeber", "url": XEBER + "1"}
    edit = row | {"text": words("corrected"), "outlet": "herald", "url": HERALD + "1"}
    import_rows(database, enumerate([edit, row], 1))
    assert originals(database) == {HERALD + "1": None, XEBER + "1": HERALD + "1"}
    assert check_store(database) == []


def test_a_second_look_at_a_copy_leaves_it_one(database: Database) -> None:
    first = put(database, begin(database, "herald"), HERALD + "1", "a")
    xeber = begin(database, "xeber")
    put(database, xeber, XEBER + "1", "a", hours=1)
    again = put(database, xeber, XEBER + "1", "a", hours=1)
    assert (again.state, again.duplicate_of) == ("duplicate", first.article_id)


def test_what_a_hand_decided_is_not_decided_again(database: Database) -> None:
    herald, xeber = begin(database, "herald"), begin(database, "xeber")
    first = put(database, herald, HERALD + "1", "a")
    copy = put(database, xeber, XEBER + "1", "a", hours=1)
    database.write(
        lambda c: c.execute(update(Copy).where(Copy.article_id == copy.article_id).values(by_hand=True)) and None
    )
    again = put(database, xeber, XEBER + "1", "a", hours=1, text=words("quite another"))
    assert (again.state, again.duplicate_of) == ("duplicate", first.article_id)
    assert check_store(database) == []


def test_the_evidence_says_which_rule_of_which_version_found_a_copy(database: Database) -> None:
    put(database, begin(database, "herald"), HERALD + "1", "a")
    copy = put(database, begin(database, "xeber"), XEBER + "1", "a", hours=1)
    with database.read() as c:
        found = c.execute(select(Copy.article_id, Copy.relation, Copy.rule, Copy.rule_version, Copy.by_hand)).one()
    assert tuple(found) == (copy.article_id, "same_text", "exact_text", 2, False)
