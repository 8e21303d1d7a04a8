"""The calendar of an outlet's completeness as values: months of days, each with its figures and its shade."""

from __future__ import annotations

from typing import Any

from flows.calendar_html import described, sign
from storage.coverage import OutletCoverage

_SHADES = 5


def months_of(covered: OutletCoverage) -> list[dict[str, Any]]:
    """Return the months, oldest first, each with the days that are in the span. `shade`: 0 for none, 1 to 5."""
    thin = {day.day: day.evidence for day in covered.thin}
    most = max((day.held for day in covered.days), default=0)
    months: dict[str, list[dict[str, Any]]] = {}
    for day in covered.days:
        why = f". Thin: {thin[day.day]}" if day.day in thin else ""
        months.setdefault(f"{day.day:%Y-%m}", []).append(
            {
                "day": day.day, "held": day.held, "sign": sign(day, day.day in thin), "thin": day.day in thin,
                "shade": 1 + (_SHADES - 1) * day.held // most if day.held else 0,
                "told": f"{day.day:%a %Y-%m-%d}: {described(day)}{why}",
            }
        )  # fmt: skip
    return [{"month": month, "days": days} for month, days in months.items()]
