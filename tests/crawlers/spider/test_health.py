"""A crawl judges its outlet when it ends: findings are in its last message, errors fail it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from crawlers.job import Job
from crawlers.spider.health import is_judged
from storage import frontier
from storage.database import Database
from storage.health import open_findings
from storage.schema.tables import Article, Outlet, Run
from tests.crawling import Crawled, crawl
from tests.faults import FaultySite


def run(site: FaultySite, folder: Path, url: str, expect: str = "", **job: object) -> Crawled:
    file = site.write_outlet(folder / "outlets")
    file.write_text(f"{file.read_text(encoding='utf-8')}\n[expect]\n{expect}\n", encoding="utf-8")
    return crawl("faulty", db=url, outlets=folder / "outlets", data=folder, **job)


def age(db: Database, days: int) -> None:
    """The outlet was first crawled, and published, so many days ago."""
    then = datetime.now(UTC) - timedelta(days=days)

    def work(c) -> None:  # type: ignore[no-untyped-def]
        c.execute(update(Outlet).values(first_seen_at=then))
        c.execute(update(Article).values(published_at=then, first_seen_at=then))
        c.execute(update(Run).values(started_at=then, ended_at=then))

    db.write(work)


def test_an_outlet_below_its_minimum_fails_with_a_sentence_that_says_what_to_do(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with FaultySite(["/ok/1", "/ok/2"]) as site:
        first = run(site, tmp_path, database_url, "per_day = { min = 5 }")
        assert (first.end["state"], first.end["findings"]) == ("completed", [])
        assert first.counts["articles"]["number"] == 2
        age(database, 10)
        second = run(site, tmp_path, database_url, "per_day = { min = 5 }")
        third = run(site, tmp_path, database_url)
    (found,) = second.end["findings"]
    assert (found["kind"], found["severity"], found["change"]) == ("thin", "error", "new")
    assert found["runbook"] == "deploy/runbook.md#thin"
    assert (second.code, second.end["state"]) == (1, "failed")
    assert second.end["error"].startswith("health: thin since ")
    assert "its file expects 5 at least" in second.end["error"]
    (stored,) = frontier.last_runs(database, "faulty", 2)[1:]
    assert (stored.state, stored.error) == ("failed", second.end["error"])
    assert third.end["state"] == "completed"


def test_a_limited_crawl_is_not_judged(database: Database, database_url: str, tmp_path: Path) -> None:
    with FaultySite(["/ok/1", "/ok/2"]) as site:
        run(site, tmp_path, database_url, "per_day = { min = 5 }")
        age(database, 10)
        limited = run(site, tmp_path, database_url, "per_day = { min = 5 }", limit=1)
    assert (limited.end["state"], limited.end["findings"]) == ("completed", [])


@pytest.mark.parametrize(
    ("job", "judged"),
    [
        (Job(), True),
        (Job(kind="nightly"), True),
        (Job(refetch=True), False),
        (Job(budget=3), False),
        (Job(since=datetime(2026, 1, 1, tzinfo=UTC).date()), False),
        (Job.model_validate({"kind": "backfill", "first": "2026-01-01", "last": "2026-01-02"}), False),
    ],
)
def test_only_a_run_that_looks_for_all_news_is_judged(job: Job, judged: bool) -> None:
    assert is_judged(job) is judged


def test_the_seeds_of_an_outlet_that_falls_silent_are_looked_for_anew(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with FaultySite(["/ok/1", "/ok/2"]) as site:
        run(site, tmp_path, database_url)
        age(database, 10)
        silent = run(site, tmp_path, database_url, "silent_hours = 24")
    (found,) = silent.end["findings"]
    assert (found["kind"], found["change"]) == ("silent", "new")
    assert "looked anew: " in found["advice"]
    assert found["advice"] in silent.end["error"]
    (stored,) = open_findings(database)
    assert stored.finding.advice == found["advice"]
