"""Facets of days: what the search index looks up of a span."""

from __future__ import annotations

from datetime import date, timedelta

from storage.search.facets import selection_facets, span_facets
from storage.selection import Selection


def test_a_long_span_is_looked_up_by_its_months_and_a_short_one_by_its_days() -> None:
    assert span_facets(date(2023, 12, 30), date(2024, 1, 2)) == ["d20231230", "d20231231", "d20240101", "d20240102"]
    assert span_facets(date(2023, 11, 30), date(2024, 2, 1)) == ["m202311", "m202312", "m202401", "m202402"]
    first, last = date(2015, 3, 31), date(2031, 2, 1)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    assert span_facets(first, last) == list(dict.fromkeys(f"m{day:%Y%m}" for day in days))


def test_a_span_of_centuries_is_not_looked_up() -> None:
    """The days of articles are compared in any case; sixteen thousand months took ten seconds."""
    assert selection_facets(Selection(first=date(1600, 1, 1), last=date(2999, 12, 31))) == []
    assert len(selection_facets(Selection(first=date(2000, 1, 1), last=date(2029, 12, 31)))[0]) == 362
