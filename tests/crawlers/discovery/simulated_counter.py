"""Counters made up for tests: which ids exist, and when their pages were published."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crawlers.discovery import MISSING, Clock, Seen, Steps

START = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Counter:
    """`seen` has the ids that exist."""

    seen: dict[int, Seen]
    asked: list[int] = field(default_factory=list)

    @property
    def newest(self) -> int:
        return max(self.seen)

    def dated(self) -> dict[int, datetime]:
        return {number: answer.at for number, answer in self.seen.items() if answer.at is not None}

    def published(self, start: datetime, end: datetime) -> list[int]:
        """The ids published in a span, ascending."""
        return sorted(number for number, at in self.dated().items() if start <= at < end)

    def answer(self, steps: Steps[None], failing: Callable[[int], bool] = lambda _: False) -> None:
        """Answer questions to their end. No id may be asked twice; nothing is said of ids that are `failing`."""
        with contextlib.suppress(StopIteration):
            numbers = next(steps)
            while True:
                assert numbers
                self.asked.extend(numbers)
                answers = {number: self.seen.get(number, MISSING) for number in numbers if not failing(number)}
                numbers = steps.send(answers)
        assert len(self.asked) == len(set(self.asked)), "an id was asked twice"


@dataclass(frozen=True)
class Kind:
    """What a counter is like: `missing` and `undated` are shares of the ids, `hole` is (first id, ids).

    `late`: minutes by which one page in a hundred is published too late for its id.
    """

    ids: int = 6000
    a_day: float = 240
    missing: float = 1 / 3
    undated: float = 0.0
    hole: tuple[int, int] = (0, 0)
    late: float = 60


def counter(seed: int, kind: Kind) -> Counter:
    """The same counter for the same seed."""
    chance = random.Random(seed)
    at, seen = START, {}
    for number in range(1, kind.ids + 1):
        if 0 <= number - kind.hole[0] < kind.hole[1]:
            continue  # a counter that jumps takes no time for it
        at += timedelta(days=chance.expovariate(kind.a_day))
        if chance.random() >= kind.missing:
            late = chance.uniform(0, kind.late) if chance.random() < 0.01 else 0
            seen[number] = Seen(True, None if chance.random() < kind.undated else at + timedelta(minutes=late))
    return Counter(seen)


def known(counter: Counter, seed: int, points: int) -> Clock:
    """A clock of some ids, each dated by its day, as an outlet file has them."""
    chance = random.Random(seed)
    dated = counter.dated()
    some = chance.sample(sorted(dated), min(points, len(dated)))
    return Clock({number: dated[number].replace(hour=12, minute=0, second=0, microsecond=0) for number in some})
