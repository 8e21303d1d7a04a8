"""Questions about ids of a counter, as generators: they yield ids, and are sent what requesting these came to.

Nothing here knows network or database, so a test can answer from a simulated counter.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from .id_clock import Clock

T = TypeVar("T")

DOUBT = 1e-4  # a row of missing ids this improbable elsewhere counts as a hole


@dataclass(frozen=True, slots=True)
class Seen:
    """What requesting an id came to. `at`: when its page was published, if it says so."""

    exists: bool
    at: datetime | None = None


MISSING = Seen(exists=False)
UNKNOWN = Seen(exists=True)  # the request failed: nothing was learned
Steps = Generator[list[int], Mapping[int, Seen], T]


class Questions:
    """Asks for ids, each at most once, and keeps the answers. Dated ids are added to the clock."""

    def __init__(self, clock: Clock, oldest: int) -> None:
        self.clock, self.oldest = clock, oldest
        self._answers: dict[int, Seen] = {}
        self._existing, self._missing = 5, 5  # ids where some exist; at first as if half of them were missing

    def ask(self, numbers: Sequence[int]) -> Steps[dict[int, Seen]]:
        """Return what the ids are. An id without an answer is UNKNOWN."""
        new = [number for number in numbers if number not in self._answers]
        if new:
            answers = yield new
            self._answers |= {number: answers.get(number, UNKNOWN) for number in new}
        seen = {number: self._answers[number] for number in numbers}
        self._teach(seen)
        return seen

    def ask_one(self, number: int) -> Steps[Seen]:
        """Return what one id is."""
        seen = yield from self.ask([number])
        return seen[number]

    def asked(self, number: int) -> bool:
        """Return True if the id was asked for before."""
        return number in self._answers

    def first_existing(self, place: int) -> Steps[int | None]:
        """Return the first id from a place on that exists; None if the place is in a hole."""
        for number in range(max(place, self.oldest), place + self.hole_width):
            if (yield from self.ask_one(number)).exists:
                self.count(missing=number - place, existing=1)
                return number
        return None

    @property
    def hole_width(self) -> int:
        """How many ids in a row have to be missing before their place counts as a hole."""
        share = self._missing / (self._missing + self._existing)
        return math.ceil(math.log(DOUBT) / math.log(share))

    def count(self, *, missing: int, existing: int) -> None:
        """Note how many ids are missing outside of holes: where many are, a hole takes a longer row of them."""
        self._missing, self._existing = self._missing + max(0, missing), self._existing + existing

    def _teach(self, seen: Mapping[int, Seen]) -> None:
        """Add the first and the last instant of a batch to the clock. It needs no more."""
        dated = [(number, answer.at) for number, answer in seen.items() if answer.at is not None]
        for number, at in dated[:1] + dated[1:][-1:]:
            self.clock.add(number, at)
