"""The calendar of completeness as an artifact."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flows.calendar_markdown import MAX_ROWS, calendar_markdown
from flows.coverage import Finding, findings
from storage.coverage import DayCounts, OutletCoverage, ThinDay

FIRST = date(2025, 3, 1)


def covered(days: int, *thin: date, outlet: str = "a_b") -> OutletCoverage:
    counts = (
        DayCounts(FIRST + timedelta(days=n), stored=n % 10, copies=1 if n % 10 else 0, failed=n % 2)
        for n in range(days)
    )
    return OutletCoverage(
        outlet, tuple(counts), tuple(ThinDay(day, 2, 9.0, 5, (9, 9, 8, 10)) for day in thin), (), (), 0
    )


def test_each_month_is_a_row_and_thin_days_are_marked_by_a_sign() -> None:
    page = calendar_markdown([covered(33, FIRST + timedelta(days=2))], [], "of | March")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| a\\_b")]
    assert [row[1] for row in rows] == ["2025-03", "2025-04"]
    assert rows[0][2:6] == ["·", "2~", "**3!**", "4~"]
    assert rows[1][2:5] == ["2~", "3", ""]
    assert all(len(row) == 34 for row in rows)
    assert page.startswith("# of &#124; March\n")


def test_days_in_a_row_are_one_finding_with_one_command() -> None:
    thin = [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=4)]
    found = findings(covered(10, *thin), ZoneInfo("Asia/Baku"))
    assert [(one.first.day, one.last.day) for one in found] == [(1, 2), (5, 5)]
    assert found[0].command == "pressrun backfill a_b --from 2025-03-01 --to 2025-03-02"
    assert found[0].evidence.startswith(
        "2 days, 4 held where 18 are usual; the worst: 2 held; 9 is usual on a Saturday"
    )
    page = calendar_markdown([covered(10, *thin)], found, "x")
    assert "- **a\\_b** thin 2025-03-01 to 2025-03-02: " in page


def test_an_artifact_stays_readable_for_decades_and_hundreds_of_findings() -> None:
    many = [Finding("x", "thin", FIRST, FIRST, "e", "c")] * 80
    page = calendar_markdown([covered(365 * 12)], many, "x")
    assert sum(line.startswith("| a\\_b") for line in page.splitlines()) == MAX_ROWS
    assert "30 more: `pressrun gaps`" in page
