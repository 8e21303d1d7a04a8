"""What a crawl remembers of hosts and of the past it went through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from storage import frontier
from storage.database import Database
from storage.frontier import FinishedWindow, host_backoff
from storage.frontier.host_backoff import LONGEST_PAUSE
from storage.schema.tables import Host
from tests.storage.building import begin


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the clock of pauses ahead."""
    began = datetime.now(UTC)

    def ahead(by: timedelta) -> None:
        monkeypatch.setattr(host_backoff, "steady_now", lambda: began + by)

    return ahead


def minutes(until: datetime | None) -> int:
    assert until is not None
    return round((until - datetime.now(UTC)).total_seconds() / 60)


def test_a_host_is_left_alone_until_then_and_not_longer(database: Database) -> None:
    assert frontier.host_pause(database, "a.example") is None
    until = datetime.now(UTC) + timedelta(hours=1)
    frontier.pause_host(database, "a.example", until, "http_429")
    assert frontier.host_pause(database, "a.example") == until
    frontier.pause_host(database, "b.example", datetime.now(UTC) - timedelta(seconds=1), "http_429")
    assert frontier.host_pause(database, "b.example") is None


def test_of_two_pauses_the_later_end_holds_with_its_cause(database: Database) -> None:
    hour, day = (datetime.now(UTC) + timedelta(hours=hours) for hours in (1, 23))
    assert frontier.pause_host(database, "a.example", hour, "http_429") == hour
    assert frontier.pause_host(database, "a.example", datetime.now(UTC) + timedelta(seconds=5), "http_503") == hour
    assert frontier.host_failed(database, "a.example", "timeout") == hour
    assert kept(database, "a.example") == (hour, "http_429")
    assert frontier.pause_host(database, "a.example", day, "http_503") == day
    assert kept(database, "a.example") == (day, "http_503")


def test_a_pause_that_no_host_can_have_asked_for_hides_no_other(database: Database) -> None:
    frontier.pause_host(database, "a.example", datetime.now(UTC) + timedelta(days=9), "http_429")
    assert minutes(frontier.host_failed(database, "a.example", "timeout")) == 1
    assert minutes(frontier.host_pause(database, "a.example")) == 1


def test_an_answer_ends_no_pause_that_still_runs(database: Database, clock: Callable[[timedelta], None]) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    frontier.pause_host(database, "a.example", until, "http_429")
    frontier.host_succeeded(database, "a.example")
    assert frontier.host_pause(database, "a.example") == until
    clock(timedelta(hours=1, seconds=1))
    frontier.host_succeeded(database, "a.example")
    assert kept(database, "a.example") == (None, None)


def test_pauses_grow_with_failures_and_an_answer_after_them_begins_anew(
    database: Database, clock: Callable[[timedelta], None]
) -> None:
    pauses = [minutes(frontier.host_failed(database, "a.example", "timeout")) for _ in range(12)]
    assert pauses[:4] == [1, 2, 4, 8]
    assert pauses[-1] == LONGEST_PAUSE.total_seconds() / 60
    clock(LONGEST_PAUSE + timedelta(minutes=1))
    frontier.host_succeeded(database, "a.example")
    clock(timedelta())
    assert frontier.host_pause(database, "a.example") is None
    assert minutes(frontier.host_failed(database, "a.example", "timeout")) == 1


def kept(db: Database, host: str) -> tuple[datetime | None, str | None]:
    with db.read() as c:
        row = c.execute(select(Host.paused_until, Host.cause).where(Host.host == host)).one()
    return row.paused_until, row.cause


def test_windows_that_are_done_are_remembered_by_outlet_with_the_seed_that_was_asked(database: Database) -> None:
    run = begin(database)
    for _ in range(2):
        frontier.mark_window_finished(database, "example", date(2024, 5, 1), date(2024, 5, 31), run.id)
    frontier.end_run(database, run.id, "completed", {})
    request = frontier.RunRequest("example", "Example", "backfill", {"seed_kind": "wordpress"})
    by_seed = frontier.start_run(database, request)
    frontier.mark_window_finished(database, "example", date(2024, 6, 1), date(2024, 6, 30), by_seed.id)
    found = frontier.finished_windows(database, "example")
    assert [(one.first, one.last, one.seed_kind) for one in found] == [
        (date(2024, 5, 1), date(2024, 5, 31), None),
        (date(2024, 6, 1), date(2024, 6, 30), "wordpress"),
    ]
    assert frontier.finished_windows(database, "another") == []


def test_a_backfill_by_one_kind_of_seed_does_not_undo_that_of_all(database: Database) -> None:
    first, last = date(2024, 5, 1), date(2024, 5, 31)

    def finish(seed_kind: str | None) -> FinishedWindow:
        request = frontier.RunRequest("example", "Example", "backfill", {"seed_kind": seed_kind})
        run = frontier.start_run(database, request)
        frontier.mark_window_finished(database, "example", first, last, run.id)
        frontier.end_run(database, run.id, "completed", {})
        [window] = frontier.finished_windows(database, "example")
        return window

    assert finish("wordpress").seed_kind == "wordpress"
    assert finish("listing").seed_kind == "listing"
    of_all = finish(None)
    assert of_all.seed_kind is None
    assert finish("listing") == of_all
    again = finish(None)
    assert (again.seed_kind, again.done_at > of_all.done_at) == (None, True)


def test_a_window_settles_no_day_to_which_the_outlet_may_have_added_since() -> None:
    window = FinishedWindow(date(2024, 5, 1), date(2024, 5, 31), datetime(2024, 5, 20, 12, tzinfo=UTC))
    settled = [day for day in range(1, 32) if window.settles(date(2024, 5, day))]
    assert settled == list(range(1, 19))
    assert not window.settles(date(2024, 4, 30))
