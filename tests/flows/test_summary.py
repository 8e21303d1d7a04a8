"""The figures of a night, and what a person sees first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawlers.messages import Counts
from flows.child import CrawlEnd
from flows.summary import NightlySummary, OutletLine, equation, headline, outlet_line, summarise

LEDGER = {
    "discovered": 25, "stored": 12, "unchanged": 4, "duplicate": 3, "rejected": 2, "gone": 1, "failed": 0, "waiting": 3,
}  # fmt: skip
COUNTS = Counts(
    stored=12, copies=3, duplicate=3, rejected=2, gone=1, unchanged=4,
    requests={"seed": 2, "robots": 1, "article": 22}, ledger=LEDGER,
)  # fmt: skip


def test_a_line_holds_the_figures_of_its_crawl() -> None:
    line = outlet_line("herald", CrawlEnd("completed", 1, COUNTS, seconds=6.3))
    assert line == OutletLine("herald", "completed", 12, 3, 2, 1, 0, 3, 25, 6.3, run=1)
    assert not line.bad


def test_a_line_says_why_the_run_told_other_numbers() -> None:
    line = OutletLine("herald", "completed", new=5, copies=8)
    assert line.overtaken_note == ""
    told = "6 of 8 copies were new to the run: their originals came later in the night"
    assert replace(line, overtaken=6).overtaken_note == told


@pytest.mark.parametrize(
    ("end", "state", "note", "bad"),
    [
        (CrawlEnd("died", None, error="killed"), "failed", "killed", True),
        (CrawlEnd("failed", 1, COUNTS, error="no seeds"), "failed", "no seeds", True),
        (CrawlEnd("busy", None, error="held"), "busy", "held", True),
        (CrawlEnd("stopped", 1, COUNTS), "stopped", "", False),
        (CrawlEnd("completed", 1, replace(COUNTS, problems=("a", "b"))), "attention", "a (and 1 more)", False),
    ],
)
def test_every_end_has_its_state_and_note(end: CrawlEnd, state: str, note: str, bad: bool) -> None:
    line = outlet_line("herald", end)
    assert (line.state, line.note, line.bad) == (state, note, bad)


def test_the_equation_of_the_ledger_is_told_and_checked() -> None:
    assert equation(LEDGER) == (
        "25 discovered = 12 stored + 4 unchanged + 3 duplicate + 2 rejected + 1 gone + 0 failed + 3 waiting"
    )
    assert "a fault of Pressrun" in equation(LEDGER | {"discovered": 26})


def test_a_headline_names_what_happened_alone() -> None:
    assert headline(COUNTS) == "12 new, 3 copies, 4 unchanged, 2 rejected, 1 gone"
    assert headline(Counts()) == "nothing new"


LINES = [
    OutletLine("azernews", "completed", new=5, requests=9, seconds=3.21),
    OutletLine("civil_ge", "completed", requests=1, seconds=0.3),
    OutletLine("today_az", "failed", note="none of its seeds could be read"),
    OutletLine("trend", "attention", new=1, note="a seed is gone | <b>404</b>"),
]


def test_what_failed_comes_first() -> None:
    night = summarise(LINES, 12.34)
    assert [line.outlet for line in night.lines] == ["today_az", "trend", "azernews", "civil_ge"]
    assert night.failing == ("today_az",)
    assert night.message == "1 of 4 outlets failed: today_az"
    assert night.exit_code == 1


def test_a_good_night_says_what_it_brought() -> None:
    night = summarise(LINES[:2], 3)
    assert (night.message, night.exit_code) == ("2 outlets, 5 new articles", 0)
    assert summarise(LINES[3:], 1).message == "1 outlet, 1 new articles, 1 need a person"


def test_a_night_without_outlets_is_a_night() -> None:
    assert NightlySummary(()).message == "0 outlets, 0 new articles"


def test_edited_articles_are_no_new_ones() -> None:
    line = outlet_line("herald", CrawlEnd("completed", 1, replace(COUNTS, edited=2)))
    assert line.new == 10
    assert headline(replace(COUNTS, edited=2)).startswith("10 new, 3 copies, 2 edited")


@pytest.mark.parametrize(("change", "state"), [("new", "attention"), ("open", "attention"), ("recovered", "completed")])
def test_a_finding_that_holds_needs_a_person(change: str, state: str) -> None:
    finding = {"kind": "thin", "evidence": "3 where 20 are usual", "change": change}
    line = outlet_line("herald", CrawlEnd("completed", 1, COUNTS, findings=(finding,)))
    assert line.state == state
    assert (line.note == "thin: 3 where 20 are usual") == (state == "attention")


def test_a_line_is_read_back_as_it_was_and_unknown_keys_are_ignored() -> None:
    line = OutletLine("herald", "attention", new=3, run=7, log="/x.log", findings=({"kind": "thin"},))
    assert OutletLine.read(line.as_row() | {"later": 1}) == line
