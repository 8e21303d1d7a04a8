"""What is normal for an outlet, estimated from the dates of its links and from the articles that were read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from storage.model import Article

ENOUGH = 8  # dates that it takes for a rate
WIDE = 4  # per_day reaches from a quarter of the rate to four times the rate
LEAST_SILENCE, MOST_SILENCE = 12, 24 * 14  # hours
GAP = 3  # silence is reported after so many times the longest pause between two dates


@dataclass(frozen=True, slots=True)
class Expectations:
    """The values for `[expect]`; None or nothing where too little was seen. `rate`: articles a day."""

    rate: float | None = None
    least: int = 0
    most: int | None = None
    silent_hours: int | None = None
    fill: dict[str, float] = field(default_factory=dict)
    doubt: str = ""


def estimate_expectations(dates: Sequence[datetime], articles: Sequence[Article]) -> Expectations:
    """Return what to expect. `dates`: of the links of the seeds that show what is new."""
    fill = _fill(articles)
    instants = sorted(set(dates))
    span = (instants[-1] - instants[0]).total_seconds() / 86_400 if instants else 0.0
    if len(instants) < ENOUGH or span < 0.05:
        return Expectations(fill=fill, doubt="too few dates were seen to tell how many articles a day are normal")
    rate = (len(instants) - 1) / span
    pauses = [(after - before).total_seconds() / 3600 for before, after in pairwise(instants)]
    silent = min(MOST_SILENCE, max(LEAST_SILENCE, math.ceil(GAP * max(pauses) / 12) * 12))
    doubt = f"estimated from {len(instants)} dates within {_span(span)}: {rate:.1f} articles a day"
    return Expectations(rate, math.floor(rate / WIDE), max(1, math.ceil(rate * WIDE)), silent, fill, doubt)


def _span(days: float) -> str:
    return f"{days:.0f} days" if days >= 2 else f"{days * 24:.0f} hours"


def _fill(articles: Sequence[Article]) -> dict[str, float]:
    """Return the share of articles that must have a field, for those that all or most of the read ones have."""
    if not articles:
        return {}
    dated = sum(article.published is not None for article in articles) / len(articles)
    signed = sum(bool(article.authors) for article in articles) / len(articles)
    fill = {"title": 1.0}
    if dated == 1:
        fill["published_at"] = 0.99
    if signed >= 0.8:
        fill["authors"] = 0.5
    return fill
