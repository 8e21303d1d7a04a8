"""What a night of many outlets with nothing new costs: CPU, memory and time of all processes.

    python bench/night.py [--outlets 200] [--parallel 8] [--db URL] [--prefect]

Each outlet has an address of its own on loopback (127.x.y.z), robots.txt, and a feed with ETag whose articles are all
known. By command: `pressrun nightly`. With `--prefect`: a run of the deployment nightly/nightly; server, worker and the
flow's process are all counted from the trigger until ten seconds after the end. Prints one table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bench.night_site import NightSite
from crawlers.environment import Settings, read_settings

EVERY = 0.25  # seconds between two looks at the processes
SETTLES = 10.0  # seconds that the server goes on with after a flow run has ended


@dataclass
class Used:
    """CPU time (seconds) and memory (bytes) of a process and its descendants, sampled by `look`."""

    root: psutil.Process
    cpu: dict[tuple[int, float], float] = field(default_factory=dict)
    peak: int = 0

    def look(self) -> None:
        memory = 0
        try:
            processes = [self.root, *self.root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in processes:
            try:
                with process.oneshot():
                    times = process.cpu_times()
                    key = (process.pid, process.create_time())
                memory += process.memory_full_info().pss
            except psutil.Error:
                continue
            self.cpu[key] = times.user + times.system
        self.peak = max(self.peak, memory)

    @property
    def seconds(self) -> float:
        return sum(self.cpu.values())


class Watching:
    """Looks at a process and its children until it is left."""

    def __init__(self, pid: int) -> None:
        self.used = Used(psutil.Process(pid))
        self.used.look()
        self.before = self.used.seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self._done.wait(EVERY):
            self.used.look()

    def __enter__(self) -> Watching:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self.used.look()


def by_command(settings: Settings, names: list[str], parallel: int) -> tuple[float, float, float]:
    """Run `pressrun nightly`. Returns wall seconds, CPU seconds and peak megabytes."""
    command = [
        sys.executable, "-m", "flows.cli", "nightly", *names, "--parallel", str(parallel), "--json",
        "--db", settings.db, "--outlets", str(settings.outlets),
    ]  # fmt: skip
    before = os.times()
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with Watching(process.pid) as watching:
        out, _ = process.communicate()
    after = os.times()
    check(json.loads(out.splitlines()[-1]), len(names))
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - began, cpu, watching.used.peak / 1e6


def by_prefect(settings: Settings, names: list[str], parallel: int) -> tuple[float, float, float]:
    """Run the deployment under a server and worker of its own. Returns wall seconds, CPU seconds, peak megabytes."""
    from flows.trigger import trigger
    from flows.up import running_prefect

    os.environ["PREFECT_LOGGING_LEVEL"] = "INFO"
    with running_prefect(settings) as prefect:
        _pause_schedules(prefect.api_url)
        parameters = {"outlets": names, "max_parallel": parallel}
        for label in ("first night", "second night"):
            with Watching(prefect.server.pid) as server, Watching(prefect.worker.pid) as worker:
                began = time.monotonic()
                night = asyncio.run(trigger("nightly", parameters, prefect.api_url, lambda *_: None))
                wall = time.monotonic() - began
                time.sleep(SETTLES)
            check(night.summary.as_dict(), len(names))
            parts = [watch.used.seconds - watch.before for watch in (server, worker)]
            print(f"  {label}: server {parts[0]:.1f} s, worker with flow and crawls {parts[1]:.1f} s", flush=True)
            peak = sum(watch.used.peak for watch in (server, worker)) / 1e6
    return wall, sum(parts), peak


def _pause_schedules(api: str) -> None:
    from deploy.demo.schedules import set_schedule

    set_schedule(api, "poll/poll", active=False)
    set_schedule(api, "nightly/nightly", active=False)


def check(night: dict[str, Any], outlets: int) -> None:
    """End the benchmark if a night did not go as it should."""
    odd = [line for line in night["outlets"] if line["state"] != "completed" or line["new"]]
    if len(night["outlets"]) != outlets or odd:
        sys.exit(f"the night did not go as it should: {night['message']}; {odd[:2]}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--outlets", type=int, default=200)
    options.add_argument("--parallel", type=int, default=8)
    options.add_argument("--db", help="default: a temporary SQLite file")
    options.add_argument("--prefect", action="store_true", help="by the Prefect flow, too")
    given = options.parse_args()
    for name in [name for name in os.environ if name.startswith("PRESSRUN_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder, NightSite(given.outlets) as site:
        base = Path(folder)
        site.write_outlets(base / "outlets")
        db = given.db or f"sqlite:///{base}/night.db"
        settings = read_settings(db=db, outlets=base / "outlets", data=base / "data")
        site.make_all_known(settings)
        print(f"{'':28}{'wall s':>8}{'CPU s':>8}{'CPU ms an outlet':>18}{'peak MB':>9}", flush=True)
        ways: dict[str, Callable[[], tuple[float, float, float]]] = {
            "pressrun nightly": lambda: by_command(settings, site.names, given.parallel)
        }
        if given.prefect:
            ways["the flow nightly"] = lambda: by_prefect(settings, site.names, given.parallel)
        for label, way in ways.items():
            wall, cpu, peak = way()
            print(f"{label:28}{wall:8.1f}{cpu:8.1f}{1000 * cpu / given.outlets:18.0f}{peak:9.0f}", flush=True)


if __name__ == "__main__":
    main()
