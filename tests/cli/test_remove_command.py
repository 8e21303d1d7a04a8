"""`pressrun articles remove`: what it tells before, what it asks, and what it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from storage.database import Database, open_database
from storage.frontier import end_run
from storage.schema.tables import Page
from tests.calling import Pressrun
from tests.storage.building import begin, put

URL = "sqlite:///data/pressrun.db"
PAGE = "https://example.ge/1"


@pytest.fixture
def store(pressrun: Pressrun) -> Iterator[Database]:
    db = open_database(URL)
    for outlet, url in (("example", PAGE), ("second", "https://second.ge/1")):
        run = begin(db, outlet)
        put(db, run, url, "same")
        end_run(db, run.id, "completed", {})
    yield db
    db.close()


def listed(pressrun: Pressrun) -> int:
    return len(pressrun("articles", "list", "--copies", "--json").json)


def test_an_article_is_removed_and_logged(pressrun: Pressrun, store: Database, tmp_path: Path) -> None:
    pressrun("db", "backup")
    said = pressrun("articles", "remove", "1", "--reason", "court order", "--yes")
    assert said.code == 0, said.err
    assert "1 articles and 0 revisions go for good; it cannot be undone" in said.out
    assert "stays: article 2 of second, the same news: https://second.ge/1" in said.out
    assert f"holds them still, and is left as it is: {tmp_path}/data/backups/pressrun-" in said.out
    assert "article 2 was a copy and is the original now" in said.out
    assert listed(pressrun) == 1
    (line,) = (tmp_path / "data" / "takedowns.jsonl").read_text().splitlines()
    assert json.loads(line)["reason"] == "court order"
    assert pressrun("db", "check").code == 0


def test_copies_go_too_where_asked_and_machines_get_figures(pressrun: Pressrun, store: Database) -> None:
    said = pressrun("articles", "remove", PAGE, "--reason", "x", "--with-copies", "--yes", "--json")
    assert (said.code, said.json["articles"], said.json["pages"]) == (0, 2, 2)
    assert listed(pressrun) == 0


def test_an_outlet_is_removed_whole(pressrun: Pressrun, store: Database) -> None:
    assert pressrun("articles", "remove", "--outlet", "example", "--reason", "x", "--yes").code == 0
    assert listed(pressrun) == 1


def test_what_is_left_to_remove_is_told_and_ends_with_1(pressrun: Pressrun, store: Database) -> None:
    marked = {"state": "rejected", "reason": "removed", "article_id": None}
    store.write(lambda c: c.execute(update(Page).where(Page.outlet_id == "second").values(marked)) and None)
    said = pressrun("articles", "remove", "--outlet", "example", "--reason", "x", "--yes", "--json")
    assert (said.code, said.json["articles"], said.json["unfinished"]) == (1, 1, ["second"])
    assert "pressrun: not all is removed: raw answers or addresses of second are still here; `press" in said.err
    again = pressrun("articles", "remove", "--resume", "--json")
    assert (again.code, again.json["unfinished"]) == (0, [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["1"], "--reason is missing"),
        (["--reason", "x"], "name one article, one address, or one --outlet"),
        (["1", "--outlet", "example", "--reason", "x"], "name one article, one address, or one --outlet"),
        (["1", "--reason", "x"], "--yes is needed where nobody can be asked"),
        (["99", "--reason", "x", "--yes"], "there is no article 99"),
        (["https://example.ge/none", "--reason", "x", "--yes"], "no page of this archive is known by"),
        (["one", "--reason", "x", "--yes"], "name an article's number or an address"),
        (["--outlet", "nobody", "--reason", "x", "--yes"], "this archive has no outlet nobody"),
        (["--resume"], "there is nothing to resume"),
    ],
)
def test_wrong_use_is_one_sentence_and_removes_nothing(
    pressrun: Pressrun, store: Database, words: list[str], told: str
) -> None:
    said = pressrun("articles", "remove", *words)
    assert said.code == 2
    assert told in said.err
    assert len(said.err.splitlines()) == 1
    assert listed(pressrun) == 2
