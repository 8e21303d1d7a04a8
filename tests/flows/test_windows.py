"""The windows of a backfill."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from flows.windows import left_to_do, months
from storage import frontier
from storage.database import Database

DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2030, 12, 31))


def test_months_come_newest_first_and_are_cut_at_both_ends() -> None:
    assert months(date(2023, 12, 10), date(2024, 2, 5)) == [
        (date(2024, 2, 1), date(2024, 2, 5)),
        (date(2024, 1, 1), date(2024, 1, 31)),
        (date(2023, 12, 10), date(2023, 12, 31)),
    ]


def test_a_span_that_ends_before_it_begins_has_no_windows() -> None:
    assert months(date(2024, 2, 2), date(2024, 2, 1)) == []


@given(DAYS, DAYS)
def test_windows_hold_every_day_of_the_span_exactly_once(one: date, other: date) -> None:
    first, last = sorted((one, other))
    held = [day for start, end in months(first, last) for day in range(end.toordinal(), start.toordinal() - 1, -1)]
    assert held == list(range(last.toordinal(), first.toordinal() - 1, -1))


def done(database: Database, first: date, last: date) -> None:
    run = frontier.start_run(database, frontier.RunRequest("herald", "Herald", "backfill", {}))
    frontier.mark_window_finished(database, "herald", first, last, run.id)
    frontier.end_run(database, run.id, "completed", {})


def test_windows_that_are_done_are_left_out(database: Database, database_url: str) -> None:
    done(database, date(2024, 2, 1), date(2024, 2, 29))
    left = left_to_do(database_url, ["herald", "digest"], date(2024, 1, 1), date(2024, 2, 29), date(2024, 6, 1))
    assert left == {
        "herald": [(date(2024, 1, 1), date(2024, 1, 31))],
        "digest": [(date(2024, 2, 1), date(2024, 2, 29)), (date(2024, 1, 1), date(2024, 1, 31))],
    }


def test_a_part_of_a_window_that_is_done_is_done_too(database: Database, database_url: str) -> None:
    done(database, date(2024, 2, 1), date(2024, 2, 29))
    assert left_to_do(database_url, ["herald"], date(2024, 2, 5), date(2024, 2, 20), date(2024, 6, 1)) == {"herald": []}
    assert left_to_do(database_url, ["herald"], date(2024, 1, 31), date(2024, 2, 20), date(2024, 6, 1)) == {
        "herald": [(date(2024, 1, 31), date(2024, 1, 31))]
    }


def test_a_window_that_reaches_into_today_is_never_done(database: Database, database_url: str) -> None:
    done(database, date(2024, 2, 1), date(2024, 2, 20))
    left = left_to_do(database_url, ["herald"], date(2024, 2, 1), date(2024, 2, 20), date(2024, 2, 21))
    assert left == {"herald": [(date(2024, 2, 1), date(2024, 2, 20))]}
