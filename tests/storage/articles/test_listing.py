"""Lists by publication, trends, days and word diffs, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage import articles
from storage.articles import CursorError, Selection, Which, list_articles, word_diff, word_trend
from storage.database import Database
from storage.jobs import check_store, import_rows
from tests.storage.building import START, begin, put, words
from tests.storage.stories import FERRY


def pages(db: Database, wanted: Selection, limit: int) -> list[str]:
    """The titles of all pages in order."""
    found: list[str] = []
    cursor = None
    while True:
        page = list_articles(db, wanted, limit=limit, cursor=cursor)
        assert len(page.articles) <= limit
        found += [each.title for each in page.articles]
        cursor = page.cursor
        if cursor is None:
            return found


def test_articles_come_newest_first_page_by_page_and_undated_ones_last(database: Database) -> None:
    one, other = begin(database, "one"), begin(database, "other")
    for n, (run, hours, language) in enumerate(
        [(one, 3.0, "az"), (other, 1.0, "en"), (one, 1.0, "en"), (other, None, "en"), (one, None, "en"), (one, 5.0, "en")]
    ):  # fmt: skip
        put(database, run, f"https://{run.outlet_id}.com/{n}", n, hours=hours, language=language)
    order = ["About 5", "About 0", "About 2", "About 1", "About 4", "About 3"]
    for limit in (1, 2, 5, 6, 100):
        assert pages(database, Selection(), limit) == order
        assert pages(database, Selection(outlets=("one", "other")), limit) == order
        assert pages(database, Selection(outlets=("one",)), limit) == ["About 5", "About 0", "About 2", "About 4"]
        assert pages(database, Selection(languages=("az",)), limit) == ["About 0"]
        # The index counts those without a date from their first fetch, which is now.
        assert pages(database, Selection(languages=("en",)), limit)[2:] == ["About 5", "About 2", "About 1"]
    assert pages(database, Selection(query="about"), 2)[2:] == ["About 5", "About 0", "About 2", "About 1"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "~", "1.2.3", "2025-01-01T00:00:00~4", "2025-01-01T00:00:00+00:00~" + "9" * 30,
        "0001-01-01T00:00:00+14:00~1", "9999-12-31T23:59:59-14:00~1", f"{-(2**63) + 1}.1", f"{2**63 - 1}.1", "253402300800.1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("languages", [(), ("en",)])
def test_a_cursor_that_is_none_is_refused(database: Database, cursor: str, languages: tuple[str, ...]) -> None:
    put(database, begin(database), "https://one.com/1", 1, language="en")
    with pytest.raises(CursorError, match="leave it out"):
        list_articles(database, Selection(languages=languages), cursor=cursor)


def test_a_language_is_found_however_an_import_writes_it(database: Database) -> None:
    tags = ["en-GB", "EN", "en_US", " en ", "en", "az", "English", "-", None]
    rows = [{"url": f"https://one.com/{n}", "text": words(n), "language": tag} for n, tag in enumerate(tags)]
    assert import_rows(database, enumerate(rows, 1)).states == {"stored": len(tags)}
    english = Selection(languages=("en",))
    assert len(articles.newest_articles(database, english, 20)) == articles.count_articles(database, english) == 5
    assert len(list(articles.iter_articles(database, english))) == len(list_articles(database, english).articles) == 5
    stored = [article.language for article in articles.iter_articles(database)]
    assert stored == ["en", "en", "en", "en", "en", "az", "english", None, None]
    assert check_store(database) == []


def test_cursors_at_both_ends_of_the_calendar_are_places(database: Database) -> None:
    put(database, begin(database), "https://one.com/1", 1, language="en")
    for cursor, count in (("0001-01-01T00:00:00+00:00~1", 0), ("9999-12-31T23:59:59+00:00~1", 1)):
        assert len(list_articles(database, Selection(), cursor=cursor).articles) == count
    for cursor, count in (("-62135596800.1", 0), ("253402300799.1", 1)):
        assert len(list_articles(database, Selection(languages=("en",)), cursor=cursor).articles) == count


def test_the_most_doubtful_come_first_and_those_without_a_score_not_at_all(database: Database) -> None:
    one, other = begin(database, "one"), begin(database, "other")
    for n, (run, quality) in enumerate([(one, 0.9), (other, 0.3), (one, None), (one, 0.5), (other, 1.0)]):
        put(database, run, f"https://{run.outlet_id}.com/{n}", n, quality=quality, language="az" if n == 3 else "en")

    def titles(limit: int = 10, **wanted: object) -> list[str]:
        return [each.title for each in articles.doubtful_articles(database, Selection(**wanted), limit)]  # type: ignore[arg-type]

    assert titles() == ["About 1", "About 3", "About 0", "About 4"]
    assert titles(2) == ["About 1", "About 3"]
    assert titles(outlets=("one",)) == ["About 3", "About 0"]
    assert titles(languages=("az",)) == ["About 3"]


def test_a_trend_is_a_share_of_each_outlets_own_articles(database: Database) -> None:
    large, small = begin(database, "large"), begin(database, "small")
    for n in range(6):
        text = "The referendum is on Sunday." if n < 3 else "Nothing happened."
        put(database, large, f"https://large.com/{n}", f"l{n}", hours=24 * n, text=f"{text} It was day {n}.")
    put(database, small, "https://small.com/1", "s1", hours=1, text="A referendum again.")
    put(database, small, "https://small.com/2", "s2", hours=None, text="A referendum without a date.")
    first = START.date()
    wanted = Selection(query="referendum", outlets=("large", "small"), which=Which.ALL)
    by_large, by_small = word_trend(database, wanted, first, first + timedelta(days=6), 3)
    assert [(point.matches, point.articles) for point in by_large.points] == [(3, 3), (0, 3), (0, 0)]
    assert [point.share for point in by_large.points] == [1.0, 0.0, None]
    assert [(point.matches, point.articles) for point in by_small.points] == [(1, 1), (0, 0), (0, 0)]
    assert articles.largest_outlets(database, first, first + timedelta(days=6), 5) == ["large", "small"]
    assert articles.largest_outlets(database, date(2020, 1, 1), date(2020, 1, 2), 5) == []


def test_a_day_has_its_outlets_and_the_story_with_most_copies(database: Database) -> None:
    runs = {name: begin(database, name) for name in ("herald", "wire", "post")}
    for n, (name, run) in enumerate(runs.items()):
        put(database, run, f"https://{name}.com/1", name, text=FERRY, hours=n)
    put(database, runs["wire"], "https://wire.com/2", "alone", hours=2)
    day = START.date()
    counted = {each.outlet: (each.originals, each.copies) for each in articles.day_by_outlet(database, day, {})}
    assert counted == {"herald": (1, 0), "wire": (1, 1), "post": (0, 1)}
    early = {"post": ZoneInfo("Pacific/Kiritimati")}  # where it is the next day already
    assert {each.outlet for each in articles.day_by_outlet(database, day, early)} == {"herald", "wire"}
    assert [each.outlet for each in articles.day_by_outlet(database, day + timedelta(days=1), early)] == ["post"]
    (story,) = articles.biggest_stories(database, day, day, 5)
    assert (story.article.outlet, story.copies, story.copied_by) == ("herald", 2, ("Post", "Wire"))
    assert articles.newest_day(database, datetime(2026, 1, 1, tzinfo=UTC)) == day
    assert articles.newest_day(database, datetime(2020, 1, 1, tzinfo=UTC)) is None


def test_a_word_diff_gives_the_new_text_with_what_was_removed_in_place() -> None:
    old = "Two boats came.\n\nThey left at noon, he said."
    new = "Three boats came.\n\nThey left, he said again."
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert [(piece.kind, piece.text.strip()) for piece in pieces if piece.kind != "same"] == [
        ("removed", "Two"), ("added", "Three"), ("removed", "at noon,"), ("added", "again."),
    ]  # fmt: skip
    assert {piece.kind for piece in word_diff("“Yes” – he said", '"Yes" he said')} == {"same"}
    assert word_diff("", "") == []
    long = " ".join(f"word{n}" for n in range(20_000))
    assert [piece.kind for piece in word_diff(long, long[::-1])] == ["removed", "added"]
