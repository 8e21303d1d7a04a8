"""Two workers on one PostgreSQL: what they share, and what becomes of the runs of one that dies."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime

import psutil
import pytest

from storage.jobs import check_store
from tests.cluster.cluster import Cluster, worker
from tests.cluster.services import Service, running
from tests.cluster.site import OLD, RUNNING

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

NEWS = [f"news_{n}" for n in range(RUNNING)]
HEALED_WITHIN = 120.0  # seconds
A_MACHINE_OF_ITS_OWN = ["unshare", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"]


def test_twenty_outlets_are_crawled_by_both_workers_and_every_article_is_stored_once(cluster: Cluster) -> None:
    twice = [cluster.start("crawl/crawl", outlet=name) for name in NEWS[:2]]
    runs = [cluster.start("crawl/crawl", outlet=name) for name in NEWS]
    ended = cluster.until_completed(runs + twice)
    assert cluster.drivers(ended) == cluster.pids
    cluster.assert_stored_once(*NEWS)
    fetched = {path: count for name in NEWS for path, count in cluster.site.fetched[name].items()}
    assert set(fetched.values()) == {1}
    assert_one_crawl_at_a_time(cluster, NEWS)
    with cluster.store() as db:
        assert check_store(db, cluster.folder / "data" / "archive") == []


def assert_one_crawl_at_a_time(cluster: Cluster, outlets: list[str]) -> None:
    rows = cluster.rows("SELECT outlet_id, started_at, ended_at FROM runs WHERE kind = 'crawl' ORDER BY 1, 2")
    of_outlets = [row for row in rows if row[0] in outlets]
    assert len(of_outlets) >= len(outlets) + 2
    for (outlet, _, ended), (following, started, _) in itertools.pairwise(of_outlets):
        assert outlet != following or ended <= started, outlet


def test_the_other_worker_goes_on_when_one_is_killed_in_mid_crawl(cluster: Cluster) -> None:
    run = cluster.start("crawl/crawl", outlet="slow_a")
    cluster.site.wait_for("slow_a", 2)
    killed = next(each for each in cluster.workers if each.process.pid == cluster.driver(run))
    below = psutil.Process(killed.process.pid).children(recursive=True)
    os.kill(killed.process.pid, signal.SIGKILL)
    killed_at = time.monotonic()
    try:
        killed.process.wait()
        (ended,) = cluster.until_completed([run])
    finally:
        killed.start()
    assert time.monotonic() - killed_at < HEALED_WITHIN
    assert ended["run_count"] == 2
    (other,) = (each for each in cluster.workers if each is not killed)
    assert cluster.driver(run) == other.process.pid
    _, alive = psutil.wait_procs(below, timeout=30)
    assert not alive, "nothing of the killed worker goes on as an orphan"
    cluster.assert_stored_once("slow_a")


@pytest.fixture
def other_machine(cluster: Cluster) -> Iterator[Service]:
    """A worker in namespaces of its own: another host name, other process ids, as on another machine."""
    if subprocess.run([*A_MACHINE_OF_ITS_OWN, "hostname", "elsewhere"], check=False, capture_output=True).returncode:
        pytest.skip("this user may not make namespaces (unshare), which stand for another machine")
    rename = ["sh", "-ec", 'hostname elsewhere; exec "$@"', "sh"]
    service = worker("worker-elsewhere", cluster, *A_MACHINE_OF_ITS_OWN, *rename)
    with running(service):
        yield service


def start_elsewhere(cluster: Cluster) -> str:
    """Start the slow crawl while the two workers of this machine hold still, so that the third one takes it."""
    for each in cluster.workers:
        each.process.send_signal(signal.SIGSTOP)
    try:
        run = cluster.start("crawl/crawl", outlet="slow_b")
        cluster.site.wait_for("slow_b", 2)
    finally:
        for each in cluster.workers:
            each.process.send_signal(signal.SIGCONT)
    return run


def test_a_run_goes_on_when_its_machine_is_lost(cluster: Cluster, other_machine: Service) -> None:
    """Nobody can look at the processes of that machine: its worker and its crawl have to be silent for 90 s."""
    run = start_elsewhere(cluster)
    other_machine.kill()
    killed_at = time.time()
    (ended,) = cluster.until_completed([run], HEALED_WITHIN + 60)
    assert ended["run_count"] == 2
    assert cluster.driver(run) in cluster.pids
    again = [state for state in cluster.history(run) if state["name"] == "AwaitingRetry"]
    assert [state["message"] for state in again] == ["its process is gone; it continues when a worker is there"]
    assert datetime.fromisoformat(again[0]["timestamp"]).timestamp() - killed_at < HEALED_WITHIN
    cluster.assert_stored_once("slow_b")


def test_the_windows_of_a_backfill_are_crawled_by_both_workers(cluster: Cluster) -> None:
    order = {"outlets": list(OLD), "first": "2024-01-01", "last": "2024-02-29", "max_parallel": 4}
    run = cluster.start("backfill/backfill", order=order)
    cluster.until_completed([run])
    windows = cluster.children(run)
    assert len(windows) == 2 * len(OLD)
    assert cluster.drivers(windows) == cluster.pids
    cluster.assert_stored_once(*OLD)
