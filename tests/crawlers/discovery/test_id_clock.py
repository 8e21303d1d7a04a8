"""A counter as a clock: what it believes, and what it tells."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawlers.discovery import Clock

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)  # what a clock tells of numbers that would be older
INSTANTS = st.floats(1e8, 2.5e11).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
POINTS = st.dictionaries(st.integers(1, 10**9), INSTANTS, max_size=40)


def hours(number: float) -> datetime:
    return NOON + timedelta(hours=number)


@given(POINTS)
def test_the_believed_points_never_go_back_and_no_longer_choice_is_possible(points: dict[int, datetime]) -> None:
    believed = Clock(points).believed
    assert all(a[0] < b[0] and a[1] <= b[1] for a, b in itertools.pairwise(believed))
    assert len(believed) == longest(sorted(points.items()))


def longest(points: list[tuple[int, datetime]]) -> int:
    """The same by the plain definition: the longest chain that ends at each point."""
    lengths: list[int] = []
    for place, (_, at) in enumerate(points):
        lengths.append(1 + max((lengths[i] for i in range(place) if points[i][1] <= at), default=0))
    return max(lengths, default=0)


@given(POINTS, st.integers(-(10**12), 10**12), INSTANTS)
def test_any_points_give_answers_that_keep_the_order(points: dict[int, datetime], number: int, at: datetime) -> None:
    clock = Clock(points)
    early, late = clock.estimate(number), clock.estimate(number + 1)
    if not points:
        assert early is None
        return
    assert early is not None
    assert late is not None
    assert early <= late
    bracket = clock.around(at)
    assert bracket.low is None or bracket.high is None or bracket.low < bracket.high
    assert (bracket.low, bracket.high) != (None, None)


@given(st.integers(1, 10**6), st.floats(0.01, 1000), st.integers(-(10**4), 10**4))
def test_a_steady_counter_is_read_in_both_directions(first: int, an_hour: float, away: int) -> None:
    clock = Clock({first: NOON, first + 1000: hours(1000 / an_hour)})
    told = clock.number_at(hours(away / an_hour))
    assert told is not None
    assert abs(told - first - away) <= 1
    estimate = clock.estimate(first + away)
    assert estimate is not None
    expected = max(hours(away / an_hour), EARLIEST)
    assert abs((estimate - expected).total_seconds()) < 1


def test_pages_that_were_dated_again_are_not_believed() -> None:
    clock = Clock({number: hours(number) for number in range(100)} | {30: hours(90), 70: hours(2)})
    assert not {30, 70} & {number for number, _ in clock.believed}
    assert clock.around(hours(50)) == clock.around(hours(49.5))
    assert (clock.around(hours(50)).low, clock.around(hours(50)).high) == (49, 50)


def test_a_contradiction_is_settled_by_what_comes_after_it() -> None:
    clock = Clock({10: hours(10), 50: hours(95), 100: hours(100)})
    assert clock.around(hours(80)).high == 50
    for number in (51, 52):
        clock.add(number, hours(number))
    assert clock.around(hours(80)).low == 52
    assert clock.around(hours(80)).high == 100


def test_a_single_point_tells_no_pace() -> None:
    clock = Clock({10: NOON})
    assert clock.number_at(hours(1)) is None
    assert clock.estimate(500) == NOON
    assert Clock().estimate(1) is None
    assert Clock().number_at(NOON) is None
