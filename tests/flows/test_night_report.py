"""What the summary of a night says, and in which order."""

from __future__ import annotations

import pytest

from flows.advice import advice
from flows.night_report import NightView, night_markdown
from flows.summary import NightlySummary, OutletLine, State, summarise

LINES = [
    OutletLine("azernews", "completed", new=40, copies=2, requests=90, seconds=3.21, flow_run_id="r1"),
    OutletLine("civil_ge", "completed", new=10, requests=30, seconds=0.3, overtaken=3, flow_run_id="r2"),
    OutletLine("report_az", "completed", requests=1, note="3 ids of the counter wait"),
    OutletLine(
        "today_az", "failed", note="today_az: none of its seeds could be read (dns): is the network up?", log="/l/1.log"
    ),
    OutletLine("turan", "failed", note="turan: none of its seeds could be read (dns): is the network up?"),
    OutletLine("trend", "attention", new=1, note="a seed is gone | <b>404</b>"),
    OutletLine(
        "kun_uz", "attention",
        findings=({"kind": "thin", "severity": "warning", "evidence": "3 where 20 are usual", "advice": "Fill it."},),
    ),
]  # fmt: skip
VIEW = NightView(
    "nightly 2026-11-25", {"azernews": 36, "civil_ge": 12}, "Wednesday", lambda run: f"/v2/runs/flow-run/{run}",
    [("Copies", "/v2/artifacts/artifact/a"), ("no page", "")],
)  # fmt: skip
PAGE = night_markdown(summarise(LINES, 12.34), VIEW)


def test_the_first_sentence_counts_news_and_outlets_beside_the_week_before() -> None:
    assert PAGE.splitlines()[2] == (
        "**51 new articles (Wednesday before: 48), 2 copies** from 7 outlets: 2 failed, 2 need a person, 3 completed; "
        "121 requests in 12 s."
    )


def test_it_names_the_outlets_that_are_left_out() -> None:
    page = night_markdown(summarise(LINES, 12.34, ["gone"]), VIEW)
    assert page.splitlines()[2].endswith("121 requests in 12 s; left out, since removed from this archive: gone.")


def test_findings_come_first_then_what_to_do_then_the_outlets() -> None:
    order = ["## Findings", "## What to do", "## Copies that", "## Outlets by state", "## Outlets\n", "## Notes"]
    assert [PAGE.index(title) for title in order] == sorted(PAGE.index(title) for title in order)
    assert "- **kun\\_uz** warning: **thin**: 3 where 20 are usual. Try: Fill it." in PAGE


def test_outlets_with_the_same_remedy_stand_together_with_their_logs() -> None:
    action = PAGE[PAGE.index("1. Check the network") :].splitlines()
    assert action[1].startswith("   - **today\\_az** failed: none of its seeds could be read (dns)")
    assert action[1].endswith("(log: `/l/1.log`)")
    assert action[2].startswith("   - **turan** failed")
    assert "2. Fill it.\n   - **kun\\_uz** attention" in PAGE


def test_every_outlet_has_its_line_with_a_bar_and_a_link_to_its_run() -> None:
    assert "| [azernews](/v2/runs/flow-run/r1) | completed | 40 | ████████ | 36 | 2 | 0 | 0 | 90 | 3.2 |" in PAGE
    assert "| [civil\\_ge](/v2/runs/flow-run/r2) | completed | 10 | ██ | 12 |" in PAGE
    assert "| report\\_az | completed | **0** |  | – |" in PAGE
    assert "| today\\_az | **failed** | **0** |" in PAGE
    assert "| **all** |  | 51 |  | 48 | 2 | 0 | 0 | 121 | 12 |" in PAGE


def test_without_a_week_before_there_is_no_column_for_it() -> None:
    page = night_markdown(summarise(LINES, 1), NightView("backfill"))
    assert "before" not in page
    assert "| azernews | completed | 40 | ████████ | 2 |" in page


def test_a_run_that_was_overtaken_by_its_originals_says_so() -> None:
    assert (
        "- **[civil\\_ge](/v2/runs/flow-run/r2)**: By the end of the night 3 of its new articles are copies of articles "
        "that came later." in PAGE
    )


def test_words_from_outside_break_neither_table_nor_page() -> None:
    page = night_markdown(summarise(LINES, 1), NightView("a *night*\n# of <script>"))
    assert "# a \\*night\\* \\# of &#60;script&#62;\n" in page
    assert "gone &#124; &#60;b&#62;404" in page
    assert PAGE.count("[Copies](/v2/artifacts/artifact/a)") == 1
    assert "no page" not in PAGE


def test_a_night_without_outlets_is_a_night() -> None:
    page = night_markdown(NightlySummary(()), NightView("nightly"))
    assert "**0 new articles, 0 copies** from 0 outlets; 0 requests in 0.0 s." in page
    assert "## What to do" not in page


@pytest.mark.parametrize(
    ("state", "note", "words"),
    [
        ("failed", "none of its seeds could be read (connect_refused): is the network up, and", "Check the network"),
        ("failed", "none of its seeds could be read (http_403)", "The outlet refuses the crawler"),
        ("failed", "none of its seeds could be read (robots_unreadable)", "Wait: robots.txt"),
        ("failed", "none of its seeds could be read (malformed)", "Open its seeds"),
        ("failed", "x.toml: surprise: unknown key", "Correct the outlet file; `pressrun outlets check x`"),
        ("failed", "the crawl process died (signal 9); its log is", "crawl fewer outlets at a time"),
        ("failed", "something else", "Read its log"),
        ("busy", "it is held by run 3", "Wait for the run that holds"),
        ("stopped", "", "it continues where it stopped"),
        ("attention", "layout changed: articles no longer", "selectors"),
        ("attention", "odd", "Read its report"),
        ("completed", "layout changed", ""),
    ],
)
def test_there_is_advice_for_every_trouble_and_none_without(state: State, note: str, words: str) -> None:
    said = advice(OutletLine("x", state, note=note))
    assert words in said
    assert bool(said) == (state != "completed")
