"""How long until a crawl goes on after `kill -9` of its worker, of its flow run's process, or of the server.

    python -m bench.healing --kills 10

Each kill hits a crawl in the middle, under a real Prefect server on SQLite that `pressrun up` supervises. Measured are
the seconds from the kill until the next article is fetched by the run that continues (worker, process), or until the
server answers again (server: the crawl does not stop). At the end every page must be stored once, and none be left.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from crawlers.environment import Settings
from deploy.demo.press import Press
from deploy.demo.schedules import set_schedule
from flows.up import RunningPrefect, running_prefect
from storage.database import open_database
from storage.frontier import count_pages
from storage.jobs import check_store

TARGETS = ("worker", "process", "server")
WITHIN = 300.0  # seconds until a kill counts as not healed
OUTLET = "slow"
DELAY = 1.5  # seconds between two requests of the outlet


@dataclass
class Bench:
    """A supervised server and worker, and a press whose one slow outlet is crawled in full for each kill."""

    prefect: RunningPrefect
    press: Press

    @property
    def api(self) -> str:
        return self.prefect.api_url

    def start(self) -> str:
        deployment = httpx.get(f"{self.api}/deployments/name/crawl/crawl").json()["id"]
        order = {"parameters": {"outlet": OUTLET, "refetch": True}, "state": {"type": "SCHEDULED"}}
        answer = httpx.post(f"{self.api}/deployments/{deployment}/create_flow_run", json=order).raise_for_status()
        run: str = answer.json()["id"]
        return run

    def state(self, run: str) -> tuple[str, int]:
        try:
            found: dict[str, Any] = httpx.get(f"{self.api}/flow_runs/{run}", timeout=10).json()
        except httpx.TransportError:
            return "", 0
        return found["state"]["name"], found["run_count"]

    def until(self, happened: Callable[[], Any]) -> None:
        deadline = time.monotonic() + WITHIN
        while not happened():
            if time.monotonic() > deadline:
                sys.exit("not healed in time")
            time.sleep(0.05)

    def articles(self) -> int:
        return self.press.requests("article")

    def healthy(self) -> bool:
        try:
            return httpx.get(f"{self.api}/health", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self, target: str) -> None:
        if target == "process":
            below = psutil.Process(self.prefect.worker.pid).children(recursive=True)
            next(one for one in below if "flows.engine" in one.cmdline()).kill()
        else:
            os.kill(getattr(self.prefect, target).pid, signal.SIGKILL)


def one_kill(bench: Bench, target: str) -> tuple[float, float]:
    """Kill the target in mid-crawl. Returns the seconds until it goes on, and until the crawl has ended."""
    before = bench.articles()
    run = bench.start()
    bench.until(lambda: bench.articles() >= before + 2)
    began = time.monotonic()
    bench.kill(target)
    if target == "server":
        bench.until(bench.healthy)
    else:
        bench.until(lambda: bench.state(run) == ("Running", 2))
        seen = bench.articles()
        bench.until(lambda: bench.articles() > seen or bench.state(run)[0] == "Completed")
    healed = time.monotonic() - began
    bench.until(lambda: bench.state(run)[0] == "Completed")
    return healed, time.monotonic() - began


def slow_outlet(folder: Path) -> None:
    fast = (folder / "demo_xeber.toml").read_text(encoding="utf-8")
    slow = fast.replace("delay       = 0.02", f"delay = {DELAY}").replace("concurrency = 2", "concurrency = 1")
    (folder / f"{OUTLET}.toml").write_text(slow, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--target", choices=TARGETS, help="kill only this one; else all three in turn")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pressrun-healing-") as place:
        run(Path(place), arguments.kills, [arguments.target] if arguments.target else list(TARGETS))


def run(place: Path, kills: int, targets: list[str]) -> None:
    times: dict[str, list[float]] = {target: [] for target in targets}
    folder = place / "outlets"
    with Press(folder) as press:
        slow_outlet(folder)
        settings = Settings(f"sqlite:///{place}/pressrun.db", folder, place, "bench@example.org")
        with running_prefect(settings, progress=lambda line: print(f"  {line}", file=sys.stderr)) as prefect:
            for name in ("poll/poll", "nightly/nightly"):
                set_schedule(prefect.api_url, name, active=False)
            bench = Bench(prefect, press)
            for number in range(kills):
                target = targets[number % len(targets)]
                healed, ended = one_kill(bench, target)
                times[target].append(healed)
                print(f"{target:8} goes on after {healed:5.1f} s; the crawl has ended after {ended:5.1f} s", flush=True)
        report(times, settings, len(press.stories("xeber")))


def report(times: dict[str, list[float]], settings: Settings, articles: int) -> None:
    for target, seconds in times.items():
        if seconds:
            median, worst = statistics.median(seconds), max(seconds)
            print(f"{target}: {len(seconds)} kills, median {median:.1f} s, worst {worst:.1f} s")
    db = open_database(settings.db)
    pages, broken = count_pages(db), check_store(db, settings.data / "archive")
    db.close()
    stored = pages["stored"] + pages["unchanged"] + pages["duplicate"]
    rules = "; ".join(broken) or "every invariant holds"
    print(f"{articles} articles published, {stored} stored, {pages['waiting']} waiting; {rules}")


if __name__ == "__main__":
    main()
