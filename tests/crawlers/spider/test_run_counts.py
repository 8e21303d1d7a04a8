"""The counts that a run reports: refused pages, slow hosts, edits, the archive's file."""

from __future__ import annotations

from pathlib import Path

from crawlers.spider.tally import EXAMPLES, SLOWEST, Tally
from deploy.demo.press import Press
from storage.frontier import Outcome
from tests.crawling import crawl


def test_a_crawl_reports_refused_pages_slow_hosts_and_its_archive(tmp_path: Path) -> None:
    where = {"db": f"sqlite:///{tmp_path}/pressrun.db", "data": tmp_path / "data"}
    with Press() as press:
        counts = crawl("demo_herald", outlets=press.outlet_folder, **where).counts
        again = crawl("demo_herald", outlets=press.outlet_folder, **where).counts
        origin = press.origin("herald")
    refused = counts["refused"]
    assert counts["rejected"] > 0
    assert {one["outcome"] for one in refused} == {key.split(":")[0] for key in counts["reasons"]} - {"duplicate"}
    assert all(one["url"].startswith(origin) and one["reason"] for one in refused)
    assert counts["hosts"]["127.0.0.1"]["answers"] == sum(counts["requests"].values()) - counts["requests"]["robots"]
    assert 0 < counts["hosts"]["127.0.0.1"]["seconds"] <= counts["hosts"]["127.0.0.1"]["slowest"]
    assert (tmp_path / "data" / "archive" / counts["archive"]).is_file()
    assert (again["refused"], again["edited"], again["overtaken"]) == ([], 0, 0)


def test_a_few_pages_of_each_reason_are_named() -> None:
    tally = Tally()
    for page in range(10):
        tally.ended(Outcome(page, "rejected", "too_short", None, None))
        tally.ended(Outcome(100 + page, "duplicate", "same_text", 7, 3, is_new=True))
        tally.ended(Outcome(200 + page, "duplicate", "same_text", 7, 3))  # a copy that was looked at again
        tally.ended(Outcome(300 + page, "stored", None, 8, None))
    assert tally.examples["rejected:too_short"] == list(range(EXAMPLES))
    assert tally.examples["duplicate:same_text"] == []
    counts = tally.as_counts({})
    assert (counts.copies, counts.duplicate, counts.stored, counts.edited, counts.new) == (10, 20, 10, 10, 0)


def test_the_hosts_that_take_longest_are_named_slowest_first() -> None:
    tally = Tally()
    for number in range(SLOWEST + 3):
        tally.answered(f"https://h{number}.az/x", number)
        tally.answered(f"https://h{number}.az/y", number + 1)
    hosts = tally.as_counts({}).hosts
    assert len(hosts) == SLOWEST
    assert next(iter(hosts.items())) == ("h7.az", {"answers": 2, "seconds": 7.5, "slowest": 8})
