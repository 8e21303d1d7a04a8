"""What the store keeps for a time that is still to come, after the wall clock went back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from storage import frontier
from storage.database import Database
from storage.errors import OutletBusyError
from storage.frontier.runs import HEARTBEAT_TIMEOUT
from storage.model import Link
from storage.schema.tables import Page, Run
from storage.shared_clock import shared_now
from tests.storage.building import begin

HOURS = timedelta(hours=3)
SITE = "https://example.az/news/"
ELSEWHERE = {"machine": "another", "host": "another.example", "pid": 1}


def set_runs(db: Database, **values: Any) -> None:
    db.write(lambda c: c.execute(update(Run).values(values)) and None)


def beat_of(db: Database, run_id: int) -> datetime:
    with db.read() as c:
        at: datetime = c.execute(select(Run.beat_at).where(Run.id == run_id)).scalar_one()
    return at


def now() -> datetime:
    return datetime.now(UTC)


def test_a_dead_run_elsewhere_holds_its_outlet_for_the_usual_silence_and_no_longer(database: Database) -> None:
    dead = begin(database)
    set_runs(database, **ELSEWHERE, beat_at=now() + HOURS)
    with pytest.raises(OutletBusyError):
        begin(database)
    assert beat_of(database, dead.id) <= now(), "its silence counts from now on"
    set_runs(database, beat_at=beat_of(database, dead.id) - HEARTBEAT_TIMEOUT)
    assert begin(database).id != dead.id


def test_the_upkeep_counts_that_silence_too(database: Database) -> None:
    dead = begin(database)
    set_runs(database, **ELSEWHERE, beat_at=now() + HOURS)
    assert frontier.mark_dead_runs(database) == []
    set_runs(database, beat_at=beat_of(database, dead.id) - HEARTBEAT_TIMEOUT)
    assert [run.id for run in frontier.mark_dead_runs(database)] == [dead.id]


def test_a_run_elsewhere_whose_clock_is_a_little_ahead_is_let_be(database: Database) -> None:
    run = begin(database)
    ahead = now() + HEARTBEAT_TIMEOUT / 2
    set_runs(database, **ELSEWHERE, beat_at=ahead)
    with pytest.raises(OutletBusyError):
        begin(database)
    assert beat_of(database, run.id) == ahead


def test_a_run_that_lives_elsewhere_beats_again(database: Database) -> None:
    run = begin(database)
    set_runs(database, **ELSEWHERE, beat_at=now() + HOURS)
    assert frontier.mark_dead_runs(database) == []
    frontier.heartbeat(database, run.id)
    assert run.id in frontier.live_run_ids(database)


def test_a_run_that_died_before_the_clock_went_back_did_not_end_before_it_began(database: Database) -> None:
    dead = begin(database)
    set_runs(database, started_at=now() + HOURS, beat_at=now() + HOURS, pid_started=1.0)
    assert begin(database).set_back > HOURS - timedelta(minutes=1)
    [_, last] = frontier.last_runs(database)
    assert (last.id, last.state) == (dead.id, "died")
    assert last.ended_at is not None
    assert last.ended_at >= last.started_at


def put_off(db: Database, **times: datetime) -> None:
    """Pages by name, each with the time at which it is due."""
    run = begin(db)
    frontier.discover(db, run, None, [Link(SITE + name) for name in times])
    frontier.end_run(db, run.id, "stopped", {})
    for name, at in times.items():
        db.write(
            lambda c, name=name, at=at: (
                c.execute(update(Page).where(Page.url == SITE + name).values(next_at=at)) and None
            )
        )


def test_pages_that_wait_are_due_as_if_the_clock_had_not_gone_back(database: Database) -> None:
    then = now() + HOURS  # what the clock showed
    put_off(database, now=then, soon=then + timedelta(hours=1), long=now() - HOURS)
    set_runs(database, started_at=then, ended_at=then)
    run = begin(database)
    assert HOURS - timedelta(minutes=1) < run.set_back <= HOURS
    leased = frontier.lease(database, run, 9, now=now())
    assert {page.url for page in leased} == {f"{SITE}now", f"{SITE}long"}
    due = frontier.next_due(database, run)
    assert due is not None
    assert abs(due - now() - timedelta(hours=1)) < timedelta(minutes=1)
    frontier.end_run(database, run.id, "completed", {})
    assert begin(database).set_back == timedelta(0), "it is moved once"


def test_clocks_that_differ_by_a_moment_move_nothing(database: Database) -> None:
    later = now() + timedelta(hours=5)
    put_off(database, page=later)
    set_runs(database, started_at=now() + timedelta(minutes=1), ended_at=now() + timedelta(minutes=1))
    run = begin(database)
    assert run.set_back == timedelta(0)
    assert frontier.next_due(database, run) == later


def test_pages_of_another_outlet_are_its_own(database: Database) -> None:
    later = now() + timedelta(hours=5)
    put_off(database, page=later)
    other = begin(database, "another")
    frontier.end_run(database, other.id, "completed", {})
    set_runs(database, started_at=now() + HOURS, ended_at=now() + HOURS)
    assert begin(database, "another").set_back > timedelta(0)
    with database.read() as c:
        assert c.execute(select(Page.next_at)).scalar_one() == later


def test_a_pause_that_no_host_can_have_asked_for_is_over(database: Database) -> None:
    for host, hours in (("usual.example", 23), ("ahead.example", 49)):
        frontier.pause_host(database, host, now() + timedelta(hours=hours), "http_429")
    assert frontier.host_pause(database, "usual.example") is not None
    assert frontier.host_pause(database, "ahead.example") is None


def test_the_shared_clock_is_that_of_the_database(database: Database) -> None:
    with database.read() as c:
        shown = [shared_now(c), shared_now(c)]
    assert shown[0] < shown[1], "also within one transaction"
    assert all(abs(at - now()) < timedelta(seconds=5) for at in shown)
