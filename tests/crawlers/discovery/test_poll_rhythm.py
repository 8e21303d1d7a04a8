"""The rhythm of polls: always within its bounds, as fast as the outlet publishes, and slow where nothing happens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawlers.discovery.poll_rhythm import FIRST, LONGEST, SHORTEST, SLACK, Look, Rhythm, failed, looked, overflowed

START = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@st.composite
def histories(draw: st.DrawFn) -> list[Look | datetime]:
    """Looks and failures (their instants) in the order of time."""
    at, events = START, []
    for _ in range(draw(st.integers(1, 25))):
        at += timedelta(seconds=draw(st.integers(1, 200_000)))
        if draw(st.booleans()):
            events.append(at)
            continue
        depth = draw(st.integers(0, 300))
        ages = draw(st.lists(st.integers(-5_000, 500_000), max_size=30))
        floor = draw(st.none() | st.integers(0, 10**6).map(lambda s: timedelta(seconds=s)))
        published = tuple(at - timedelta(seconds=age) for age in ages)
        events.append(Look(at, depth, draw(st.integers(0, depth)), published, floor))
    return events


def after(events: list[Look | datetime]) -> Rhythm:
    rhythm = Rhythm()
    for event in events:
        rhythm = looked(rhythm, event) if isinstance(event, Look) else failed(rhythm, event)
    return rhythm


@given(histories())
def test_the_next_look_comes_within_the_bounds_and_never_before_the_floor(events: list[Look | datetime]) -> None:
    rhythm = after(events)
    assert SHORTEST <= rhythm.interval <= LONGEST
    assert rhythm.asked_at is not None
    assert rhythm.next_at is not None
    wait = rhythm.next_at - rhythm.asked_at
    assert max(SHORTEST, min(rhythm.floor, LONGEST)) <= wait <= LONGEST
    assert rhythm.rate is None or rhythm.rate >= 0


@given(st.integers(8, 200), st.floats(0.05, 40))
def test_a_steady_outlet_is_asked_at_about_a_third_of_the_time_to_overflow(depth: int, rate: float) -> None:
    """By the dates in its documents, from the first look on."""
    ages = tuple(START - n * HOUR / rate for n in range(depth))
    rhythm = looked(Rhythm(), Look(START, depth, depth, ages))
    third = depth / rate * HOUR / 3
    assert rhythm.interval <= max(SHORTEST, third * 1.01)
    assert rhythm.interval >= min(LONGEST, third * 0.99)


@given(st.integers(8, 200), st.floats(0.3, 12))
def test_an_outlet_without_dates_does_not_overflow_once_its_rate_is_known(depth: int, rate: float) -> None:
    rhythm = looked(Rhythm(), Look(START, depth, depth))
    assert rhythm.interval == FIRST
    for _ in range(40):
        assert rhythm.next_at is not None
        assert rhythm.looked_at is not None
        elapsed = rhythm.next_at - rhythm.looked_at
        came = int(elapsed / HOUR * rate)
        look = Look(rhythm.next_at, depth, min(depth, came))
        if elapsed > HOUR:
            assert came < depth
        rhythm = looked(rhythm, look)


def test_a_silent_outlet_is_asked_less_and_less_often_down_to_once_a_day() -> None:
    rhythm = looked(Rhythm(), Look(START, 20, 20))
    looks = 0
    while rhythm.interval < LONGEST:
        assert rhythm.next_at is not None
        rhythm = looked(rhythm, Look(rhythm.next_at))
        looks += 1
    assert looks < 40
    assert rhythm.depth == 20, "an unchanged answer does not say how deep the document is"


def test_one_night_does_not_make_an_outlet_look_slow() -> None:
    rhythm = looked(Rhythm(), Look(START, 20, 20, tuple(START - n * HOUR / 10 for n in range(20))))
    by_day = rhythm.interval
    for hour in range(1, 11):
        rhythm = looked(rhythm, Look(START + hour * HOUR))
    assert rhythm.interval < 1.2 * by_day


def test_an_overflow_makes_the_polls_more_than_twice_as_frequent() -> None:
    rhythm = looked(Rhythm(), Look(START, 20, 20, tuple(START - n * HOUR for n in range(20))))
    assert rhythm.next_at is not None
    look = Look(rhythm.next_at, 20, 20)
    assert overflowed(rhythm, look)
    assert looked(rhythm, look).interval < rhythm.interval / 2


def test_a_first_document_full_of_new_links_is_no_overflow() -> None:
    assert not overflowed(Rhythm(), Look(START, 20, 20))
    assert not overflowed(failed(Rhythm(), START - HOUR), Look(START, 20, 20))


def test_a_handful_of_links_in_a_few_minutes_is_not_taken_for_the_rate_of_an_hour() -> None:
    known = looked(Rhythm(), Look(START, 60, 60, tuple(START - n * HOUR for n in range(60))))
    burst = looked(known, Look(START + timedelta(minutes=11), 60, 3))
    assert burst.rate == 3
    flood = looked(known, Look(START + timedelta(minutes=11), 60, 30))
    assert flood.rate is not None
    assert flood.rate > 150


def test_two_failures_keep_the_rhythm_and_more_double_it() -> None:
    rhythm = looked(Rhythm(), Look(START, 20, 20, tuple(START - n * HOUR / 10 for n in range(20))))
    steps = [rhythm.interval]
    for n in range(1, 12):
        rhythm = failed(rhythm, START + n * LONGEST)
        steps.append(rhythm.interval)
    assert steps[0] == steps[1] == steps[2]
    assert steps[3] == 2 * steps[2]
    assert steps[-1] == LONGEST
    assert looked(rhythm, Look(START + 20 * LONGEST)).failures == 0


def test_what_the_server_asks_holds_until_it_asks_for_something_else() -> None:
    fast = tuple(START - n * HOUR / 60 for n in range(20))
    rhythm = looked(Rhythm(), Look(START, 20, 20, fast, floor=2 * HOUR))
    assert rhythm.next_at == START + 2 * HOUR
    rhythm = looked(rhythm, Look(START + 2 * HOUR, floor=None))
    assert rhythm.next_at == START + 4 * HOUR
    rhythm = looked(rhythm, Look(START + 4 * HOUR, floor=timedelta(0)))
    assert rhythm.next_at == START + 4 * HOUR + max(SHORTEST, rhythm.interval - SLACK)


def test_a_look_after_the_clock_went_back_tells_no_rate() -> None:
    before = looked(Rhythm(), Look(START, 30, 30))
    before = looked(before, Look(START + 6 * HOUR, 30, 6))
    again = looked(before, Look(START - 40 * HOUR, 30, 20))
    assert again.rate == before.rate == 7 / 6
    assert again.next_at == START - 40 * HOUR + again.interval - SLACK
