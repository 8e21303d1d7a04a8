"""What is normal for an outlet, by the dates of its links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawlers.survey.expectations import estimate_expectations


def test_the_rate_of_the_dates_gives_what_is_normal() -> None:
    dates = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=2 * n) for n in range(25)]
    found = estimate_expectations(dates, [])
    assert (found.least, found.most, found.silent_hours) == (3, 48, 12)


def test_too_few_dates_give_nothing_and_say_so() -> None:
    found = estimate_expectations([datetime(2026, 1, 1, tzinfo=UTC)] * 30, [])
    assert (found.most, found.silent_hours) == (None, None)
    assert "too few" in found.doubt
