"""What the report of a crawl says."""

from __future__ import annotations

from dataclasses import replace

from crawlers.messages import Counts
from flows.crawl_report import ReportLinks, report_markdown, with_overtaken
from flows.summary import OutletLine

LEDGER = {
    "discovered": 24, "stored": 11, "unchanged": 4, "duplicate": 4, "rejected": 2, "gone": 1, "failed": 1, "waiting": 1,
}  # fmt: skip
COUNTS = Counts(
    discovered=24, stored=12, edited=1, copies=3, duplicate=4, unchanged=4, rejected=2, gone=1, failed=1,
    requests={"seed": 2, "robots": 1, "article": 22}, seeds_unchanged=1, bytes=1_234_567, ledger=LEDGER,
    reasons={"duplicate:same_text": 3, "duplicate:same_page": 1, "rejected:too_short": 2, "failed:http_503": 1},
    refused=(
        {"outcome": "rejected", "reason": "too_short", "url": "https://h.az/1", "detail": "12 words", "status": 200},
        {"outcome": "failed", "reason": "http_503", "url": "https://h.az/2", "detail": "", "status": 503},
    ),
    hosts={"h.az": {"answers": 24, "seconds": 0.812, "slowest": 3.4}},
    archive="20261125-herald.warc.gz",
)  # fmt: skip
LINE = OutletLine("herald", "completed", new=11, copies=3, seconds=6.31, run=17, log="/data/logs/herald/1.log")
FINDINGS = (
    {"kind": "stale_dates", "severity": "warning", "evidence": "all older than a week", "change": "open"},
    {
        "kind": "silent", "severity": "error", "since": "2026-11-20", "evidence": "0 articles where 20 are usual",
        "advice": "Look for a moved feed.", "runbook": "silent", "change": "new",
    },
    {"kind": "slow", "severity": "warning", "change": "recovered"},
)  # fmt: skip


def test_one_sentence_says_what_came_and_what_it_took() -> None:
    page = report_markdown(LINE, COUNTS)
    assert page.startswith("# herald: 11 new articles, 3 copies, 1 edited\n")
    assert "2 seeds, 22 pages asked for in 6.3 s, 1.2 MB received. 1 seed document had not changed." in page
    assert "1 page of the outlet wait for a later run." in page


def test_outcomes_have_their_reasons_and_no_zeros() -> None:
    page = report_markdown(LINE, COUNTS)
    assert "| new | 11 |" in page
    assert "| rejected | 2 | 2 too\\_short |" in page
    assert "| duplicate | 1 |" in page  # beside the three that are copies
    assert "put back" not in page
    assert "| 0 |" not in page
    assert "24 discovered = 11 stored" in page


def test_refused_pages_lead_to_their_address_with_the_reason() -> None:
    page = report_markdown(LINE, COUNTS)
    assert "| rejected | too\\_short | [h.az/1](https://h.az/1) | 12 words |" in page
    assert "| failed | http\\_503 | [h.az/2](https://h.az/2) | HTTP 503 |" in page
    assert "2 more are in the ledger." in page


def test_an_address_of_a_refused_page_is_shortened_and_cannot_leave_the_table() -> None:
    url = "https://h.az/" + "a" * 100 + "|<b>"
    counts = replace(COUNTS, refused=({"outcome": "gone", "reason": "x", "url": url, "detail": None, "status": None},))
    (row,) = [line for line in report_markdown(LINE, counts).splitlines() if line.startswith("| gone | x |")]
    assert "…" in row
    assert row.count("|") == 5
    assert "<" not in row


def test_the_slowest_hosts_and_the_places_of_log_and_archive_are_named() -> None:
    page = report_markdown(LINE, COUNTS, ReportLinks("/data/archive/", "a nightly run", "/v2/runs/flow-run/7"))
    assert "| h.az | 24 | 0.81 s | 3.40 s |" in page
    assert "- Log: `/data/logs/herald/1.log`" in page
    assert "- Raw answers: `/data/archive/20261125-herald.warc.gz`" in page
    assert "Part of [a nightly run](/v2/runs/flow-run/7)." in page
    assert "- Run 17 in the ledger: `pressrun status herald`" in page


def test_a_run_without_news_is_three_lines_and_its_log() -> None:
    counts = Counts(requests={"seed": 1, "robots": 0, "article": 0}, seeds_unchanged=1)
    page = report_markdown(OutletLine("herald", "completed", seconds=0.4, log="/x.log", run=1), counts)
    assert page.startswith("# herald: nothing new\n\n1 seed asked for in 0.4 s. 1 seed document had not changed.\n")
    assert page.count("## ") == 1


def test_findings_come_first_errors_before_warnings() -> None:
    page = report_markdown(replace(LINE, findings=FINDINGS), COUNTS)
    assert page.index("**silent**") < page.index("**stale dates**") < page.index("## Outcomes")
    assert (
        "- error: **silent** since 2026-11-20 (new): 0 articles where 20 are usual. Try: Look for a moved feed. "
        "(runbook: silent)" in page
    )
    assert "- recovered: no longer slow" in page


def test_a_crawl_that_failed_says_why_first() -> None:
    line = replace(LINE, state="failed", note="herald: none of its seeds could be read (dns)")
    page = report_markdown(line, Counts())
    assert page.startswith("# herald: failed\n\n**failed**: none of its seeds could be read (dns). Nothing asked for")


def test_what_needs_a_person_is_a_list() -> None:
    page = report_markdown(replace(LINE, state="attention"), replace(COUNTS, problems=("a seed | is gone",)))
    assert "## Needs a person\n\n- a seed &#124; is gone\n" in page


def test_a_report_tells_that_its_run_was_overtaken_by_its_originals() -> None:
    page = with_overtaken(report_markdown(LINE, COUNTS), 8)
    assert page.splitlines()[2] == (
        "**By the end of the night 8 of its new articles are copies of articles that came later.**"
    )
    assert page.splitlines()[0] == report_markdown(LINE, COUNTS).splitlines()[0]
