"""What twenty outlets cost on PostgreSQL with two Prefect servers and Redis, by one worker and by two.

    python -m bench.cluster [--rounds 2]

The cluster is that of `make test-cluster`, which has to be installed first (tests/cluster/install). Each crawl fetches
the outlet's five articles again. Prints wall seconds, and the CPU seconds of each part; every crawl has to complete.
Each worker takes three runs at a time.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench.night import Watching
from tests.cluster.cluster import Cluster, running_cluster
from tests.cluster.site import RUNNING

NEWS = [f"news_{number}" for number in range(RUNNING)]
SETTLES = 5.0  # seconds that the servers go on with after the last run has ended


def parts(cluster: Cluster) -> dict[str, list[int]]:
    """The processes of each part of the cluster."""
    others = {"PostgreSQL": "postgres", "Redis": "redis-server"}
    mine = psutil.Process().children()
    found = {name: [one.pid for one in mine if one.name() == program] for name, program in others.items()}
    servers = [server.process.pid for server in cluster.servers]
    return {"servers": servers, "workers": sorted(cluster.pids)} | found


@contextlib.contextmanager
def one_worker(cluster: Cluster) -> Iterator[None]:
    """Let the second worker hold still; it takes no run meanwhile."""
    still = cluster.workers[1].process
    still.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        still.send_signal(signal.SIGCONT)


def crawl_all(cluster: Cluster) -> tuple[float, dict[str, float]]:
    """Crawl all outlets; returns the wall seconds and the CPU seconds of each part."""
    with contextlib.ExitStack() as stack:
        watched = {
            name: [stack.enter_context(Watching(pid)) for pid in pids] for name, pids in parts(cluster).items()
        }  # fmt: skip
        began = time.monotonic()
        cluster.until_completed([cluster.start("crawl/crawl", outlet=name, refetch=True) for name in NEWS])
        wall = time.monotonic() - began
        time.sleep(SETTLES)
    return wall, {name: sum(one.used.seconds - one.before for one in many) for name, many in watched.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="pressrun-cluster-") as folder, running_cluster(Path(folder)) as cluster:
        assert cluster.lost is None or cluster.until_ended([cluster.lost.run])
        crawl_all(cluster)
        for _ in range(rounds):
            with one_worker(cluster):
                show("one worker", *crawl_all(cluster))
            show("two workers", *crawl_all(cluster))


def show(label: str, wall: float, cpu: dict[str, float]) -> None:
    told = ", ".join(f"{name} {seconds:.1f}" for name, seconds in cpu.items())
    print(f"{label:12}{RUNNING} outlets in {wall:.1f} s, {sum(cpu.values()):.1f} s CPU: {told}", flush=True)


if __name__ == "__main__":
    main()
