"""A night seen from its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from flows.dedup_report import dedup_markdown
from flows.hindsight import correct, look_back
from flows.summary import OutletLine, summarise
from storage import dedup, frontier
from storage.database import Database
from storage.frontier import Run
from storage.schema import tables
from tests.storage.building import article, begin, end_page, lease_page, put, words

BEGAN = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)  # a Wednesday


def crawl(db: Database, outlet: str, texts: dict[int, float], **counts: int) -> Run:
    """A run that stores texts by their number, each with its hour of publication."""
    run = begin(db, outlet)
    copies = 0
    for number, hours in texts.items():
        title, text = f"Title {number}", words(number, 120)
        copies += put(db, run, f"https://{outlet}.az/{number}", number, hours=hours, title=title, text=text).state == (
            "duplicate"
        )
    told = {"stored": len(texts) - copies, "duplicate": copies, "copies": copies, "edited": 0} | counts
    frontier.end_run(db, run.id, "completed", told)
    return run


def line(run: Run, new: int, copies: int = 0) -> OutletLine:
    return OutletLine(run.outlet_id, "completed", new=new, copies=copies, run=run.id)


def test_news_whose_original_came_later_in_the_night_count_as_copies(database: Database) -> None:
    copyist = crawl(database, "copyist", {1: 5, 2: 5, 3: 5})
    origin = crawl(database, "origin", {1: 1, 2: 1, 9: 1})
    night = summarise([line(copyist, 3), line(origin, 3)], 1)
    corrected = correct(database, night)
    assert [(one.outlet, one.new, one.copies, one.overtaken) for one in corrected.lines] == [
        ("copyist", 1, 2, 2), ("origin", 3, 0, 0),
    ]  # fmt: skip
    assert corrected.new == 4
    kept = frontier.runs_by_id(database, [copyist.id, origin.id])
    assert kept[copyist.id].counts["overtaken"] == 2
    assert "overtaken" not in kept[origin.id].counts
    assert correct(database, corrected) == corrected  # a rerun changes nothing
    assert correct(database, night) == corrected


def test_copies_that_a_run_has_counted_itself_are_not_counted_again(database: Database) -> None:
    origin = crawl(database, "origin", {1: 1, 2: 1})
    copyist = crawl(database, "copyist", {1: 5, 2: 5, 3: 5})
    night = summarise([line(origin, 2), line(copyist, 1, 2)], 1)
    assert correct(database, night) == night


def test_articles_of_earlier_nights_are_none_of_this_one(database: Database) -> None:
    crawl(database, "copyist", {1: 5})
    later = crawl(database, "copyist", {4: 5})
    crawl(database, "origin", {1: 1})
    night = summarise([line(later, 1)], 1)
    assert correct(database, night) == night


def test_a_night_whose_runs_are_not_in_the_store_stays_as_it_is(database: Database) -> None:
    night = summarise([OutletLine("a", "completed", new=3, run=99), OutletLine("b", "failed")], 1)
    assert correct(database, night) == night


def test_the_week_before_is_that_of_the_same_weekday_and_of_these_outlets(database: Database) -> None:
    for outlet, days, counts in (
        ("a", 7, {"stored": 9, "edited": 1, "overtaken": 2}),
        ("a", 8, {"stored": 70}),
        ("a", 6, {"stored": 70}),
        ("b", 7, {"stored": 4}),
        ("other", 7, {"stored": 100}),
    ):
        run = frontier.start_run(database, frontier.RunRequest(outlet, outlet, "nightly", {}))
        frontier.end_run(database, run.id, "completed", counts)
        _began(database, run.id, started_at=BEGAN - timedelta(days=days, hours=-1))
    night = summarise([OutletLine("a", "completed"), OutletLine("b", "completed"), OutletLine("c", "completed")], 1)
    hindsight = look_back(database, night, BEGAN)
    assert (hindsight.before, hindsight.weekday) == ({"a": 6, "b": 4}, "Wednesday")


def _began(db: Database, run_id: int, **values: Any) -> None:
    db.write(lambda c: c.execute(update(tables.Run).where(tables.Run.id == run_id).values(**values)) and None)


def test_copies_of_a_night_are_found_with_their_originals(database: Database) -> None:
    crawl(database, "origin", {1: 1, 2: 1, 3: 1})
    crawl(database, "copyist", {3: 4})  # a copy of an earlier night
    began = datetime.now(UTC)
    crawl(database, "copyist", {1: 5, 2: 5, 7: 5})
    copies = dedup.copies_found(database, began)
    assert [(one.url, one.original_url) for one in copies] == [
        ("https://copyist.az/2", "https://origin.az/2"), ("https://copyist.az/1", "https://origin.az/1"),
    ]  # fmt: skip
    assert dedup.copies_found(database, began, ["origin"]) == []
    assert len(dedup.copies_found(database, began, limit=1)) == 1
    seen = dedup.count_copies_seen(database, began)
    assert [len(seen["copyist"]), len(seen)] == [2, 1]


@pytest.mark.parametrize("hours", [1, -1])
def test_an_empty_archive_has_no_copies(database: Database, hours: int) -> None:
    assert dedup.copies_found(database, datetime.now(UTC) + timedelta(hours=hours)) == []


def test_the_report_says_who_repeats_whom_and_how_it_was_found(database: Database) -> None:
    crawl(database, "origin", {1: 1, 2: 1})
    began = datetime.now(UTC)
    crawl(database, "copyist", {1: 5, 2: 5, 7: 5})
    page = dedup_markdown(dedup.copies_found(database, began), 1, "Copies of a night")
    assert page.startswith(
        "# Copies of a night\n\n**2 copies**, 67% of 3 articles; 0 of them repeat their own outlet.\n"
    )
    assert "| copyist | origin | 2 | ████████████ |" in page
    assert "| same\\_text | exact\\_text | 2 |" in page
    assert "[Title 2](https://copyist.az/2) | copyist | [origin 2](https://origin.az/2) | 100% |" in page
    assert "pressrun dedup split ID" in page


def test_a_night_without_copies_says_so() -> None:
    assert "No copies among 5 new articles." in dedup_markdown([], 5, "Copies")


def test_an_outcome_says_whether_the_article_is_new(database: Database) -> None:
    run = begin(database)
    page = lease_page(database, run, "https://example.az/1")
    first = end_page(database, run, page, frontier.Extracted(article("https://example.az/1", 1)))
    page = lease_page(database, run, "https://example.az/1")
    again = end_page(database, run, page, frontier.Extracted(article("https://example.az/1", 1, text=words(2, 90))))
    assert [(one.state, one.is_new) for one in (first, again)] == [("stored", True), ("stored", False)]
    assert replace(again, is_new=True) == replace(first, is_new=True)


def test_refused_pages_are_described_from_the_ledger(database: Database) -> None:
    run = begin(database)
    page = lease_page(database, run, "https://example.az/1")
    end_page(database, run, page, frontier.Rejected("too_short", "12 words"))
    assert frontier.describe_pages(database, {"rejected:too_short": [page, 999]}) == [
        {
            "outcome": "rejected",
            "reason": "too_short",
            "url": "https://example.az/1",
            "detail": "12 words",
            "status": 200,
        }
    ]
    assert frontier.describe_pages(database, {"rejected:too_short": []}) == []
