"""How a crawl is followed: lines in a pipe, bars in a terminal, one value for machines."""

from __future__ import annotations

import io
import json
import sys

import pytest

from crawlers.messages import Counts, Ended, LogLine, Message, Progress, Started
from flows.cli.watch import LiveWatch, Watch, watch

COUNTS = Counts(
    discovered=5, stored=3, rejected=1, copies=1, reasons={"rejected:too_short": 1},
    requests={"seed": 2, "robots": 1, "article": 4}, ledger={"waiting": 1}, problems=("a seed is gone",),
)  # fmt: skip
MESSAGES: list[Message] = [
    Started(run=7, outlet="azernews", pid=1, recovered=2),
    Progress("seeds", Counts(stored=1), waiting=4),
    LogLine("warning", "slow"),
    Ended("completed", 7, COUNTS, seconds=1.5, exit_code=1),
]


def test_plain_lines_tell_begin_warnings_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    with watch(as_json=False) as following:
        assert type(following) is Watch
        for message in MESSAGES:
            following.saw("azernews", message)
    assert capsys.readouterr().out.splitlines() == [
        "azernews: run 7 begins; 2 pages of a dead run were put back",
        "azernews: warning: slow",
        "azernews: completed in 1.5 s: 5 pages discovered, 3 stored, 1 rejected; 1 copies; 4 pages and 2 seeds requested; "
        "1 waiting",
        "azernews: reasons: 1 rejected:too_short",
        "azernews: needs a person: a seed is gone",
    ]


def test_plain_progress_comes_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.cli.watch.PLAIN_EVERY", 0.0)
    Watch().saw("azernews", MESSAGES[1])
    assert capsys.readouterr().out == "azernews: reading seeds, 1 stored; 4 waiting\n"


def test_machines_get_one_value_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    with watch(as_json=True) as following:
        for message in MESSAGES:
            following.saw("azernews", message)
    said = capsys.readouterr()
    assert json.loads(said.out) == [
        {
            "outlet": "azernews",
            "state": "completed",
            "run": 7,
            "error": None,
            "seconds": 1.5,
            "counts": json.loads(json.dumps(COUNTS.as_dict())),
        }
    ]
    assert said.err == "azernews: warning: slow\n"


def test_a_terminal_shows_bars_and_keeps_what_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with watch(as_json=False) as following:
        assert isinstance(following, LiveWatch)
        for message in MESSAGES:
            following.saw("azernews", message)
    assert "completed in 1.5 s" in terminal.getvalue()


def test_a_crawl_that_never_began_says_nothing_of_counts(capsys: pytest.CaptureFixture[str]) -> None:
    Watch().saw("azernews", Ended("busy", error="held"))
    assert capsys.readouterr().out == ""
