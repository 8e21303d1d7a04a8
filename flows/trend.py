"""The share of each outlet's articles that match a query, over time. Raw counts would show who publishes most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from storage.articles import Selection, Which, volume
from storage.database import Database

Step = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The articles of an outlet in a step that begins on a day: all, and those that match."""

    outlet: str
    begin: date
    matching: int
    all: int

    @property
    def share(self) -> float:
        return self.matching / self.all


def trend(db: Database, wanted: Selection, step: Step) -> list[TrendPoint]:
    """Return the share of articles that match, by outlet and step, where the outlet published anything.

    Copies count: whoever takes over a text gives it its space too. Raises QueryError, IndexOutdatedError.
    """
    wanted = replace(wanted, which=Which.ALL)
    every = _by_step(volume(db, replace(wanted, query=None, author=None, credit=None, section=None)), step)
    matching = _by_step(volume(db, wanted), step)
    return [TrendPoint(outlet, begin, matching[outlet, begin], n) for (outlet, begin), n in sorted(every.items())]


def _by_step(days: dict[tuple[str, date], int], step: Step) -> Counter[tuple[str, date]]:
    counted = Counter[tuple[str, date]]()
    for (outlet, day), n in days.items():
        counted[outlet, _begin(day, step)] += n
    return counted


def _begin(day: date, step: Step) -> date:
    if step == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == "week" else day
