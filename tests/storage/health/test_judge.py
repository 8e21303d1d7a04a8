"""The judge on a real store: findings open once, stay open, recover, and are told once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from storage import frontier, health
from storage.database import Database
from storage.health import Expectation, Judged
from storage.schema.tables import Article, Gap, Page, Run
from storage.schema.tables import Outlet as OutletRow
from tests.storage.building import begin, put

from .series import series

NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
YESTERDAY = date(2026, 3, 11)
ZONE = ZoneInfo("Asia/Baku")
OUTLET = Judged("example", ZONE)


def fill(db: Database, days: dict[date, int], outlet: str = "example") -> None:
    """An outlet with so many articles a day, as many as rows can say: only their dates matter here."""
    run = begin(db, outlet)
    put(db, run, f"https://{outlet}.az/0", f"{outlet} 0", hours=0)
    frontier.end_run(db, run.id, "completed", {})

    def work(c) -> None:  # type: ignore[no-untyped-def]
        page, text = c.execute(Page.__table__.select().limit(1)).first(), c.execute(Article.__table__.select()).first()
        pages, rows = [], []
        for n, at in enumerate(_instants(days), 1):
            key = f"{outlet}{n}".encode().ljust(16, b"-")
            address = f"https://{outlet}.az/{n}"
            pages.append(
                page._asdict() | {"outlet_id": outlet, "url_key": key, "url": address, "canonical_url": address}
            )
            rows.append(text._asdict() | {"outlet_id": outlet, "url": address, "published_at": at})
        for one in (*pages, *rows):
            one.pop("id")
        ids = list(c.execute(insert(Page).returning(Page.id, sort_by_parameter_order=True), pages).scalars())
        c.execute(insert(Article), [row | {"page_id": page_id} for row, page_id in zip(rows, ids, strict=True)])
        began = NOW - timedelta(days=200)
        c.execute(update(OutletRow).where(OutletRow.id == outlet).values(first_seen_at=began))

    db.write(work)


def _instants(days: dict[date, int]) -> Iterator[datetime]:
    for day, number in days.items():
        for n in range(number):
            yield datetime(day.year, day.month, day.day, 6 + n % 12, n % 60, tzinfo=ZONE)


def runs_every_night(db: Database, until: datetime, nights: int = 40, outlet: str = "example") -> None:
    first = db.write(lambda c: c.execute(Run.__table__.select().limit(1)).first())
    rows = [
        first._asdict()
        | {"outlet_id": outlet, "kind": "nightly", "state": "completed", "started_at": at, "ended_at": at, "counts": {}}
        for at in (until - timedelta(days=n) for n in range(nights, 0, -1))
    ]
    for row in rows:
        row.pop("id")
    db.write(lambda c: c.execute(insert(Run), rows) and None)


def judge(db: Database, now: datetime = NOW, outlet: Judged = OUTLET) -> list[tuple[str, str, str]]:
    changes = health.judge_outlet(db, outlet, {}, 10.0, None, now)
    return [(one.finding.kind, one.finding.severity, one.change) for one in changes]


def history(*, silent_for: int = 0, rate: float = 20) -> dict[date, int]:
    return {
        day: 0 if day > YESTERDAY - timedelta(days=silent_for) else number
        for day, number in series(rate, days=120, last=YESTERDAY).items()
    }


def test_an_outlet_as_usual_has_no_finding(database: Database) -> None:
    fill(database, history())
    runs_every_night(database, NOW)
    assert judge(database) == []


def test_a_silent_outlet_is_found_once_stays_open_and_recovers(database: Database) -> None:
    fill(database, history(silent_for=1))
    runs_every_night(database, NOW)
    assert judge(database) == [("silent", "error", "new")]
    assert judge(database) == [("silent", "error", "open")]
    (found,) = health.open_findings(database)
    assert found.finding.since == YESTERDAY
    assert "no articles on 2026-03-11" in found.finding.evidence
    later = NOW + timedelta(days=3)
    runs_every_night(database, later, nights=3)
    fill_more(database, {YESTERDAY + timedelta(days=n): 22 for n in (1, 2, 3)})
    assert judge(database, later) == [("silent", "error", "recovered")]
    assert health.open_findings(database) == []


def fill_more(db: Database, days: dict[date, int]) -> None:
    run = begin(db)
    for n, at in enumerate(_instants(days)):
        hours = (at - datetime(2025, 3, 4, 9, 30, tzinfo=UTC)).total_seconds() / 3600
        put(db, run, f"https://example.az/more/{n}", f"more {n}", hours=hours)
    frontier.end_run(db, run.id, "completed", {})


def test_each_change_is_told_once(database: Database) -> None:
    fill(database, history(silent_for=1))
    runs_every_night(database, NOW)
    judge(database)
    (told,) = health.take_untold(database, NOW)
    assert told.finding.kind == "silent"
    assert health.take_untold(database, NOW) == []
    judge(database)
    assert health.take_untold(database, NOW) == []
    health.put_back_untold(database, [told])
    assert health.take_untold(database, NOW) == [told]


def test_days_on_which_nothing_ran_are_not_silence(database: Database) -> None:
    fill(database, history(silent_for=4))
    runs_every_night(database, NOW - timedelta(days=4))
    assert judge(database) != []  # the run of today saw yesterday
    seen = health.open_findings(database)[0].finding
    assert seen.since >= YESTERDAY - timedelta(days=1)


def test_a_holiday_of_the_country_is_no_finding(database: Database) -> None:
    for n, outlet in enumerate(("example", "second", "third", "fourth", "fifth")):
        days = series(12, days=120, last=YESTERDAY, seed=n)
        fill(database, days | {YESTERDAY: 0}, outlet)
        runs_every_night(database, NOW, outlet=outlet)
    assert judge(database) == [("silent", "error", "new")]
    peers = [(outlet, ZONE) for outlet in ("second", "third", "fourth", "fifth")]
    assert judge(database, outlet=Judged("example", ZONE, peers=lambda: peers)) == [("silent", "error", "recovered")]


@pytest.mark.parametrize(
    ("expected", "kind", "severity"),
    [
        (Expectation(least=100), "thin", "error"),
        (Expectation(most=3), "too_many", "warning"),
        (Expectation(silent_hours=1), "silent", "error"),
    ],
)
def test_what_the_outlet_file_expects_is_held(
    database: Database, expected: Expectation, kind: str, severity: str
) -> None:
    fill(database, history())
    runs_every_night(database, NOW)
    assert judge(database, outlet=Judged("example", ZONE, expected)) == [(kind, severity, "new")]


def test_the_day_on_which_crawling_began_is_not_held_to_what_is_expected(database: Database) -> None:
    fill(database, {YESTERDAY: 3})
    at = NOW - timedelta(hours=20)
    database.write(lambda c: c.execute(update(OutletRow).values(first_seen_at=at)) and None)
    assert judge(database, outlet=Judged("example", ZONE, Expectation(least=20, silent_hours=12))) == []


def test_a_feed_that_overflows_often_is_told(database: Database) -> None:
    fill(database, history())
    runs_every_night(database, NOW)
    gap = {"outlet_id": "example", "seed_url": "https://example.az/rss", "run_id": 1}
    gap |= {"since": NOW, "until": NOW, "found_at": NOW - timedelta(days=1)}
    database.write(lambda c: c.execute(insert(Gap), [gap] * 3) and None)
    assert judge(database) == [("overflowing_feed", "warning", "new")]


def test_a_finding_that_cannot_be_judged_stays_open(database: Database) -> None:
    fill(database, history(silent_for=1))
    runs_every_night(database, NOW)
    judge(database)
    failed = health.judge_outlet(database, OUTLET, {}, 1.0, "example: none of its seeds could be read (dns)", NOW)
    assert [(one.finding.kind, one.change) for one in failed] == [("silent", "open")]


def test_judging_costs_little(database: Database) -> None:
    fill(database, history(rate=60))
    runs_every_night(database, NOW)
    judge(database)
    began = time.process_time()
    for _ in range(5):
        judge(database)
    assert (time.process_time() - began) / 5 < 0.1  # 20 ms on a machine with nothing else to do
