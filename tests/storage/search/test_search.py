"""Searching a small archive, alike on both databases."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import articles
from storage.articles import CursorError, QueryError, SearchPage, Selection, Which, search_articles
from storage.database import Database
from storage.model import DateSource, Precision, Published
from tests.storage.building import START, begin, put, words

URL = "https://gazette.example/1"
NOW = START.timestamp() + 30 * 86_400


def filler(day: int) -> str:
    """Words that no other article has, so that none is a copy; and one that all have."""
    return " ".join([f"filler{day}x{n}" for n in range(50)] + ["everywhere"])


def at(day: int, hour: int = 12, offset: int = 4) -> Published:
    when = datetime(2025, 3, day, hour, tzinfo=timezone(timedelta(hours=offset)))
    return Published(when, Precision.MINUTE, DateSource.META, "")


def put_all(db: Database) -> dict[str, int]:
    """Six articles of two outlets in three languages; their ids by name."""
    gazette, xeber = begin(db, "gazette", "The Gazette"), begin(db, "xeber", "Xəbər")
    told: dict[str, dict[str, Any]] = {
        "council": {"title": "Council meets in Baku", "text": f"The minister spoke of the state budget. {filler(1)}"},
        "budget": {"title": "State budget", "text": f"The budget of the state is large: budget, budget. {filler(2)}"},
        "bakı": {
            "title": "Bakıda iclas",
            "text": f"Prezident İlham Əliyev nazirliyin iclasında. {filler(3)}",
            "language": "az",
        },
        "алиев": {
            "title": "Алиев выступил",
            "text": f"Президент Алиев и министры в Баку. {filler(4)}",
            "language": "ru",
        },
        "aliyev": {"title": "President speaks", "text": f"President Aliyev opened a harbour. {filler(5)}"},
        "undated": {"title": "Harbour closed", "text": f"The harbour is closed. {filler(6)}", "hours": None},
    }
    ids = {}
    for day, (name, fields) in enumerate(told.items(), 1):
        run = xeber if name in ("bakı", "алиев") else gazette
        url = f"https://{run.outlet_id}.example/{day}"
        when = {} if "hours" in fields else {"when": at(day)}
        put(db, run, url, name, **{"language": "en"} | when | fields)
        ids[name] = next(article.id for article in articles.iter_articles(db, copies=True) if article.url == url)
    return ids


@pytest.fixture(name="ids")
def some_articles(database: Database) -> dict[str, int]:
    return put_all(database)


def found(db: Database, ids: dict[str, int], query: str | None = None, **more: Any) -> list[str]:
    names = {number: name for name, number in ids.items()}
    page = search_articles(db, Selection(query=query, **more), now=NOW)
    return [names[hit.article.id] for hit in page.hits]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("harbour", {"aliyev", "undated"}),
        ("HARBOURS", {"aliyev", "undated"}),
        ("baki", {"bakı"}),
        ("Əliyev", {"bakı", "aliyev"}),
        ("Aliyev", {"bakı", "aliyev"}),
        ("Алиева", {"алиев"}),
        ("министр", {"алиев"}),
        ("minister", {"council"}),
        ("nazirlik", {"bakı"}),
        ('"state budget"', {"council", "budget"}),
        ('"budget state"', set()),
        ("budget -minister", {"budget"}),
        ("title:budget", {"budget"}),
        ("title:minister", set()),
        ("minist*", {"council"}),
        ("минист*", {"алиев", "council"}),  # Cyrillic of Azerbaijan is found in its Latin too
        ("министрами*", {"алиев"}),
        ("closed OR council", {"undated", "council"}),
        ("(closed OR council) baku", {"council"}),
        ('title:"council meets"', {"council"}),
        ('"meets in Baku minister"', set()),
        ("zeppelin", set()),
        ("the", {"council", "budget", "undated"}),
    ],
)
def test_queries_find_what_they_mean(database: Database, ids: dict[str, int], query: str, names: set[str]) -> None:
    assert set(found(database, ids, query)) == names


def test_the_last_of_several_words_may_go_on(database: Database) -> None:
    told = f"The covid-19a wave; minister-elect; 北京市民; {'w' * 70}"
    put(database, begin(database, "one"), URL, 1, title="Lighthouse covered", text=f"{told} {words(1)}", language="en")
    put(database, begin(database, "uz"), "https://uz.example/", 2, text=f"O'zbekistonda {words(2)}", language="uz")
    for query, marks in (
        ("covid-19*", ["covid", "19a"]), ("covid-1*", ["covid", "19a"]), ("covid-20*", None), ("title:covid-1*", None),
        ("title:lighthouses-cov*", ["Lighthouse", "covered"]), ("covid-ءءء*", ["covid"]), ("北京市*", ["北", "京", "市"]),
        ("ministers-elec*", ["minister", "elect"]), ("lighthouse -covid-1*", None), ("lighthouse -covid-2*", ["Lighthouse"]),
        ("lighthouse -ььь*", ["Lighthouse"]), ("o'zbekis*", ["O'zbekistonda"]), ("w" * 60 + "*", ["w" * 70]),
    ):  # fmt: skip
        hits = search_articles(database, Selection(query=query)).hits
        marked = [[text for text, mark in (*hit.title.parts, *hit.snippet.parts) if mark] for hit in hits]
        assert marked == ([marks] if marks else []), query


def test_filters_narrow_a_search(database: Database, ids: dict[str, int]) -> None:
    assert set(found(database, ids, "everywhere")) == set(ids)
    assert set(found(database, ids, "everywhere", outlets=("xeber",))) == {"bakı", "алиев"}
    assert set(found(database, ids, "everywhere", languages=("az", "ru"))) == {"bakı", "алиев"}
    assert set(found(database, ids, "everywhere", first=date(2025, 3, 4))) == {"алиев", "aliyev"}
    assert set(found(database, ids, "everywhere", first=date(2025, 3, 2), last=date(2025, 3, 3))) == {"budget", "bakı"}
    assert found(database, ids, "everywhere", which=Which.COPIES) == []
    assert found(database, ids, "everywhere", changed_since=datetime(2999, 1, 1, tzinfo=UTC)) == []


def test_better_and_newer_articles_come_first(database: Database, ids: dict[str, int]) -> None:
    assert found(database, ids, "budget") == ["budget", "council"], "in the title, and more often"
    assert found(database, ids, "aliyev") == ["aliyev", "bakı"], "two days newer"


def test_both_databases_give_one_order(postgres_server: str, tmp_path: Any) -> None:
    from storage.database import open_database
    from tests.conftest import new_postgres_database

    with new_postgres_database(postgres_server) as url:
        stores = [open_database(url), open_database(f"sqlite:///{tmp_path}/x.db")]
        ids = [put_all(db) for db in stores]
        for query in ("the", "budget", "harbour OR council OR aliyev", "everywhere"):
            orders = [found(db, each, query) for db, each in zip(stores, ids, strict=True)]
            assert orders[0] == orders[1]
        for db in stores:
            db.close()


def test_snippets_mark_what_was_found(database: Database, ids: dict[str, int]) -> None:
    [hit] = search_articles(database, Selection(query="prezident nazirlik"), now=NOW).hits
    assert [text for text, mark in hit.snippet.parts if mark] == ["Prezident", "nazirliyin"]
    assert hit.snippet.plain.startswith("Prezident İlham")
    assert hit.snippet.plain.endswith(" …")
    assert "\n" not in hit.snippet.plain
    [hit] = search_articles(database, Selection(query='"state budget" council'), now=NOW).hits
    assert [text for text, mark in hit.title.parts if mark] == ["Council"]
    assert [text for text, mark in hit.snippet.parts if mark] == ["state", "budget"]


def test_the_snippet_is_the_piece_that_holds_the_words(database: Database) -> None:
    run = begin(database, "gazette")
    put(
        database,
        run,
        "https://gazette.example/1",
        1,
        text=f"{words(1, 200)} The lighthouse\n\nburned down. {words(2, 99)}",
    )
    [hit] = search_articles(database, Selection(query="lighthouse")).hits
    assert hit.snippet.plain.startswith("… ")
    assert "The lighthouse burned down. " in hit.snippet.plain
    assert len(hit.snippet.plain.split()) < 40


def test_pages_follow_each_other_without_gaps_or_repeats(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from storage.articles import search

    monkeypatch.setattr(search, "TIER", 7)
    monkeypatch.setattr(search, "_READ", 3)
    run = begin(database, "gazette")
    for n in range(20):
        put(database, run, f"https://gazette.example/{n}", f"x{n}", hours=n * 40, text=f"lantern {words(n)}")
    wanted, seen, cursor = Selection(query="lantern"), [], None
    pages: list[SearchPage] = []
    while not pages or cursor:
        page = search_articles(database, wanted, limit=3, cursor=cursor, now=NOW)
        pages.append(page)
        cursor = page.cursor
        seen += [hit.article.id for hit in page.hits]
        put(
            database, run, f"https://gazette.example/new{len(pages)}", f"n{len(pages)}", text=f"lantern {words(cursor)}"
        )
    assert len(seen) == len(set(seen)) == 20, "also while articles arrive"
    assert pages[0].more
    assert not pages[-1].more


def test_a_cursor_belongs_to_its_search(database: Database, ids: dict[str, int]) -> None:
    cursor = search_articles(database, Selection(query="the"), limit=1).cursor
    assert cursor
    with pytest.raises(CursorError, match="another search"):
        search_articles(database, Selection(query="budget"), cursor=cursor)
    wanted, place = json.loads(base64.urlsafe_b64decode(cursor + "=="))[0], "[0,0],0]"
    made = [f'["{wanted}",{rest}' for rest in (
        "NaN,9,[0,0],0]", "1e999,9,null,0]", f"0,1e999,{place}", "0,9,[1e999,0],0]", "0,9,[-9223372036854775807,1],0]",
        "0,9,[9223372036854775807,1],0]", f"0,9,[0,{2**63}],0]", '0,9,{"a":1},0]', "0,9,null,-5]",
    )] + ["[" * 90_000]  # fmt: skip
    by_hand = [base64.urlsafe_b64encode(each.encode()).decode().rstrip("=") for each in made]
    for wrong in ("x", "é", "bm8", cursor[:-3], *by_hand):
        with pytest.raises(CursorError, match="leave it out"):
            search_articles(database, Selection(query="the"), cursor=wrong)


def test_a_rare_word_is_found_in_an_archive_of_centuries(database: Database) -> None:
    run = begin(database, "gazette")
    for n, year in enumerate((1605, 1890, 2025), 1):
        when = Published(datetime(year, 3, 1, tzinfo=UTC), Precision.DAY, DateSource.META, "")
        put(database, run, f"https://gazette.example/{n}", n, when=when, text=f"lantern {words(n)}")
    assert search_articles(database, Selection(query="lantern")).found == 3
    assert search_articles(database, Selection(query="number2")).found == 1


def test_copies_fold_under_their_original(database: Database) -> None:
    first, second = begin(database, "gazette", "The Gazette"), begin(database, "xeber", "Xəbər")
    text = f"A lantern burned in the harbour. {words('story', 80)}"
    put(database, first, "https://gazette.example/1", "a", text=text)
    put(database, second, "https://xeber.example/1", "a", text=text, hours=1)
    for which in (Which.ORIGINALS, Which.ALL):
        [hit] = search_articles(database, Selection(query="lantern", which=which)).hits
        assert (hit.article.duplicate_of, hit.copies, hit.copied_by) == (None, 1, ("Xəbər",))
    [copy] = search_articles(database, Selection(query="lantern", which=Which.COPIES)).hits
    assert copy.article.duplicate_of == hit.article.id
    [copy] = search_articles(database, Selection(query="lantern", which=Which.ALL, outlets=("xeber",))).hits
    assert copy.article.outlet_name == "Xəbər"


def test_authors_credits_and_sections_are_found_by_their_words(database: Database) -> None:
    run = begin(database, "gazette")
    more = {"authors": ("Rauf Nəsirov", "A. B."), "credit": "Turan News", "section": "World News"}
    put(database, run, "https://gazette.example/1", 1, **more)
    put(database, run, "https://gazette.example/2", 2, authors=("Nəsir Rauf",))
    for name, value, count in (
        ("author", "nesirov", 1), ("author", "Nasirov", 1), ("author", "Rauf", 2), ("author", "nesir rauf", 1),
        ("author", "World", 0), ("credit", "turan", 1), ("section", "world news", 1), ("section", "turan", 0),
        ("author", "...", 0), ("author", "", 0), ("credit", " ", 0),
    ):  # fmt: skip
        wanted = Selection(**{name: value})
        assert articles.count_articles(database, wanted) == count, (name, value)
        assert len(list(articles.iter_articles(database, wanted))) == count
        assert len(articles.newest_articles(database, wanted, 5)) == count
        assert len(search_articles(database, wanted).hits) == count


def test_days_are_those_of_the_outlet(database: Database) -> None:
    run = begin(database, "gazette")
    put(database, run, "https://gazette.example/1", 1, when=at(5, hour=1), text=f"lantern {words(1)}")
    put(database, run, "https://gazette.example/2", 2, when=at(4, hour=23, offset=-9), text=f"lantern {words(2)}")
    for day, count in ((3, 0), (4, 1), (5, 1), (6, 0)):
        for query in (None, "lantern"):
            wanted = Selection(first=date(2025, 3, day), last=date(2025, 3, day), query=query)
            assert articles.count_articles(database, wanted) == count, (day, query)
        assert (
            len(
                search_articles(
                    database, Selection(query="lantern", first=date(2025, 3, day), last=date(2025, 3, day))
                ).hits
            )
            == count
        )


def test_a_selection_with_a_query_serves_lists_and_exports(database: Database, ids: dict[str, int]) -> None:
    wanted = Selection(query="harbour -closed")
    assert [article.id for article in articles.iter_articles(database, wanted)] == [ids["aliyev"]]
    assert articles.count_articles(database, wanted) == 1
    with pytest.raises(QueryError):
        articles.count_articles(database, Selection(query='"'))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_no_text_breaks_the_database(database: Database, typed: str) -> None:
    try:
        search_articles(database, Selection(query=typed, author=typed))
        articles.count_articles(database, Selection(query=f"x OR ({typed})", credit=typed))
    except QueryError:
        return
