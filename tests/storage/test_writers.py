"""Several processes write at once, and some are killed: one original for each text, nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from storage import articles, frontier
from storage.database import Database
from storage.frontier import Extracted, FinishedPage
from storage.jobs import check_store
from storage.model import Link
from storage.schema.tables import Article
from tests.storage.building import all_articles, article

pytestmark = pytest.mark.long

RACERS, STORIES = 3, 60
NEAR_STORIES = int(os.environ.get("PRESSRUN_TEST_STORIES", "300"))  # `make test-long` takes a thousand
PAGES = 400

RACE = """
import sys
from datetime import UTC, datetime
from storage import frontier
from storage.database import open_database
from storage.frontier import Extracted
from storage.frontier import FinishedPage
from storage.model import Link
from tests.storage.building import article
from tests.storage.stories import edited, long_story

me, near, stories = sys.argv[2], sys.argv[3] == "near", int(sys.argv[4])
db = open_database(sys.argv[1])
run = frontier.start_run(db, frontier.RunRequest(me, me.title(), "crawl", {}))
urls = {f"https://{me}.example/{n}": n for n in range(stories)}
frontier.discover(db, run, None, [Link(url) for url in urls])
pages = {urls[one.url]: one for one in frontier.lease(db, run, stories, now=datetime.now(UTC))}
told = [article(pages[n].url, n, **({"text": edited(long_story(n, 3), 0.03, int(me[-1]))} if near else {})) for n in pages]
told = dict(zip(pages, told))
print("ready", flush=True)
sys.stdin.readline()
for n in range(stories):
    print(n, flush=True)  # whoever is ahead waits: every story arrives from all at the same moment
    sys.stdin.readline()
    now = datetime.now(UTC)
    frontier.finish(db, run, [FinishedPage(pages[n].page_id, Extracted(told[n]), now)], now)
frontier.end_run(db, run.id, "completed", {})
db.close()
"""

CRAWL = f"""
import sys
from datetime import UTC, datetime
from storage import frontier
from storage.database import open_database
from storage.frontier import Extracted
from storage.frontier import FinishedPage
from storage.model import Link
from tests.storage.building import article

db = open_database(sys.argv[1])
run = frontier.start_run(db, frontier.RunRequest("herald", "Herald", "crawl", {{}}))
frontier.discover(db, run, None, [Link(f"https://herald.example/{{n}}") for n in range({PAGES})])
print("begun", flush=True)
while leases := frontier.lease(db, run, 7, now=datetime.now(UTC)):
    now = datetime.now(UTC)
    ends = [FinishedPage(one.page_id, Extracted(article(one.url, int(one.url.rsplit("/", 1)[1]) // 2)), now) for one in leases]
    frontier.finish(db, run, ends, now)
frontier.end_run(db, run.id, "completed", {{}})
db.close()
"""


def url_of(db: Database) -> str:
    return db.url.render_as_string(hide_password=False)


def start(code: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def say(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()


def hear(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def close(child: subprocess.Popen[str]) -> None:
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            stream.close()


def race(database: Database, racers: int, kind: str, stories: int) -> Counter[int]:
    """How many articles each original stands for, after every story came from all racers at the same moment."""
    children = [start(RACE, url_of(database), f"racer{n}", kind, str(stories)) for n in range(racers)]
    for child in children:
        assert hear(child) == "ready"
        say(child)
    for n in range(stories):
        assert [hear(child) for child in children] == [str(n)] * racers
        for child in children:
            say(child)
    assert [child.wait(60) for child in children] == [0] * racers
    for child in children:
        close(child)
    return Counter(row.duplicate_of or row.id for row in all_articles(database))


def test_equal_texts_that_end_at_the_same_moment_have_one_original(database: Database) -> None:
    groups = race(database, RACERS, "equal", STORIES)
    assert len(groups) == STORIES
    assert set(groups.values()) == {RACERS}
    assert check_store(database) == []


@pytest.mark.timeout(600)
def test_near_copies_that_end_at_the_same_moment_have_one_original(database: Database) -> None:
    groups = race(database, 2, "near", NEAR_STORIES)
    assert len(groups) == NEAR_STORIES
    assert set(groups.values()) == {2}
    assert len({row.text_hash for row in texts(database)}) == 2 * NEAR_STORIES
    assert check_store(database) == []


def texts(db: Database) -> list[Any]:
    with db.read() as c:
        return list(c.execute(select(Article.id, Article.text_hash)))


def test_a_killed_writer_loses_nothing_and_stores_nothing_twice(database: Database) -> None:
    chance = random.Random(7)
    for _ in range(6):
        child = start(CRAWL, url_of(database))
        hear(child)
        time.sleep(chance.uniform(0.01, 0.25))
        child.kill()
        child.wait()
        close(child)
        assert not [line for line in check_store(database) if "leases" not in line]
    last = start(CRAWL, url_of(database))
    assert last.wait(120) == 0
    close(last)
    counts = frontier.count_pages(database, "herald")
    assert (counts["discovered"], counts["waiting"], counts["failed"]) == (PAGES, 0, 0)
    assert (counts["stored"], counts["duplicate"]) == (PAGES / 2, PAGES / 2)
    assert len({row.url for row in articles.iter_articles(database, copies=True)}) == PAGES
    assert check_store(database) == []


def test_runs_of_one_outlet_that_begin_at_once_leave_one(database: Database) -> None:
    code = """
import sys
from storage import frontier
from storage.database import open_database
from storage.errors import OutletBusyError
db = open_database(sys.argv[1])
sys.stdin.readline()
try:
    frontier.start_run(db, frontier.RunRequest("herald", "Herald", "crawl", {}))
except OutletBusyError:
    sys.exit(75)
print("held", flush=True)
sys.stdin.readline()
"""
    children = [start(code, url_of(database)) for _ in range(4)]
    for child in children:
        say(child)
    losers = []
    deadline = time.monotonic() + 30
    while len(losers) < 3 and time.monotonic() < deadline:
        losers = [child for child in children if child.poll() == 75]
        time.sleep(0.02)
    assert len(losers) == 3
    [winner] = [child for child in children if child.poll() is None]
    assert hear(winner) == "held"
    say(winner)
    assert winner.wait(10) == 0
    for child in children:
        close(child)


def test_a_page_ends_once_even_if_two_writers_say_so(database: Database) -> None:
    run = frontier.start_run(database, frontier.RunRequest("herald", "Herald", "crawl", {}))
    frontier.discover(database, run, None, [Link("https://herald.example/1")])
    now = datetime.now(UTC)
    [one] = frontier.lease(database, run, 1, now=now)
    end = FinishedPage(one.page_id, Extracted(article(one.url, "a")), now)
    states = [frontier.finish(database, run, [end], now)[0].state for _ in range(2)]
    assert states == ["stored", "put_back"]
    assert len(all_articles(database)) == 1
