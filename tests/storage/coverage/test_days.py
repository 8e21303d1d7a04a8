"""Pages by day and outcome, on both databases, with the ledger's own writing before them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from storage import frontier
from storage.coverage import DayCounts, DaySpan, count_days, count_undated
from storage.database import Database
from storage.frontier import Failed, Gone, Rejected, Run, SeedFetch
from storage.model import DateSource, Hints, Link, Precision, Published
from tests.storage.building import begin, end_page, lease_page, put

BAKU = ZoneInfo("Asia/Baku")
OUTCOMES = ("stored", "copies", "duplicates", "rejected", "gone", "missing", "failed", "waiting")


def at(text: str) -> Published:
    return Published(datetime.fromisoformat(text), Precision.MINUTE, DateSource.FEED, text)


def announce(db: Database, run: Run, url: str, when: str | None, kind: str = "feed") -> None:
    hints = Hints(published=at(when)) if when else Hints()
    frontier.discover(db, run, SeedFetch(kind, f"https://example.az/{kind}"), [Link(url, hints)])


def days(db: Database, first: str, last: str, zone: ZoneInfo = BAKU, outlet: str = "example") -> dict[str, DayCounts]:
    span = DaySpan(outlet, zone, date.fromisoformat(first), date.fromisoformat(last))
    return {counts.day.isoformat(): counts for counts in count_days(db, span)}


def test_a_day_begins_at_midnight_of_the_outlet(database: Database) -> None:
    run = begin(database)
    announce(database, run, "https://example.az/1", "2025-03-04T19:59:59+00:00")
    announce(database, run, "https://example.az/2", "2025-03-04T20:00:00+00:00")
    counted = days(database, "2025-03-04", "2025-03-06")
    assert {day: one.announced for day, one in counted.items()} == {"2025-03-04": 1, "2025-03-05": 1, "2025-03-06": 0}
    assert counted["2025-03-04"].waiting == 1


@pytest.mark.parametrize(
    ("zone", "instants"),
    [
        ("Europe/Kyiv", ["2025-03-30T21:30:00+00:00", "2025-10-26T21:30:00+00:00", "2025-10-25T20:59:00+00:00"]),
        ("Asia/Kathmandu", ["2025-03-04T18:14:00+00:00", "2025-03-04T18:16:00+00:00"]),
        ("America/New_York", ["2025-11-03T04:30:00+00:00", "2025-11-02T03:59:00+00:00"]),
        ("Asia/Beirut", ["2025-03-29T22:00:00+00:00", "2025-03-29T21:59:59+00:00"]),  # its clocks change at midnight
    ],
)
def test_days_are_those_of_the_calendar_also_where_clocks_change(
    database: Database, zone: str, instants: list[str]
) -> None:
    run, tz = begin(database), ZoneInfo(zone)
    for number, instant in enumerate(instants):
        announce(database, run, f"https://example.az/{number}", instant)
    expected: dict[str, int] = {}
    for instant in instants:
        local = datetime.fromisoformat(instant).astimezone(tz).date().isoformat()
        expected[local] = expected.get(local, 0) + 1
    counted = days(database, "2025-01-01", "2025-12-31", tz)
    assert {day: one.announced for day, one in counted.items() if one.announced} == expected


def test_every_page_of_a_day_is_counted_under_one_outcome(database: Database) -> None:
    run, noon = begin(database), "2025-03-04T12:00:00+04:00"
    put(database, run, "https://example.az/a", "a")
    put(database, run, "https://example.az/copy", "a", hours=1)
    put(database, run, "https://example.az/other", "b", final="https://example.az/a")
    for name, kind in (("r", "feed"), ("g", "sitemap"), ("m", "id_range"), ("f", "feed"), ("w", "feed")):
        announce(database, run, f"https://example.az/{name}", noon, kind)
    results = {"r": Rejected("listing"), "g": Gone("http_404"), "m": Gone("http_404"), "f": Failed("timeout")}
    for name, result in results.items():
        end_page(database, run, lease_page(database, run, f"https://example.az/{name}"), result)
        frontier.put_back_all(database, run)
    [counts] = days(database, "2025-03-04", "2025-03-04").values()
    assert {name: getattr(counts, name) for name in OUTCOMES} == {
        "stored": 1, "copies": 1, "duplicates": 1, "rejected": 1, "gone": 1, "missing": 1, "failed": 1, "waiting": 1,
    }  # fmt: skip
    assert counts.announced == 8 == sum(getattr(counts, name) for name in OUTCOMES)
    assert counts.by_seed == {"": 3, "feed": 3, "sitemap": 1, "id_range": 1}
    assert (counts.fetched, counts.held) == (7, 2)


def test_the_day_of_an_article_goes_before_the_day_that_its_seed_claimed(database: Database) -> None:
    run = begin(database)
    announce(database, run, "https://example.az/a", "2025-03-20T12:00:00+04:00")
    put(database, run, "https://example.az/a", "a", hours=24)
    counted = days(database, "2025-03-01", "2025-03-31")
    assert [day for day, one in counted.items() if one.announced] == ["2025-03-05"]


def test_an_article_without_a_date_counts_on_the_day_that_its_seed_claimed(database: Database) -> None:
    run = begin(database)
    announce(database, run, "https://example.az/a", "2025-03-20T12:00:00+04:00")
    put(database, run, "https://example.az/a", "a", hours=None)
    put(database, run, "https://example.az/none", "b", hours=None)
    counted = days(database, "2025-03-01", "2025-03-31")
    assert {day: one.stored for day, one in counted.items() if one.announced} == {"2025-03-20": 1}
    assert count_undated(database, "example") == 1


def test_pages_of_other_outlets_and_days_are_not_counted(database: Database) -> None:
    run = begin(database)
    for n in range(4):
        put(database, run, f"https://example.az/{n}", n, hours=24 * n)
    put(database, begin(database, "another"), "https://another.az/1", "other")
    counted = days(database, "2025-03-05", "2025-03-06")
    assert {day: one.held for day, one in counted.items()} == {"2025-03-05": 1, "2025-03-06": 1}
