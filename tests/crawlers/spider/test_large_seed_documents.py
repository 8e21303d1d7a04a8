"""A large seed document is read by a process of its own, whose death is a problem of the run and loses no link."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

import psutil

from tests.crawling import Crawled, crawl, finish, start
from tests.faults import FaultySite
from tests.processes import runs

PAGES = [f"/ok/{n}" for n in range(3)]
IN_TIME = 120.0  # seconds for a process to be there


def job(site: FaultySite, url: str, folder: Path) -> dict[str, Any]:
    site.write_outlet(folder / "outlets", seed="/seed/long", timeout=20)
    return {"kind": "nightly", "db": url, "outlets": folder / "outlets", "data": folder / "data"}


def readers(crawl: subprocess.Popen[str]) -> list[psutil.Process]:
    return [child for child in psutil.Process(crawl.pid).children() if runs(child, "crawlers.discovery.worker")]


def killed_readers(child: subprocess.Popen[str], times: int) -> Crawled:
    """Kill the processes that read seed documents, one after the other, as soon as they are there."""
    until = time.monotonic() + IN_TIME
    for _ in range(times):
        while not (found := readers(child)):
            assert time.monotonic() < until, "no process reads the document"
            time.sleep(0.01)
        for process in found:
            process.kill()
        psutil.wait_procs(found)  # not its child: gone is what is no longer listed
    return finish(child)


def test_a_document_of_megabytes_is_read_whole(database_url: str, tmp_path: Path) -> None:
    with FaultySite(PAGES) as site:
        done = crawl("faulty", **job(site, database_url, tmp_path))
    assert done.end["state"] == "completed", done.log[-4000:]
    assert (done.counts["stored"], done.counts["problems"]) == (3, [])


def test_one_killed_reader_costs_nothing(database_url: str, tmp_path: Path) -> None:
    with FaultySite(PAGES) as site:
        done = killed_readers(start("faulty", **job(site, database_url, tmp_path)), 1)
    assert done.end["state"] == "completed", done.log[-4000:]
    assert (done.counts["stored"], done.counts["problems"]) == (3, [])


def test_two_killed_readers_are_a_problem_and_the_next_run_reads_the_document(
    database_url: str, tmp_path: Path
) -> None:
    with FaultySite(PAGES) as site:
        order = job(site, database_url, tmp_path)
        done = killed_readers(start("faulty", **order), 2)
        told = f"{site.origin}/seed/long: not read: the process that read it died twice"
        assert told in done.counts["problems"], done.log[-4000:]
        assert (done.counts["stored"], done.code) == (0, 1)
        again = crawl("faulty", **order)
    assert (again.counts["stored"], again.counts["problems"]) == (3, [])
