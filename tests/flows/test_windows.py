"""The windows of a backfill."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flows.windows import MAX_ARTICLES, Days, Span, left_to_do, months, windows
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


@given(DAYS, DAYS, st.one_of(st.none(), st.floats(0, 5000)))
def test_windows_of_any_volume_hold_every_day_exactly_once_and_not_too_many_articles(
    one: date, other: date, per_day: float | None
) -> None:
    first, last = sorted((one, other))
    first = max(first, date.fromordinal(last.toordinal() - 800))
    found = windows(first, last, per_day)
    assert [d for a, b in found for d in range(b.toordinal(), a.toordinal() - 1, -1)] == list(
        range(last.toordinal(), first.toordinal() - 1, -1)
    )
    assert all((b - a).days == 0 or ((b - a).days + 1) * (per_day or 0) <= MAX_ARTICLES for a, b in found)


def test_a_large_outlet_is_backfilled_by_weeks_and_a_very_large_one_by_days() -> None:
    first, last = date(2024, 3, 1), date(2024, 3, 12)
    assert windows(first, last, 90) == [(first, last)]
    assert windows(first, last, 300) == [
        (date(2024, 3, 11), last), (date(2024, 3, 4), date(2024, 3, 10)), (first, date(2024, 3, 3)),
    ]  # fmt: skip
    assert windows(first, last, 600)[:2] == [(last, last), (date(2024, 3, 11), date(2024, 3, 11))]


def done(database: Database, first: date, last: date, **parameters: str) -> None:
    run = frontier.start_run(database, frontier.RunRequest("herald", "Herald", "backfill", parameters))
    frontier.mark_window_finished(database, "herald", first, last, run.id)
    frontier.end_run(database, run.id, "completed", {})


def left(url: str, first: date, last: date, today: date = date(2024, 6, 1), **more: Any) -> list[Days]:
    return left_to_do(url, {"herald": None}, Span(first, last, **more), today)["herald"]


def test_windows_that_are_done_are_left_out(database: Database, database_url: str) -> None:
    done(database, date(2024, 2, 1), date(2024, 2, 29))
    span = Span(date(2024, 1, 1), date(2024, 2, 29))
    assert left_to_do(database_url, {"herald": None, "digest": None}, span, date(2024, 6, 1)) == {
        "herald": [(date(2024, 1, 1), date(2024, 1, 31))],
        "digest": [(date(2024, 2, 1), date(2024, 2, 29)), (date(2024, 1, 1), date(2024, 1, 31))],
    }


def test_a_part_of_a_window_that_is_done_is_done_too(database: Database, database_url: str) -> None:
    done(database, date(2024, 2, 1), date(2024, 2, 29))
    assert left(database_url, date(2024, 2, 5), date(2024, 2, 20)) == []
    assert left(database_url, date(2024, 1, 31), date(2024, 2, 20)) == [(date(2024, 1, 31), date(2024, 1, 31))]


def test_days_done_in_other_windows_are_not_asked_again(database: Database, database_url: str) -> None:
    """The volume of an outlet changes, and its windows with it."""
    for first, last in ((4, 10), (11, 17), (20, 20)):
        done(database, date(2024, 3, first), date(2024, 3, last))
    assert left(database_url, date(2024, 3, 1), date(2024, 3, 31)) == [
        (date(2024, 3, 21), date(2024, 3, 31)), (date(2024, 3, 18), date(2024, 3, 19)),
        (date(2024, 3, 1), date(2024, 3, 3)),
    ]  # fmt: skip


def test_the_last_two_days_are_never_done(database: Database, database_url: str) -> None:
    done(database, date(2024, 2, 1), date(2024, 2, 20))
    today = date(2024, 2, 21)
    assert left(database_url, date(2024, 2, 1), date(2024, 2, 20), today) == [(date(2024, 2, 20), date(2024, 2, 20))]


def test_a_backfill_by_one_kind_of_seed_leaves_the_days_for_the_others(database: Database, database_url: str) -> None:
    first, last = date(2024, 2, 1), date(2024, 2, 29)
    done(database, first, last, seed_kind="wordpress")
    assert left(database_url, first, last) == [(first, last)]
    assert left(database_url, first, last, seed_kind="listing") == [(first, last)]
    assert left(database_url, first, last, seed_kind="wordpress") == []
    assert left(database_url, first, last, seed_kind="wordpress", again=True) == [(first, last)]
