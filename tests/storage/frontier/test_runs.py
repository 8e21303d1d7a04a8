"""One run of an outlet at a time, and what becomes of runs that die."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from storage import frontier
from storage.database import Database
from storage.errors import HoldLostError, OutletBusyError
from storage.frontier import Extracted, FinishedPage, Gone
from storage.frontier.put_back import POISON, SUSPECT
from storage.frontier.runs import HEARTBEAT_TIMEOUT
from storage.jobs import check_store
from storage.model import Link
from storage.schema.tables import Page, Run
from tests.storage.building import all_articles, article, begin, end_page, put

SITE = "https://example.az/news/"
DIES = """
import os, sys
from datetime import UTC, datetime
from storage import frontier
from storage.database import open_database
db = open_database(sys.argv[1])
run = frontier.start_run(db, frontier.RunRequest("example", "Example", "crawl", {}))
frontier.lease(db, run, int(sys.argv[2]), now=datetime.now(UTC))
print(run.id, flush=True)
os.kill(os.getpid(), 9)
"""


def url_of(db: Database) -> str:
    return db.url.render_as_string(hide_password=False)


def die_holding(db: Database, leases: int) -> int:
    """A process that takes the outlet and some leases, and is killed; its run's id."""
    child = subprocess.run([sys.executable, "-c", DIES, url_of(db), str(leases)], capture_output=True, text=True)
    assert child.returncode == -9, child.stderr
    return int(child.stdout)


def seem_to_die_holding(db: Database, leases: int) -> None:
    """The same as far as the ledger can tell, without the cost of a process: nobody is the one that began the run."""
    run = begin(db)
    frontier.lease(db, run, leases, now=datetime.now(UTC))
    db.write(lambda c: c.execute(update(Run).where(Run.id == run.id).values(pid_started=1.0)) and None)


def announce(db: Database, *names: object) -> None:
    run = begin(db)
    frontier.discover(db, run, None, [Link(f"{SITE}{name}") for name in names])
    frontier.end_run(db, run.id, "completed", {})


def state_of(db: Database, run_id: int) -> str:
    with db.read() as c:
        return str(c.execute(select(Run.state).where(Run.id == run_id)).scalar_one())


def test_an_outlet_is_held_by_one_run_at_a_time(database: Database) -> None:
    first = begin(database)
    with pytest.raises(OutletBusyError, match=f"example.*run {first.id}") as busy:
        begin(database)
    assert busy.value.exit_code == 75
    begin(database, "another")
    frontier.end_run(database, first.id, "completed", {"stored": 3})
    begin(database)
    kept = frontier.last_runs(database, "example")
    assert [(one.state, one.counts) for one in kept] == [("running", {}), ("completed", {"stored": 3})]


def test_a_run_whose_process_was_killed_is_replaced_at_once_and_its_leases_go_back(database: Database) -> None:
    announce(database, 1, 2, 3)
    dead = die_holding(database, 2)
    assert dead not in frontier.live_run_ids(database)
    run = begin(database)
    assert run.recovered == 2
    assert state_of(database, dead) == "died"
    assert len(frontier.lease(database, run, 9, now=datetime.now(UTC))) == 3
    assert check_store(database) == []


def test_a_run_elsewhere_is_replaced_only_after_a_silence(database: Database) -> None:
    first = begin(database)
    elsewhere = {"machine": "another", "host": "another.example", "pid": 1}
    database.write(lambda c: c.execute(update(Run).values(elsewhere)) and None)
    with pytest.raises(OutletBusyError, match=r"another\.example"):
        begin(database)
    silent = datetime.now(UTC) - HEARTBEAT_TIMEOUT - timedelta(seconds=1)
    database.write(lambda c: c.execute(update(Run).values(beat_at=silent)) and None)
    assert begin(database).id != first.id


