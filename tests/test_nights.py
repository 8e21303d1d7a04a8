"""Nights, a backfill, new articles and kills, on pages of our own, on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deploy.demo.press import Press
from storage import articles, frontier
from storage import learned_containers as containers
from storage.database import open_database
from storage.jobs import check_store
from tests.crawling import Crawled, balanced, crawl, finish, kill, start
from tests.faults import FaultySite

OUTLETS = ("demo_herald", "demo_digest", "demo_xeber")

pytestmark = pytest.mark.long


@pytest.fixture
def where(database_url: str, tmp_path: Path) -> dict[str, Any]:
    return {"db": database_url, "data": tmp_path / "data"}


def night(press: Press, where: dict[str, Any]) -> dict[str, Crawled]:
    ran = {outlet: crawl(outlet, kind="nightly", outlets=press.outlet_folder, **where) for outlet in OUTLETS}
    for outlet, done in ran.items():
        assert done.end["state"] == "completed", f"{outlet}: {done.log[-3000:]}"
        assert balanced(done.ledger)
        assert done.ledger["waiting"] == 0
    return ran


def asked(press: Press, kind: str) -> int:
    return sum(n for key, n in press.stats()["requests"].items() if f" {kind} " in key)


def test_the_first_night_stores_the_second_asks_for_nothing_the_third_for_what_is_new(where: dict[str, Any]) -> None:
    with Press() as press:
        first = night(press, where)
        assert sum(done.counts["stored"] + done.counts["duplicate"] for done in first.values()) >= 30
        assert sum(done.counts["rejected"] for done in first.values()) >= 5
        before = asked(press, "article")

        second = night(press, where)
        assert asked(press, "article") == before
        assert all(done.counts["requests"]["article"] == 0 for done in second.values())
        assert all(done.counts["seeds_unchanged"] == done.counts["requests"]["seed"] for done in second.values())

        press.publish(3)
        third = night(press, where)
        assert sum(done.counts["discovered"] for done in third.values()) == 3 == asked(press, "article") - before
    db = open_database(where["db"])
    assert check_store(db, where["data"] / "archive") == []
    db.close()


def test_a_crawl_learns_where_articles_stand_and_the_next_one_notices_that_they_no_longer_do(
    where: dict[str, Any],
) -> None:
    with Press() as press:
        first = crawl("demo_herald", kind="nightly", outlets=press.outlet_folder, **where)
        assert not [line for line in first.counts["problems"] if "layout" in line]
        db = open_database(where["db"])
        [kept] = containers.list_containers(db, "demo_herald")
        assert kept.changed_at is None
        # As if the outlet had moved its articles since: what was learned is nowhere on its pages.
        db.write(lambda c: c.exec_driver_sql("UPDATE containers SET path = '//div[@id=''gone'']'") and None)
        again = crawl("demo_herald", kind="crawl", refetch=True, outlets=press.outlet_folder, **where)
        told = [line for line in again.counts["problems"] if "layout changed" in line]
        assert len(told) == 1
        assert "//div[@id='gone']" in told[0]
        assert again.end["exit_code"] == 1
        assert again.counts["rejected"] == 0 or again.counts["unchanged"] > 0
        now, before = containers.list_containers(db, "demo_herald")
        assert (now.path, now.changed_at) == (kept.path, None)
        assert before.changed_at is not None
        db.close()


def test_copies_are_kept_and_point_at_the_outlet_that_they_credit(where: dict[str, Any]) -> None:
    with Press() as press:
        night(press, where)
    db = open_database(where["db"])
    everything = {article.id: article for article in articles.iter_articles(db, copies=True)}
    db.close()
    copies = [article for article in everything.values() if article.duplicate_of]
    assert len(copies) >= 3
    for copy in copies:
        original = everything[copy.duplicate_of or 0]
        assert (copy.outlet, original.outlet) == ("demo_digest", "demo_herald")
        assert original.duplicate_of is None
        assert copy.text == original.text


def test_a_backfill_takes_its_months_and_is_not_done_twice(where: dict[str, Any]) -> None:
    from datetime import date

    with Press() as press:
        for first, last in (("2025-10-01", "2025-10-31"), ("2025-09-01", "2025-09-30")):
            done = crawl("demo_xeber", kind="backfill", first=first, last=last, outlets=press.outlet_folder, **where)
            assert done.end["state"] == "completed", done.log[-3000:]
    db = open_database(where["db"])
    days = {article.published_at.date() for article in articles.iter_articles(db, copies=True) if article.published_at}
    assert days
    assert all(date(2025, 9, 1) <= day <= date(2025, 10, 31) for day in days)
    assert len(frontier.finished_windows(db, "demo_xeber")) == 2
    db.close()


def test_five_kills_at_different_moments_lose_nothing_and_store_nothing_twice(
    where: dict[str, Any], tmp_path: Path
) -> None:
    paths = [f"/ok/{n}" for n in range(120)]
    with FaultySite(paths) as site:
        site.write_outlet(tmp_path / "outlets", delay=0.02, concurrency=1)
        job = {"outlets": tmp_path / "outlets", "kind": "nightly"} | where
        for pages in (1, 5, 12, 20, 30):
            before = len(site.asked())
            child = start("faulty", **job)
            site.wait_until_asked(before + pages)
            kill(child)
        last = crawl("faulty", **job)
        assert last.end["state"] == "completed", last.log[-3000:]
        assert max(site.count(path) for path in paths) <= 6
    assert (last.ledger["discovered"], last.ledger["stored"], last.ledger["waiting"]) == (120, 120, 0)
    db = open_database(where["db"])
    assert len({article.url for article in articles.iter_articles(db, copies=True)}) == 120
    assert check_store(db, where["data"] / "archive") == []
    db.close()


def test_sigterm_stops_a_crawl_soon_and_keeps_what_is_done(where: dict[str, Any], tmp_path: Path) -> None:
    with FaultySite([f"/ok/{n}" for n in range(200)]) as site:
        site.write_outlet(tmp_path / "outlets", delay=0.2, concurrency=1)
        child = start("faulty", kind="nightly", outlets=tmp_path / "outlets", **where)
        site.wait_until_asked(20)  # more than a crawl has under way at once, so that some are done
        child.terminate()
        done = finish(child)
        asked = len(site.asked())
    assert asked < 20 + 20, "soon: only pages that were under way are still fetched"
    assert done.end["state"] == "stopped"
    assert done.code == 0
    assert 0 < done.ledger["stored"] <= asked
    assert done.ledger["waiting"] == 200 - done.ledger["stored"]


def test_a_crawl_whose_parent_dies_stops_by_itself(where: dict[str, Any], tmp_path: Path) -> None:
    with FaultySite([f"/ok/{n}" for n in range(200)]) as site:
        site.write_outlet(tmp_path / "outlets", delay=0.05, concurrency=1)
        child = start("faulty", kind="nightly", outlets=tmp_path / "outlets", **where)
        assert child.stdin is not None
        child.stdin.close()
        child.stdin = None
        out, _ = child.communicate(timeout=20)
    assert '"state": "stopped"' in out.splitlines()[-1]
