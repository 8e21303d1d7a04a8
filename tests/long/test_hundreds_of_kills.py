"""Crawls that are killed hundreds of times, at random moments: nothing is lost, nothing is stored twice.

`PRESSRUN_TEST_KILLS` says how many kills each database gets (250), `PRESSRUN_TEST_SEED` which (of the clock). A failure
names its seed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from storage import articles
from storage.database import open_database
from storage.jobs import check_store
from storage.schema.tables import Page
from storage.warc import Place
from tests.crawling import balanced, crawl, kill, start
from tests.faults import FaultySite
from tests.warc import by_warcio

pytestmark = [pytest.mark.hours, pytest.mark.timeout(7200)]

KILLS = int(os.environ.get("PRESSRUN_TEST_KILLS", "250"))
SEED = int(os.environ.get("PRESSRUN_TEST_SEED", str(time.time_ns() % 1_000_000)))
PAGES, KILLS_OF_ROUND = 150, 25
# What ends for good in one try or a few, whatever is killed meanwhile; good pages are between them.
FAULTS = {
    "/status/404": "gone", "/pdf": "rejected", "/redirect/private": "rejected", "/redirect/ok/801": "stored",
    "/hostile/attributes": "rejected", "/coded/gzip/802": "stored", "/bomb/gzip": "rejected", "/wall/consent": "rejected",
}  # fmt: skip


@pytest.mark.parametrize("number", range(-(-KILLS // KILLS_OF_ROUND)))
def test_a_crawl_that_is_killed_again_and_again_ends_as_one_that_is_not(
    number: int, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(f"{SEED} {number}")
    paths = [f"/ok/{n}" for n in range(PAGES)] + list(FAULTS)
    chance.shuffle(paths)
    job = {"db": database_url, "outlets": tmp_path / "outlets", "data": tmp_path / "data", "kind": "nightly"}
    with FaultySite(paths) as site:
        site.write_outlet(tmp_path / "outlets", delay=0.02, concurrency=2, max_bytes=2_000_000)
        kills = min(KILLS_OF_ROUND, KILLS)
        for _ in range(kills):
            _strike(start("faulty", **job), site, chance)
        last = crawl("faulty", **job)
        assert last.end["state"] == "completed", f"seed {SEED}, round {number}: {last.log[-3000:]}"
        most = max(site.count(path) for path in paths)
    assert most <= 2 * kills, f"seed {SEED}, round {number}"
    assert balanced(last.ledger)
    assert last.ledger["waiting"] == 0
    _assert_all_is_there(database_url, tmp_path / "data" / "archive", site.origin, f"seed {SEED}, round {number}")


def _strike(child: subprocess.Popen[str], site: FaultySite, chance: random.Random) -> None:
    """Kill a crawl at a random moment; of ten, two lose a worker before, and one is asked to stop first."""
    before, enough = len(site.asked()), chance.randrange(12)
    deadline = time.monotonic() + 60
    while len(site.asked()) < before + enough and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(chance.random() * 0.2)
    way = 1.0 if child.poll() is not None else chance.random()  # it may have had nothing left to do
    if way < 0.2 and (below := psutil.Process(child.pid).children(recursive=True)):
        victim = chance.choice(below)
        if victim.is_running():
            os.kill(victim.pid, signal.SIGKILL)
        time.sleep(chance.random() * 0.3)
    elif way < 0.3:
        child.terminate()
        time.sleep(chance.random() * 0.3)
    kill(child)


def _assert_all_is_there(url: str, archive: Path, origin: str, where: str) -> None:
    db = open_database(url)
    with db.read() as c:
        rows = c.execute(select(Page.__table__)).all()
    ended = {row.url.removeprefix(origin): row.state for row in rows}
    assert {path: ended[path] for path in FAULTS} == FAULTS, where
    assert {state for path, state in ended.items() if path.startswith("/ok/")} == {"stored"}, where
    stored = [article.url for article in articles.iter_articles(db, copies=True)]
    assert len(stored) == len(set(stored)) == PAGES + list(FAULTS.values()).count("stored"), where
    assert check_store(db, archive) == [], where
    db.close()
    found = {place for file in archive.glob("*.warc.gz") for place, *_ in by_warcio(file)}
    for row in rows:
        if row.state == "stored":
            assert Place(row.warc_file, row.warc_offset, row.warc_length) in found, (
                f"{where}: {row.url} is not in the archive, by a reader of others"
            )
