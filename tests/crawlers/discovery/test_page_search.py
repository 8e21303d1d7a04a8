"""The beginning of a window in a row of pages, found by requesting few of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.discovery import PageSearch, Told
from crawlers.discovery.page_search import CLOSE, MAX_NUMBER, NEIGHBOURS, Span

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def searched(
    search: PageSearch, begins: int, silent: frozenset[int] = frozenset(), pace: timedelta | None = None
) -> list[int]:
    """The numbers that a search asks for, where the window begins on the page `begins`."""
    asked: list[int] = []
    while (number := search.next_number()) is not None:
        asked.append(number)
        span = Span(NOW - pace * (number - 1), NOW - pace * number) if pace else None
        told = Told.NOTHING if number in silent else Told.NEWER if number < begins else Told.REACHED
        search.tell(number, told, span)
        assert len(asked) < 400
    return asked


@settings(max_examples=300, deadline=None)
@given(begins=st.integers(1, 100_000))
def test_without_instants_it_doubles_and_halves(begins: int) -> None:
    search = PageSearch(NOW)
    asked = searched(search, begins)
    assert begins - CLOSE <= search.newer < begins
    assert len(asked) <= 2 * log2(begins) + 3
    assert len(set(asked)) == len(asked)


@settings(max_examples=200, deadline=None)
@given(begins=st.integers(1, 100_000), hours=st.integers(1, 40))
def test_at_an_even_pace_it_asks_for_a_handful_however_far_back(begins: int, hours: int) -> None:
    pace = timedelta(hours=hours)
    search = PageSearch(NOW - pace * (begins - 1) - pace / 2)
    asked = searched(search, begins, pace=pace)
    assert begins - CLOSE <= search.newer < begins
    assert len(asked) <= 6


@settings(max_examples=300, deadline=None)
@given(begins=st.integers(1, 5_000), lies=st.randoms(use_true_random=False))
def test_instants_that_mislead_cost_no_more_than_twice_the_halving(begins: int, lies: object) -> None:
    search = PageSearch(NOW - timedelta(days=1000))
    asked: list[int] = []
    while (number := search.next_number()) is not None:
        asked.append(number)
        newest = NOW - timedelta(hours=lies.randint(0, 50_000))  # type: ignore[attr-defined]
        told = Told.NEWER if number < begins else Told.REACHED
        search.tell(number, told, Span(newest, newest - timedelta(hours=lies.randint(0, 900))))  # type: ignore[attr-defined]
        assert len(asked) < 400
    assert search.newer < begins
    assert begins - CLOSE <= search.newer
    assert len(asked) <= 2 * log2(max(asked)) + 2 * log2(begins) + 4


@settings(max_examples=300, deadline=None)
@given(begins=st.integers(1, 2000), silent=st.frozensets(st.integers(1, 2100), max_size=40))
def test_pages_that_tell_nothing_never_make_it_skip_a_page_of_the_window(begins: int, silent: frozenset[int]) -> None:
    search = PageSearch(NOW)
    asked = searched(search, begins, silent)
    assert search.newer < begins
    assert len(asked) <= (2 * log2(begins) + 3) * (NEIGHBOURS + 1)


@pytest.mark.parametrize("pace", [None, timedelta(hours=5)])
def test_a_row_without_an_end_is_left(pace: timedelta | None) -> None:
    assert len(searched(PageSearch(NOW - timedelta(days=400_000)), 10 * MAX_NUMBER, pace=pace)) <= 25
