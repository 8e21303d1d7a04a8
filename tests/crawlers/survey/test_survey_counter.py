"""A counter in the addresses of articles."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from crawlers.survey.counter import propose_counter
from storage.model import DateSource, Hints, Link, Precision, Published


def links(numbers: list[int], days: list[int]) -> list[Link]:
    def at(day: int) -> Published:
        return Published(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day), Precision.MINUTE, DateSource.FEED, "")

    return [Link(f"https://a.az/x/{n}.html", Hints(published=at(day))) for n, day in zip(numbers, days, strict=True)]


def test_numbers_that_grow_with_the_date_are_a_counter() -> None:
    dated = links([100, 110, 120, 130, 140, 150], [0, 1, 2, 3, 4, 5])
    found = propose_counter(dated, UTC)
    assert found is not None
    assert found.url == "https://a.az/x/{id}.html"
    assert found.per_day == pytest.approx(10)
    assert found.known[150] == date(2026, 1, 6)


@pytest.mark.parametrize(
    ("numbers", "days"),
    [
        ([150, 3, 120, 77, 140, 9], [0, 1, 2, 3, 4, 5]),  # they grow with nothing
        ([100, 110, 120], [0, 1, 2]),  # too few to tell
    ],
)
def test_others_are_none(numbers: list[int], days: list[int]) -> None:
    dated = links(numbers, days)
    assert propose_counter(dated, UTC) is None
