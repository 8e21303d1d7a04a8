"""A long crawl of many hosts with faults: does it grow, does its loop stall, is every page accounted for?

    python -m bench.soak [--pages 50000] [--hosts 20] [--faults 0.05] [--db URL]

The hosts are on loopback, in this process; one page in twenty of each is a fault that ends in one try, and one in ten a
copy of an article of another host. Articles have 300 to 900 words of a vocabulary of 200,000. One process crawls all
outlets, as in a night. Prints each minute, and at the end: memory of the crawl process and of its extraction workers,
the slope of each over the last four fifths, open descriptors, the 99th percentile of the loop's lag in milliseconds,
pages without an outcome (0), and CPU. Caches have bounds, and take some 10,000 pages to fill: a shorter run shows their
filling as a slope. Exit code 1 if a page is unaccounted for, or an outcome is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from storage.database import open_database
from storage.frontier import count_pages
from tests.faults import FaultySite
from tests.grouping import Group
from tests.long_articles import long_article

# path -> the state of its page
FAULTS = {
    "/status/404": "gone", "/status/410": "gone", "/pdf": "rejected", "/json": "rejected", "/wall/consent": "rejected",
    "/redirect/private": "rejected", "/hostile/depth": "rejected", "/redirect/self": "rejected",
    "/coded/members/1": "stored", "/charset/nul": "stored",
}  # fmt: skip
COPIES = 0.1  # share of the pages that are copies
EVERY = 1.0  # seconds between two looks at the processes
SETTLED = 0.2  # the share of the run in which memory may still grow: imports, caches, pools


@dataclass
class Look:
    """One sample. `at`: seconds since the start; `crawl`, `workers`: bytes of these processes that nothing shares."""

    at: float
    crawl: int
    workers: int
    descriptors: int
    requests: int  # that the hosts have had so far

    @property
    def memory(self) -> int:
        return self.crawl + self.workers


@dataclass
class Soak:
    """The hosts, and what was seen of the process that crawls them."""

    sites: list[FaultySite]
    folder: Path
    db: str
    looks: list[Look] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def asked(self) -> int:
        return sum(len(site.hits) for site in self.sites)

    def run(self) -> None:
        names = [f"soak_{number}" for number in range(len(self.sites))]
        outlets = self.folder / "outlets"
        for name, site in zip(names, self.sites, strict=True):
            site.write_outlet(outlets, name, delay=0.0, concurrency=2, timeout=30)
        os.environ["SOAK_LAG"] = str(self.folder / "lag.txt")
        with Group(
            *names, module="bench.runners.group_with_lag", db=self.db, outlets=outlets, data=self.folder
        ) as group:
            for name in names:
                group.tell(start=name)
            group.tell(finish=True)
            self._watch(psutil.Process(group.process.pid))
            ends = group.ends()
        broken = {name: ends[name]["error"] for name in names if ends.get(name, {}).get("state") != "completed"}
        if broken:
            sys.exit(f"not completed: {broken}")

    def _watch(self, process: psutil.Process) -> None:
        told = began = time.monotonic()
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            with contextlib.suppress(psutil.NoSuchProcess):
                self._look(process, time.monotonic() - began)
            if time.monotonic() - told > 60:
                told = time.monotonic()
                last = self.looks[-1]
                print(
                    f"{last.at:6.0f} s {last.requests:8,} requests {last.crawl / 1e6:6.0f} MB, workers "
                    f"{last.workers / 1e6:.0f} MB",
                    flush=True,
                )
            time.sleep(EVERY)

    def _look(self, process: psutil.Process, at: float) -> None:
        family = [process, *process.children(recursive=True)]
        crawl, *workers = (each.memory_full_info().uss for each in family)  # what would be free without them
        times = [each.cpu_times() for each in family]
        self.cpu = max(self.cpu, sum(each.user + each.system for each in times))
        self.looks.append(Look(at, crawl, sum(workers), sum(each.num_fds() for each in family), self.asked))

    def unaccounted(self) -> int:
        """How many pages have no outcome, or another than they should."""
        db = open_database(self.db)
        counts: Counter[str] = Counter()
        for number in range(len(self.sites)):
            counts.update(count_pages(db, f"soak_{number}"))
        db.close()
        wanted: Counter[str] = Counter()
        for site in self.sites:
            for path in site.announced:
                wanted[FAULTS.get(path.partition("?")[0], "stored")] += 1
        found = Counter({state: counts[state] for state in ("gone", "rejected", "failed", "waiting")})
        found["stored"] = counts["stored"] + counts["duplicate"]
        return sum((found - wanted).values()) + sum((wanted - found).values())


def announced(host: int, pages: int, share: float, chance: random.Random) -> list[str]:
    """The paths of one host: articles of its own, copies of the host before it, and faults."""
    return [_path(host, pages, n, share, chance) for n in range(pages)]


def _path(host: int, pages: int, n: int, share: float, chance: random.Random) -> str:
    if chance.random() < share:
        return f"{chance.choice(list(FAULTS))}?{host}.{n}"
    if host and chance.random() < COPIES:
        return f"/long/{(host - 1) * pages + n}/copy"
    return f"/long/{host * pages + n}"


def slope(looks: Sequence[Look], memory: Callable[[Look], int]) -> float:
    """Bytes a page by which memory grows, by least squares over what follows the settling."""
    settled = looks[int(len(looks) * SETTLED) :]
    if len(settled) < 3:
        return float("nan")
    return statistics.linear_regression([look.requests for look in settled], list(map(memory, settled))).slope


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", type=int, default=50_000)
    ask.add_argument("--hosts", type=int, default=20)
    ask.add_argument("--faults", type=float, default=0.05, metavar="SHARE")
    ask.add_argument("--db", metavar="URL", help="an empty store; default: a temporary SQLite file")
    given = ask.parse_args()
    chance, each = random.Random(7), given.pages // given.hosts
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, contextlib.ExitStack() as stack:
        sites = [
            stack.enter_context(FaultySite(announced(n, each, given.faults, chance), host=f"127.0.1.{n + 1}"))
            for n in range(given.hosts)
        ]
        soak = Soak(sites, Path(folder), given.db or f"sqlite:///{folder}/soak.db")
        long_article("0")  # makes the vocabulary, which the threads of all hosts would make at once
        began = time.monotonic()
        soak.run()
        return report(soak, time.monotonic() - began)


def report(soak: Soak, seconds: float) -> int:
    """Print the figures. Returns 1 if a page is not accounted for."""
    pages = sum(len(site.announced) for site in soak.sites)
    lags = sorted(map(float, (soak.folder / "lag.txt").read_text().split()))
    peak, last = max(look.memory for look in soak.looks), soak.looks[-1]
    descriptors = [look.descriptors for look in soak.looks]
    lost = soak.unaccounted()
    print(f"{pages:,} pages of {len(soak.sites)} hosts in {seconds:.0f} s, {1000 * soak.cpu / pages:.1f} ms CPU a page")
    print(f"memory: at most {peak / 1e6:.0f} MB, {last.memory / 1e6:.0f} MB at the end")
    for name, memory in (("the crawl process", _crawl), ("its workers", _workers)):
        most, grows = max(map(memory, soak.looks)), slope(soak.looks, memory)
        print(f"{name}: at most {most / 1e6:.0f} MB; {grows / 1e3:+.2f} MB each 1,000 requests")
    print(f"descriptors: at most {max(descriptors)}, {statistics.median(descriptors):.0f} in the middle")
    print(
        f"lag of the loop: p50 {_at(lags, 0.5):.0f} ms, p99 {_at(lags, 0.99):.0f} ms, at most {1000 * lags[-1]:.0f} ms"
    )
    print(f"pages unaccounted for, or with a wrong outcome: {lost}")
    return 1 if lost else 0


def _crawl(look: Look) -> int:
    return look.crawl


def _workers(look: Look) -> int:
    return look.workers


def _at(values: Sequence[float], share: float) -> float:
    return 1000 * values[min(len(values) - 1, int(len(values) * share))]


if __name__ == "__main__":
    sys.exit(main())
