"""Two workers on one PostgreSQL: what they share, and what becomes of the runs of one that dies."""

from __future__ import annotations

import itertools
import os
import signal
import time
from datetime import datetime

import psutil
import pytest

from storage.jobs import check_store
from tests.cluster.cluster import Cluster, Run
from tests.cluster.services import until
from tests.cluster.site import OLD, RUNNING

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]

NEWS = [f"news_{n}" for n in range(RUNNING)]
HEALED_WITHIN = 120.0  # seconds


def test_twenty_outlets_are_crawled_by_both_workers_and_every_article_is_stored_once(cluster: Cluster) -> None:
    twice = [cluster.start("crawl/crawl", outlet=NEWS[0])]
    runs = [cluster.start("crawl/crawl", outlet=name) for name in NEWS]
    ended = cluster.until_completed(runs + twice)
    assert cluster.drivers(ended) == cluster.pids
    cluster.assert_stored_once(*NEWS)
    fetched = {path: count for name in NEWS for path, count in cluster.site.asked[name].items()}
    assert set(fetched.values()) == {1}
    assert_one_crawl_at_a_time(cluster, NEWS)
    with cluster.store() as db:
        assert check_store(db, cluster.folder / "data" / "archive") == []


def assert_one_crawl_at_a_time(cluster: Cluster, outlets: list[str]) -> None:
    rows = cluster.rows("SELECT outlet_id, started_at, ended_at FROM runs WHERE kind = 'crawl' ORDER BY 1, 2")
    of_outlets = [row for row in rows if row[0] in outlets]
    assert len(of_outlets) >= len(outlets) + 1
    for (outlet, _, ended), (following, started, _) in itertools.pairwise(of_outlets):
        assert outlet != following or ended <= started, outlet


def test_the_other_worker_goes_on_when_one_is_killed_in_mid_crawl(cluster: Cluster) -> None:
    run = cluster.start("crawl/crawl", outlet="held_a")
    cluster.site.wait_for("held_a", 3)
    killed = next(each for each in cluster.workers if each.process.pid == cluster.driver(run))
    below = psutil.Process(killed.process.pid).children(recursive=True)
    os.kill(killed.process.pid, signal.SIGKILL)
    killed_at = time.monotonic()
    try:
        killed.process.wait()
        cluster.site.wait_for("held_a", 4)
        healed_at = time.monotonic()
        cluster.site.allow("held_a")
        (ended,) = cluster.until_completed([run])
    finally:
        killed.start()
    assert healed_at - killed_at < HEALED_WITHIN
    assert ended["run_count"] == 2
    (other,) = (each for each in cluster.workers if each is not killed)
    assert cluster.driver(run) == other.process.pid
    _, alive = psutil.wait_procs(below, timeout=30)
    assert not alive, "nothing of the killed worker goes on as an orphan"
    cluster.assert_stored_once("held_a")


def test_a_run_goes_on_when_its_machine_is_lost(cluster: Cluster) -> None:
    """Nobody can look at the processes of that machine: its worker and its crawl have to be silent for 90 s."""
    if cluster.lost is None:
        pytest.skip("this user may not make namespaces (unshare), which stand for another machine")
    run, killed_at = cluster.lost.run, cluster.lost.killed_at
    until(lambda: len(returned(cluster, run)) == 1, "the run is returned to the pool", HEALED_WITHIN, pause=1)
    (ended,) = cluster.until_completed([run])
    assert ended["run_count"] == 2
    assert not cluster.get(f"flow_runs/{run}")["labels"]["pressrun.worker.name"].startswith("elsewhere")
    (again,) = returned(cluster, run)
    assert again["message"] == "its process is gone; it continues when a worker is there"
    seconds = datetime.fromisoformat(again["timestamp"]).timestamp() - killed_at
    print(f"returned to the pool after {seconds:.0f} s")
    assert seconds < HEALED_WITHIN
    cluster.assert_stored_once("held_b")


def returned(cluster: Cluster, run: str) -> list[Run]:
    return [state for state in cluster.history(run) if state["name"] == "AwaitingRetry"]


def test_the_windows_of_a_backfill_are_crawled_by_both_workers(cluster: Cluster) -> None:
    order = {"outlets": list(OLD), "first": "2024-01-01", "last": "2024-01-31", "max_parallel": 4}
    run = cluster.start("backfill/backfill", order=order)
    cluster.until_completed([run])
    windows = cluster.children(run)
    assert len(windows) == len(OLD)
    assert cluster.drivers(windows) == cluster.pids
    cluster.assert_stored_once(*OLD)
