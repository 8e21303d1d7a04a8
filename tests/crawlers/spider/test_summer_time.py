"""Backfills over the days of 23 and 25 hours: each article is stored once, and is of its own day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage import articles
from storage.coverage import DaySpan, published_by_day
from storage.database import open_database
from storage.jobs import check_store
from tests.crawling import balanced, crawl
from tests.past.site import PastSite
from tests.past.stories import Story

A_DAY = timedelta(days=1)
SEEDS = {
    "wordpress": "url = 'ORIGIN/wp-json/wp/v2/posts'",
    "ghost": "url = 'ORIGIN/ghost/api/content/posts/'\nkey = '22444f78447824223cefc48062'",
    "dated_listing": "url = 'ORIGIN/archive/{year}/{month:02}/{day:02}'",
}


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def every_hour(day: date, zone: ZoneInfo) -> list[Story]:
    """An article at half past of each hour that passes, whatever the clocks show, from 3 hours before the day to 3 after."""
    start = midnight(day, zone) - timedelta(minutes=150)
    hours = int((midnight(day + A_DAY, zone) - midnight(day, zone)) / timedelta(hours=1)) + 6
    return [Story(1000 + n, (start + timedelta(hours=n)).astimezone(zone), dated=False) for n in range(hours)]


@pytest.mark.parametrize(
    ("zone", "day", "hours", "kind"),
    [
        ("Europe/Tallinn", date(2025, 10, 26), 25, "ghost"),
        ("Asia/Beirut", date(2025, 3, 30), 23, "dated_listing"),  # midnight does not exist
        ("Asia/Beirut", date(2025, 10, 25), 25, "wordpress"),  # the hour before midnight occurs twice
    ],
)
def test_a_backfill_takes_each_article_of_the_day_once(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, day: date, hours: int, kind: str
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")  # of the machine, which changes in another hour
    published = every_hour(day, ZoneInfo(zone))
    job = {"db": database_url, "outlets": tmp_path / "outlets", "data": tmp_path / "data", "kind": "backfill"}
    with PastSite(published) as site:
        file = site.write_outlet(tmp_path / "outlets", f"[[seeds]]\nkind = '{kind}'\n{SEEDS[kind]}\n")
        file.write_text(file.read_text().replace("Asia/Baku", zone))
        for first, last in ((day, day), (day - A_DAY, day + A_DAY)):
            done = crawl("gazette", first=first.isoformat(), last=last.isoformat(), **job)
            assert done.end["state"] == "completed", done.log[-3000:]
            assert balanced(done.ledger)
            of_span = [story for story in published if first <= story.day <= last]
            assert stored_days(database_url, zone, first, last) == Counter(story.day for story in of_span)
        assert set(site.article_hits().values()) <= {1}
    assert stored_days(database_url, zone, day, day) == {day: hours}
    _assert_instants(database_url, published, tmp_path / "data" / "archive")


def stored_days(url: str, zone: str, first: date, last: date) -> dict[date, int]:
    db = open_database(url)
    found = published_by_day(db, DaySpan("gazette", ZoneInfo(zone), first, last))
    db.close()
    return found


def _assert_instants(url: str, published: list[Story], archive: Path) -> None:
    db = open_database(url)
    kept = {one.url.rpartition("/")[2]: one for one in articles.iter_articles(db, copies=True)}
    assert len(kept) == len(published) == sum(1 for _ in articles.iter_articles(db, copies=True))
    for story in published:
        at = kept[f"{story.number}.html"].published
        assert at is not None
        assert at.at.astimezone(UTC) == story.at.astimezone(UTC), story
    assert check_store(db, archive) == []
    db.close()