def test_a_run_that_was_given_up_can_neither_lease_nor_end_anything(database: Database) -> None:
    announce(database, 1)
    old = begin(database)
    [page] = frontier.lease(database, old, 1, now=datetime.now(UTC))
    gone = {"machine": "another", "beat_at": datetime.now(UTC) - timedelta(hours=1)}
    database.write(lambda c: c.execute(update(Run).where(Run.id == old.id).values(gone)) and None)
    new = begin(database)
    with pytest.raises(HoldLostError):
        frontier.lease(database, old, 1, now=datetime.now(UTC))
    with pytest.raises(HoldLostError):
        frontier.heartbeat(database, old.id)
    assert end_page(database, old, page.page_id, Extracted(article(SITE + "1", "a"))).reason == "lease_lost"
    assert all_articles(database) == []
    frontier.end_run(database, old.id, "completed", {})
    assert state_of(database, old.id) == "died"
    assert state_of(database, new.id) == "running"
    assert frontier.live_run_ids(database) == {new.id}


def test_imports_do_not_exclude_each_other_and_dead_ones_are_seen(database: Database) -> None:
    first, second = (frontier.start_import(database, "import", {}) for _ in range(2))
    assert frontier.live_run_ids(database) == {first.id, second.id}
    gone = {"pid_started": 1.0}
    database.write(lambda c: c.execute(update(Run).where(Run.id == first.id).values(gone)) and None)
    frontier.start_import(database, "import", {})
    assert (state_of(database, first.id), state_of(database, second.id)) == ("died", "running")


class TestPagesThatKill:
    def test_a_page_that_was_held_by_dead_runs_is_handed_out_alone_and_last(self, database: Database) -> None:
        announce(database, "suspect")
        for _ in range(SUSPECT):
            seem_to_die_holding(database, 1)
        announce(database, "good")
        run = begin(database)
        first = frontier.lease(database, run, 9, now=datetime.now(UTC))
        assert [(one.url, one.alone) for one in first] == [(SITE + "good", False)]
        assert frontier.lease(database, run, 9, now=datetime.now(UTC)) == [], "not beside another"
        end_page(database, run, first[0].page_id, Gone("http_404"))
        [alone] = frontier.lease(database, run, 9, now=datetime.now(UTC))
        assert (alone.url, alone.alone) == (SITE + "suspect", True)
        assert end_page(database, run, alone.page_id, Extracted(article(alone.url, "a"))).state == "stored"
        frontier.discover(database, run, None, [Link(alone.url)], refetch=True)
        assert not frontier.lease(database, run, 9, now=datetime.now(UTC))[0].alone, "it has proved harmless"

    def test_a_page_that_kills_alone_is_given_up_and_named(self, database: Database) -> None:
        announce(database, "poison")
        for _ in range(SUSPECT + POISON):
            seem_to_die_holding(database, 1)
        run = begin(database)
        assert frontier.lease(database, run, 9, now=datetime.now(UTC)) == []
        with database.read() as c:
            found = c.execute(select(Page.state, Page.reason, Page.next_at)).one()
        assert tuple(found) == ("failed", "poison", None)
        assert check_store(database) == []

    def test_an_article_is_not_lost_because_its_page_turned_poisonous(self, database: Database) -> None:
        run = begin(database)
        put(database, run, SITE + "1", "a")
        frontier.discover(database, run, None, [Link(SITE + "1")], refetch=True)
        frontier.end_run(database, run.id, "completed", {})
        for _ in range(SUSPECT + POISON):
            seem_to_die_holding(database, 1)
        begin(database)
        assert frontier.count_pages(database)["stored"] == 1
        assert check_store(database) == []


def test_ends_of_one_batch_may_be_of_all_kinds(database: Database) -> None:
    announce(database, 1, 2)
    run = begin(database)
    now = datetime.now(UTC)
    one, two = frontier.lease(database, run, 2, now=now)
    ends = [
        FinishedPage(one.page_id, Extracted(article(one.url, "a")), now),
        FinishedPage(two.page_id, Gone("http_410"), now, 410),
    ]
    assert [ended.state for ended in frontier.finish(database, run, ends, now)] == ["stored", "gone"]
    assert frontier.finish(database, run, [], now) == []
