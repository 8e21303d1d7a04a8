"""What a backfill settles of an outlet's thin days, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from storage import frontier
from storage.coverage import DaySpan, OutletCoverage, outlet_coverage
from storage.database import Database
from storage.jobs import import_rows
from tests.storage.building import words

TODAY = datetime.now(UTC).date()
THIN = TODAY - timedelta(days=20)


def fill(db: Database) -> None:
    """Nine articles a day for ten weeks, and one on the thin day."""
    days = [TODAY - timedelta(days=back) for back in range(2, 70)]
    stamps = [f"{day}T1{hour}:00:00Z" for day in days for hour in range(1 if day == THIN else 9)]
    rows = [
        {
            "url": f"https://e.example/{n}",
            "title": f"T {n}",
            "text": words(n),
            "outlet": "example",
            "published_at": stamp,
        }
        for n, stamp in enumerate(stamps)
    ]
    import_rows(db, list(enumerate(rows)))


def backfill(db: Database, day: date, seed_kind: str | None) -> None:
    request = frontier.RunRequest("example", "Example", "backfill", {"seed_kind": seed_kind})
    run = frontier.start_run(db, request)
    frontier.mark_window_finished(db, "example", day, day, run.id)
    frontier.end_run(db, run.id, "completed", {})


def covered(db: Database) -> OutletCoverage:
    return outlet_coverage(db, DaySpan("example", ZoneInfo("UTC"), TODAY - timedelta(days=60), TODAY), TODAY)


def test_a_thin_day_is_settled_by_a_backfill_of_all_seeds_and_by_none_of_a_single_kind(database: Database) -> None:
    fill(database)
    backfill(database, THIN, "wordpress")
    by_one = covered(database)
    assert ([day.day for day in by_one.thin], by_one.backfilled, by_one.needs_a_person) == ([THIN], (), True)
    backfill(database, THIN, None)
    by_all = covered(database)
    assert (by_all.thin, [day.day for day in by_all.backfilled], by_all.needs_a_person) == ((), [THIN], False)
    backfill(database, THIN, "listing")
    assert covered(database) == by_all
