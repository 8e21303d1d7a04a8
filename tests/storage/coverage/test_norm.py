"""Which days are thin by the outlet's own norm."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from storage.coverage import find_thin_days, usual_per_day

MONDAY = date(2025, 3, 3)
WEEK = (60, 58, 62, 61, 55, 20, 12)


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def habit(days: int = 140, week: tuple[int, ...] = WEEK) -> dict[date, int]:
    return {day(n): week[n % 7] + n % 3 for n in range(days)}


def thin(held: dict[date, int], since: date | None = MONDAY) -> list[date]:
    return [found.day for found in find_thin_days(held, min(held), max(held), since)]


def test_an_outlet_with_its_usual_quiet_weekends_has_no_thin_day() -> None:
    assert thin(habit()) == []


def test_a_day_with_half_of_its_news_is_thin_and_says_against_what() -> None:
    held = habit()
    held[day(70)] = 28
    [found] = find_thin_days(held, day(56), day(84), None)
    assert (found.day, found.held, len(found.compared)) == (day(70), 28, 8)
    assert found.usual == pytest.approx(61, abs=1)
    assert found.evidence == f"28 held; 61 is usual on a Monday (60 to 62), under {found.least} is rare"


def test_a_weekend_with_its_usual_number_is_not_measured_by_the_week() -> None:
    held = habit()
    held[day(75)] = 5  # a Saturday
    assert thin(held) == [day(75)]
    assert held[day(76)] < 20  # the Sunday after it, as always


def test_one_article_less_is_no_finding_for_an_outlet_of_two_a_day() -> None:
    held = habit(week=(2, 3, 1, 2, 2, 1, 0))
    held[day(70)] = 0
    assert thin(held) == []


def test_days_of_an_empty_fortnight_are_all_thin() -> None:
    held = habit()
    empty = [day(n) for n in range(60, 74)]
    assert thin(held | dict.fromkeys(empty, 0)) == empty


def test_a_third_of_the_days_around_may_be_thin_themselves() -> None:
    held = habit()
    weak = [day(n) for n in range(56, 77, 7)]
    assert thin(held | dict.fromkeys(weak, 6)) == weak


def test_an_outlet_that_never_publishes_on_sundays_has_no_thin_sunday() -> None:
    assert thin(habit(week=(9, 9, 9, 9, 9, 9, -2)) | {day(n): 0 for n in range(6, 140, 7)}) == []


def test_the_days_before_the_archive_begins_are_not_judged() -> None:
    held = habit()
    begun = day(70)
    archive = {one: number if one >= begun else 0 for one, number in held.items()}
    archive[day(69)] = 2  # what the feed still held at the first crawl
    assert thin(archive, since=begun) == []


def test_a_span_between_two_that_are_held_is_judged_though_it_lies_before_the_first_crawl() -> None:
    held = habit() | dict.fromkeys([day(80), day(81)], 0)
    assert thin(held, since=day(139)) == [day(80), day(81)]


def test_few_days_give_no_norm() -> None:
    assert thin(habit(days=21)) == []
    assert usual_per_day(habit(days=3)) is None
    assert usual_per_day(habit() | {day(140 + n): 0 for n in range(30)}) == pytest.approx(58, abs=2)


def test_news_that_varies_as_outlets_do_gives_few_findings_and_a_lost_half_is_found() -> None:
    """Gamma-mixed Poisson counts (negative binomial, k = 20): the variance of 60 a day is 240."""
    chance = random.Random(4)

    def count(mean: float) -> int:
        rate = chance.gammavariate(20, mean / 20)
        return sum(1 for _ in range(1000) if chance.random() < rate / 1000)

    years = 4
    held = {day(n): count((60, 60, 60, 60, 60, 30, 20)[n % 7]) for n in range(365 * years)}
    false = len(thin(held))
    assert false <= 4 * years
    lost = [day(n) for n in range(60, 365 * years - 60, 30)]
    found = set(thin(held | {one: held[one] // 3 for one in lost}))
    assert len(found & set(lost)) >= 0.5 * len(lost)
    nothing = set(thin(held | dict.fromkeys(lost, 0)))
    assert nothing >= set(lost)
