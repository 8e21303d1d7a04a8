"""Findings from the number of articles a day, and from the time without any: silent, thin, too many. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from storage.health.count_norm import A_DAY
from storage.health.findings import Finding, finding
from storage.health.volume import Loss, expected_day, find_loss, last_with_articles

FROZEN = timedelta(days=84)  # so long the norm of an open loss ends before it; then what is left is the norm

Factors = Callable[[], Mapping[date, float]]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an outlet file expects: articles a day, share of articles with a field, hours without news."""

    least: int = 0
    most: int | None = None
    fill: Mapping[str, float] = field(default_factory=dict)
    silent_hours: int | None = None


@dataclass(frozen=True, slots=True)
class DayHistory:
    """Articles by day, in the outlet's zone. `began`: the day on which crawling began. `open_since`: of an open loss.

    `counts` lacks days that nobody saw. `newest`: when the newest article was published.
    """

    counts: Mapping[date, int]
    last: date
    began: date
    newest: datetime | None
    open_since: date | None = None


def judge_days_of(history: DayHistory, expected: Expectation, now: datetime, factors: Factors) -> list[Finding]:
    """Return the findings. `factors` is asked for those of the country's days only if there may be a finding."""
    found = _lost(history, factors) or _too_quiet(history, expected, now) or _under_least(history, expected, factors)
    return [one for one in (found, _over_most(history, expected)) if one]


def judgeable(history: DayHistory, expected: Expectation) -> set[str]:
    """Return the kinds of findings that the days can confirm or end."""
    held = history.counts.get(history.last)
    if held is None:
        return set()
    # A silence without a norm any more goes on until there is an article.
    ends = last_with_articles(history.counts, history.last)
    has_norm = expected_day(history.counts, history.last, {}, ends) is not None
    decided = held or has_norm or expected.silent_hours
    return {"thin", "too_many"} | ({"silent"} if decided else set())


def _lost(history: DayHistory, factors: Factors) -> Finding | None:
    was_open = history.open_since is not None
    end = history.open_since - A_DAY if history.open_since and history.last - history.open_since < FROZEN else None

    def find(known: Mapping[date, float]) -> Loss | None:
        return find_loss(history.counts, history.last, known, was_open=was_open, norms_end=end)

    loss = find({}) and find(factors())
    return _told(loss, history) if loss else None


def _told(loss: Loss, history: DayHistory) -> Finding:
    since = min(loss.since, history.open_since or loss.since)
    days = (loss.until - loss.since).days + 1
    span = f"in {days} days" if days > 1 else f"on {loss.until}"
    evidence = f"{loss.held or 'no'} article{'s' * (loss.held != 1)} {span} where {loss.usual:.0f} are usual"
    return finding(loss.kind, "error" if loss.kind == "silent" else "warning", since, evidence)


def _too_quiet(history: DayHistory, expected: Expectation, now: datetime) -> Finding | None:
    if expected.silent_hours is None:
        return None
    limit = timedelta(hours=expected.silent_hours)
    newest = history.newest
    if history.last - history.began < limit or (newest and now - newest <= limit):
        return None
    told = f"its newest article is of {newest:%Y-%m-%d %H:%M}" if newest else "it has no article"
    since = newest.date() if newest else history.began
    return finding("silent", "error", since, f"{told}; {expected.silent_hours} hours without news are its limit")


def _under_least(history: DayHistory, expected: Expectation, factors: Factors) -> Finding | None:
    held = history.counts.get(history.last)
    if held is None or history.last <= history.began or held >= expected.least:
        return None
    if held >= expected.least * factors().get(history.last, 1.0):
        return None
    day, since = history.last, history.last
    while day > history.began and history.counts.get(day, expected.least) < expected.least:
        since, day = day, day - A_DAY
    evidence = f"{held} articles on {history.last}; its file expects {expected.least} at least"
    return finding("thin", "error", since, evidence)


def _over_most(history: DayHistory, expected: Expectation) -> Finding | None:
    held = history.counts.get(history.last)
    if expected.most is None or held is None or held <= expected.most:
        return None
    evidence = f"{held} articles on {history.last}; its file expects {expected.most} at most"
    return finding("too_many", "warning", history.last, evidence)
