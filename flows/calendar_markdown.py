"""The calendar of completeness as Markdown, for an artifact: outlet and month by day."""

from __future__ import annotations

from collections.abc import Sequence

from storage.coverage import DayCounts, OutletCoverage

from .calendar_html import sign
from .coverage import Finding
from .markdown import cell

MAX_ROWS = 120  # months in the calendar; the artifact must stay readable
MAX_FINDINGS = 50


def calendar_markdown(covered: Sequence[OutletCoverage], found: Sequence[Finding], title: str) -> str:
    """Return the calendar: articles of each day, ! for thin days, ~ for pages that failed or wait, · for none."""
    rows = [row for one in covered for row in _rows(one)]
    parts = [
        f"# {cell(title)}",
        "Articles of each day, copies included. ! thin against the outlet's own norm, ~ pages failed or still wait, "
        "· no article.",
        _table(rows[-MAX_ROWS:]),
        f"The newest {MAX_ROWS} of {len(rows)} months." if len(rows) > MAX_ROWS else "",
        "\n".join(_finding(one) for one in found[:MAX_FINDINGS]),
        f"{len(found) - MAX_FINDINGS} more: `pressrun gaps`" if len(found) > MAX_FINDINGS else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _rows(covered: OutletCoverage) -> list[list[str]]:
    thin = {day.day for day in covered.thin}
    months: dict[str, list[DayCounts]] = {}
    for day in covered.days:
        months.setdefault(f"{day.day:%Y-%m}", []).append(day)
    rows = []
    for month, days in months.items():
        cells = [""] * 31
        for day in days:
            text = sign(day, day.day in thin)
            cells[day.day.day - 1] = f"**{text}**" if day.day in thin else text
        rows.append([cell(covered.outlet_id), month, *cells, str(sum(day.held for day in days))])
    return rows


def _table(rows: Sequence[Sequence[str]]) -> str:
    head = ["outlet", "month", *map(str, range(1, 32)), "all"]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _finding(found: Finding) -> str:
    days = f"{found.first}" if found.first == found.last else f"{found.first} to {found.last}"
    fill = f" Fill it with `{found.command}`." if found.command else ""
    return f"- **{cell(found.outlet)}** {found.kind} {days}: {cell(found.evidence)}.{fill}"
