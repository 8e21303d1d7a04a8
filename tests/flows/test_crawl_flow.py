"""The body of the crawl flows, without a server."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from prefect.logging import disable_run_logger

from crawlers.environment import Settings
from crawlers.job import CrawlOrder
from crawlers.messages import Counts, Ended, LogLine
from flows import crawl
from flows.child import CrawlEnd
from flows.report import CrawlReport, key, share_done, table
from flows.summary import OutletLine

COUNTS = Counts(stored=2, requests={"seed": 1}, ledger={"discovered": 8, "waiting": 6, "stored": 2})
BUSY = CrawlEnd("busy", None, error="herald is held by run 3")
DONE = CrawlEnd("completed", 4, COUNTS, seconds=1.0)


def order(tmp_path: Path) -> CrawlOrder:
    return CrawlOrder("herald", Settings(f"sqlite:///{tmp_path}/x.db", None, tmp_path, "a@example.org"))


def fetched(ends: list[CrawlEnd], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CrawlEnd:
    async def run_crawl(*_: object) -> CrawlEnd:
        return ends.pop(0) if len(ends) > 1 else ends[0]

    monkeypatch.setattr(crawl, "run_crawl", run_crawl)
    monkeypatch.setattr(crawl, "BUSY_PAUSE", 0.01)
    with disable_run_logger():
        report = CrawlReport("herald", logging.getLogger("test"))
        end: CrawlEnd = asyncio.run(crawl.fetch_and_store.fn(order(tmp_path), report))
        return end


def test_a_busy_outlet_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fetched([BUSY, BUSY, DONE], tmp_path, monkeypatch) == DONE


def test_an_outlet_that_stays_busy_is_given_up_with_its_holder_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawl, "BUSY_MINUTES", 0.001)
    end = fetched([BUSY], tmp_path, monkeypatch)
    state = crawl.verdict(end)
    assert (state.name, state.is_failed()) == ("Busy", True)
    assert str(state.message).startswith("herald is held by run 3 (waited")


@pytest.mark.parametrize(
    ("end", "name", "message"),
    [
        (DONE, "Completed", "2 new, in 1.0 s"),
        (CrawlEnd("completed", 4, Counts(problems=("a seed is gone",))), "Completed", "nothing new, in 0.0 s; needs a person: a seed is gone"),
        (CrawlEnd("failed", 4, error="no seeds"), "Failed", "no seeds"),
        (CrawlEnd("died", None, error="the crawl process died (signal 9)"), "Failed", "the crawl process died (signal 9)"),
        (CrawlEnd("stopped", 4), "Stopped", "the crawl process was stopped by a signal; stored articles are kept, the other pages wait"),
    ],
)  # fmt: skip
def test_the_final_state_says_what_happened(end: CrawlEnd, name: str, message: str) -> None:
    state = crawl.verdict(end)
    assert (state.name, state.message) == (name, message)
    assert state.is_completed() == (name == "Completed")


def test_progress_is_the_share_of_pages_that_have_ended() -> None:
    assert share_done(COUNTS) == 25.0
    assert share_done(Counts()) == 0.0


def test_the_table_begins_with_the_line_of_the_summary() -> None:
    rows = table(
        OutletLine("herald", "completed", new=2, seconds=1.0), replace(COUNTS, reasons={"rejected:too_short": 3})
    )
    assert rows[0] == {"what": "state", "count": "completed"}
    assert {"what": "new", "count": 2} in rows
    assert {"what": "rejected:too_short", "count": 3} in rows
    assert {"what": "ledger: discovered", "count": 8} in rows


def test_the_table_calls_requests_by_what_was_requested() -> None:
    counts = Counts(requests={"seed": 1, "robots": 2, "article": 3})
    rows = table(OutletLine("herald", "completed"), counts)
    assert [(row["what"], row["count"]) for row in rows if str(row["what"]).startswith("requests for")] == [
        ("requests for seeds", 1),
        ("requests for robots.txt", 2),
        ("requests for pages", 3),
    ]


def test_an_artifact_key_holds_what_prefect_allows() -> None:
    assert key("today_az", "counts") == "today-az-counts"


def test_warnings_of_the_crawl_reach_the_log_and_not_too_many(caplog: pytest.LogCaptureFixture) -> None:
    report = CrawlReport("herald", logging.getLogger("test"))

    async def talk() -> None:
        for _ in range(8):
            await report.on_message(LogLine("error", "the same"))
        await report.on_message(Ended("completed"))

    with caplog.at_level(logging.INFO):
        asyncio.run(talk())
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 5
    assert report.ended == Ended("completed")
