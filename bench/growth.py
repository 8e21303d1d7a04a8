"""What the store costs as it grows: an article stored, a lease, status, the list of articles, at several sizes.

    python -m bench.growth [--sizes 100000 1000000] [--words 150] [--db URL ...]

The stores are made by SQL with invented rows, see `bench.grown_store`; a million articles take some 3 GB. CPU is that
of this process, which with SQLite does everything; with PostgreSQL the server's process is added. The stores are
measured in turn, several times, and the least counts, since a busy machine makes everything dearer for a while. The
last column is the ratio of the last store to the first.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psutil
from sqlalchemy import text

from bench.crawl import WORDS
from bench.grown_store import OUTLETS, fill
from flows.cli.root import run
from storage import frontier
from storage.database import Database, open_database
from storage.frontier import Extracted, FinishedPage, Run, RunRequest
from storage.model import Article, DateSource, Link, Precision, Published

BATCHES, BATCH, LEASE = 30, 50, 10  # of each measurement; pages a batch and a lease
WARM = 5  # batches before it
LENGTH = 500  # words of a new article
SYLLABLES = ("ka", "lo", "mi", "ren", "tas", "vo", "du", "ber", "nai", "sol")


class Meter:
    """CPU milliseconds by what was done: of this process, and of the server's process for its one connection."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._server: psutil.Process | None = None
        if db.dialect == "postgresql":
            with db.read() as c:
                self._server = psutil.Process(c.execute(text("SELECT pg_backend_pid()")).scalar_one())
        self.spent: dict[str, float] = {}

    def _now(self) -> float:
        own = time.process_time()
        if self._server is None:
            return own
        server = self._server.cpu_times()
        return own + server.user + server.system

    @contextmanager
    def measured(self, name: str, number: int) -> Iterator[None]:
        before = self._now()
        yield
        self.spent[name] = self.spent.get(name, 0.0) + 1000 * (self._now() - before) / number


def measure(db: Database, turn: int) -> dict[str, float]:
    """Return CPU milliseconds of each operation in the store as it is."""
    meter = Meter(db)
    of_outlet = frontier.start_run(db, RunRequest("outlet_1", "Outlet", "crawl"))
    for n in range(WARM):
        _stored_batch(db, of_outlet, Meter(db), f"{turn}-warm-{n}")
    for n in range(BATCHES):
        _stored_batch(db, of_outlet, meter, f"{turn}-{n}")
    for name, work in _questions(db, of_outlet).items():
        work()  # once before, so that plans and pages are there
        with meter.measured(name, 1):
            work()
    with meter.measured("end of a run", 1):
        frontier.put_back_all(db, of_outlet)
        frontier.end_run(db, of_outlet.id, "completed", {})
    return meter.spent


def _questions(db: Database, of_outlet: Run) -> dict[str, Callable[[], object]]:
    return {
        "pages of an outlet counted": lambda: frontier.count_pages(db, of_outlet.outlet_id),
        "the next page that is due": lambda: frontier.next_due(db, of_outlet),
        "pressrun status": lambda: _command(db, "status"),
        "pressrun articles list": lambda: _command(db, "articles", "list"),
        "pressrun articles list --outlet": lambda: _command(db, "articles", "list", "--outlet", "outlet_1"),
    }


def _command(db: Database, *words: str) -> None:
    """Run a command in this process, whose imports are done; what it prints is dropped."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run([*words, "--db", db.url.render_as_string(hide_password=False)])


def _stored_batch(db: Database, of_outlet: Run, meter: Meter, name: str) -> None:
    now = datetime.now(UTC)
    links = [Link(f"https://news.example/new/{name}/{n}") for n in range(BATCH)]
    with meter.measured("link discovered", BATCH * BATCHES):
        frontier.discover(db, of_outlet, None, links)
    leases = []
    with meter.measured("lease", BATCH * BATCHES):
        for _ in range(BATCH // LEASE):
            leases += frontier.lease(db, of_outlet, LEASE, now=datetime.now(UTC))
    ends = [
        FinishedPage(lease.page_id, Extracted(_article(lease.url)), now, 200, lease.url, (lease.url,))
        for lease in leases
    ]
    with meter.measured("article stored", BATCH * BATCHES):
        frontier.finish(db, of_outlet, ends, now)


def _article(url: str) -> Article:
    """An article of random words, seeded with its address, so that no two are copies. Paragraphs have six sentences."""
    chance = random.Random(url)
    words = [chance.choice(WORDS) if n % 4 else "".join(chance.choices(SYLLABLES, k=3)) for n in range(LENGTH)]
    lines = [" ".join(words[n : n + 80]).capitalize() + "." for n in range(0, LENGTH, 80)]
    published = Published(datetime.now(UTC), Precision.MINUTE, DateSource.JSON_LD, "now")
    return Article(url, f"A headline about {words[0]} and {words[5]}", "\n\n".join(lines), published=published)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000], metavar="N")
    ask.add_argument("--words", type=int, default=150, help="words of the texts that fill the stores")
    ask.add_argument("--rounds", type=int, default=3, help="measurements of each store")
    ask.add_argument("--db", nargs="+", metavar="URL", help="an empty store for each size; default: SQLite files")
    given = ask.parse_args()
    if given.db and len(given.db) != len(given.sizes):
        ask.error(f"--db: {len(given.sizes)} sizes need as many stores, not {len(given.db)}")
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        urls = given.db or [f"sqlite:///{folder}/{size}.db" for size in given.sizes]
        stores = [_grown(url, size, given.words) for url, size in zip(urls, given.sizes, strict=True)]
        rounds = [[measure(db, turn) for db in stores] for turn in range(given.rounds)]
        for db in stores:
            db.close()
    least = [{name: min(each[n][name] for each in rounds) for name in rounds[0][n]} for n in range(len(stores))]
    _say(given.sizes, least)


def _grown(url: str, size: int, words: int) -> Database:
    began = time.monotonic()
    db = open_database(url)
    fill(db, size, words)
    print(f"{size:,} articles after {time.monotonic() - began:.0f} s; {OUTLETS} outlets", flush=True)
    return db


def _say(sizes: list[int], found: list[dict[str, float]]) -> None:
    print(f"\n{'CPU ms each':34}" + "".join(f"{size:>14,}" for size in sizes) + f"{'ratio':>9}")
    for name in found[0]:
        values = [spent[name] for spent in found]
        print(f"{name:34}" + "".join(f"{value:14.3f}" for value in values) + f"{values[-1] / values[0]:9.2f}")


if __name__ == "__main__":
    main()
