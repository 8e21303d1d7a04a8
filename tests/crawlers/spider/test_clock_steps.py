"""A wall clock that is set in the middle of a crawl: every page comes to one end, at the pace of its host."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from storage import articles, frontier, health
from storage.database import Database, open_database
from storage.jobs import check_store
from storage.schema.tables import Page, Run
from tests.crawling import Crawled, balanced, finish, start
from tests.faults import FaultySite
from tests.polling import Document, WrittenSite, poll, rss
from tests.polling import lines as polled
from tests.wall_clock import WallClock
from tests.warc import by_warcio

HOURS, DAYS = timedelta(hours=3), timedelta(days=2)
STEPS = [HOURS, DAYS, -HOURS, -DAYS]
ENDS = {"/status/404": "gone", "/pdf": "rejected", "/flaky/9/77": "failed"}
GOOD = [f"/ok/{n}" for n in range(14)]
DELAY = 0.08  # seconds between two requests
SOON = 20.0  # seconds within which a request of a crawl comes on a loaded machine, and by no clock that was set


def job(url: str, folder: Path, clock: WallClock, **more: Any) -> dict[str, Any]:
    places = {"db": url, "outlets": folder / "outlets", "data": folder / "data"}
    return places | {"kind": "nightly", "env": clock.env} | more


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_night_ends_as_if_nobody_had_set_the_clock(database_url: str, tmp_path: Path, step: timedelta) -> None:
    with WallClock() as clock, FaultySite([*GOOD, *ENDS]) as site:
        site.write_outlet(tmp_path / "outlets", delay=DELAY, concurrency=1)
        child = start("faulty", **job(database_url, tmp_path, clock))
        site.wait_until_asked(5)
        clock.wait_for(2)  # the crawl, and a process that extracts
        assert clock.step(step) >= 2
        done = finish(child)
        asked = [hit.at for hit in site.hits]
        assert Counter(site.asked()) == dict.fromkeys([*GOOD, *ENDS], 1)
    _assert_whole(done, step)
    _assert_all_is_stored(database_url, tmp_path / "data" / "archive", site.origin)
    assert min(later - sooner for sooner, later in zip(asked, asked[8:], strict=False)) > 4 * DELAY, (
        "nine requests are no burst"
    )
    assert max(later - sooner for sooner, later in pairwise(asked)) < SOON, "no stall"


def _assert_whole(done: Crawled, step: timedelta) -> None:
    assert done.end["state"] == "completed", done.log[-3000:]
    assert "Traceback" not in done.log
    assert 0 < done.end["seconds"] < SOON * 3
    assert balanced(done.ledger)
    assert done.ledger["waiting"] == 0


def _assert_all_is_stored(url: str, archive: Path, origin: str) -> None:
    db = open_database(url)
    with db.read() as c:
        rows = c.execute(select(Page.__table__)).all()
        [run] = c.execute(select(Run.__table__)).all()
    assert {row.url.removeprefix(origin): row.state for row in rows} == dict.fromkeys(GOOD, "stored") | ENDS
    assert [row.url for row in rows if row.lease_run_id is not None] == []
    assert timedelta(0) < run.ended_at - run.started_at < timedelta(seconds=3 * SOON)
    assert all(run.started_at <= row.discovered_at <= row.fetched_at <= run.ended_at for row in rows)
    kept = list(articles.iter_articles(db, copies=True))
    assert len(kept) == len({one.url for one in kept}) == len(GOOD)
    assert check_store(db, archive) == []
    db.close()
    in_archive = Counter(
        address.removeprefix(origin) for file in archive.iterdir() for _, address, *_ in by_warcio(file)
    )
    assert {path: in_archive[path] for path in GOOD} == dict.fromkeys(GOOD, 1)


@pytest.mark.parametrize("step", [HOURS, -HOURS], ids=str)
def test_a_pause_that_a_host_asked_for_lasts_as_long_as_it_asked(
    database_url: str, tmp_path: Path, step: timedelta
) -> None:
    first, rest = "/retry-after/seconds/2/50", GOOD[:4]  # the last that is announced is the first that is asked for
    with WallClock() as clock, FaultySite([*rest, first]) as site:
        site.write_outlet(tmp_path / "outlets", concurrency=1)
        child = start("faulty", **job(database_url, tmp_path, clock, patience=60))
        site.wait_until_asked(1)
        clock.step(step)
        done = finish(child)
        [refused, again] = site.times(first)
    assert done.end["state"] == "completed"
    assert done.ledger["stored"] == 5
    assert 1.9 < again - refused < SOON


def test_a_run_that_lives_keeps_its_outlet_when_the_clock_is_set(database_url: str, tmp_path: Path) -> None:
    with WallClock() as clock, FaultySite(GOOD) as site:
        site.write_outlet(tmp_path / "outlets", delay=DELAY, concurrency=1, timeout=60)
        first = start("faulty", **job(database_url, tmp_path, clock))
        site.wait_until_asked(3)
        site.open.clear()
        clock.step(HOURS)
        second = finish(start("faulty", **job(database_url, tmp_path, clock)))
        site.open.set()
        done = finish(first)
        assert Counter(site.asked()) == dict.fromkeys(GOOD, 1)
    assert second.end["state"] == "busy"
    assert (done.end["state"], done.ledger["stored"]) == ("completed", len(GOOD)), done.counts["reasons"]


def test_where_the_clock_of_another_machine_is_ahead_no_page_is_stored_twice(database_url: str, tmp_path: Path) -> None:
    """On PostgreSQL the run keeps its outlet; on SQLite, which has no clock of its own, it loses it and ends."""
    with WallClock() as clock, FaultySite(GOOD) as site:
        site.write_outlet(tmp_path / "outlets", delay=DELAY, concurrency=1, timeout=60)
        first = start("faulty", **job(database_url, tmp_path, clock, env={}))
        site.wait_until_asked(3)
        site.open.clear()
        clock.step(HOURS)
        db = open_database(database_url)
        db.write(lambda c: c.execute(update(Run).values(machine="another", host="another.example")) and None)
        second = start("faulty", **job(database_url, tmp_path, clock))
        assert second.stdout is not None
        began = json.loads(second.stdout.readline())
        site.open.set()
        lost, rest = finish(first), finish(second)
        assert max(Counter(site.asked()).values()) <= 2
    if db.dialect == "sqlite":
        assert (lost.end["state"], rest.end["state"]) == ("failed", "completed")
        assert "no longer holds its outlet" in lost.end["error"]
    else:
        assert (lost.end["state"], began["state"]) == ("completed", "busy")
    kept = list(articles.iter_articles(db, copies=True))
    assert len(kept) == len({one.url for one in kept}) == len(GOOD)
    assert check_store(db, tmp_path / "data" / "archive") == []
    db.close()


def test_the_next_night_after_a_clock_that_went_back_is_a_night_as_any_other(database_url: str, tmp_path: Path) -> None:
    with WallClock() as clock, FaultySite([*GOOD[:6], "/flaky/1/77"]) as site:
        site.write_outlet(tmp_path / "outlets", concurrency=1, delay=DELAY)
        stopped = start("faulty", **job(database_url, tmp_path, clock))
        site.wait_until_asked(3)
        stopped.terminate()
        finish(stopped)
        under_way = set(site.asked())  # on a busy machine, a page that was answered may not be kept in time
        clock.step(-DAYS)
        site.announced.append("/ok/99")
        begins = clock.now()
        done = finish(start("faulty", **job(database_url, tmp_path, clock)))
        asked = {path: site.count(path) for path in [*GOOD[:6], "/ok/99"]}
        assert asked == {path: 2 if path in under_way and asked[path] == 2 else 1 for path in asked}
    assert done.end["state"] == "completed"
    assert "the clock went back by 48.0 hours" in str(done.counts["notes"])
    assert done.ledger["waiting"] == 0
    assert done.end["exit_code"] == 0, done.end
    _assert_healthy(open_database(database_url), begins)


def _assert_healthy(db: Database, begins: datetime) -> None:
    with db.read() as c:
        last = c.execute(select(Run.__table__).order_by(Run.id.desc())).first()
        due = c.execute(select(Page.next_at).where(Page.next_at.is_not(None))).scalars().all()
    assert last is not None
    assert begins <= last.started_at <= last.ended_at
    assert all(at < begins + timedelta(days=1, minutes=5) for at in due), "second looks and retries come in time"
    assert health.open_findings(db, ["faulty"]) == []
    db.close()


def test_a_poll_asks_at_once_for_seeds_whose_last_poll_lies_ahead(database_url: str, tmp_path: Path) -> None:
    where = {"db": database_url, "data": tmp_path / "data", "outlets": tmp_path / "outlets"}
    with WrittenSite() as site:
        site.documents["/rss"] = Document(rss(1, 2, 3))
        site.write_outlet(tmp_path / "outlets", "gazette", 'kind = "feed"\nurl = "ORIGIN/rss"')
        assert polled(poll("gazette", **where))["gazette"]["asked"] == 1
        db = open_database(database_url)
        [state] = frontier.poll_states(db).values()
        ahead = replace(state, polled_at=state.polled_at + DAYS, next_poll_at=state.next_poll_at + DAYS)
        frontier.save_polls(db, [ahead])
        assert polled(poll("gazette", **where))["gazette"]["asked"] == 1
        [after] = frontier.poll_states(db).values()
    assert state.polled_at <= after.polled_at < after.next_poll_at < ahead.polled_at
    db.close()
