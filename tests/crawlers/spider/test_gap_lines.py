"""Gaps as they are told, and as backfills close them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawlers.catalog import read_outlet
from crawlers.outlet import Outlet
from crawlers.spider.gaps import finish_window, gap_line
from crawlers.window import Window
from storage import frontier
from storage.database import Database
from storage.frontier import Gap, SeedFetch
from storage.model import Link
from tests.calling import outlet_file
from tests.storage.building import begin

SINCE, UNTIL = datetime(2025, 3, 30, 19, 0, tzinfo=UTC), datetime(2025, 4, 1, 21, 30, tzinfo=UTC)


@pytest.fixture(name="outlet")
def an_outlet(tmp_path: Path) -> Outlet:
    return read_outlet(outlet_file(tmp_path / "mine") / "example_ge.toml")  # in Asia/Tbilisi, four hours ahead


def overflow(db: Database, outlet: Outlet) -> int:
    """A feed that leaves a gap from 30 March to 2 April; the run that found it."""
    run = begin(db, outlet.id)
    for number, (newest, oldest) in enumerate([(SINCE, SINCE), (UNTIL, UNTIL)]):
        seed = SeedFetch("feed", "https://example.ge/rss", newest_at=newest, oldest_at=oldest, may_overflow=True)
        frontier.discover(db, run, seed, [Link(f"https://example.ge/news/{number}")])
    return run.id


def test_a_gap_is_told_in_the_outlets_time_with_the_command_that_fills_it(outlet: Outlet) -> None:
    gap = Gap(outlet.id, "https://example.ge/rss", SINCE, UNTIL)
    assert gap_line(gap, outlet) == (
        "https://example.ge/rss: gap: what was announced from 2025-03-30 23:00 to 2025-04-02 01:30 was not seen; "
        "crawl more often, or: pressrun backfill example_ge --from 2025-03-30 --to 2025-04-02"
    )


def test_a_gap_is_closed_when_all_its_days_are_backfilled(database: Database, outlet: Outlet) -> None:
    run_id = overflow(database, outlet)
    finish_window(database, outlet, Window(date(2025, 4, 1), date(2025, 4, 2)), run_id)
    assert len(frontier.list_gaps(database)) == 1
    finish_window(database, outlet, Window(date(2025, 3, 1), date(2025, 3, 31)), run_id)
    assert frontier.list_gaps(database) == []
    assert [gap.closed_how for gap in frontier.list_gaps(database, closed=True)] == ["backfill"]
