"""The body of the crawl flows, without a server."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from prefect.logging import disable_run_logger

from crawlers.environment import Settings
from crawlers.job import CrawlOrder
from crawlers.messages import Counts, Ended, LogLine, Progress
from flows import crawl
from flows.artifacts import key
from flows.child import CrawlEnd
from flows.figures import LONGEST, read_figures, written_figures
from flows.report import CrawlReport, report_draft, share_done
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


def test_the_figures_are_written_with_the_report_and_read_back() -> None:
    findings = tuple({"kind": "thin", "evidence": f"number {number}"} for number in range(12))
    line = OutletLine("herald", "attention", new=2, seconds=1.0, note="a", run=4, findings=findings)
    report = report_draft(line, COUNTS)
    assert (report.key, report.kind, report.title) == ("herald-report", "markdown", "herald: 2 new")
    assert read_figures(report.metadata) == line


def test_figures_that_are_too_long_are_cut() -> None:
    finding = {"kind": "silent", "severity": "error", "evidence": '"x"' * 300, "advice": "a" * 600, "change": "new"}
    line = OutletLine("herald", "failed", note='"\\' * 300, log="/" + "l" * 600, findings=(finding,))
    written = written_figures(line)
    assert max(map(len, written.values())) <= LONGEST
    read = read_figures(written)
    assert (read.state, read.note[:4], read.log[-1]) == ("failed", '"\\"\\', "…")
    assert (read.findings[0]["kind"], read.findings[0]["change"]) == ("silent", "new")


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


def test_the_seeds_count_as_read_with_the_first_progress_of_pages(caplog: pytest.LogCaptureFixture) -> None:
    async def talk() -> list[bool]:
        report = CrawlReport("herald", logging.getLogger("test"))
        report._drawn_at = float("inf")  # no server here
        states = []
        for message in (Progress("seeds", COUNTS), Progress("pages", COUNTS)):
            await report.on_message(message)
            states.append(report.seeds_read.is_set())
        return states

    with caplog.at_level(logging.WARNING):
        assert asyncio.run(talk()) == [False, True]


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"outlet": "herald", "since": None, "limit": None, "refetch": False}, "herald crawl"),
        (
            {"outlet": "herald", "since": "2026-01-02", "limit": 5, "refetch": True},
            "herald crawl since 2026-01-02, 5 pages at most, known pages again",
        ),
        ({"outlet": "herald", "first": "2024-03-01", "last": "2024-03-31"}, "herald 2024-03 backfill"),
    ],
)
def test_a_run_is_called_by_what_it_does(
    parameters: dict[str, object], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FlowRun:
        tags: tuple[str, ...] = ()

    FlowRun.parameters = parameters  # type: ignore[attr-defined]
    monkeypatch.setattr(crawl.runtime, "flow_run", FlowRun)
    assert crawl.run_name() == name
